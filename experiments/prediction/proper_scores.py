"""Scores of predicted category probabilities, and what of a difference is chance.

A prediction is a row of probabilities, one for each category of the answer, lowest first; an
answer is the index of its category.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]
BINS: Final = 10


def log_score(probability: Floats, answer: Whole) -> Floats:
    """Logarithm of the probability that was given to what was answered (Good 1952).

    Parameters
    ----------
    probability : array, shape (N, K)
    answer : int array, shape (N,)

    Returns
    -------
    array, shape (N,)
        Higher is better; ``-inf`` where what happened was called impossible.
    """
    with np.errstate(divide="ignore"):
        found: Floats = np.log(probability[np.arange(answer.size), answer])
    return found


def ranked_probability_score(probability: Floats, answer: Whole) -> Floats:
    """Squared distance of the cumulative probabilities from what happened (Epstein 1969).

    ``sum_k (P(y <= k) - 1{y <= k})^2 / (K - 1)``, doi
    10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2, divided by the number of thresholds so that
    scales of different lengths compare: the mean of the Brier scores of all thresholds.

    Parameters
    ----------
    probability : array, shape (N, K)
    answer : int array, shape (N,)

    Returns
    -------
    array, shape (N,)
        Lower is better; 0 to 1.
    """
    given, happened = thresholds(probability, answer)
    found: Floats = ((given - happened) ** 2).mean(axis=1)
    return found


def thresholds(probability: Floats, answer: Whole) -> tuple[Floats, Floats]:
    """Predicted probability that an answer is at most k, and whether it was, (N, K - 1) each."""
    given = np.clip(np.cumsum(probability, axis=1)[:, :-1], 0, 1)
    happened = (answer[:, None] <= np.arange(given.shape[1])).astype(float)
    return given, happened


def calibration_error(given: Floats, happened: Floats) -> float:
    """Distance of predicted from observed shares: the expected calibration error.

    ``sum_b (n_b / N) |mean p - share that happened|`` over ten bins of equal width (Naeini, Cooper
    & Hauskrecht 2015), of the probabilities that an answer is at most k. With few answers it is
    above 0 for a perfect prediction too.

    Parameters
    ----------
    given, happened : array, same shape
        From `thresholds`.

    Returns
    -------
    float
    """
    if not given.size:
        return float("nan")
    bins = reliability(given, happened)
    return sum(n * abs(predicted - share) for n, predicted, share in bins) / given.size


def reliability(given: Floats, happened: Floats) -> list[tuple[int, float, float]]:
    """Of every bin with predictions: how many, their mean, and the share that happened."""
    p, o = given.ravel(), happened.ravel()
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return [
        (int((place == b).sum()), float(p[place == b].mean()), float(o[place == b].mean()))
        for b in range(BINS)
        if (place == b).any()
    ]


def pit_distance(probability: Floats, answer: Whole) -> float:
    """Largest distance of the mean probability integral transform from uniform.

    The non-randomised transform of Czado, Gneiting & Held (2009, doi
    10.1111/j.1541-0420.2009.01191.x): of an answer y it is the distribution function that rises
    linearly from 0 at P(Y < y) to 1 at P(Y <= y). Averaged over answers it is the diagonal where
    predictions are calibrated; here at the borders of ten bins.

    Parameters
    ----------
    probability : array, shape (N, K)
    answer : int array, shape (N,)

    Returns
    -------
    float
    """
    above = np.cumsum(probability, axis=1)[np.arange(answer.size), answer]
    own = probability[np.arange(answer.size), answer]
    at = np.linspace(0, 1, BINS + 1)[1:-1]
    share = np.clip((at[None] - (above - own)[:, None]) / np.maximum(own, 1e-12)[:, None], 0, 1)
    return float(np.abs(share.mean(axis=0) - at).max())


def mean_and_error(each: Floats, person: NDArray[Any]) -> tuple[float, float]:
    """Mean over answers and its standard error over people.

    Answers of one person are not independent: with ``D_i`` a person's sum, ``n_i`` the number of
    that person's answers and m the mean,

        se = sqrt(I / (I - 1) sum_i (D_i - m n_i)^2) / N

    the linearised variance of a ratio with people as clusters (Cochran 1977, section 6.4).

    Parameters
    ----------
    each : array, shape (N,)
    person : array, shape (N,)

    Returns
    -------
    tuple of float
    """
    mean = float(each.mean())
    _, place = np.unique(person, return_inverse=True)
    total = np.bincount(place, each - mean)
    if total.size < 2:
        return mean, float("nan")
    spread = total.size / (total.size - 1) * (total**2).sum()
    return mean, float(np.sqrt(spread) / each.size)
