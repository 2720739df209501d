"""Expected outcomes of every journey, as it was and after a change: what decisions are made of.

Averages do not do here, since what a customer is worth is not linear in the outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.simulation.block import Block, blocks, count_blocks
from emotion_models.simulation.plan import Plan, make_plan

if TYPE_CHECKING:
    from emotion_models.decisions.valuation import Valuation
    from emotion_models.inference import Fit
    from emotion_models.simulation import Change

Floats = NDArray[np.floating[Any]]
Expected = Mapping[str, Floats]


def expected_outcomes(
    fit: Fit, change: Change, outcomes: Sequence[str], draws: int
) -> Iterator[tuple[NDArray[np.int64], Expected]]:
    """Expected outcomes of every journey after a change, some journeys at a time.

    Parameters
    ----------
    fit : Fit
        Without imputed ratings; each of `Fit.completed` is asked by itself.
    change : Change
        Without steps: the journeys as they were.
    outcomes : sequence of str
    draws : int
        Posterior draws to use at most. The same draws and the same noise for every change.

    Yields
    ------
    which : int array
        The journeys.
    expected : mapping of outcome to array, shape (S, len(which))

    Raises
    ------
    InputProblems
        With every problem of the change.
    """
    plan, several = make_plan(fit, change), count_blocks(fit, draws) > 1
    for block in blocks(fit, draws):
        yield block.which, _after(block, plan.some(block.which) if several else plan, outcomes)


def _after(block: Block, plan: Plan, outcomes: Sequence[str]) -> Expected:
    felt = block.remembered(plan)
    shift = block.response.shift(block.response.total, felt) if felt else None
    return {outcome: block.response.mean(outcome, shift) for outcome in outcomes}


def worth_of(block: Block, money: Valuation, shift: Floats | None = None) -> Floats:
    """The objective of every journey of a block.

    Parameters
    ----------
    block : Block
    money : Valuation
    shift : array, shape (S, R, J), optional
        Of the predictors; default: as the journeys were.

    Returns
    -------
    array, shape (S, J)
    """
    expected = {name: block.response.mean(name, shift) for name in money.outcomes}
    quantities = money.quantities(expected, block.which)
    total: Floats = np.zeros_like(quantities[0], dtype=float)
    for factor, own in zip(money.factors, quantities, strict=True):
        total = total + factor * own
    return total
