"""Calibration of predicted probabilities: the CORP reliability diagram and its decomposition.

Probabilities are recalibrated by isotonic regression of what happened on what was predicted
(pool adjacent violators): the unique nondecreasing recalibration, with no bins to choose. The
Brier score is then miscalibration - discrimination + uncertainty,

    S = MCB - DSC + UNC,   MCB = S - S_recalibrated,   DSC = S_constant - S_recalibrated,

each of them nonnegative (Dimitriadis, Gneiting & Jordan 2021, doi 10.1073/pnas.2016191118).
What calibrated predictions of this many answers would show is found by drawing the answers from
the predictions (consistency bands).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from emotion_models.intervals import LOWER, UPPER

Floats = NDArray[np.floating[Any]]
REPLICATES: Final = 200
POINTS: Final = 15
"""Points of a curve at most, at equal steps of the number of predictions."""


@dataclass(frozen=True)
class Reliability:
    """Calibration of one event's predictions.

    Parameters
    ----------
    predicted : array, shape (P,)
        Predicted probabilities, increasing.
    observed : array, shape (P,)
        How often it happened, by isotonic regression.
    lower, upper : array, shape (P,)
        Where `observed` would lie if the predictions were calibrated.
    brier, miscalibration, discrimination, uncertainty : float
    p : float
        How often calibrated predictions would show at least this miscalibration.
    """

    predicted: Floats
    observed: Floats
    lower: Floats
    upper: Floats
    brier: float
    miscalibration: float
    discrimination: float
    uncertainty: float
    p: float


def isotonic(predicted: Floats, happened: Floats) -> Floats:
    """Recalibrated probability of each prediction, by pool adjacent violators.

    Parameters
    ----------
    predicted : array, shape (N,)
    happened : array, shape (N,)
        0 or 1.

    Returns
    -------
    array, shape (N,)
        Equal where predictions are equal.
    """
    value, place, count = np.unique(predicted, return_inverse=True, return_counts=True)
    mean = np.bincount(place, weights=happened, minlength=value.size) / count
    fitted: Floats = isotonic_regression(mean, weights=count.astype(float)).x
    return fitted[place]


def reliability(predicted: Floats, happened: Floats, rng: np.random.Generator) -> Reliability:
    """Compare predicted probabilities with what happened.

    Parameters
    ----------
    predicted : array, shape (N,)
        Of an event.
    happened : array, shape (N,)
        0 or 1.
    rng : Generator
        Of the consistency bands.

    Returns
    -------
    Reliability
    """
    order = np.argsort(predicted, kind="stable")
    predicted, happened = predicted[order], happened[order].astype(float)
    recalibrated = isotonic(predicted, happened)
    brier, best = _brier(predicted, happened), _brier(recalibrated, happened)
    constant = _brier(np.full(happened.shape, happened.mean()), happened)
    chosen = np.unique(np.linspace(0, predicted.size - 1, POINTS).round().astype(int))
    curves, missed = [], []
    for _ in range(REPLICATES):
        drawn = (rng.random(predicted.size) < predicted).astype(float)
        again = isotonic(predicted, drawn)
        curves.append(again[chosen])
        missed.append(_brier(predicted, drawn) - _brier(again, drawn))
    lower, upper = np.quantile(curves, [LOWER, UPPER], axis=0)
    return Reliability(
        predicted[chosen],
        recalibrated[chosen],
        lower,
        upper,
        brier,
        brier - best,
        constant - best,
        constant,
        # The observed value is one more draw, so that p is never 0.
        (1 + sum(each >= brier - best for each in missed)) / (1 + REPLICATES),
    )


def _brier(predicted: Floats, happened: Floats) -> float:
    return float(((predicted - happened) ** 2).mean())
