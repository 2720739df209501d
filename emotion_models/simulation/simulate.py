"""`simulate`: the people of the survey on a changed journey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.causal import Level, weakest
from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference.asked import check_fit
from emotion_models.inference.estimands import (
    claim,
    desirable,
    emotion_span,
    outcome_starts,
    units,
)
from emotion_models.models.response import outcomes_of
from emotion_models.simulation.answers import Simulation
from emotion_models.simulation.change import Change
from emotion_models.simulation.engine import (
    Moved,
    baseline,
    changed_ratings,
    outcomes_after,
    positions_after,
    remembered_after,
)
from emotion_models.simulation.plan import make_plan

if TYPE_CHECKING:
    from emotion_models.inference import Fit

DRAWS: Final = 400
"""Posterior draws used: enough for intervals, few enough to answer at once."""


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
    check_fit("simulation", fit)
    expected("simulation", "change", change, Change, "build one with em.Change()")
    expected("simulation", "draws", draws, Integral, "use a whole number")
    if not fit.model.outcomes:
        raise InputProblems("simulation", [Problem("fit", "has no outcomes", "describe some")])
    if draws < 1:
        raise InputProblems("simulation", [Problem("draws", f"is {draws}", "use 1 or more")])
    if fit.completed:
        each = -(-draws // len(fit.completed))
        return _pooled(fit, [simulate(part, change, draws=each) for part in fit.completed])
    plan = make_plan(fit, change)
    base = baseline(fit, draws)
    moved = changed_ratings(fit, plan, draws)
    outcomes = outcomes_of(fit.design)
    claims = _claims(fit, change, outcomes)
    return Simulation(
        change=change,
        outcomes=outcomes,
        segments=tuple(base.over),
        before=base.before,
        after=outcomes_after(base, remembered_after(fit, base, moved)),
        starts=outcome_starts(fit),
        units=units(fit),
        desirable=desirable(fit),
        observed=fit.emotion_curve(),
        felt=_felt(fit, moved, base.response.known.n_draws),
        warnings=plan.warnings,
        claim=weakest(list(claims.values())),
        claims=claims,
        caution=fit.caution,
    )


def _claims(fit: Fit, change: Change, outcomes: tuple[str, ...]) -> dict[str, Level]:
    """Claim level per outcome: the weakest of what is changed."""
    names = dict.fromkeys(step.name for step in change.steps)
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
        observed=fit.emotion_curve(),
        felt={key: joined([each.felt[key] for each in found]) for key in found[0].felt},
        warnings=tuple(dict.fromkeys(text for each in found for text in each.warnings)),
    )


def _felt(fit: Fit, moved: Moved, n_draws: int) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Mean rating (S,) of every changed emotion and touchpoint, after the change."""
    design, felt = fit.design, {}
    rated = design.ratings.rated
    for (t, e), position in positions_after(fit, moved).items():
        known = rated[t, :, e]
        if known.any():
            weight = np.where(known, design.weight, 0.0) / design.weight[known].sum()
            mean = (position @ weight.astype(np.float32)).astype(float)
            low, high = emotion_span(fit, design.emotions[e])
            value = np.broadcast_to(low + mean * (high - low), (n_draws,))
            felt[design.touchpoints[t], design.emotions[e]] = value
    return felt
