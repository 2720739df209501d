"""What the kernel reads and fills: plain arrays under names."""

from __future__ import annotations

from typing import Any, NamedTuple


class Changed(NamedTuple):
    """What is rated anew: N emotions, and I pairs of them with touchpoints, in that order.

    ``of[n]:of[n + 1]`` are the pairs of the n-th emotion; ``moves_of[i]:moves_of[i + 1]`` the
    moves of a pair.
    """

    emotion: Any  # (N,)
    of: Any  # (N + 1,)
    touchpoint: Any  # (I,)
    levers: Any  # (I,) first column of its touchpoint, -1 where no lever moved
    levers_end: Any  # (I,)
    effect: Any  # (S, columns, E)
    exposure: Any  # (columns, J)
    goes: Any  # (I, J) 1 where levers may move the answer
    others: Any  # (N, J) largest score at all other touchpoints
    moves_of: Any  # (I + 1,)
    to: Any  # (moves,) in categories; NaN: not set
    by: Any  # (moves,) in categories
    times: Any  # (moves,)
    who: Any  # (moves, J)
    turn: Any  # (J,)
    weight: Any  # (I, J) of those who rate it, for averages of scores


class Memory(NamedTuple):
    """How scores are remembered."""

    latent: Any  # (T, S, E, J)
    kappa: Any  # (S, E, C)
    step: Any  # (E, C)
    level: Any  # (E, C + 1) sums of steps
    cuts: Any  # (E,)
    score: Any  # (T, E, J)
    answered: Any  # (T, E, J)
    last: Any  # (T, E, J)
    first: Any  # (T, E, J)
    trend: Any  # (T, E, J)
    peak: Any  # (E, J)
    salience: Any  # (S, T)
    feature: Any  # (S, E, 5)
    used: Any  # (5,)
    complete: Any  # (E,) whether everybody answered everywhere


class Outcomes(NamedTuple):
    """How outcomes follow: ``rows_of[o]:rows_of[o + 1]`` are rows, ``items_of[r]:...`` items."""

    eta: Any  # (S, R, J)
    effect: Any  # (S, G, R, M)
    share: Any  # (S or 1, G, J)
    rows_of: Any  # (O + 1,)
    row: Any  # (rows,)
    kind: Any  # (rows,)
    scale: Any  # (S, rows)
    items_of: Any  # (rows + 1,)
    loading: Any  # (S, items)
    edge: Any  # (S, items, C)
    item_cuts: Any  # (items,)
    over: Any  # (A, J)


class Found(NamedTuple):
    """Where results go."""

    average: Any  # (O, A, S)
    total: Any  # (O, J) summed over draws
    score: Any  # (I, S)


class Tile(NamedTuple):
    """Some journeys, and room to work in."""

    first: int
    last: int
    delta: Any  # (M, n) changes of what is remembered
    new: Any  # (n,)
    level: Any
    share: Any
    peak: Any
    eta: Any
    value: Any
    bits: Any
