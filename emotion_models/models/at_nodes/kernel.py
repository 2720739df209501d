"""Ordinal answers at nodes in Numba: one pass over the nodes of a block of units, one back.

The rows of numbers are those of `emotion_models.models.integrated.rows`: one item at one node, a
block of units at a time.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numba import njit
from numba.extending import register_jitable

from emotion_models.models.fused.kernel import OPTIONS, in_users_cache, shrink, slopes_of_cutpoints
from emotion_models.models.integrated import rows

SIZE: Final = 64
"""Units, as many as stay in fast memory with all nodes."""
SHARED: Final = 3
"""Probabilities, each at least exp(-201), that are multiplied before the product is rescaled."""
FAINTEST: Final = 700.0
"""Distance of log densities beyond which a node counts nothing."""
FRACTION: Final = (1 << 52) - 1
ONE: Final = 1023 << 52
LN2: Final = math.log(2.0)


@register_jitable
def load(given: Any, table: Any, first: int, n: int, place: Any) -> None:
    """Look up the answers of a block of units: cutpoints around each, and its scale."""
    _, _, _, lengths, answers = given
    upper, lower, scale = place
    for q in range(lengths.size):
        for i in range(n):
            row = table[q, rows.category(answers[q, first + i], lengths[q])]
            upper[q, i] = row[rows.UPPER]
            lower[q, i] = row[rows.LOWER]
            scale[q, i] = row[rows.SCALE]


@register_jitable
def felt(own: Any, response: Any, latents: Any, n: int, eta: Any) -> None:
    """Predictors of an item at a node, held within what `rows` can compute."""
    for i in range(n):
        eta[i] = own[i]
    for c in range(response.size):
        by, latent = response[c], latents[c]
        for i in range(n):
            eta[i] += by * latent[i]
    for i in range(n):
        eta[i] = min(max(eta[i], -rows.FARTHEST), rows.FARTHEST)


@register_jitable
def rescale(product: Any, bits: Any, exponent: Any, n: int) -> None:
    """Move the powers of two of products to their exponents."""
    for i in range(n):
        exponent[i] += ((bits[i] >> 52) & 2047) - 1023  # masked: a shift that vectors know
        bits[i] = (bits[i] & FRACTION) | ONE


@register_jitable
def at_node(given: Any, here: Any, block: Any, place: Any, desk: Any) -> None:
    """Log density of a block's answers at a node, and both parts of the slopes."""
    own, response, _, _, _ = given
    latents, mass, found, ups, downs = here
    first, n = block
    own, mass = own[:, first : first + n], mass[first : first + n]
    upper, lower, scale = place
    (shrunk, eta, rounded, bits), (product, its_bits, exponent) = desk
    product[:n] = 1.0
    exponent[:n] = 0
    for q in range(own.shape[0]):
        felt(own[q], response[q], latents, n, eta)
        shrink(eta, n, shrunk, rounded, bits)
        rows.parts(shrunk, upper[q], lower[q], scale[q], n, ups[q], downs[q])
        for i in range(n):
            product[i] *= shrunk[i]
        if q % SHARED == SHARED - 1:
            rescale(product, its_bits, exponent, n)
    for i in range(n):
        found[i] = mass[i] + exponent[i] * LN2 + math.log(product[i])


@register_jitable
def shares(joint: Any, weight: Any, block: Any, desk: Any) -> float:
    """Turn log densities (N, B) into weighted posterior shares of the nodes; the log-likelihood."""
    (shrunk, eta, rounded, bits), (highest, mass) = desk
    first, n = block
    highest[:n] = joint[0, :n]
    mass[:n] = 0.0
    for k in range(1, joint.shape[0]):
        for i in range(n):
            highest[i] = max(highest[i], joint[k, i])
    for k in range(joint.shape[0]):
        for i in range(n):
            eta[i] = min(highest[i] - joint[k, i], FAINTEST)
        shrink(eta, n, shrunk, rounded, bits)
        for i in range(n):
            joint[k, i] = shrunk[i]
            mass[i] += shrunk[i]
    total = 0.0
    for i in range(n):
        own = weight[first + i] if weight.size > 1 else weight[0]
        total += own * (highest[i] + math.log(mass[i]))
        mass[i] = own / mass[i]
    for k in range(joint.shape[0]):
        for i in range(n):
            joint[k, i] *= mass[i]
    return total


@register_jitable
def gather(share: Any, ups: Any, downs: Any, latents: Any, n: int, sums: Any) -> None:
    """Add a node's slopes, weighted by its shares; sums stay apart by unit, as vectors want it."""
    sum_up, sum_down, by_latent = sums
    for q in range(ups.shape[0]):
        up, down = ups[q], downs[q]
        into_up, into_down = sum_up[q], sum_down[q]
        for i in range(n):
            into_up[i] += share[i] * up[i]
            into_down[i] += share[i] * down[i]
        for c in range(latents.shape[0]):
            latent, into = latents[c], by_latent[q, c]
            for i in range(n):
                into[i] += share[i] * (down[i] - up[i]) * latent[i]


@register_jitable
def hand_over(given: Any, weight: Any, block: Any, sums: Any, into: Any) -> None:
    """Hand a block's sums over to the derivatives."""
    _, _, _, lengths, answers = given
    first, n = block
    sum_up, sum_down = sums
    d_own, by_category = into
    for q in range(lengths.size):
        for i in range(n):
            row = rows.category(answers[q, first + i], lengths[q])
            d_own[q, first + i] = sum_down[q, i] - sum_up[q, i]
            by_category[q, row, 0] += sum_up[q, i]
            by_category[q, row, 1] += sum_down[q, i]
            by_category[q, row, 2] += weight[first + i] if weight.size > 1 else weight[0]


@register_jitable
def used(mass: Any, first: int, chosen: Any) -> int:
    """Nodes that are not left over, to `chosen`; how many."""
    n = 0
    for k in range(mass.shape[0]):
        if mass[k, first] > -math.inf:
            chosen[n] = k
            n += 1
    return n


@register_jitable
def fill(inputs: Any, into: Any) -> float:
    """Fill in the derivatives; returns the log-likelihood. See `op`."""
    own, response, kappa, lengths, answers, nodes, mass, weight = inputs
    d_own, d_response, d_kappa, d_mass = into
    given = (own, response, kappa, lengths, answers)
    (n_items, n_units), (n_nodes, n_latents) = own.shape, (nodes.shape[0], nodes.shape[2])
    table = np.empty((n_items, kappa.shape[1] + 2, 3))
    by_category = np.zeros(table.shape)
    rows.categories(kappa, lengths, table)
    place = (np.empty((n_items, SIZE)), np.empty((n_items, SIZE)), np.empty((n_items, SIZE)))
    ups, downs = np.empty((n_nodes, n_items, SIZE)), np.empty((n_nodes, n_items, SIZE))
    sum_up, sum_down = np.empty((n_items, SIZE)), np.empty((n_items, SIZE))
    by_latent = np.zeros((n_items, n_latents, SIZE))
    latents, joint = np.empty((n_nodes, n_latents, SIZE)), np.empty((n_nodes, SIZE))
    lines, chosen = np.empty((5, SIZE)), np.empty(n_nodes, dtype=np.int64)
    shrinking = (lines[0], lines[1], lines[2], lines[2].view(np.int64))
    multiplying = (lines[3], lines[3].view(np.int64), np.empty(SIZE, dtype=np.int64))
    d_mass[:] = 0.0
    total = 0.0
    for first in range(0, n_units, SIZE):
        n, n_used = min(SIZE, n_units - first), used(mass, first, chosen)
        load(given, table, first, n, place)
        for k in range(n_used):
            latents[k, :, :n] = nodes[chosen[k], first : first + n].T
            here = (latents[k], mass[chosen[k]], joint[k], ups[k], downs[k])
            at_node(given, here, (first, n), place, (shrinking, multiplying))
        total += shares(joint[:n_used], weight, (first, n), (shrinking, (lines[3], lines[4])))
        sum_up[:], sum_down[:] = 0.0, 0.0
        for k in range(n_used):
            gather(joint[k], ups[k], downs[k], latents[k], n, (sum_up, sum_down, by_latent))
            d_mass[chosen[k], first : first + n] = joint[k, :n]
        hand_over(given, weight, (first, n), (sum_up, sum_down), (d_own, by_category))
    for q in range(n_items):
        for c in range(n_latents):
            d_response[q, c] = by_latent[q, c].sum()
        slopes_of_cutpoints(by_category[q], kappa[q], lengths[q], d_kappa[q])
    return total


@njit(cache=True, **OPTIONS)  # type: ignore[untyped-decorator]
@in_users_cache
def value_and_slopes(*inputs: Any) -> Any:
    """Log-likelihood of ordinal answers at nodes with its derivatives, see `op`."""
    own, response, kappa, mass = inputs[0], inputs[1], inputs[2], inputs[6]
    d_own, d_response = np.empty(own.shape), np.empty(response.shape)
    d_kappa, d_mass = np.empty(kappa.shape), np.empty(mass.shape)
    total = fill(inputs, (d_own, d_response, d_kappa, d_mass))
    return np.asarray(total), d_own, d_response, d_kappa, d_mass
