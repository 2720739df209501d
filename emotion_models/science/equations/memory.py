"""Stage 2, memory: what is kept of what was felt."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

Feature = Literal["mean", "peak", "end", "first"]
FEATURES: Final[tuple[Feature, ...]] = ("mean", "peak", "end", "first")


def salient_mean(salience: Any, score: Any, answered: Any, xp: Any = np) -> Any:
    """Average score over the answered touchpoints, weighted by their salience.

    ``sum_t s_t a_t y_t / sum_t s_t a_t``; with equal salience the plain mean.

    Parameters
    ----------
    salience : array, shape (..., T)
        A simplex: the share of each touchpoint in the average that memory forms.
    score : array, shape (T, J, E)
        Ratings on 0..1, 0 where there is no answer.
    answered : array, shape (T, J, E)
        1 where there is an answer, else 0.
    xp : module, optional
        ``numpy`` or ``pytensor.tensor``.

    Returns
    -------
    array, shape (..., J, E)
    """
    return xp.tensordot(salience, score, 1) / xp.tensordot(salience, answered, 1)


def moments(score: Any, answered: Any, position: Any) -> dict[Feature, Any]:
    """Peak, end and first of the scores, over answered touchpoints in the order experienced.

    Peak-end with the mean beside it: Alaybek et al. 2022 (doi 10.1016/j.obhdp.2022.104149)
    find peak-end no better than the mean, McCullough et al. 2024
    (doi 10.1016/j.jbusres.2024.114899) find first impressions; hence weights, not a rule.

    Parameters
    ----------
    score : ndarray, shape (..., T, J, E)
    answered : ndarray of bool, shape (T, J, E)
    position : ndarray, shape (T, J)
        Rank in the order experienced, -1 where not visited.

    Returns
    -------
    dict of str to ndarray, shape (..., J, E)
    """
    rank = np.where(answered, position[:, :, None], -1)
    last = rank.argmax(axis=0)
    first = np.where(answered, position[:, :, None], np.iinfo(position.dtype).max).argmin(axis=0)
    pick = score.ndim - 3

    def at(index: Any) -> Any:
        indices = index.reshape((1,) * pick + (1, *index.shape))
        return np.take_along_axis(score, indices, axis=-3)[..., 0, :, :]

    peak = np.where(answered, score, -np.inf).max(axis=-3)
    return {"peak": peak, "end": at(last), "first": at(first)}


def remembered(weights: Any, features: tuple[Any, ...]) -> Any:
    """Remembered intensity of every emotion: ``M[j,e] = sum_k w[e,k] F_k[j,e]``.

    Parameters
    ----------
    weights : array, shape (..., E, K)
        A simplex per emotion.
    features : tuple of K arrays, shape (..., J, E)

    Returns
    -------
    array, shape (..., J, E)
    """
    return sum(weights[..., None, :, k] * feature for k, feature in enumerate(features))


def recalled(intensity: Any, balance: Any, touchpoint: Any, order: Any, effects: Any) -> Any:
    """Log-odds (or latent vividness) that a touchpoint is recalled.

    ``r_t + r_int intensity + r_val balance + r_first first + r_last last + r_delay delay``.
    Intensity matters more than valence: Talarico et al. 2004 (doi 10.3758/BF03196886).

    Parameters
    ----------
    intensity : array, shape (T, J)
        Mean score over emotions at the touchpoint.
    balance : array, shape (T, J)
        Mean of valence x score over emotions.
    touchpoint : array, shape (..., T)
    order : array, shape (T, J, O)
        Indicators of the first and the last touchpoint, and the delay (standardised), as far
        as they vary.
    effects : array, shape (..., 2 + O)
        Of intensity, balance, and the order terms.

    Returns
    -------
    array, shape (..., T, J)
    """
    effect = effects[..., None, None, :]
    felt_part = intensity * effect[..., 0] + balance * effect[..., 1]
    order_part = (order[..., k] * effect[..., 2 + k] for k in range(order.shape[-1]))
    return touchpoint[..., :, None] + sum(order_part, start=felt_part)
