"""About how much a survey tells of effects: where departures change from one form to the other.

Only the sampler's coordinates depend on it (`emotion_models.models.priors.add_pooling`), never
the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.design import Design
from emotion_models.science.equations.memory import salient_mean

Floats = NDArray[np.floating[Any]]
INFORMATION: Final = 0.2
"""About what an answer on a few categories tells of its predictor, per squared logit."""
LOADING: Final = 1.6
"""About the loading of an item on its construct."""
AFFECT: Final = 0.5
"""About the variance of core affect."""
MEASURED: Final = ("amount", "number")
"""Likelihoods whose answers stand on the predictor's own scale: their noise can be seen."""
LEAST_NOISE: Final = 1e-3


def information(design: Design) -> Floats:
    """About what one answer tells of the predictor of every row: one over its noise variance.

    Parameters
    ----------
    design : Design

    Returns
    -------
    array, shape (R,)
    """
    found = np.full(len(design.rows), INFORMATION)
    for kind, answers in design.items.others.items():
        if kind in MEASURED:
            for row, value in zip(answers.row, answers.value.T, strict=True):
                found[row] = 1 / _noise(_explaining(design), value)
    return found


def resolution(design: Design) -> Floats:
    """Standard error that this survey could give the effect of an emotion, roughly.

    Parameters
    ----------
    design : Design

    Returns
    -------
    array, shape (R,)
    """
    mean = _centred_mean(design)
    square = mean.T @ mean
    # The ridge is the weak prior of an effect: it bounds the error where nobody felt anything.
    ridge = np.eye(len(square)) / 4
    each, row = np.unique(information(design), return_inverse=True)
    error = [np.linalg.inv(told * square + ridge).diagonal() ** 0.5 for told in each]
    return np.array([np.median(own) for own in error])[row]


@dataclass(frozen=True)
class LeverResolution:
    """Standard errors that this survey could give the effects of levers on an emotion, roughly.

    Parameters
    ----------
    place : array, shape (N,)
        Of every touchpoint and column of levers where it exists.
    column : array, shape (L,)
        Of columns, over all their places.
    """

    place: Floats
    column: Floats


def lever_resolution(design: Design) -> LeverResolution:
    """Standard errors that this survey could give the effects of levers on an emotion, roughly.

    Parameters
    ----------
    design : Design

    Returns
    -------
    LeverResolution
    """
    exposure = design.exposure
    rated = design.ratings.rated.mean(axis=2)
    told = np.zeros(len(exposure.pairs))
    for i, (t, column) in enumerate(exposure.pairs):
        value, weight = exposure.value[t, :, column], rated[t]
        mean = (weight * value).sum() / max(weight.sum(), 1.0)
        told[i] = INFORMATION * (weight * (value - mean) ** 2).sum()
    total = np.bincount(exposure.pairs[:, 1], told, minlength=len(exposure.columns))
    return LeverResolution((told + 1) ** -0.5, (total + 1) ** -0.5)  # 1: about what priors tell


def loading_resolution(design: Design) -> float:
    """Standard error that this survey could give the loading of an emotion, roughly."""
    each = design.ratings.rated.sum() / len(design.emotions)
    return float((1 + INFORMATION * each * AFFECT) ** -0.5)


def construct_information(design: Design) -> Floats:
    """About what a journey's answers tell of each construct's level (C,), per squared unit."""
    rows = [i for i, row in enumerate(design.rows) if row.stage == "relationship"]
    answered = (design.items.ordinal >= 0).mean(axis=0)
    of_construct = design.items.ordinal_row == np.array(rows)[:, None]
    return np.asarray(INFORMATION * LOADING**2 * (of_construct * answered).sum(axis=1))


def _centred_mean(design: Design) -> Floats:
    same = np.ones(len(design.touchpoints))
    mean = salient_mean(same, design.ratings.score, design.ratings.answered)
    return np.asarray(mean - mean.mean(axis=0))


def _explaining(design: Design) -> Floats:
    ones = np.ones((design.n_journeys, 1))
    return np.concatenate([ones, _centred_mean(design), design.controls], axis=1)


def _noise(explaining: Floats, answer: Floats) -> float:
    """Variance that least squares leaves of an answer; of a typical one where it says nothing."""
    known = np.isfinite(answer)
    left = int(known.sum()) - explaining.shape[1]
    if left < 1:
        return 1 / INFORMATION
    slope = np.linalg.lstsq(explaining[known], answer[known], rcond=None)[0]
    residual = answer[known] - explaining[known] @ slope
    return float(np.clip((residual**2).sum() / left, LEAST_NOISE, 1 / INFORMATION))
