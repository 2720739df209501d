"""Log-likelihood of the answers of every journey, on posterior draws."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]


def log_likelihood(
    design: Design,
    known: Parameters,
    predictor: Callable[[int], Floats],
    rows: Collection[int],
) -> Floats:
    """Log-likelihood of every journey's answers to some rows.

    Parameters
    ----------
    design : Design
    known : Parameters
    predictor : callable
        Gives the predictor (S, J) of a row, intercept included.
    rows : collection of int
        Rows whose answers count.

    Returns
    -------
    array, shape (S, J)
    """
    items = design.items
    total: Floats = np.zeros((known.n_draws, design.n_journeys))
    for q, row in enumerate(items.ordinal_row):
        if row in rows:
            kappa = known.cutpoint[:, q, items.exists[q]]
            total += ordinal_item(
                items.ordinal[:, q], known.loading[:, None, q] * predictor(row), kappa
            )
    for k, row in enumerate(items.binary_row):
        if row in rows:
            total += _binary(items.binary[:, k], predictor(row))
    for k, row in enumerate(items.count_row):
        if row in rows:
            total += _count(items.count[:, k], predictor(row), known.spread[:, None, row])
    for k, row in enumerate(items.amount_row):
        if row in rows:
            # Amounts are stored centred; the intercept carries the centre.
            answer = items.amount[:, k] + items.amount_centre[k]
            total += _amount(answer, predictor(row), known.spread[:, None, row])
    return total


def ordinal_item(answer: NDArray[np.int8], eta: Floats, kappa: Floats) -> Floats:
    """Log-probability (S, J) of the answers to one item; 0 without an answer."""
    exists = np.ones((1, kappa.shape[-1]), dtype=bool)
    each: Floats = ordinal.log_probability(
        answer[:, None], eta[..., None], kappa[:, None, :], exists
    )
    return each[..., 0]


def _binary(answer: Floats, eta: Floats) -> Floats:
    each = np.nan_to_num(answer) * eta - np.logaddexp(0, eta)
    return np.where(np.isnan(answer), 0.0, each)


def _count(answer: Floats, eta: Floats, phi: Floats) -> Floats:
    known = np.nan_to_num(answer)
    each = (
        gammaln(known + phi)
        - gammaln(phi)
        - gammaln(known + 1)
        + phi * (np.log(phi) - np.logaddexp(eta, np.log(phi)))
        + known * (eta - np.logaddexp(eta, np.log(phi)))
    )
    return np.where(np.isnan(answer), 0.0, each)


def _amount(answer: Floats, eta: Floats, sd: Floats) -> Floats:
    z = (np.nan_to_num(answer) - eta) / sd
    each = -0.5 * z**2 - np.log(sd) - 0.5 * np.log(2 * np.pi)
    return np.where(np.isnan(answer), 0.0, each)
