"""Stage 2, memory: what is kept of what was felt."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

Feature = Literal["mean", "peak", "end", "first", "trend"]
FEATURES: Final[tuple[Feature, ...]] = ("mean", "peak", "end", "first", "trend")
Peak = Literal["emotion", "moment"]


def salient_mean(salience: Any, score: Any, answered: Any, xp: Any = np) -> Any:
    """Average score over the answered touchpoints, weighted by their salience.

    ``sum_t s_t a_t y_t / sum_t s_t a_t``; with equal salience the plain mean.

    Parameters
    ----------
    salience : array, shape (..., T)
        A simplex: the share of each touchpoint in the average that memory forms.
    score : array, shape (T, J, E) or (T, C, J, E)
        Ratings on 0..1, 0 where there is no answer; or whether they stand above each step.
    answered : array, shape (T, J, E)
        1 where there is an answer, else 0.
    xp : module, optional
        ``numpy`` or ``pytensor.tensor``.

    Returns
    -------
    array, shape (..., J, E) or (..., C, J, E)
    """
    attention = xp.tensordot(salience, answered, 1)
    if score.ndim > answered.ndim:
        attention = attention[..., None, :, :]
    return xp.tensordot(salience, score, 1) / attention


def moments(score: Any, answered: Any, position: Any, intensity: Any = None) -> dict[Feature, Any]:
    """Peak, end, first and trend of the scores, over answered touchpoints in the order experienced.

    Peak-end with the mean beside it: Alaybek et al. 2022 (doi 10.1016/j.obhdp.2022.104149)
    find peak-end no better than the mean, McCullough et al. 2024
    (doi 10.1016/j.jbusres.2024.114899) find first impressions; hence weights, not a rule.

    ``trend`` is the average in which the r-th of n answered moments weighs r. It stays within
    the scale, as every share of a memory must, and with equal spacing it exceeds the plain mean
    by a sixth of the rise of the least-squares line from the first to the last moment.

    Parameters
    ----------
    score : ndarray, shape (..., T, J, E)
    answered : ndarray of bool, shape (T, J, E)
    position : ndarray, shape (T, J)
        Rank in the order experienced, -1 where not visited.
    intensity : ndarray, shape (T, J), optional
        If given, the peak of every emotion is its score at the moment of greatest intensity
        (its own largest score where it was not answered then); else its largest score.

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
    if intensity is not None:
        moment, known = most_intense(intensity, answered)
        peak = np.where(known, at(moment), peak)
    turn = turns(answered, position)
    trend = (turn * score).sum(axis=-3) / turn.sum(axis=0)
    return {"peak": peak, "end": at(last), "first": at(first), "trend": trend}


def turns(answered: Any, position: Any) -> Any:
    """Rank of every answered moment among those of its emotion: 1 for the first, 0 elsewhere.

    Parameters
    ----------
    answered : ndarray of bool, shape (T, J, E)
    position : ndarray, shape (T, J)

    Returns
    -------
    ndarray of int, shape (T, J, E)
    """
    late = np.where(answered, position[:, :, None], np.iinfo(position.dtype).max)
    rank = late.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 1
    return np.where(answered, rank, 0)


def most_intense(intensity: Any, answered: Any) -> tuple[Any, Any]:
    """Touchpoint of greatest intensity, and whether an emotion was answered there.

    Parameters
    ----------
    intensity : ndarray, shape (T, J)
        Mean score over the answered emotions; minus infinity where there are none.
    answered : ndarray of bool, shape (T, J, E)

    Returns
    -------
    moment : ndarray of int, shape (J, E)
        The earlier touchpoint of the codebook where two are equal.
    known : ndarray of bool, shape (J, E)
    """
    moment = np.broadcast_to(intensity.argmax(axis=0)[:, None], answered.shape[1:])
    return moment, np.take_along_axis(answered, moment[None], axis=0)[0]


def intensity(score: Any, answered: Any) -> Any:
    """Mean score over the answered emotions of every moment; minus infinity without an answer.

    Rounded, so that moments of equal intensity are equal however they were computed.

    Parameters
    ----------
    score, answered : ndarray, shape (T, J, E)

    Returns
    -------
    ndarray, shape (T, J)
    """
    count = answered.sum(axis=-1)
    total = np.where(answered > 0, score, 0.0).sum(axis=-1)
    return np.where(count > 0, np.round(total / np.maximum(count, 1), 5), -np.inf)


def scored(step: Any, above: Any, n_steps: int) -> Any:
    """Score of answers whose steps between categories differ.

    ``sum_k step[e,k] above[k,j,e]`` with ``above`` = 1 where the answer is higher than the k-th
    category: the monotonic predictor of Bürkner & Charpentier 2020 (doi 10.1111/bmsp.12195).
    Mean, end, first, trend and peak of scores are the same sums over means, ends, ... of
    ``above``, which are known before sampling.

    Parameters
    ----------
    step : array, shape (..., E, C)
        A simplex per emotion.
    above : array, shape (C, J, E) or (..., C, J, E)
    n_steps : int
        C.

    Returns
    -------
    array, shape (..., J, E)
    """
    return sum(step[..., None, :, k] * above[..., k, :, :] for k in range(n_steps))


def uneven(log_ratio: Any, upper: Any, xp: Any = np) -> Any:
    """Relative size of steps that differ below and above the middle of the scale.

    ``1 - u + u exp(a)``: u is the share of the step above the middle, ``exp(a)`` how much larger
    a step above is than one below. Negative performance weighing more than positive is ``a < 0``
    for pleasant emotions (Mittal et al. 1998).

    Parameters
    ----------
    log_ratio : array, shape (..., E)
    upper : array, shape (E, C)
    xp : module, optional

    Returns
    -------
    array, shape (..., E, C)
        Not yet a simplex.
    """
    return 1 - upper + upper * xp.exp(log_ratio)[..., None]


def placed(score: Any, answered: Any, xp: Any = np) -> Any:
    """Part of every moment in the plain average of its emotion, centred over journeys.

    ``a_t y_t / sum_t a_t``, less its mean: what the effect of an emotion at one touchpoint,
    beyond its effect in general, acts on.

    Parameters
    ----------
    score : array, shape (..., T, J, E)
    answered : array, shape (T, J, E)
    xp : module, optional

    Returns
    -------
    array, shape (..., J, T * E)
        Touchpoint by touchpoint.
    """
    part = score * (answered / answered.sum(axis=0))
    part = part - part.mean(axis=-2, keepdims=True)
    return xp.concatenate([part[..., t, :, :] for t in range(answered.shape[0])], axis=-1)


def faded(rate: Any, delay: Any, xp: Any = np) -> Any:
    """What is left of a remembered emotion after a while: ``exp(-rate delay)``.

    Negative affect fades faster (Ritchie et al. 2015, doi 10.1080/09658211.2014.884138).

    Parameters
    ----------
    rate : array, shape (..., E)
        Per average delay.
    delay : array, shape (J,)
        In average delays; 1 where unknown.
    xp : module, optional

    Returns
    -------
    array, shape (..., J, E)
    """
    return xp.exp(-rate[..., None, :] * delay[:, None])


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
