"""The engine's inner loops: one draw at a time, a tile of journeys at a time, nothing stored.

What `emotion_models.models.changes_of_memory` and `emotion_models.models.response` say in whole
arrays, for the usual model (one item per emotion, weights that are the same for all); tests hold
the two together. What changes is rated anew, remembered, carried to every outcome and averaged
while it stands in the fastest memory.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit

from emotion_models.simulation.kernel_types import Tile

TILE: Final = 1024
"""Journeys at a time."""
MEAN, PEAK, END, FIRST, TREND = range(5)
ORDINAL, YES_NO, EXPONENTIAL, PLAIN = range(4)
FAR: Final = np.float32(44.0)
"""Largest exponent: the product of two such exponentials is still a number."""
LOG2_E: Final = np.float32(1.4426950408889634)
# Taylor coefficients of 2**f; for |f| <= 1/2 the error is below the last digit.
C1, C2, C3, C4, C5, C6 = (
    np.float32(np.log(2.0) ** k / d) for k, d in enumerate((1, 2, 6, 24, 120, 720), start=1)
)
OPTIONS: Final[dict[str, Any]] = {
    "error_model": "numpy",
    "fastmath": {"contract", "reassoc", "nsz"},
    "nogil": True,
    "cache": True,
}


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _fill(x: Any, value: Any) -> None:
    for j in range(x.size):
        x[j] = value


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _copy(x: Any, y: Any) -> None:
    for j in range(x.size):
        x[j] = y[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _add(x: Any, slope: Any, y: Any) -> None:
    for j in range(x.size):
        x[j] += slope * y[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _add_four(x: Any, slope: Any, which: Any, y: Any) -> None:
    a, b, c, d = slope[which[0]], slope[which[1]], slope[which[2]], slope[which[3]]
    y0, y1, y2, y3 = y[0], y[1], y[2], y[3]
    for j in range(x.size):
        x[j] += a * y0[j] + b * y1[j] + c * y2[j] + d * y3[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _total(weight: Any, x: Any) -> Any:
    total = np.float32(0.0)
    for j in range(x.size):
        total += weight[j] * x[j]
    return total


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _exp(x: Any, slope: Any, out: Any, bits: Any) -> None:
    """``exp(slope x)`` into out."""
    for j in range(x.size):
        y = min(max(slope * x[j], -FAR), FAR) * LOG2_E
        whole = np.floor(y + np.float32(0.5))
        f = y - whole
        poly = C4 + f * (C5 + f * C6)
        out[j] = np.float32(1.0) + f * (C1 + f * (C2 + f * (C3 + f * poly)))
        bits[j] = (np.int32(whole) + np.int32(127)) << np.int32(23)
    power = bits.view(np.float32)
    for j in range(x.size):
        out[j] *= power[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _above(level: Any, cut: Any, step: Any, score: Any) -> None:
    """Add a step where the level is above a cutpoint."""
    for j in range(level.size):
        score[j] += step if level[j] > cut else np.float32(0.0)


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _where(goes: Any, score: Any, observed: Any) -> None:
    """Keep what was observed where nothing goes; `goes` is 1 or 0."""
    for j in range(score.size):
        score[j] = goes[j] * score[j] + (np.float32(1.0) - goes[j]) * observed[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _scores(s: int, i: int, e: int, at: Any, changed: Any, memory: Any, new: Any) -> None:
    """Scores of one emotion at one touchpoint after the change."""
    t, level = changed.touchpoint[i], at.level
    observed = memory.score[t, e, at.first : at.last]
    if changed.levers[i] < 0:
        _copy(new, observed)
    else:
        _copy(level, memory.latent[t, s, e, at.first : at.last])
        for c in range(changed.levers[i], changed.levers_end[i]):
            _add(level, changed.effect[s, c, e], changed.exposure[c, at.first : at.last])
        _fill(new, np.float32(0.0))
        for c in range(memory.cuts[e]):
            _above(level, memory.kappa[s, e, c], memory.step[e, c], new)
        _where(changed.goes[i, at.first : at.last], new, observed)
    for m in range(changed.moves_of[i], changed.moves_of[i + 1]):
        move = (changed.to[m], changed.by[m], changed.times[m])
        who = changed.who[m, at.first : at.last]
        _moved(move, who, changed.turn[at.first : at.last], memory.level[e], memory.cuts[e], new)


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _moved(move: Any, who: Any, turn: Any, level: Any, top: int, new: Any) -> None:
    """Scores set, scaled or moved by points, a part of a point for a part of the journeys."""
    to, by, times = move
    for j in range(new.size):
        if who[j] > 0:
            wanted = np.round(np.float64(new[j]) * top) * times + by if np.isnan(to) else to
            k = np.floor(np.round(wanted * 1e6) / 1e6 + turn[j])
            new[j] = level[int(min(max(k, 0.0), np.float64(top)))]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _kept(s: int, t: int, e: int, at: Any, memory: Any, new: Any, delta: Any) -> None:
    """Add what the features without the peak keep of a changed score."""
    part, w, used = at.level, memory.feature[s, e], memory.used
    own, share = memory.salience[s, t], at.share
    for j in range(part.size):
        part[j] = own * share[j]
    if used[END]:
        _add(part, w[END], memory.last[t, e, at.first : at.last])
    if used[FIRST]:
        _add(part, w[FIRST], memory.first[t, e, at.first : at.last])
    if used[TREND]:
        _add(part, w[TREND], memory.trend[t, e, at.first : at.last])
    observed = memory.score[t, e, at.first : at.last]
    for j in range(part.size):
        delta[j] += part[j] * (new[j] - observed[j])


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _highest(peak: Any, new: Any, here: Any) -> None:
    for j in range(peak.size):
        peak[j] = max(peak[j], new[j] * here[j] + here[j] - np.float32(1.0))


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _inverse(share: Any, weight: Any) -> None:
    for j in range(share.size):
        share[j] = weight / share[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _remembered(s: int, k: int, at: Any, changed: Any, memory: Any, found: Any) -> None:
    """Change of what is remembered of the k-th emotion."""
    delta, new, share, peak = at.delta[k], at.new, at.share, at.peak
    e = changed.emotion[k]
    _fill(delta, np.float32(0.0))
    _fill(share, np.float32(0.0))
    _copy(peak, changed.others[k, at.first : at.last])
    if memory.used[MEAN] and memory.complete[e]:
        _fill(share, memory.feature[s, e, MEAN] / memory.salience[s].sum())
    elif memory.used[MEAN]:
        for t in range(memory.salience.shape[1]):
            _add(share, memory.salience[s, t], memory.answered[t, e, at.first : at.last])
        _inverse(share, memory.feature[s, e, MEAN])
    for i in range(changed.of[k], changed.of[k + 1]):
        t = changed.touchpoint[i]
        _scores(s, i, e, at, changed, memory, new)
        found.score[i, s] += _total(changed.weight[i, at.first : at.last], new)
        _kept(s, t, e, at, memory, new, delta)
        here = memory.answered[t, e, at.first : at.last]
        _highest(peak, new, here)
    if memory.used[PEAK]:
        weight = memory.feature[s, e, PEAK]
        before = memory.peak[e, at.first : at.last]
        for j in range(peak.size):
            delta[j] += weight * (peak[j] - before[j])


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _predictor(s: int, row: int, at: Any, felt: Any, outcomes: Any) -> None:
    """Predictor of a row after what is remembered changed."""
    _copy(at.eta, outcomes.eta[s, row, at.first : at.last])
    for g in range(outcomes.effect.shape[1] if felt.size else 0):
        _fill(at.new, np.float32(0.0))
        effect, four = outcomes.effect[s, g, row], felt.size // 4 * 4
        for k in range(0, four, 4):
            _add_four(at.new, effect, felt[k : k + 4], at.delta[k : k + 4])
        for k in range(four, felt.size):
            _add(at.new, effect[felt[k]], at.delta[k])
        share = outcomes.share[s if outcomes.share.shape[0] > 1 else 0, g, at.first : at.last]
        for j in range(share.size):
            at.eta[j] += share[j] * at.new[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _up(total: Any, edge: Any, power: Any) -> None:
    """Add the probability of being above a cutpoint."""
    one = np.float32(1.0)
    for j in range(total.size):
        total[j] += one / (one + edge * power[j])


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _mean(s: int, r: int, at: Any, outcomes: Any) -> None:
    """Multiply the expected answer to a row into the outcome."""
    kind, eta, mean, power = outcomes.kind[r], at.eta, at.new, at.level
    scale = outcomes.scale[s, r]
    _fill(mean, np.float32(0.0))
    if kind == ORDINAL:
        for q in range(outcomes.items_of[r], outcomes.items_of[r + 1]):
            _exp(eta, -outcomes.loading[s, q], power, at.bits)
            for c in range(outcomes.item_cuts[q]):
                _up(mean, outcomes.edge[s, q, c], power)
    elif kind == YES_NO:
        _exp(eta, np.float32(-1.0), power, at.bits)
        _up(mean, np.float32(1.0), power)
    elif kind == EXPONENTIAL:
        _exp(eta, np.float32(1.0), mean, at.bits)
    else:
        _copy(mean, eta)
    for j in range(mean.size):
        at.value[j] *= scale * mean[j]


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def _answered(s: int, at: Any, felt: Any, outcomes: Any, found: Any) -> None:
    """Average every outcome."""
    for o in range(outcomes.rows_of.size - 1):
        _fill(at.value, np.float32(1.0))
        for r in range(outcomes.rows_of[o], outcomes.rows_of[o + 1]):
            _predictor(s, outcomes.row[r], at, felt, outcomes)
            _mean(s, r, at, outcomes)
        for w in range(outcomes.over.shape[0]):
            found.average[o, w, s] += _total(outcomes.over[w, at.first : at.last], at.value)
        _add(found.total[o, at.first : at.last], np.float32(1.0), at.value)


@njit(**OPTIONS)  # type: ignore[untyped-decorator]
def simulated(
    draws: tuple[int, int],
    changed: Any,
    memory: Any,
    outcomes: Any,
    felt: Any,
    given: Any,
    found: Any,
) -> None:
    """Simulate some draws.

    Parameters
    ----------
    draws : (first, last)
    changed : Changed
    memory : Memory
    outcomes : Outcomes
    felt : int array, shape (M,)
        Which effects of `outcomes` the changes of memory meet.
    given : array, shape (S, M, J) or (0, 0, 0)
        Changes of memory that are known already.
    found : Found
        Filled; added to.
    """
    n_journeys = outcomes.eta.shape[2]
    room = np.zeros((7, TILE), dtype=np.float32)
    delta = np.zeros((felt.size, TILE), dtype=np.float32)
    bits = np.zeros(TILE, dtype=np.int32)
    for s in range(draws[0], draws[1]):
        for a in range(0, n_journeys, TILE):
            b = min(a + TILE, n_journeys)
            n = b - a
            at = Tile(
                a, b, delta[:, :n], room[0, :n], room[1, :n], room[2, :n], room[3, :n],
                room[4, :n], room[5, :n], bits[:n],
            )  # fmt: skip
            for k in range(felt.size):
                if given.shape[0] > 0:
                    _copy(at.delta[k], given[s, k, a:b])
                else:
                    _remembered(s, k, at, changed, memory, found)
            _answered(s, at, felt, outcomes, found)
