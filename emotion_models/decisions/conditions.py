"""Which orders of touchpoints are possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.science.equations.sequence import keeps

if TYPE_CHECKING:
    from emotion_models.inference import Fit


@dataclass(frozen=True)
class Usual:
    """The order in which people meet touchpoints.

    Parameters
    ----------
    order : tuple of int
        Touchpoints, by their average place in the journeys.
    warnings : tuple of str
    """

    order: tuple[int, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Conditions:
    """What an order has to meet.

    Parameters
    ----------
    usual : tuple of str
        Touchpoints in their usual order; numbers below are places in it.
    fixed : tuple of int
    before : tuple of (int, int)
    """

    usual: tuple[str, ...]
    fixed: tuple[int, ...]
    before: tuple[tuple[int, int], ...]

    def allow(self, order: Sequence[int]) -> bool:
        """Whether an order meets them all."""
        return keeps(order, self.before) and all(order[place] == place for place in self.fixed)

    def start(self) -> tuple[int, ...]:
        """Return an order that meets them, as near to the usual one as taking the first goes.

        Raises
        ------
        InputProblems
            If this finds none.
        """
        left = list(range(len(self.usual)))
        order: list[int] = []
        while left:
            place = len(order)
            free = [
                moment
                for moment in left
                if (moment == place or not {moment, place} & set(self.fixed))
                and not any(b == moment and a in left for a, b in self.before)
            ]
            if not free:
                fix = "leave out a condition, or let fewer touchpoints keep their place"
                raise InputProblems("sequence", [Problem("conditions", "contradict", fix)])
            order.append(free[0])
            left.remove(free[0])
        return tuple(order)


def conditions(fit: Fit, fixed: Sequence[str], before: Sequence[tuple[str, str]]) -> Conditions:
    """Read conditions, in places of the usual order.

    Parameters
    ----------
    fit : Fit
    fixed : sequence of str
    before : sequence of (str, str)

    Returns
    -------
    Conditions

    Raises
    ------
    InputProblems
        With every unknown name and every pair that is none.
    """
    names = fit.design.touchpoints
    usual = tuple(names[t] for t in usual_order(fit).order)
    problems, pairs = [], []
    if isinstance(fixed, str):
        problems.append(Problem("fixed", f"is '{fixed}'", "give a list of touchpoints"))
        fixed = ()
    given: Sequence[Any] = before
    for pair in given:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or pair[0] == pair[1]:
            fix = "give pairs such as ('check-in', 'room')"
            problems.append(Problem("before", f"{pair!r} is no pair of touchpoints", fix))
        else:
            pairs.append((str(pair[0]), str(pair[1])))
    named = [*(("fixed", name) for name in fixed), *(("before", x) for pair in pairs for x in pair)]
    problems += [
        Problem(where, f"no touchpoint '{name}'", did_you_mean(name, names))
        for where, name in dict.fromkeys(named)
        if name not in names
    ]
    if problems:
        raise InputProblems("sequence", problems)
    place = {name: number for number, name in enumerate(usual)}
    return Conditions(
        usual,
        tuple(place[name] for name in dict.fromkeys(fixed)),
        tuple((place[a], place[b]) for a, b in dict.fromkeys(pairs)),
    )


def usual_order(fit: Fit) -> Usual:
    """Find the usual order, and say if nobody met another one.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Usual
    """
    position = fit.design.ratings.position.astype(float)
    met = position >= 0
    place = (position * met).sum(axis=1) / np.maximum(met.sum(axis=1), 1)
    order = tuple(int(t) for t in np.argsort(place, kind="stable"))
    if _one_order(position[list(order)]):
        said = (
            "everybody met the touchpoints in the same order: what another order does rests on "
            "the form of the model, not on journeys that had it"
        )
        return Usual(order, (said,))
    return Usual(order, ())


def _one_order(position: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    """Whether, of any two touchpoints, the same one always comes first."""
    met = position >= 0
    return all(
        not (met[a] & met[b] & (position[a] > position[b])).any()
        for a in range(len(position))
        for b in range(a + 1, len(position))
    )
