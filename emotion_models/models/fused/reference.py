"""The fused ordinal likelihood in plain NumPy: what the other forms are measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]


def value_and_slopes(
    eta: Floats, kappa: Floats, lengths: Any, answers: Any, weight: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log-likelihood of ordinal answers with its derivatives.

    With ``a = kappa_k - eta`` and ``b = kappa_{k-1} - eta`` the log-probability of category k
    is ``-softplus(-a) - softplus(b) + log(1 - exp(b - a))``: no difference of nearly equal
    numbers, so it is right at any predictor and for cutpoints as near as they may be.

    Parameters
    ----------
    eta : array, shape (T, Q, J)
    kappa : array, shape (Q, C)
    lengths : int array, shape (Q,)
        Number of cutpoints of every item; what stands behind them is padding.
    answers : int array, shape (T, Q, J)
        Negative where there is no answer.
    weight : array, shape (J,) or (1,)
        Exponent of each journey's likelihood.

    Returns
    -------
    value : array, shape ()
    d_eta : array, shape (T, Q, J)
    d_kappa : array, shape (Q, C)
        0 for padding.
    """
    item = np.arange(kappa.shape[0])[:, None]
    top = lengths[:, None]
    answered = answers >= 0
    has_upper, has_lower = answered & (answers < top), answers > 0
    above = np.clip(answers, 0, kappa.shape[1] - 1)
    below = np.clip(answers - 1, 0, kappa.shape[1] - 1)
    upper, lower = kappa[item, above], kappa[item, below]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        a, b = upper - eta, lower - eta
        gap = np.where(has_upper & has_lower, upper - lower, np.inf)
        each = np.where(has_upper, -np.logaddexp(0, -a), 0.0)
        each -= np.where(has_lower, np.logaddexp(0, b), 0.0)
        each += np.log(-np.expm1(-gap))
        rise = weight / np.expm1(gap)
    pull_up = np.where(has_upper, weight * expit(-a), 0.0)
    pull_down = np.where(has_lower, weight * expit(b), 0.0)
    d_kappa = np.zeros(kappa.shape)
    where = np.broadcast_to(item, answers.shape)
    np.add.at(d_kappa, (where, above), pull_up + rise)
    np.add.at(d_kappa, (where, below), -pull_down - rise)
    value = np.asarray((weight * np.where(answered, each, 0.0)).sum())
    return value, pull_down - pull_up, d_kappa
