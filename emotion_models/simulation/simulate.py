"""`simulate`: the people of the survey on a changed journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.estimate import claim, units
from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.descriptions import scale_start
from emotion_models.models.response import outcomes_of
from emotion_models.simulation.answers import Simulation
from emotion_models.simulation.engine import (
    baseline,
    changed_outcomes,
    changed_ratings,
    memory_change,
)
from emotion_models.simulation.plan import make_plan

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation.change import Change

DRAWS: Final = 400
"""Posterior draws used: enough for intervals, few enough to answer at once."""
EVERYBODY: Final = "(all)"


def simulate(fit: Fit, change: Change, *, draws: int = DRAWS) -> Simulation:
    """Simulate a changed journey for the people of the survey.

    Parameters
    ----------
    fit : Fit
    change : Change
    draws : int
        Posterior draws to use at most.

    Returns
    -------
    Simulation
        Before and after in the same draws.

    Raises
    ------
    InputProblems
        With every problem of the change.
    """
    if not fit.model.outcomes:
        raise InputProblems("simulation", [Problem("fit", "has no outcomes", "describe some")])
    plan = make_plan(fit, change)
    outcomes = outcomes_of(fit.design)
    base = baseline(fit, draws, outcomes)
    changed = changed_ratings(fit, plan, draws)
    after = base.means
    if changed:
        after = changed_outcomes(base, memory_change(fit, base, changed), outcomes)
    averages = _averages(fit)
    weights = np.stack(list(averages.values()), axis=1)
    return Simulation(
        change=change,
        outcomes=outcomes,
        segments=tuple(averages),
        before=np.stack([base.means[name] @ weights for name in outcomes]).transpose(0, 2, 1),
        after=np.stack([after[name] @ weights for name in outcomes]).transpose(0, 2, 1),
        starts=_starts(fit, outcomes),
        units=units(fit),
        desirable=_desirable(fit, outcomes),
        observed=fit.emotion_curve(),
        felt=_felt(fit, changed),
        warnings=plan.warnings,
        claim=claim(fit),
    )


def _averages(fit: Fit) -> dict[str, NDArray[np.float64]]:
    weight, design = fit.design.weight, fit.design
    averages = {EVERYBODY: weight / weight.sum()}
    if len(design.segments) > 1:
        for g, segment in enumerate(design.segments):
            own = weight * design.membership[:, g]
            if own.sum() > 0:
                averages[segment] = own / own.sum()
    return averages


def _desirable(fit: Fit, outcomes: tuple[str, ...]) -> dict[str, bool]:
    """Whether more of an outcome is good; a remembered negative emotion is not."""
    codebook, design = fit.survey.codebook, fit.design
    good = {behaviour.name: behaviour.desirable for behaviour in codebook.behaviours}
    for row in design.rows:
        if row.emotion >= 0:
            good[row.outcome] = bool(design.valence[row.emotion] >= 0)
    return {outcome: good.get(outcome, True) for outcome in outcomes}


def _starts(fit: Fit, outcomes: tuple[str, ...]) -> dict[str, float]:
    """Lowest scale value of ordinal outcomes, so that levels print on their own scale."""
    from emotion_models.inference.descriptions import lowest_value

    codebook = fit.survey.codebook
    scales = {item.name: item.scale for item in codebook.remembered}
    scales |= {c.name: c.items[0].scale for c in codebook.relationship}
    scales |= {b.name: b.scale for b in codebook.behaviours if b.scale is not None}
    return {
        name: lowest_value(codebook.scales[scales[name]].values) if name in scales else 0.0
        for name in outcomes
    }


def _felt(
    fit: Fit, changed: dict[int, NDArray[np.int8]]
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Mean rating (S,) of every emotion at every changed touchpoint, after the change."""
    design, felt = fit.design, {}
    for t, category in changed.items():
        for e, emotion in enumerate(design.emotions):
            known = design.ratings.category[t, :, e] >= 0
            if known.any():
                weight = design.weight[known] / design.weight[known].sum()
                mean = category[:, known, e] @ weight + scale_start(fit, emotion)
                felt[design.touchpoints[t], emotion] = mean
    return felt
