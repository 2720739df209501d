"""The best order of moments under given memory weights.

Of what memory keeps, the average and the peak do not depend on the order; the first moment, the
last one and the trend do. What moments feel like is worth ``first``, ``end`` and ``trend`` points
there, so an order pi of n moments is worth

    first[pi_1] + end[pi_n] + sum_r r trend[pi_r] / (1 + ... + n).

Where all three are the same feeling s times weights, that is ``sum_r a_r s[pi_r]`` with position
weights a, and by the rearrangement inequality the best order gives the r-th largest a to the
r-th largest s. With weight on the end and the trend, a rises: a crescendo. Each step of the trend
is worth ``2 / n (n + 1)``, less the longer the journey, so that sooner or later any weight of the
first moment lifts it over the middle: long journeys are U-shaped. Das Gupta, Karmarkar & Roels
2016 find the same pair of shapes, for other reasons (acclimation and memory decay).

Some moments have to come before others, and not everybody visits all: values then are found over
the sets of moments that have passed (`best_order`), which is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Shape = Literal["flat", "crescendo", "decrescendo", "U-shaped", "peak inside", "mixed"]
MOST: Final = 14
"""Moments up to which the best order is found exactly: there are 2^n sets of them."""


@dataclass(frozen=True, eq=False)
class Moments:
    """What moments are worth at the beginning, at the end and along the way.

    Parameters
    ----------
    first, end, trend : array, shape (P, T)
        For each pattern of visits; what is not visited is not read.
    visited : bool array, shape (P, T)
        Who goes where: every pattern some people share.
    share : array, shape (P,)
        Of people; adds up to 1.
    """

    first: Floats
    end: Floats
    trend: Floats
    visited: NDArray[np.bool_]
    share: Floats

    @classmethod
    def for_all(cls, scores: Floats, *, first: float, end: float, trend: float) -> Moments:
        """One feeling at every moment, visited by all, under the weights of memory."""
        own = np.asarray(scores, dtype=float)[None]
        everybody = np.ones(own.shape, dtype=bool)
        return cls(first * own, end * own, trend * own, everybody, np.ones(1))

    def added(self, passed: NDArray[np.bool_], moment: int) -> float:
        """What a moment adds that comes right after those that have passed."""
        here = self.visited[:, moment]
        before = (self.visited & passed).sum(axis=1)
        n = self.visited.sum(axis=1)
        worth = self.trend[:, moment] * 2 * (before + 1) / (n * (n + 1))
        worth = worth + self.first[:, moment] * (before == 0)
        worth = worth + self.end[:, moment] * (before == n - 1)
        return float((np.where(here, worth, 0.0) * self.share).sum())

    def worth(self, order: Sequence[int]) -> float:
        """What an order is worth."""
        passed, total = np.zeros(self.visited.shape[1], dtype=bool), 0.0
        for moment in order:
            total += self.added(passed, moment)
            passed[moment] = True
        return total


def position_weights(n: int, *, first: float, end: float, trend: float) -> Floats:
    """Weight of every position in what is remembered, beyond average and peak.

    Parameters
    ----------
    n : int
        Moments.
    first, end, trend : float
        Weights of memory.

    Returns
    -------
    array, shape (n,)
    """
    weight = trend * 2 * np.arange(1.0, n + 1) / (n * (n + 1))
    weight[0] += first
    weight[-1] += end
    return weight


def best_order(
    moments: Moments, before: Sequence[tuple[int, int]] = (), fixed: Sequence[int] = ()
) -> tuple[tuple[int, ...], float]:
    """Return the best order and what it is worth: exact, over all sets of moments that have passed.

    Parameters
    ----------
    moments : Moments
        At most `MOST`.
    before : sequence of (int, int)
        Moments that have to come before others.
    fixed : sequence of int
        Moments that keep their position, counted from 0.

    Returns
    -------
    order : tuple of int
        Of equally good ones the first by number: what need not move does not.
    worth : float

    Raises
    ------
    ValueError
        If no order is possible, or there are too many moments.
    """
    n = moments.visited.shape[1]
    if n > MOST:
        raise ValueError(f"{n} moments are too many for all their sets")
    needs = [sum(1 << a for a, b in before if b == moment) for moment in range(n)]
    # Backwards: the best rest of a journey, so that ties go to the lower number early on.
    full = (1 << n) - 1
    rest, choice = {full: 0.0}, {}
    for passed in range(full - 1, -1, -1):
        position, gone = passed.bit_count(), _members(passed, n)
        found: tuple[float, int] | None = None
        for moment in range(n):
            after = passed | (1 << moment)
            if gone[moment] or needs[moment] & ~passed or after not in rest:
                continue
            if moment != position and (position in fixed or moment in fixed):
                continue
            worth = moments.added(gone, moment) + rest[after]
            if found is None or worth > found[0] + 1e-12:
                found = worth, moment
        if found is not None:
            rest[passed], choice[passed] = found
    if 0 not in rest:
        raise ValueError("no order meets all conditions")
    order, passed = [], 0
    while passed != full:
        order.append(choice[passed])
        passed |= 1 << choice[passed]
    return tuple(order), rest[0]


def _members(passed: int, n: int) -> NDArray[np.bool_]:
    return np.array([passed >> moment & 1 for moment in range(n)], dtype=bool)


def improved_order(
    moments: Moments,
    start: Sequence[int],
    before: Sequence[tuple[int, int]] = (),
    fixed: Sequence[int] = (),
) -> tuple[tuple[int, ...], float]:
    """Return an order that neither moving one moment nor exchanging two improves.

    Parameters
    ----------
    moments : Moments
    start : sequence of int
        Meets the conditions.
    before : sequence of (int, int)
    fixed : sequence of int

    Returns
    -------
    order : tuple of int
    worth : float
    """
    order, worth = tuple(start), moments.worth(start)
    while True:
        near = [
            (moments.worth(one), one)
            for one in _neighbours(order)
            if keeps(one, before) and all(one[place] == place for place in fixed)
        ]
        best = max(near, default=(worth, order), key=lambda found: found[0])
        if best[0] <= worth + 1e-12:
            return order, worth
        worth, order = best


def _neighbours(order: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Orders in which one moment stands elsewhere, or two are exchanged."""
    found, n = [], len(order)
    for i in range(n):
        without = order[:i] + order[i + 1 :]
        found += [(*without[:k], order[i], *without[k:]) for k in range(n) if k != i]
        for k in range(i + 1, n):
            other = list(order)
            other[i], other[k] = other[k], other[i]
            found.append(tuple(other))
    return list(dict.fromkeys(found))


def possible_orders(
    n: int, before: Sequence[tuple[int, int]] = (), fixed: Sequence[int] = ()
) -> Iterator[tuple[int, ...]]:
    """Every order that meets the conditions, those that change late moments first.

    Parameters
    ----------
    n : int
    before : sequence of (int, int)
    fixed : sequence of int

    Yields
    ------
    tuple of int
    """

    def rest(order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        place, left = len(order), set(range(n)).difference(order)
        if not left:
            yield order
        for moment in sorted(left):
            held = moment != place and (moment in fixed or place in fixed)
            if not held and not any(b == moment and a in left for a, b in before):
                yield from rest((*order, moment))

    yield from rest(())


def keeps(order: Sequence[int], before: Sequence[tuple[int, int]]) -> bool:
    """Whether an order meets the conditions."""
    place = {moment: position for position, moment in enumerate(order)}
    return all(place[a] < place[b] for a, b in before)


def at_most(moments: Moments) -> float:
    """Bound on what any order is worth, whatever has to come before what.

    Per pattern of visits: the best first moment, the best last one, and the moments by size along
    the trend.

    Parameters
    ----------
    moments : Moments

    Returns
    -------
    float
    """
    total = 0.0
    for first, end, trend, here, share in zip(
        moments.first, moments.end, moments.trend, moments.visited, moments.share, strict=True
    ):
        n = int(here.sum())
        if n:
            along = np.sort(trend[here]) @ np.arange(1.0, n + 1) * 2 / (n * (n + 1))
            total += float(share * (first[here].max() + end[here].max() + along))
    return total


def shape(scores: Sequence[float], tolerance: float = 1e-9) -> Shape:
    """Name the shape of feelings in the order they are lived through.

    Parameters
    ----------
    scores : sequence of float
    tolerance : float
        Smaller steps count as none.

    Returns
    -------
    str
        "U-shaped" where both ends stand above all between; "peak inside" where a moment between
        stands above both ends.
    """
    steps = np.diff(np.asarray(scores, dtype=float))
    up, down = (steps > tolerance).any(), (steps < -tolerance).any()
    if not (up and down):
        return "crescendo" if up else "decrescendo" if down else "flat"
    inside = max(scores[1:-1])
    if inside < min(scores[0], scores[-1]) - tolerance:
        return "U-shaped"
    return "peak inside" if inside > max(scores[0], scores[-1]) + tolerance else "mixed"
