"""Drawing people given their ratings and the parameters, in Numba.

Independence Metropolis: proposals from the normal at the mode, accepted by respondent. That normal
is nearly the posterior, so a few steps forget the first.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba import njit
from numba.extending import register_jitable

from emotion_models.models.fused.kernel import OPTIONS, in_users_cache
from emotion_models.models.integrated import blocks, mode, rows
from emotion_models.models.integrated.mode import AFFECT, BY_MOOD, BY_STYLE, MOOD, PRECISION, STYLE
from emotion_models.models.integrated.nodes import (
    LOG_SHARE,
    NODES,
    OFF_MOOD,
    OFF_STYLE,
    ROOT,
    SHARES,
    STYLE_2,
    at_mode,
    spread,
)

STEPS: Final = 4
"""Proposals."""
# Rows of `nodes` that are free here.
RATIO: Final = SHARES  # log of target over proposal density, of the state
TAKEN: Final = STYLE_2


@register_jitable
def _propose(block: Any, found: Any, noise: Any, nodes: Any, sd: Any, brought: Any) -> None:
    """Lay out style and mood; their part of the log ratio."""
    _, who, n, _ = block
    person = found[0]
    style, mood, _ = brought
    for j in range(n):
        p = who[j]
        if j == 0 or who[j - 1] != p:
            x, y = noise[0, j], noise[1, j]
            nodes[OFF_STYLE, p] = nodes[ROOT, p] * x
            nodes[OFF_MOOD, p] = nodes[ROOT + 1, p] * x + nodes[ROOT + 2, p] * y
            at_style = person[STYLE, p] + nodes[OFF_STYLE, p]
            at_mood = person[MOOD, p] + nodes[OFF_MOOD, p]
            nodes[LOG_SHARE, p] = 0.5 * (x * x + y * y - at_style**2 - at_mood**2)
        style[j] = sd[0] * (person[STYLE, p] + nodes[OFF_STYLE, p])
        mood[j] = sd[1] * (person[MOOD, p] + nodes[OFF_MOOD, p])


@register_jitable
def _weigh(block: Any, t: int, how: Any, latent: Any, noise: Any, inverse: Any, desk: Any) -> None:
    """Lay out the affects of a touchpoint; add the touchpoint's part of the log ratio."""
    (own, upper, lower, scale), who, n, _ = block
    valence, loading, sd = how
    moment, nodes = latent
    lines, brought, work = desk
    at, product = work[1], work[0]
    for j in range(n):
        p = who[j]
        pulled = moment[BY_STYLE, t, j] * nodes[OFF_STYLE, p]
        pulled += moment[BY_MOOD, t, j] * nodes[OFF_MOOD, p]
        at[j] = moment[AFFECT, t, j] - pulled + noise[2 + t, j] / math.sqrt(moment[PRECISION, t, j])
        brought[2][j], product[j] = sd[2] * at[j], 1.0
        nodes[LOG_SHARE, p] += 0.5 * (noise[2 + t, j] ** 2 - at[j] ** 2)
    for q in range(valence.size):
        rows.shrunk(own[t, q], brought, valence[q], loading[q], lines, n)
        rows.probabilities(lines[0], upper[t, q], lower[t, q], scale[t, q], n, lines[1])
        rows.multiply(product, lines[1], inverse[t, q], n)
    for j in range(n):
        nodes[LOG_SHARE, who[j]] += math.log(product[j])


@register_jitable
def _accept(block: Any, first: int, step: int, uniform: Any, nodes: Any) -> None:
    """Mark whose proposal is taken."""
    who, n = block[1], block[2]
    for j in range(n):
        p = who[j]
        if j == 0 or who[j - 1] != p:
            better = nodes[LOG_SHARE, p] - nodes[RATIO, p]
            taken = step == 0 or math.log(uniform[step, first + j]) < better
            if taken:
                nodes[RATIO, p] = nodes[LOG_SHARE, p]
            nodes[TAKEN, p] = 1.0 if taken else 0.0


@register_jitable
def _walk(
    block: Any, first: int, how: Any, found: Any, noise: Any, nodes: Any, memory: Any
) -> None:
    """Propose and accept for a block of journeys."""
    inverse, desk, proposed, into = memory
    normal, uniform = noise
    _, who, n, _ = block
    moment = found[1]
    for step in range(uniform.shape[0]):
        own = normal[step, :, first : first + n]
        _propose(block, found, own, nodes, how[2], desk[1])
        proposed[0, :n], proposed[1, :n] = desk[1][0][:n], desk[1][1][:n]
        for t in range(moment.shape[1]):
            _weigh(block, t, how, (moment, nodes), own, inverse, desk)
            proposed[2 + t, :n] = desk[1][2][:n]
        _accept(block, first, step, uniform, nodes)
        for j in range(n):
            if nodes[TAKEN, who[j]] == 1.0:
                into[:, first + j] = proposed[:, j]


@njit(cache=True, nogil=True, **OPTIONS)  # type: ignore[untyped-decorator]
@in_users_cache
def draw(*inputs: Any) -> Any:
    """Draw style, mood and affects of every journey, given parameters.

    Inputs as of `op` up to the standard deviations, without weights, and the noise: standard
    normals (steps, 2 + T, J), and numbers between 0 and 1 (steps, J).

    Returns
    -------
    array, shape (2 + T, J)
        In units of the ratings' predictor.
    """
    given, how, noise = inputs[:5], inputs[5:8], inputs[8:]
    _, kappa, lengths, answers, owner = given
    n_touchpoints, n_items = answers.shape[:2]
    table = np.empty((n_items, kappa.shape[1] + 2, 3))
    rows.categories(kappa, lengths, table)
    capacity = blocks.capacity_for(owner)
    place, desk = blocks.place_for(n_touchpoints, n_items, capacity), blocks.desk(capacity)
    inverse = np.empty((n_touchpoints, n_items, capacity))
    nodes, person = np.empty((NODES, capacity)), np.empty((mode.PEOPLE, capacity))
    moment = np.empty((mode.MOMENTS, n_touchpoints, capacity))
    proposed = np.empty((2 + n_touchpoints, capacity))
    found = np.empty((2 + n_touchpoints, owner.size))
    first = 0
    while first < owner.size:
        last = blocks.end_of(owner, first, capacity)
        block = blocks.load(given, table, first, last, place)
        mode.find(block, how, person, moment, desk)
        at_mode(block, how, (person, moment), inverse, nodes, desk)
        spread(block, (person, moment), nodes)
        memory = (inverse, desk, proposed, found)
        _walk(block, first, how, (person, moment), noise, nodes, memory)
        first = last
    return found
