"""Rows of ratings in Numba: one item at one touchpoint, a block of journeys at a time.

Loops over few arrays of neighbouring numbers, which a compiler turns into vector instructions.
With ``s = exp(-eta)``, ``a = exp(kappa_k) s`` and ``b = exp(kappa_{k-1}) s`` the probability of
category k is ``(a - b) / ((1 + a)(1 + b))``; its log has the slope ``down - up`` with
``up = 1 / (1 + a)`` and ``down = b / (1 + b)``, and the curvature
``-(a up**2 + b (1 - down)**2)``. An open end has a cutpoint so far out that its term vanishes.
"""

from __future__ import annotations

import math
from typing import Any, Final

from numba.extending import register_jitable

from emotion_models.models.fused.kernel import shrink

FARTHEST: Final = 200.0
"""Predictors are held within: probabilities out there have left the range of the numbers."""
OPEN: Final = 1e120
"""Exponential of the cutpoint above the highest category, and of a rating that is missing:
``OPEN * exp(-200)`` is still so large that its probability is 1."""
UPPER: Final = 0  # exp of the upper cutpoint
LOWER: Final = 1  # exp of the lower cutpoint
SCALE: Final = 2  # their difference, without cancellation


@register_jitable
def categories(kappa: Any, lengths: Any, table: Any) -> None:
    """Fill the table (Q, C + 2, 3) of all categories; its row 0 is for no answer."""
    for q in range(kappa.shape[0]):
        n = lengths[q]
        table[q, 0, UPPER], table[q, 0, LOWER], table[q, 0, SCALE] = OPEN, 0.0, OPEN
        for k in range(n + 1):
            row = table[q, k + 1]
            row[UPPER] = math.exp(kappa[q, k]) if k < n else OPEN
            row[LOWER] = math.exp(kappa[q, k - 1]) if k > 0 else 0.0
            share = 1.0
            if 0 < k < n:
                share = -math.expm1(kappa[q, k - 1] - kappa[q, k])
            row[SCALE] = row[UPPER] * share


@register_jitable
def category(answer: int, n_cuts: int) -> int:
    """Row of the table, whatever the data say."""
    return max(min(answer, n_cuts) + 1, 0)


@register_jitable
def shrunk(own: Any, brought: Any, by_mood: float, by_affect: float, lines: Any, n: int) -> None:
    """``exp(-eta)`` to the first of `lines`, of what is the ratings' own and what people bring."""
    style, mood, affect = brought
    found, eta, rounded, bits = lines
    for j in range(n):
        felt = own[j] + style[j] + by_mood * mood[j] + by_affect * affect[j]
        eta[j] = min(max(felt, -FARTHEST), FARTHEST)
    shrink(eta, n, found, rounded, bits)


@register_jitable
def slopes(s: Any, upper: Any, lower: Any, n: int, slope: Any, curve: Any) -> None:
    """Slope of the log-probabilities and minus their curvature."""
    for j in range(n):
        a, b = upper[j] * s[j], lower[j] * s[j]
        part = 1.0 / ((1.0 + a) * (1.0 + b))
        up, rest = (1.0 + b) * part, (1.0 + a) * part
        slope[j] = b * rest - up
        curve[j] = a * up * up + b * rest * rest


@register_jitable
def probabilities(s: Any, upper: Any, lower: Any, scale: Any, n: int, found: Any) -> None:
    """Probabilities of the answers."""
    for j in range(n):
        found[j] = scale[j] * s[j] / ((1.0 + upper[j] * s[j]) * (1.0 + lower[j] * s[j]))


@register_jitable
def parts(s: Any, upper: Any, lower: Any, scale: Any, n: int, up: Any, down: Any) -> None:
    """Both parts of the slopes, and the probabilities in place of `s`."""
    for j in range(n):
        here = s[j]  # read once: `s` is written, and might be any of the others
        a, b = upper[j] * here, lower[j] * here
        part = 1.0 / ((1.0 + a) * (1.0 + b))
        up[j] = (1.0 + b) * part
        down[j] = b * (1.0 + a) * part
        s[j] = scale[j] * here * part


@register_jitable
def multiply(product: Any, by: Any, inverse: Any, n: int) -> None:
    """Multiply probabilities, relative to those at the mode."""
    for j in range(n):
        product[j] *= by[j] * inverse[j]


@register_jitable
def add_weighted(weight: Any, up: Any, down: Any, n: int, into_up: Any, into_down: Any) -> None:
    """Add both parts of the slopes, weighted."""
    for j in range(n):
        into_up[j] += weight[j] * up[j]
        into_down[j] += weight[j] * down[j]


@register_jitable
def add_moment(node: Any, up: Any, down: Any, n: int, into: Any) -> None:
    """Add slopes times weighted nodes."""
    for j in range(n):
        into[j] += node[j] * (down[j] - up[j])


@register_jitable
def add_scaled(by: Any, row: Any, n: int, into: Any) -> None:
    """Add a row times another."""
    for j in range(n):
        into[j] += by[j] * row[j]


@register_jitable
def add_products(row: Any, n: int, v: float, w: float, into: Any) -> None:
    """Add a row, times each of two responses and their products."""
    for j in range(n):
        x = row[j]
        into[0, j] += x
        into[1, j] += v * x
        into[2, j] += w * x
    if into.shape[0] == 3:
        return
    for j in range(n):
        x = row[j]
        into[3, j] += v * v * x
        into[4, j] += w * w * x
        into[5, j] += v * w * x
