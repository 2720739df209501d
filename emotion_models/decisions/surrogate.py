"""A quick guess at every combination of options, from simulations of one and of two at a time.

Each part of the objective is taken to a scale without bounds (logit of what has a largest value,
log of what is only positive); there the differences that single settings make are added up, with
what two settings at one touchpoint make together beyond their sum. Draws are paired, few are
enough: the guess chooses what is simulated in full, no result shows it except to say how far off
it was.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.space import Combo, Space, touchpoints_of
from emotion_models.decisions.valuation import Valuation
from emotion_models.errors import InputProblems

Floats = NDArray[np.floating[Any]]
Evaluate = Callable[[Combo], Floats]
"""Quantities (P, S) of every part after a combination."""
SCREENING: Final = 100
"""Draws of the simulations that the guess is made of."""
MOST_PAIRS: Final = 40
BLOCK: Final = 4096
SMALLEST: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Guess:
    """Expected difference that every combination makes, in the objective's unit.

    Parameters
    ----------
    mean : array, shape (N,)
        NaN where it is impossible.
    size : array, shape (N,)
        Sum of the sizes of what its settings do one by one: errors grow with it.
    pairs : int
        How many pairs were simulated together.
    """

    mean: Floats
    size: Floats
    pairs: int


def guessed(space: Space, money: Valuation, evaluate: Evaluate) -> Guess:
    """Guess the value of all combinations.

    Parameters
    ----------
    space : Space
    money : Valuation
    evaluate : callable

    Returns
    -------
    Guess
    """
    tops = [part.top for part in money.parts]
    nothing = (0,) * len(space.options)
    before = _open(evaluate(nothing), tops)
    made = {one: _open(evaluate(one), tops) - before for one in _singles(space)}
    size = {one: float(np.abs(difference.mean(axis=1)).sum()) for one, difference in made.items()}
    impossible: list[Combo] = []
    together = _pairs(space, size)
    for pair in together:
        try:
            found = _open(evaluate(pair), tops) - before
        except InputProblems:
            impossible.append(pair)
            continue
        made[pair] = found - sum(made[one] for one in _parts_of(pair))
    mean = _added_up(space.combos, before, made, money)
    for pair in impossible:
        mean[_contains(space.combos, pair)] = np.nan
    return Guess(mean, _sizes(space.combos, mean), len(together) - len(impossible))


def _sizes(combos: NDArray[np.int64], mean: Floats) -> Floats:
    """Sum (N,) of the sizes of the single settings of every combination."""
    alone = np.flatnonzero((combos > 0).sum(axis=1) == 1)
    total = np.zeros(len(combos))
    for row in alone:
        option = int(np.flatnonzero(combos[row])[0])
        total += (combos[:, option] == combos[row, option]) * abs(mean[row])
    return total


def _singles(space: Space) -> list[Combo]:
    n = len(space.options)
    return [
        tuple(setting if o == option else 0 for o in range(n))
        for option in range(n)
        for setting in range(1, 1 + len(space.options[option].settings))
    ]


def _parts_of(pair: Combo) -> list[Combo]:
    taken = [o for o, setting in enumerate(pair) if setting]
    return [tuple(s if o == one else 0 for o, s in enumerate(pair)) for one in taken]


def _pairs(space: Space, size: Mapping[Combo, float]) -> list[Combo]:
    """Pairs of settings at one touchpoint, those that move most first, as far as possible."""
    sites = [touchpoints_of(option) for option in space.options]
    possible = {tuple(row) for row in space.combos[(space.combos > 0).sum(axis=1) == 2].tolist()}
    found: dict[Combo, float] = {}
    for one, other in itertools.combinations(size, 2):
        both = tuple(a + b for a, b in zip(one, other, strict=True))
        a, b = (next(o for o, s in enumerate(combo) if s) for combo in (one, other))
        # What rebuilds the journey meets every other option.
        near = "" in sites[a] | sites[b] or bool(sites[a] & sites[b])
        if a != b and near and both in possible:
            found[both] = size[one] * size[other]
    return sorted(found, key=lambda pair: -found[pair])[:MOST_PAIRS]


def _contains(combos: NDArray[np.int64], some: Combo) -> NDArray[np.bool_]:
    wanted = np.array(some)
    inside: NDArray[np.bool_] = (combos[:, wanted > 0] == wanted[wanted > 0]).all(axis=1)
    return inside


def _added_up(
    combos: NDArray[np.int64], before: Floats, made: Mapping[Combo, Floats], money: Valuation
) -> Floats:
    """Mean difference (N,) of every combination."""
    tops = [part.top for part in money.parts]
    flat = np.stack([difference.ravel() for difference in made.values()])
    start = money.factors @ _closed(before, tops)
    mean = np.empty(len(combos))
    for first in range(0, len(combos), BLOCK):
        block = combos[first : first + BLOCK]
        taken = np.stack([_contains(block, one) for one in made], axis=1).astype(float)
        after = _closed(before + (taken @ flat).reshape(-1, *before.shape), tops)
        mean[first : first + BLOCK] = (np.einsum("p,nps->ns", money.factors, after) - start).mean(1)
    return mean


def _open(quantity: Floats, tops: list[float]) -> Floats:
    """Quantities (P, S) on a scale without bounds."""
    found = np.array(quantity, dtype=float)
    for p, top in enumerate(tops):
        if np.isfinite(top):
            share = np.clip(found[p] / top, SMALLEST, 1 - SMALLEST)
            found[p] = np.log(share) - np.log1p(-share)
        elif np.isinf(top):
            found[p] = np.log(np.maximum(found[p], SMALLEST))
    return found


def _closed(level: Floats, tops: list[float]) -> Floats:
    """Back from `_open`: (..., P, S)."""
    found = np.array(level)
    for p, top in enumerate(tops):
        if np.isfinite(top):
            found[..., p, :] = top / (1 + np.exp(-found[..., p, :]))
        elif np.isinf(top):
            found[..., p, :] = np.exp(found[..., p, :])
    return found
