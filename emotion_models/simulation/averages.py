"""Outcomes of a block of journeys, averaged: by the kernel, or by whole arrays where it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.estimands import averaged
from emotion_models.models.response import outcomes_of

if TYPE_CHECKING:
    from emotion_models.simulation.block import Block
    from emotion_models.simulation.plan import Plan
    from emotion_models.simulation.quick import Rated, Scores

Floats = NDArray[np.floating[Any]]
Remembered = dict[int, NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Averages:
    """Outcomes over the journeys of a block.

    Parameters
    ----------
    outcome : array, shape (outcome, average, S)
    journey : array, shape (outcome, J)
        Means over the draws.
    score : dict of (moment, emotion) to array, shape (S,)
        Summed scores, weighted, of those who rate it.
    rated : dict of (moment, emotion) to float
        Their weight.
    """

    outcome: Floats
    journey: Floats
    score: Scores
    rated: Rated


def outcomes_after(
    block: Block, change: Remembered | None = None, plan: Plan | None = None
) -> Averages:
    """Average outcomes when what is remembered changes.

    Parameters
    ----------
    block : Block
    change : dict of int to array, optional
        From `remembered_after`.
    plan : Plan, optional
        Instead, where the kernel can say by itself what is remembered (`Quick.remembers`).

    Returns
    -------
    Averages
    """
    quick, names = block.quick, outcomes_of(block.response.design)
    given = change or {}
    scores: Scores = {}
    rated: Rated = {}
    if plan is None:
        found = quick.with_memory(given)
    else:
        found, scores, rated = quick.with_plan(plan)
    n_draws = block.response.eta.shape[0]
    outcome = np.empty((len(names), len(block.over), n_draws))
    journey = np.empty((len(names), block.which.size))
    known = {name: k for k, name in enumerate(quick.names)}
    others = [name for name in names if name not in known]
    if others and plan is not None:
        given = block.remembered(plan)
    shift = block.response.shift(block.response.total, given) if others and given else None
    for o, name in enumerate(names):
        if name in known:
            outcome[o], journey[o] = found.average[known[name]], found.total[known[name]] / n_draws
        else:
            mean = block.response.mean(name, shift)
            outcome[o] = averaged(mean, list(block.over.values()))
            journey[o] = mean.mean(axis=0)
    return Averages(outcome, journey, scores, rated)
