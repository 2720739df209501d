"""`Setting`: one size of an option, with its costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emotion_models.decisions.worth import problems_of_costs
from emotion_models.errors import InputProblems, Problem

if TYPE_CHECKING:
    from emotion_models.simulation import Change

Costs = float | Sequence[float]
NAMES: Final = ("cost", "fixed")


@dataclass(frozen=True)
class Setting:
    """One size of an option.

    Parameters
    ----------
    label : str
    change : Change
    cost : float
        Per journey.
    fixed : float
        Per period.
    cost_per_unit : float
        Per unit by which its levers move, on average over journeys.
    """

    label: str
    change: Change
    cost: float = 0.0
    fixed: float = 0.0
    cost_per_unit: float = 0.0


def costs_of(name: str, cost: Costs, fixed: Costs, n: int) -> list[tuple[float, float]]:
    """Costs of every size of an option.

    Parameters
    ----------
    name : str
    cost, fixed : float or sequence of float
        One for all, or one each.
    n : int

    Returns
    -------
    list of (cost, fixed)

    Raises
    ------
    InputProblems
        If there are more or fewer, or they are no numbers.
    """
    problems = []
    if n == 0:
        problems.append(Problem(name, "has no sizes", "give at least one"))
    columns: list[list[float]] = []
    for what, given in zip(NAMES, (cost, fixed), strict=True):
        each = list(given) if isinstance(given, (list, tuple)) else [given] * n
        if len(each) != n:
            fix = "give one for all, or one for each size"
            problems.append(Problem(f"{name}, {what}", f"{len(each)} for {n} sizes", fix))
        problems += problems_of_costs({f"{name}, {what}": value for value in each})
        columns.append(each)  # type: ignore[arg-type]
    if problems:
        raise InputProblems("option", problems)
    return list(zip(*columns, strict=True))
