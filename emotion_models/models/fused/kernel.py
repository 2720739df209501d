"""The fused ordinal likelihood in Numba: a few nanoseconds per answer.

With ``s = exp(-eta)``, ``a = exp(kappa_k) s`` and ``b = exp(kappa_{k-1}) s`` the probability of
category k is ``(a - b) / ((1 + a)(1 + b))``. One exponential per answer serves both cutpoints,
whose own exponentials are few, and eight probabilities share a logarithm. Where a product
could leave the range of the numbers the form of `reference` takes over, answer by answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numba import njit
from numba.extending import register_jitable
from pytensor.link.numba.cache import CACHED_SRC_FUNCTIONS

from emotion_models.files import hash_of_code

BLOCK: Final = 256
"""Journeys at a time: their intermediate values stay in the fastest memory."""
SHARED: Final = 8
"""Probabilities per logarithm."""
NEAR: Final = 41.0
"""Distance from every cutpoint, in logits, below which eight probabilities can be multiplied:
each is at least ``exp(-41) / 4`` times the share `NARROW`, and ``(1e-18 * 4e-19)**8 > 1e-308``."""
NARROW: Final = 1e-18
FAR: Final = 300.0
"""Largest predictor or cutpoint whose exponential is taken by itself."""

LOG2_E: Final = 1.4426950408889634
LN2_HIGH: Final = 6.93145751953125e-1
LN2_LOW: Final = 1.42860682030941723212e-6
TO_INTEGER: Final = 6755399441055744.0
"""1.5 * 2**52: what is added to it is rounded, and stands in its lowest bits."""

OPTIONS: Final[dict[str, Any]] = {"error_model": "numpy", "fastmath": {"contract"}}
"""No check before divisions; products and sums in one instruction."""

_MODELS: Final = Path(__file__).parents[1]
VERSION: Final = hash_of_code(_MODELS / "fused", _MODELS / "integrated", _MODELS / "at_nodes")
"""Of the sources of all kernels: compiled forms of another version are not used."""

# Columns of the table of categories; its row 0 is for no answer: probability 1, no slope.
UPPER: Final = 0  # exp of the upper cutpoint, 0 at the open end
LOWER: Final = 1  # exp of the lower cutpoint, 0 at the open end
SCALE: Final = 2  # (exp of upper - exp of lower), 0 for the highest category
HIGHEST: Final = 3  # 1 for the highest category and for no answer
BOUNDED: Final = 4  # 1 where there is an upper cutpoint

# Rows of the memory that a block of journeys works in.
ETA: Final = 0
OWN: Final = 1  # weights
SHRUNK: Final = 2  # exp(-eta)
ROUNDED: Final = 3
SHARE: Final = 4  # products of probabilities


def in_users_cache(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what Numba compiles of a function where PyTensor keeps its own, not beside the code."""
    CACHED_SRC_FUNCTIONS[function] = f"{function.__module__}.{function.__name__}:{VERSION}"
    return function


@register_jitable
def _table(kappa: Any, n: int, table: Any) -> tuple[float, float]:
    """Fill the table of an item with `n` cutpoints; between which predictors it may be used."""
    low, high = -FAR, FAR
    table[:] = 0.0
    table[0, HIGHEST] = 1.0
    for k in range(n + 1):
        row = table[k + 1]
        if k > 0:
            row[LOWER] = math.exp(kappa[k - 1])
        if k == n:
            row[HIGHEST] = 1.0
            break
        share = 1.0
        if k > 0:
            gap = kappa[k] - kappa[k - 1]
            share = -math.expm1(-gap)
        row[UPPER] = math.exp(kappa[k])
        row[SCALE] = row[UPPER] * share
        row[BOUNDED] = 1.0
        low, high = max(low, kappa[k] - NEAR), min(high, kappa[k] + NEAR)
        if not (share > NARROW and abs(kappa[k]) < FAR):
            return np.inf, -np.inf
    return low, high


@register_jitable
def shrink(eta: Any, n: int, shrunk: Any, rounded: Any, bits: Any) -> None:
    """``exp(-eta)`` in loops that a compiler turns into vector instructions, unlike libm's.

    ``2**m exp(f)`` with ``|f| < 0.35``, where a polynomial of degree 13 is exact to rounding.
    `bits` is the memory of `rounded` as integers. Meaningless where ``|eta| > 700``.
    """
    for j in range(n):
        rounded[j] = eta[j] * -LOG2_E + TO_INTEGER
    for j in range(n):
        m = rounded[j] - TO_INTEGER
        f = (-eta[j] - m * LN2_HIGH) - m * LN2_LOW
        p = 1 / 6227020800.0
        p = p * f + 1 / 479001600.0
        p = p * f + 1 / 39916800.0
        p = p * f + 1 / 3628800.0
        p = p * f + 1 / 362880.0
        p = p * f + 1 / 40320.0
        p = p * f + 1 / 5040.0
        p = p * f + 1 / 720.0
        p = p * f + 1 / 120.0
        p = p * f + 1 / 24.0
        p = p * f + 1 / 6.0
        p = p * f + 0.5
        shrunk[j] = (p * f + 1.0) * f + 1.0
    for j in range(n):
        bits[j] = (bits[j] << 52) + (1023 << 52)
    for j in range(n):
        shrunk[j] *= rounded[j]


@register_jitable
def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


@register_jitable
def _logistic(x: float) -> float:
    tail = math.exp(-abs(x))
    return 1.0 / (1.0 + tail) if x >= 0 else tail / (1.0 + tail)


@register_jitable
def _far_out(eta: float, kappa: Any, n: int, k: int) -> tuple[float, float, float]:
    """Log-probability of category `k` and the two parts of its slope, at any predictor."""
    value, up, down = 0.0, 0.0, 0.0
    if 0 <= k < n:
        value -= _softplus(eta - kappa[k])
        up = _logistic(eta - kappa[k])
    if k > 0:
        value -= _softplus(kappa[k - 1] - eta)
        down = _logistic(kappa[k - 1] - eta)
    if 0 < k < n:
        value += math.log(-math.expm1(kappa[k - 1] - kappa[k]))
    return value, up, down


@register_jitable
def slopes_of_cutpoints(found: Any, kappa: Any, n: int, slope: Any) -> None:
    """Derivatives by an item's cutpoints, from sums by category of the parts of the slope."""
    slope[:] = 0.0
    for k in range(n):
        slope[k] = found[k + 1, 0] - found[k + 2, 1]
    for k in range(1, n):
        if found[k + 1, 2] != 0.0:
            widened = found[k + 1, 2] / math.expm1(kappa[k] - kappa[k - 1])
            slope[k] += widened
            slope[k - 1] -= widened


@register_jitable
def _row(answers: Any, item: Any, work: Any, bits: Any, sums: Any, slope: Any) -> float:
    """Go over the answers of a block of journeys to one item at one place.

    Multiplies their probabilities to ``work[SHARE]``, adds to the `sums` by category, fills
    `slope`; returns what is too far out to be multiplied.
    """
    kappa, n, table, low, high = item
    eta, own, shrunk, share = work[ETA], work[OWN], work[SHRUNK], work[SHARE]
    apart = 0.0
    shrink(eta, answers.size, shrunk, work[ROUNDED], bits)
    for j in range(answers.size):
        k = min(answers[j], n)  # nothing outside the table is read, whatever the data say
        row = np.uint64(max(k + 1, 0))
        if low <= eta[j] <= high:
            a, b = table[row, UPPER] * shrunk[j], table[row, LOWER] * shrunk[j]
            part = 1.0 / ((1.0 + a) * (1.0 + b))
            share[j] *= (table[row, SCALE] * shrunk[j] + table[row, HIGHEST]) * part
            up = table[row, BOUNDED] * (1.0 + b) * part
            down = b * (1.0 + a) * part
        else:
            value, up, down = _far_out(eta[j], kappa, n, k)
            apart += own[j] * value
        slope[j] = own[j] * (down - up)
        sums[row, 0] += own[j] * up
        sums[row, 1] += own[j] * down
        sums[row, 2] += own[j]
    return apart


@register_jitable
def _collect(work: Any, n: int) -> float:
    """Logarithms of what was multiplied since the last time."""
    total = 0.0
    for j in range(n):
        total += work[OWN, j] * math.log(work[SHARE, j])
        work[SHARE, j] = 1.0
    return total


@register_jitable
def fill(given: Any, d_eta: Any, d_kappa: Any) -> float:
    """Fill in the derivatives by predictor and cutpoints; returns the log-likelihood."""
    eta, kappa, lengths, answers, weight = given
    n_places, n_items, n_journeys = eta.shape
    table = np.empty((n_items, kappa.shape[1] + 2, 5))
    sums = np.zeros((n_items, kappa.shape[1] + 2, 3))
    limits = [_table(kappa[q], lengths[q], table[q]) for q in range(n_items)]
    work = np.ones((5, BLOCK))
    bits = work[ROUNDED].view(np.int64)
    total = 0.0
    for first in range(0, n_journeys, BLOCK):
        n = min(BLOCK, n_journeys - first)
        here = slice(first, first + n)
        for j in range(n):
            work[OWN, j] = weight[first + j] if weight.size > 1 else weight[0]
        for place in range(n_items * n_places):
            q, t = divmod(place, n_places)
            for j in range(n):
                work[ETA, j] = eta[t, q, first + j]
            item = (kappa[q], lengths[q], table[q], *limits[q])
            total += _row(answers[t, q, here], item, work, bits, sums[q], d_eta[t, q, here])
            if place % SHARED == SHARED - 1:
                total += _collect(work, n)
        total += _collect(work, n)
    for q in range(n_items):
        slopes_of_cutpoints(sums[q], kappa[q], lengths[q], d_kappa[q])
    return total


@njit(cache=True, **OPTIONS)  # type: ignore[untyped-decorator]
@in_users_cache
def value_and_slopes(eta: Any, kappa: Any, lengths: Any, answers: Any, weight: Any) -> Any:
    """Log-likelihood of ordinal answers with its derivatives, see `reference`."""
    d_eta, d_kappa = np.empty(eta.shape), np.empty(kappa.shape)
    total = fill((eta, kappa, lengths, answers, weight), d_eta, d_kappa)
    return np.asarray(total), d_eta, d_kappa
