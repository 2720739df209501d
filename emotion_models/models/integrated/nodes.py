"""Nodes around the mode of every respondent, in Numba: where they lie and what they weigh."""

from __future__ import annotations

import math
from typing import Any, Final

from numba.extending import register_jitable

from emotion_models.models.fused.kernel import shrink
from emotion_models.models.integrated import mode, rows
from emotion_models.models.integrated.mode import AFFECT, BY_MOOD, BY_STYLE, MOOD, PRECISION, STYLE

# Rows of what is known of people at the nodes, beside those of `mode`.
ROOT, ALONG, ACROSS = 0, 1, 2  # Cholesky factor of their covariance
OFF_STYLE, OFF_MOOD = 3, 4  # from the mode, at a node
LOG_SHARE, SHARES = 5, 6
STYLE_2, MOOD_2 = 7, 8  # squares
VALUE: Final = 9  # log-likelihood
NODES: Final = 10
# Rows to work in, one number per journey.
PRODUCT, INTEGRAND, TIMES_AFFECT, NODE, SUM, SUM_2, LOG_SUM, SHARE = range(8)


@register_jitable
def at_mode(block: Any, how: Any, found: Any, inverse: Any, nodes: Any, desk: Any) -> None:
    """Log density at the mode to `nodes`; 1 / probability of every answer there to `inverse`."""
    (own, upper, lower, scale), who, n, n_people = block
    valence, loading, sd = how
    person, moment = found
    lines, brought, work = desk
    mode.bring(person, sd, who, n, brought)
    product, log_sum, each = work[PRODUCT], work[LOG_SUM], lines[1]
    product[:n], log_sum[:n] = 1.0, 0.0
    for t in range(own.shape[0]):
        mode.feel(moment, t, sd, n, brought)
        for q in range(valence.size):
            rows.shrunk(own[t, q], brought, valence[q], loading[q], lines, n)
            rows.probabilities(lines[0], upper[t, q], lower[t, q], scale[t, q], n, each)
            for j in range(n):
                inverse[t, q, j] = 1.0 / each[j]
                product[j] *= each[j]
            if q % 4 == 3 or q == valence.size - 1:  # four share a logarithm
                for j in range(n):
                    log_sum[j] += math.log(product[j])
                product[:n] = 1.0
        for j in range(n):
            log_sum[j] -= 0.5 * moment[AFFECT, t, j] ** 2
    for p in range(n_people):
        nodes[VALUE, p] = -0.5 * (person[STYLE, p] ** 2 + person[MOOD, p] ** 2)
    for j in range(n):
        nodes[VALUE, who[j]] += log_sum[j]


@register_jitable
def spread(block: Any, found: Any, nodes: Any) -> None:
    """Factor of the covariance of style and mood; adds log of the volume that nodes stand for."""
    _, who, n, n_people = block
    person, moment = found
    for p in range(n_people):
        ss, sm, mm = person[mode.SS, p], person[mode.SM, p], person[mode.MM, p]
        det = ss * mm - sm * sm
        nodes[ROOT, p] = math.sqrt(mm / det)
        nodes[ALONG, p] = -sm / (det * nodes[ROOT, p])
        nodes[ACROSS, p] = math.sqrt(max(ss / det - nodes[ALONG, p] ** 2, 0.0))
        nodes[VALUE, p] -= 0.5 * math.log(det)
    for t in range(moment.shape[1]):
        for j in range(n):
            nodes[VALUE, who[j]] -= 0.5 * math.log(moment[PRECISION, t, j])
    nodes[SHARES:VALUE, :n_people] = 0.0


@register_jitable
def go_to(block: Any, node: Any, person: Any, sd: Any, nodes: Any, desk: Any) -> None:
    """Put style and mood at a node."""
    _, who, n, n_people = block
    (style, mood, _), log_sum = desk[1], desk[2][LOG_SUM]
    for p in range(n_people):
        nodes[OFF_STYLE, p] = nodes[ROOT, p] * node[0]
        nodes[OFF_MOOD, p] = nodes[ALONG, p] * node[0] + nodes[ACROSS, p] * node[1]
        before = person[STYLE, p] ** 2 + person[MOOD, p] ** 2
        after = (person[STYLE, p] + nodes[OFF_STYLE, p]) ** 2
        after += (person[MOOD, p] + nodes[OFF_MOOD, p]) ** 2
        nodes[LOG_SHARE, p] = 0.5 * (node[0] ** 2 + node[1] ** 2 + before - after)
    for j in range(n):
        p = who[j]
        style[j] = sd[0] * (person[STYLE, p] + nodes[OFF_STYLE, p])
        mood[j] = sd[1] * (person[MOOD, p] + nodes[OFF_MOOD, p])
        log_sum[j] = 0.0


@register_jitable
def lay_out(block: Any, t: int, node: float, moment: Any, nodes: Any, sd: Any, desk: Any) -> None:
    """Put the affects of a touchpoint at a node; its weight over that of their normal density."""
    who, n = block[1], block[2]
    affect, (_, _, rounded, bits), work = desk[1][2], desk[0], desk[2]
    at, product, exponent = work[NODE], work[PRODUCT], work[TIMES_AFFECT]
    for j in range(n):
        p = who[j]
        pulled = moment[BY_STYLE, t, j] * nodes[OFF_STYLE, p]
        pulled += moment[BY_MOOD, t, j] * nodes[OFF_MOOD, p]
        at[j] = moment[AFFECT, t, j] - pulled + node / math.sqrt(moment[PRECISION, t, j])
        affect[j], product[j] = sd[2] * at[j], 1.0
        exponent[j] = 0.5 * (at[j] * at[j] - moment[AFFECT, t, j] ** 2 - node**2)
    shrink(exponent, n, work[INTEGRAND], rounded, bits)
