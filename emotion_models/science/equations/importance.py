"""Importance of correlated drivers: a Shapley decomposition of explained variance.

A predictor is a sum of parts, ``eta = sum_p x_p`` (what each emotion, or each touchpoint,
brings to it). The worth of a set of drivers is the variance of the best linear prediction of eta
from them,

    v(S) = c_S' Sigma_SS^-1 c_S,    Sigma = cov(x),  c = cov(x, eta),    v(all) = var(eta),

which is ``var(E[eta | x_S])`` where drivers are jointly normal. Multiplying a driver by a number
changes nothing. A driver's share is its
contribution to v averaged over all orders in which drivers may be added (Lindeman, Merenda &
Gold 1980 "LMG"; Grömping 2007, doi 10.1198/000313007X188252; equal to the Shapley value of
the game v). Unlike the size of a coefficient it stays defined when drivers are collinear: two
that cannot be told apart share equally.
"""

from __future__ import annotations

from math import factorial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import polygamma

from emotion_models.science.equations.memory import most_intense, turns

Floats = NDArray[np.floating[Any]]

TOLERANCE: Final = 1e-9
"""A driver of which the others leave less than this part of its variance adds nothing."""


def worth_of_subsets(joint: Floats) -> Floats:
    """Variance of a target that each subset of drivers predicts.

    Drivers are taken in turn; every subset of the earlier ones is extended by the next, with the
    rest conditioned on it (a step of the Cholesky decomposition): 2^P results in P steps.

    Parameters
    ----------
    joint : array, shape (S, P + 1, P + 1)
        Covariance of the drivers and, last, the target; draws first.

    Returns
    -------
    array, shape (2^P, S)
        Bit p of the first index says whether driver p is in the subset.
    """
    own = np.moveaxis(np.diagonal(joint, axis1=1, axis2=2), -1, 0)
    left = joint[None]
    worth = np.zeros((1, joint.shape[0]))
    for p in range(joint.shape[1] - 1):
        adds, after = _condition(left, own[p])
        worth = np.concatenate([worth, worth + adds])
        left = np.concatenate([left[..., 1:, 1:], after])
    return worth


def shapley(joint: Floats) -> Floats:
    """Shares of all drivers in the variance of the target that they predict, exactly.

    ``share_p = sum_S |S|! (P - |S| - 1)! / P! (v(S and p) - v(S))`` over the sets S without p.

    Parameters
    ----------
    joint : array, shape (S, P + 1, P + 1)
        As for `worth_of_subsets`.

    Returns
    -------
    array, shape (P, S)
        Not negative; adds up to the variance that all drivers predict.
    """
    n_draws, n_parts = joint.shape[0], joint.shape[1] - 1
    worth = worth_of_subsets(joint).reshape((2,) * n_parts + (n_draws,))
    size = np.array([bin(k).count("1") for k in range(2 ** (n_parts - 1))])
    order = np.array(
        [factorial(k) * factorial(n_parts - k - 1) / factorial(n_parts) for k in range(n_parts)]
    )
    shares = np.empty((n_parts, n_draws))
    for p in range(n_parts):
        axis = n_parts - 1 - p  # the first axis is the highest bit
        gain = np.diff(worth, axis=axis).reshape((-1, n_draws))
        shares[p] = order[size] @ gain
    return shares


def shapley_by_orders(
    joint: Floats, rng: np.random.Generator, n_pairs: int
) -> tuple[Floats, Floats]:
    """Shares averaged over random orders, for more drivers than subsets can be listed.

    Orders come in pairs, each with its reverse: a driver that comes early in one comes late in
    the other, which cancels much of the Monte Carlo error. All draws use the same orders, so
    that the error does not widen intervals.

    Parameters
    ----------
    joint : array, shape (S, P + 1, P + 1)
        As for `worth_of_subsets`.
    rng : Generator
    n_pairs : int
        At least 2.

    Returns
    -------
    shares : array, shape (P, S)
        Adds up to the variance that all drivers predict.
    error : array, shape (P,)
        Monte Carlo standard error of each share's mean over draws.
    """
    n_draws, n_parts = joint.shape[0], joint.shape[1] - 1
    total, means = np.zeros((n_parts, n_draws)), np.empty((n_pairs, n_parts))
    for i in range(n_pairs):
        order = rng.permutation(n_parts)
        pair = (_gains(joint, order) + _gains(joint, order[::-1])) / 2
        total += pair
        means[i] = pair.mean(axis=1)
    return total / n_pairs, means.std(axis=0, ddof=1) / np.sqrt(n_pairs)


def _gains(joint: Floats, order: NDArray[np.int64]) -> Floats:
    """What each driver adds when drivers are added in one order: shape (P, S)."""
    everything = np.append(order, joint.shape[1] - 1)
    left = joint[:, everything][:, :, everything]
    own = np.diagonal(left, axis1=1, axis2=2)
    gains = np.empty((len(order), joint.shape[0]))
    for k, p in enumerate(order):
        gains[p], left = _condition(left, own[:, k])
    return gains


def _condition(left: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Condition on the first variable: what it adds to the last one, and what is left."""
    variance, shared = left[..., 0, 0], left[..., 1:, 0]
    useful = variance > TOLERANCE * own
    scale = np.where(useful, 1 / np.where(useful, variance, 1.0), 0.0)
    after = left[..., 1:, 1:] - scale[..., None, None] * (
        shared[..., :, None] * shared[..., None, :]
    )
    return scale * shared[..., -1] ** 2, after


def attributions(
    score: Floats, answered: Floats, position: NDArray[np.int16], intensity: Any = None
) -> dict[str, Floats]:
    """Say how much of each memory feature every moment is.

    The end is the last answered moment, the first the first, the peak the most intense (moments
    that tie share it), the trend all of them in proportion to their turn. Over touchpoints every
    share sums to 1, and ``sum_t a_k[t] y[t]`` is the feature.

    Parameters
    ----------
    score, answered : array, shape (T, J, E)
    position : int array, shape (T, J)
        Rank in the order experienced.
    intensity : array, shape (T, J), optional
        If given, the peak is at the moment of greatest intensity of all emotions, where the
        emotion was answered then.

    Returns
    -------
    dict of feature to array, shape (T, J, E)
        All but the mean, whose shares are the saliences.
    """
    counts = answered > 0
    turn = turns(counts, position)
    felt = np.where(counts, score, -np.inf)
    top = felt == felt.max(axis=0)
    peak = top / top.sum(axis=0)
    if intensity is not None:
        moment, known = most_intense(intensity, counts)
        there = np.arange(len(score))[:, None, None] == moment
        peak = np.where(known, there, peak)
    return {
        "end": (turn == turn.max(axis=0)).astype(float),
        "first": (turn == 1).astype(float),
        "trend": turn / turn.sum(axis=0),
        "peak": peak,
    }


def logistic_variance(*_: Any) -> float:
    """Variance ``pi^2 / 3`` of the logistic distribution, around any predictor."""
    return float(np.pi**2 / 3)


def count_variance(mean: Floats, dispersion: Floats) -> Floats:
    """Variance that a negative binomial count has around its mean on the log scale.

    ``trigamma(1 / (1/mean + 1/dispersion))``: of the logarithm of the gamma with the same mean and
    variance, whose squared coefficient of variation is ``1/mean + 1/dispersion`` (Nakagawa et al.
    2017, doi 10.1098/rsif.2017.0213, from general knowledge). An approximation, exact without
    the noise of counting.

    Parameters
    ----------
    mean, dispersion : array, same shape

    Returns
    -------
    array
    """
    variance: Floats = polygamma(1, 1 / (1 / mean + 1 / dispersion))
    return variance


def amount_variance(mean: Floats, sd: Floats) -> Floats:
    """Variance of a log amount around its mean: `sd` squared, whatever the mean."""
    return sd**2


def number_variance(mean: Floats, sd: Floats, df: Floats) -> Floats:
    """Variance of a Student-t number: ``sd^2 df / (df - 2)``, fewer than 3 df counted as 3.

    Up to 2 degrees of freedom there is no variance; that of 3 keeps draws with tails that heavy
    comparable with the others.
    """
    df = np.maximum(df, 3.0)
    return sd**2 * df / (df - 2)
