"""What is remembered, split over the touchpoints at which it was felt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.forward import by_segment
from emotion_models.science.equations import memory as memory_equation
from emotion_models.science.equations.importance import attributions

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]


def touchpoint_parts(
    model: JourneyModel, design: Design, known: Parameters, memory: Floats
) -> Iterator[dict[int, Floats]]:
    """Split what is remembered over touchpoints.

    ``part_t[j,e] = sum_k w[e,k] a_k[t,j,e] (y[t,j,e] - mean_e)`` with `attributions` a_k, faded
    where memory fades. Scores are taken from the emotion's average: otherwise merely having been
    somewhere would count as variation. What belongs to no touchpoint (that the average level
    fades) is spread evenly over the answered ones, so that the parts add up to M, centred over
    journeys.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    memory : array, shape (S, J, E) or (S, J, E + T * E)
        From `emotion_models.models.forward.remembered`.

    Yields
    ------
    dict of column of `memory` to array, shape (S, J)
        One per touchpoint; over touchpoints each column adds up to that of `memory`.
    """
    n_emotions, n_places = len(design.emotions), len(design.touchpoints)
    parts = list(_parts(model, design, known))
    rest = memory[:, :, :n_emotions] - sum(parts)
    rest = rest - rest.mean(axis=1, keepdims=True)
    answered = design.ratings.answered
    evenly = answered / answered.sum(axis=0)
    for t in range(n_places):
        own = parts[t] + rest * evenly[t]
        found = {e: own[:, :, e] for e in range(n_emotions)}
        if model.by_touchpoint:  # columns of this touchpoint alone
            start = n_emotions * (1 + t)
            found |= {k: memory[:, :, k] for k in range(start, start + n_emotions)}
        yield found


def _parts(model: JourneyModel, design: Design, known: Parameters) -> Iterator[Floats]:
    """Parts (S, J, E) of touchpoints, each centred over journeys."""
    ratings = design.ratings
    share = attributions(
        ratings.score,
        ratings.answered,
        ratings.position,
        memory_equation.intensity(ratings.score, ratings.answered)
        if model.peak == "moment"
        else None,
    )
    weight: Any = sum(  # (S, J or 1, E, K)
        share[..., None, None] * own[:, None] for share, own in by_segment(known)
    )
    left = memory_equation.faded(known.fading, design.waited)
    attention = np.tensordot(known.salience, ratings.answered, 1)
    average = (ratings.score * ratings.answered).sum(axis=(0, 1)) / ratings.answered.sum((0, 1))
    for t in range(len(design.touchpoints)):
        kept: Any = 0.0
        for k, name in enumerate(model.memory):
            if name == "mean":
                own = known.salience[:, t, None, None] * ratings.answered[t] / attention
            else:
                own = share[name][t]
            kept = kept + weight[..., k] * own
        part = left * kept * (_score(model, design, known, t) - average)
        yield part - part.mean(axis=1, keepdims=True)


def _score(model: JourneyModel, design: Design, known: Parameters, t: int) -> Floats:
    """Scores (S or 1, J, E) at a touchpoint."""
    if model.scoring == "linear":
        return design.scores[None, t]
    n_steps = design.ratings.exists.shape[1]
    found: Floats = memory_equation.scored(known.step, design.scores[t], n_steps)
    return found
