"""`simulate`: the people of the survey on a changed journey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.causal import Level, weakest
from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference.asked import check_fit
from emotion_models.inference.estimands import (
    averages,
    claim,
    desirable,
    outcome_starts,
    units,
)
from emotion_models.models.response import outcomes_of
from emotion_models.simulation.answers import Simulation
from emotion_models.simulation.block import blocks, count_blocks
from emotion_models.simulation.change import Change
from emotion_models.simulation.plan import Plan, make_plan
from emotion_models.simulation.steps import Step
from emotion_models.simulation.tally import Tally

if TYPE_CHECKING:
    from emotion_models.inference import Fit

DRAWS: Final = 400
"""Posterior draws used: enough for intervals, few enough to answer at once."""
Progress = Callable[[int, int], None]


def simulate(
    fit: Fit, change: Change, *, draws: int = DRAWS, progress: Progress | None = None
) -> Simulation:
    """Simulate a changed journey for the people of the survey.

    Very many journeys are worked through in blocks, so that memory stays bounded.

    Parameters
    ----------
    fit : Fit
    change : Change
    draws : int
        Posterior draws to use at most.
    progress : callable, optional
        Told after every block how many of how many are done.

    Returns
    -------
    Simulation
        Before and after in the same draws.

    Raises
    ------
    InputProblems
        With every problem of the change.
    """
    check_fit("simulation", fit)
    expected("simulation", "change", change, Change, "build one with em.Change()")
    expected("simulation", "draws", draws, Integral, "use a whole number")
    if not fit.model.outcomes:
        raise InputProblems("simulation", [Problem("fit", "has no outcomes", "describe some")])
    if draws < 1:
        raise InputProblems("simulation", [Problem("draws", f"is {draws}", "use 1 or more")])
    if fit.completed:
        each = -(-draws // len(fit.completed))
        return _pooled(
            fit, [simulate(part, change, draws=each, progress=progress) for part in fit.completed]
        )
    plan = make_plan(fit, change)
    outcomes = outcomes_of(fit.design)
    claims = claims_of(fit, change, outcomes)
    tally = _tallied(fit, plan, draws, progress)
    return Simulation(
        change=change,
        outcomes=outcomes,
        segments=tuple(averages(fit, by_segment=True)),
        before=tally.before,
        after=tally.after,
        starts=outcome_starts(fit),
        units=units(fit),
        desirable=desirable(fit),
        fit=fit,
        plan=plan,
        draws_asked=draws,
        felt=tally.felt(fit, tuple(moment.name for moment in plan.journey)),
        gain=tally.gain,
        warnings=plan.warnings,
        claim=weakest(list(claims.values())),
        claims=claims,
        caution=fit.caution,
    )


def _tallied(fit: Fit, plan: Plan, draws: int, progress: Progress | None) -> Tally:
    """Work through all blocks."""
    tally, count = Tally.empty(fit), count_blocks(fit, draws)
    for number, block in enumerate(blocks(fit, draws), start=1):
        tally.add(block, plan.some(block.which) if count > 1 else plan)
        if progress is not None:
            progress(number, count)
    return tally


def claims_of(fit: Fit, change: Change, outcomes: Sequence[str]) -> dict[str, Level]:
    """Say how far the effect of a change may be claimed: the weakest of what is changed.

    Parameters
    ----------
    fit : Fit
    change : Change
        Where it rebuilds the journey itself, the weakest claim of all.
    outcomes : sequence of str

    Returns
    -------
    dict of outcome to {"association", "adjusted", "causal"}
    """
    settings = [step for step in change.steps if isinstance(step, Step)]
    names = dict.fromkeys(step.name for step in settings if len(settings) == len(change.steps))
    return {
        outcome: weakest([claim(fit, name, outcome) for name in names] or [claim(fit)])
        for outcome in outcomes
    }


def _pooled(fit: Fit, found: Sequence[Simulation]) -> Simulation:
    """Join the draws of all imputations."""

    def joined(arrays: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        return np.concatenate(arrays, axis=-1)

    return replace(
        found[0],
        before=joined([each.before for each in found]),
        after=joined([each.after for each in found]),
        fit=fit,
        felt={key: joined([each.felt[key] for each in found]) for key in found[0].felt},
        gain=np.mean([each.gain for each in found], axis=0),
        warnings=tuple(dict.fromkeys(text for each in found for text in each.warnings)),
    )
