"""`sequence`: the best order of touchpoints under the estimated memory weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.asked import check_decision, claim_of
from emotion_models.decisions.conditions import Conditions, conditions, usual_order
from emotion_models.decisions.orders import FEW, Candidates, Order, candidates
from emotion_models.decisions.remembered_moments import ORDERED, Remembering, remembering
from emotion_models.decisions.sequences import Sequences
from emotion_models.decisions.valuation import MONEY, Valuation, valuation
from emotion_models.decisions.worth import NOTHING, averages_of
from emotion_models.inference.estimands import ALL, averages
from emotion_models.science.equations.sequence import shape
from emotion_models.simulation import Change
from emotion_models.simulation.plan import make_plan
from emotion_models.simulation.simulate import DRAWS

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey import Codebook

Floats = NDArray[np.floating[Any]]
SCREENING: Final = 100


def sequence(
    fit: Fit,
    *,
    objective: str = MONEY,
    fixed: Sequence[str] = (),
    before: Sequence[tuple[str, str]] = (),
    codebook: Codebook | None = None,
    draws: int = DRAWS,
) -> Sequences:
    """Find the best order of the touchpoints.

    The order acts through what memory keeps of the first moment, the last one and the trend; what
    is felt at a touchpoint is assumed to stay the same. Where memory can tell few possible orders
    apart, one of each kind is simulated in full. Where there are more, candidates are found by
    simulation in few draws, or along the slopes of the outcomes, exactly for up to 14
    touchpoints (`emotion_models.decisions.orders`), and these are simulated in full.

    Parameters
    ----------
    fit : Fit
    objective : str
        ``"value"``, with values from the codebook, or one outcome.
    fixed : sequence of str
        Touchpoints that keep their place.
    before : sequence of (str, str)
        Touchpoints that have to come before others, e.g. ``[("check-in", "room")]``.
    codebook : Codebook, optional
        Whose values to take; default: that of the fit.
    draws : int
        Posterior draws to use at most.

    Returns
    -------
    Sequences

    Raises
    ------
    InputProblems
        With everything wrong with the question, or if no order meets all conditions.
    """
    check_decision("sequence", fit, draws)
    money = valuation(fit, objective, codebook)
    known = conditions(fit, fixed, before)
    weights = money.known_only(averages(fit, by_segment=False)[ALL])
    one = (fit.completed or (fit,))[0]
    kept = remembering(one, money, weights, min(SCREENING, draws)).sorted_by(usual_order(fit).order)

    def value(order: Order, most: int = draws) -> Floats:
        found = averages_of(fit, money, _change(known, order), {ALL: weights}, most)
        return money.factors @ found[:, 0]

    found = candidates(
        kept, known, money.sign, lambda order: money.sign * float(value(order, FEW).mean())
    )
    now = tuple(range(len(known.usual)))
    orders = tuple(dict.fromkeys([now, *found.orders]))
    base = value(now)
    values = np.stack([value(order) - base for order in orders], axis=1)
    return _result(fit, money, known, kept, replace(found, orders=orders), values)


def _change(known: Conditions, order: Order) -> Change:
    names = [known.usual[moment] for moment in order]
    return NOTHING if tuple(names) == known.usual else Change().reorder(names)


def _result(
    fit: Fit,
    money: Valuation,
    known: Conditions,
    kept: Remembering,
    found: Candidates,
    values: Floats,
) -> Sequences:
    orders = found.orders
    allowed = np.array([known.allow(order) for order in orders])
    scores = money.sign * values
    best = int(np.argmax(np.where(allowed, scores.mean(axis=0), -np.inf)))
    moments, felt = kept.moments(), kept.felt
    now = moments.worth(orders[0])
    chosen = _change(known, orders[best])
    said = (*make_plan(fit, chosen).warnings, *usual_order(fit).warnings)
    return Sequences(
        orders=tuple(tuple(known.usual[moment] for moment in order) for order in orders),
        shapes=tuple(shape([money.sign * felt[m] for m in x], _even(felt)) for x in orders),
        changes=tuple(_change(known, order) for order in orders),
        values=values,
        scores=scores,
        within=allowed,
        best=best,
        guesses=np.array([moments.worth(order) - now for order in orders]),
        felt=felt,
        touchpoints=known.usual,
        weights=dict(zip(ORDERED, kept.weight.tolist(), strict=True)),
        how=found.how,
        short=found.short,
        objective=money.name,
        unit=money.unit,
        journeys=money.value.journeys,
        period=money.value.period,
        warnings=tuple(dict.fromkeys(said)),
        claim=claim_of(fit, chosen, money.outcomes),
        caution=fit.caution,
    )


def _even(felt: Floats) -> float:
    """Steps of what is felt that are too small to give a journey its shape."""
    return float(0.02 * np.ptp(felt))
