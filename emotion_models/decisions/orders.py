"""Which orders of touchpoints are worth simulating in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from emotion_models.decisions.conditions import Conditions
from emotion_models.decisions.remembered_moments import ORDERED, Remembering
from emotion_models.errors import InputProblems, Problem
from emotion_models.science.equations.sequence import (
    MOST,
    Moments,
    at_most,
    best_order,
    improved_order,
    possible_orders,
)

Order = tuple[int, ...]
FINALISTS: Final = 12
MOST_CLASSES: Final = 48
"""Kinds of orders, told apart by what memory keeps of them, up to which all are simulated."""
MOST_SCREENED: Final = 400
"""Kinds of orders up to which all are simulated in a few draws, and the best of them in all."""
FEW: Final = 50
MOST_ORDERS: Final = 50_000
EFFORT: Final = 60_000
"""Steps of the exact search that are spent on single draws."""


@dataclass(frozen=True)
class Candidates:
    """Orders to simulate in full.

    Parameters
    ----------
    orders : tuple of tuple of int
    how : str
        How they were found, as part of a sentence.
    short : float
        By how much an order that was missed could be better at most, under the slopes; 0 where
        none was missed, or where that is not known.
    """

    orders: tuple[Order, ...]
    how: str
    short: float = 0.0


def candidates(
    kept: Remembering, known: Conditions, sign: int, screened: Callable[[Order], float]
) -> Candidates:
    """Find orders worth simulating in full.

    Parameters
    ----------
    kept : Remembering
        Touchpoints in their usual order.
    known : Conditions
    sign : int
        -1 where less of the objective is better.
    screened : callable
        Value of an order in few draws; more is better.

    Returns
    -------
    Candidates

    Raises
    ------
    InputProblems
        If no order meets the conditions.
    """
    n = len(known.usual)
    if not kept.weight.any():
        return Candidates((tuple(range(n)),), "memory keeps nothing that depends on the order")
    classes = _classes(kept, known)
    if classes is not None and not classes:
        raise _impossible("no order meets all")
    if classes is not None and len(classes) <= MOST_CLASSES:
        return Candidates(classes, f"each of the {len(classes)} kinds of orders is among them")
    if classes is not None and len(classes) <= MOST_SCREENED:
        best = sorted(classes, key=lambda order: -screened(order))[:FINALISTS]
        how = f"the best of all {len(classes)} kinds of orders, simulated in {FEW} draws"
        return Candidates(tuple(best), how)
    moments = kept.moments(sign=sign)
    if n > MOST:
        order, worth = improved_order(moments, known.start(), known.before, known.fixed)
        short = at_most(moments) - worth
        how = f"found by search along the slopes; by these, {short:.2g} better may exist"
        return Candidates((order,), how, short)
    return Candidates(_along_slopes(kept, known, sign), "the best of all along the slopes")


def _classes(kept: Remembering, known: Conditions) -> tuple[Order, ...] | None:
    """One order of each kind that memory can tell apart; None where there are too many orders.

    Where there is no trend, journeys with the same first and the same last moment are remembered
    alike; moments that were not answered aside.
    """
    along = kept.weight[ORDERED.index("trend")] > 0
    found: dict[tuple[Order, ...], Order] = {}
    every = possible_orders(len(known.usual), known.before, known.fixed)
    for number, order in enumerate(every):
        if number == MOST_ORDERS:
            return None
        met = [tuple(m for m in order if here[m]) for here in kept.visited]
        found.setdefault(tuple(x if along else (*x[:1], *x[-1:]) for x in met), order)
    return tuple(found.values())


def _along_slopes(kept: Remembering, known: Conditions, sign: int) -> tuple[Order, ...]:
    """The best order on average, and those that are best in single draws."""
    n = len(known.usual)
    n_draws = min(len(kept.parts[0]), EFFORT // (n << n))
    rows = np.linspace(0, len(kept.parts[0]) - 1, n_draws).round().astype(int)
    found = Counter(_exactly(kept.moments(int(s), sign=sign), known) for s in rows)
    best = [_exactly(kept.moments(sign=sign), known)]
    best += [order for order, _ in found.most_common(FINALISTS)]
    return tuple(dict.fromkeys(best))[:FINALISTS]


def _exactly(moments: Moments, known: Conditions) -> Order:
    try:
        return best_order(moments, known.before, known.fixed)[0]
    except ValueError as error:
        raise _impossible(str(error)) from error


def _impossible(what: str) -> InputProblems:
    fix = "leave out a condition, or let fewer touchpoints keep their place"
    return InputProblems("sequence", [Problem("conditions", what, fix)])
