"""`effects`: one more scale point of an emotion, by ``do()``, on every outcome.

The ratings of one emotion (each of its items) are raised by one point, up to the top of the
scale, at one touchpoint or at all, for the people of the survey; memory, relationship and
behaviour follow (`emotion_models.effects.paths`). A point of a slider is the width of one of
its categories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.causal import Level, weakest
from emotion_models.cores import in_threads
from emotion_models.effects.answers import Effects
from emotion_models.effects.paths import PATHS, SPLIT, finder
from emotion_models.effects.questions import DRAWS, By, chosen, places_of
from emotion_models.inference.estimands import (
    ALL,
    Weight,
    averaged,
    averages,
    path_claim,
    units,
)

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]


def effects(
    fit: Fit, *, on: str | None = None, by: By = "emotion", weight: Weight = "survey"
) -> Effects:
    """Estimate what one more scale point of each emotion does.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all.
    by : {"emotion", "touchpoint", "segment", "identity", "value"}
        Whether the point is added everywhere, also at each touchpoint alone, or averaged also
        within each segment or each third of customer value. Unless effects may change with
        value in the model, thirds differ only by where their people stand on the outcome's scale.
        Where people have several identities, a segment averages them as they are, by their
        shares; an identity is what the point would do if it alone were salient, for those who
        hold it.
    weight : {"survey", "value"}
        Whether people count by their survey weight alone, or also by their customer value.

    Returns
    -------
    Effects

    Raises
    ------
    InputProblems
        If there is no such outcome, or the fit has none; if customer value or identities are
        asked for and not known.
    """
    outcomes = chosen(fit, on, by, weight)
    parts = fit.completed or (fit,)
    most = -(-DRAWS[by] // len(parts))
    found = [_values(part, outcomes, by, weight, most) for part in parts]
    claims = _claims(fit, outcomes)
    return Effects(
        np.concatenate([values for values, _ in found], axis=-1),
        outcomes,
        PATHS,
        fit.design.emotions,
        places_of(fit, by),
        found[0][1],
        units(fit),
        dict(zip(fit.design.emotions, fit.design.valence.tolist(), strict=True)),
        weakest(list(claims.values())),
        claims,
        weight,
        fit.caution,
    )


def _values(
    fit: Fit, outcomes: tuple[str, ...], by: By, weight: Weight, most: int
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Effects (outcome, path, emotion, place, group, draw), and the names of the groups."""
    by_segment = by in ("segment", "identity")
    over = averages(fit, by_segment=by_segment, by_value=by == "value", weight=weight)
    if by != "identity":
        return _averages(fit, outcomes, by, most, over), tuple(over)
    parts = [_averages(fit, outcomes, by, most, {ALL: over[ALL]})]
    for g, name in enumerate(fit.design.segments):
        if name in over:
            parts.append(_averages(fit, outcomes, by, most, {name: over[name]}, g))
    return np.concatenate(parts, axis=4), tuple(over)


def _averages(
    fit: Fit,
    outcomes: tuple[str, ...],
    by: By,
    most: int,
    over: dict[str, NDArray[np.float64]],
    identity: int | None = None,
) -> NDArray[np.float64]:
    """Effects averaged over journeys."""
    groups, of_emotion = [*over.values()], finder(fit, outcomes, by, most, identity=identity)

    def averages_of(emotion: int) -> list[list[list[Floats]]]:
        return [
            [[averaged(path, groups) for path in found[outcome]] for outcome in outcomes]
            for _, _, found in of_emotion(emotion)
        ]

    found = np.array(in_threads(averages_of, range(len(fit.design.emotions))))
    return np.moveaxis(found, (2, 3), (0, 1))


def _claims(fit: Fit, outcomes: tuple[str, ...]) -> dict[tuple[str, str, str], Level]:
    """Claim level of every outcome, path and emotion."""
    return {
        (outcome, path, emotion): path_claim(fit, emotion, outcome, split=path in SPLIT)
        for outcome in outcomes
        for path in PATHS
        for emotion in fit.design.emotions
    }
