"""`worth`: what a change is worth, per journey and for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.answers import Worth
from emotion_models.decisions.asked import check_decision, claim_of
from emotion_models.decisions.journeys import expected_outcomes
from emotion_models.decisions.valuation import Valuation, valuation
from emotion_models.errors import InputProblems, Problem, did_you_mean, expected
from emotion_models.inference.estimands import (
    ALL,
    WEIGHTS,
    Weight,
    averaged,
    averages,
    people_in_segments,
)
from emotion_models.simulation import Change, Simulation
from emotion_models.simulation.plan import make_plan
from emotion_models.simulation.simulate import DRAWS
from emotion_models.small_groups import hidden_groups

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey import Codebook

Floats = NDArray[np.float64]
By = Literal["everybody", "segment", "value"]
BY: Final[tuple[By, ...]] = ("everybody", "segment", "value")
NOTHING: Final = Change()


def worth(
    fit: Fit,
    change: Change | Simulation,
    *,
    by: By = "segment",
    weight: Weight = "survey",
    cost: float = 0.0,
    fixed: float = 0.0,
    codebook: Codebook | None = None,
    draws: int = DRAWS,
) -> Worth:
    """Say what a change is worth, with values of behaviours and customers from the codebook.

    Computed for every journey in every posterior draw, then averaged: what a customer who may
    come again is worth is not linear in the probability (see
    `emotion_models.science.equations.lifetime`).

    Parameters
    ----------
    fit : Fit
    change : Change or Simulation
        Of a simulation its change is taken.
    by : {"everybody", "segment", "value"}
        Whether also within segments, or within thirds of customer value. Groups of fewer than
        10 people are not shown.
    weight : {"survey", "value"}
        Whether journeys count by their survey weight, or also by what the customer is worth.
    cost : float
        Of the change per journey.
    fixed : float
        Of the change per period, however many journeys; needs ``[value] journeys``.
    codebook : Codebook, optional
        Whose values to take; default: that of the fit.
    draws : int
        Posterior draws to use at most.

    Returns
    -------
    Worth

    Raises
    ------
    InputProblems
        With everything wrong with the question, or with the change.
    """
    check_decision("worth", fit, draws)
    kinds = (Change, Simulation)
    expected("worth", "change", change, kinds, "give an em.Change() or what em.simulate returned")
    own = change.change if isinstance(change, Simulation) else change
    money = valuation(fit, codebook=codebook)
    _check(by, weight, cost, fixed, money)
    over = _groups(fit, by, weight, money)
    before, after = (averages_of(fit, money, one, over, draws) for one in (NOTHING, own))
    total = money.value.journeys or 0.0
    shares = _shares(fit, by) if weight == "survey" else {}
    factor = money.factors[:, None, None]
    return Worth(
        change=own,
        outcomes=tuple(part.outcome for part in money.parts),
        segments=tuple(over),
        before=factor * before,
        after=factor * after,
        currency=money.unit,
        period=money.value.period,
        journeys={name: total * share for name, share in shares.items()} if total else {},
        cost=float(cost) + (float(fixed) / total if fixed else 0.0),
        weight=weight,
        terms=_terms(money),
        warnings=make_plan(fit, own).warnings,
        claim=claim_of(fit, own, money.outcomes),
        caution=fit.caution,
    )


def averages_of(
    fit: Fit, money: Valuation, change: Change, over: Mapping[str, Floats], draws: int
) -> Floats:
    """Quantities of every part, averaged over journeys after a change.

    Parameters
    ----------
    fit : Fit
    money : Valuation
    change : Change
    over : mapping of str to array, shape (J,)
        Weights of every average.
    draws : int

    Returns
    -------
    array, shape (P, G, S)
    """
    parts = fit.completed or (fit,)
    most = -(-draws // len(parts))
    found = []
    for part in parts:
        total: Floats = np.zeros(())
        for which, answers in expected_outcomes(part, change, money.outcomes, most):
            weights = [own[which] for own in over.values()]
            quantities = money.quantities(answers, which)
            total = total + np.stack([averaged(each, weights) for each in quantities])
        found.append(total)
    return np.concatenate(found, axis=-1)


def _check(by: By, weight: Weight, cost: float, fixed: float, money: Valuation) -> None:
    problems = []
    if by not in BY:
        problems.append(Problem(f"by '{by}'", "unknown", did_you_mean(by, BY)))
    if weight not in WEIGHTS:
        problems.append(Problem(f"weight '{weight}'", "unknown", did_you_mean(weight, WEIGHTS)))
    problems += problems_of_costs({"cost": cost, "fixed": fixed})
    if fixed and money.value.journeys is None:
        fix = "say [value] journeys in the codebook, or give cost= per journey"
        problems.append(Problem("fixed", "of how many journeys is not known", fix))
    if problems:
        raise InputProblems("worth", problems)


def problems_of_costs(costs: Mapping[str, object]) -> list[Problem]:
    """Costs that are no finite number.

    Parameters
    ----------
    costs : mapping of str to object

    Returns
    -------
    list of Problem
    """
    return [
        Problem(name, f"{value!r} is not a cost", "give a number, 0 or more")
        for name, value in costs.items()
        if isinstance(value, bool)
        or not isinstance(value, (int, float, np.integer, np.floating))
        or not 0 <= float(value) < np.inf
    ]


def _groups(fit: Fit, by: By, weight: Weight, money: Valuation) -> dict[str, Floats]:
    over = averages(fit, by_segment=by == "segment", by_value=by == "value", weight=weight)
    hidden = hidden_groups(people_in_segments(fit)) if by == "segment" else frozenset()
    shown = {name: own for name, own in over.items() if name not in hidden}
    return {name: money.known_only(own) for name, own in shown.items() if money.knows(own)}


def _shares(fit: Fit, by: By) -> dict[str, float]:
    """Share of all journeys that a group stands for."""
    design = fit.design
    found = {ALL: 1.0}
    if by == "segment":
        own = design.weight @ design.membership / design.weight.sum()
        found |= dict(zip(design.segments, own.tolist(), strict=True))
    return found


def _terms(money: Valuation) -> str:
    """The assumptions about money, in words."""
    value = money.value
    if money.retention is None:
        return "values of this journey only"
    length = f"{value.horizon} {value.period}{'s' if value.horizon > 1 else ''}"
    return (
        f"coming again counts for {length} at {value.discount:.0%} discount a {value.period}, "
        "with the same probability each time"
    )
