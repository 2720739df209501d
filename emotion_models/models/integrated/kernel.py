"""Ratings with people integrated out, in Numba: nodes around the mode of every respondent.

Adaptive quadrature (Pinheiro & Bates 1995, doi 10.1080/10618600.1995.10474663), nested: nodes of
style and mood where their posterior lies, and at each of them nodes of every moment's affect
where it then lies.

The derivatives are those of Fisher's identity, the posterior mean of the derivatives given the
latents, taken over the same nodes: exact up to the error of the quadrature itself.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numba.extending import register_jitable

from emotion_models.models.fused.kernel import OPTIONS, in_users_cache, slopes_of_cutpoints
from emotion_models.models.integrated import blocks, mode, rows
from emotion_models.models.integrated.mode import MOOD, STYLE
from emotion_models.models.integrated.nodes import (
    INTEGRAND,
    LOG_SHARE,
    LOG_SUM,
    MOOD_2,
    NODE,
    NODES,
    OFF_MOOD,
    OFF_STYLE,
    PRODUCT,
    SHARE,
    SHARES,
    STYLE_2,
    SUM,
    SUM_2,
    TIMES_AFFECT,
    VALUE,
    at_mode,
    go_to,
    lay_out,
    spread,
)


@register_jitable
def over_affect(
    block: Any, t: int, how: Any, rule: Any, latent: Any, memory: Any, desk: Any
) -> None:
    """Sum slopes at a touchpoint given style and mood over the nodes of its affect.

    Fills the sums, and what makes them means.
    """
    (own, upper, lower, scale), _, n, _ = block
    valence, loading, sd = how
    moment, nodes = latent
    inverse, ups, downs, (sum_up, sum_down, sum_moment), to_mean, squares = memory
    lines, brought, work = desk
    product, integrand = work[PRODUCT], work[INTEGRAND]
    times_affect, at = work[TIMES_AFFECT], work[NODE]
    sum_up[t, :, :n], sum_down[t, :, :n], sum_moment[t, :, :n] = 0.0, 0.0, 0.0
    work[SUM, :n], work[SUM_2, :n] = 0.0, 0.0
    for k in range(rule[0].size):
        if rule[1][k] == 0.0:
            continue
        lay_out(block, t, rule[0][k], moment, nodes, sd, desk)
        for q in range(valence.size):
            rows.shrunk(own[t, q], brought, valence[q], loading[q], lines, n)
            rows.parts(lines[0], upper[t, q], lower[t, q], scale[t, q], n, ups[q], downs[q])
            rows.multiply(product, lines[0], inverse[t, q], n)
        for j in range(n):
            integrand[j] *= rule[1][k] * product[j]
            times_affect[j] = integrand[j] * at[j]
            work[SUM, j] += integrand[j]
            work[SUM_2, j] += times_affect[j] * at[j]
        for q in range(valence.size):
            rows.add_weighted(integrand, ups[q], downs[q], n, sum_up[t, q], sum_down[t, q])
            rows.add_moment(times_affect, ups[q], downs[q], n, sum_moment[t, q])
    for j in range(n):
        work[LOG_SUM, j] += math.log(work[SUM, j])
        to_mean[t, j] = 1.0 / work[SUM, j]
        squares[t, j] = work[SUM_2, j]


@register_jitable
def add_node(block: Any, share: float, person: Any, nodes: Any, memory: Any, work: Any) -> None:
    """Add what was found at a node of style and mood, weighted by its share of the integral."""
    (own, _, _, _), who, n, n_people = block
    sums, to_mean, squares, totals, total_squares = memory[3:]
    for j in range(n):
        nodes[LOG_SHARE, who[j]] += work[LOG_SUM, j]
    for p in range(n_people):
        own_share = share * math.exp(nodes[LOG_SHARE, p])
        nodes[LOG_SHARE, p] = own_share
        nodes[SHARES, p] += own_share
        nodes[STYLE_2, p] += own_share * (person[STYLE, p] + nodes[OFF_STYLE, p]) ** 2
        nodes[MOOD_2, p] += own_share * (person[MOOD, p] + nodes[OFF_MOOD, p]) ** 2
    by = work[SHARE]
    for t in range(own.shape[0]):
        for j in range(n):
            by[j] = nodes[LOG_SHARE, who[j]] * to_mean[t, j]
            total_squares[t, j] += by[j] * squares[t, j]
        for q in range(own.shape[1]):
            rows.add_scaled(by, sums[0][t, q], n, totals[0][t, q])
            rows.add_scaled(by, sums[1][t, q], n, totals[1][t, q])
            rows.add_scaled(by, sums[2][t, q], n, totals[2][t, q])


@register_jitable
def over_people(
    block: Any, how: Any, rules: Any, found: Any, nodes: Any, memory: Any, desk: Any
) -> None:
    """Sum over the nodes of style and mood.

    Leaves sums in `memory`, and in `nodes` what they are to be divided by, and the log-likelihood.
    """
    _, _, n, n_people = block
    (places, shares), of_affect = rules
    person, moment = found
    spread(block, found, nodes)
    for each in memory[6]:
        each[:, :, :n] = 0.0
    memory[7][:, :n] = 0.0
    for node in range(shares.size):
        if shares[node] == 0.0:
            continue
        go_to(block, places[node], person, how[2], nodes, desk)
        for t in range(moment.shape[1]):
            over_affect(block, t, how, of_affect, (moment, nodes), memory[:6], desk)
        add_node(block, shares[node], person, nodes, memory, desk[2])
    for p in range(n_people):
        nodes[VALUE, p] += math.log(nodes[SHARES, p])


@register_jitable
def hand_over(given: Any, block: Any, first: int, nodes: Any, memory: Any, into: Any) -> float:
    """Add a block's posterior means to the derivatives; its log-likelihood."""
    _, _, lengths, answers, weight, owner = given
    _, who, n, n_people = block
    (up, down, moment), squares = memory[6], memory[7]
    d_eta, d_loading, d_sd, by_category = into
    total, share = 0.0, nodes[LOG_SHARE]  # of use no more
    for p in range(n_people):
        own = weight[owner[first] + p] if weight.size > 1 else weight[0]
        total += own * nodes[VALUE, p]
        share[p] = own / nodes[SHARES, p]
        d_sd[0] += share[p] * nodes[STYLE_2, p] - own
        d_sd[1] += share[p] * nodes[MOOD_2, p] - own
    for t in range(answers.shape[0]):
        for j in range(n):
            d_sd[2] += share[who[j]] * (squares[t, j] - nodes[SHARES, who[j]])
        for q in range(answers.shape[1]):
            for j in range(n):
                own = share[who[j]]
                row = rows.category(answers[t, q, first + j], lengths[q])
                d_eta[t, q, first + j] = own * (down[t, q, j] - up[t, q, j])
                d_loading[q] += own * moment[t, q, j]
                by_category[q, row, 0] += own * up[t, q, j]
                by_category[q, row, 1] += own * down[t, q, j]
                by_category[q, row, 2] += own * nodes[SHARES, who[j]]
    return total


@register_jitable
def memory_for(n_touchpoints: int, n_items: int, capacity: int) -> Any:
    """Inverse probabilities; parts of the slopes; sums and totals of both and of the moments."""
    rated = (n_touchpoints, n_items, capacity)
    return (
        np.empty(rated),
        np.empty((n_items, capacity)),
        np.empty((n_items, capacity)),
        (np.empty(rated), np.empty(rated), np.empty(rated)),
        np.empty((n_touchpoints, capacity)),
        np.empty((n_touchpoints, capacity)),
        (np.empty(rated), np.empty(rated), np.empty(rated)),
        np.empty((n_touchpoints, capacity)),
    )


@register_jitable
def fill(given: Any, how: Any, rules: Any, into: Any) -> float:
    """Fill in the derivatives; returns the log-likelihood. See `op`."""
    eta, kappa, lengths, answers, _, owner = given
    d_eta, d_kappa, d_loading, d_sd = into
    n_touchpoints, n_items = answers.shape[:2]
    table = np.empty((n_items, kappa.shape[1] + 2, 3))
    by_category = np.zeros(table.shape)
    rows.categories(kappa, lengths, table)
    capacity = blocks.capacity_for(owner)
    place, desk = blocks.place_for(n_touchpoints, n_items, capacity), blocks.desk(capacity)
    memory = memory_for(n_touchpoints, n_items, capacity)
    nodes, person = np.empty((NODES, capacity)), np.empty((mode.PEOPLE, capacity))
    moment = np.empty((mode.MOMENTS, n_touchpoints, capacity))
    d_loading[:], d_sd[:] = 0.0, 0.0
    total, first = 0.0, 0
    while first < owner.size:
        last = blocks.end_of(owner, first, capacity)
        block = blocks.load((eta, kappa, lengths, answers, owner), table, first, last, place)
        mode.find(block, how, person, moment, desk)
        at_mode(block, how, (person, moment), memory[0], nodes, desk)
        over_people(block, how, rules, (person, moment), nodes, memory, desk)
        total += hand_over(
            given, block, first, nodes, memory, (d_eta, d_loading, d_sd, by_category)
        )
        first = last
    for q in range(n_items):
        slopes_of_cutpoints(by_category[q], kappa[q], lengths[q], d_kappa[q])
        d_loading[q] *= how[2][2]
    for k in range(3):
        d_sd[k] = d_sd[k] / how[2][k] if how[2][k] != 0.0 else 0.0
    return total


@njit(cache=True, **OPTIONS)  # type: ignore[untyped-decorator]
@in_users_cache
def value_and_slopes(*inputs: Any) -> Any:
    """Log-likelihood of ratings with its derivatives, see `op`."""
    given, how, rules = inputs[:6], inputs[6:9], (inputs[9:11], inputs[11:13])
    d_eta, d_kappa = np.empty(given[0].shape), np.empty(given[1].shape)
    d_loading, d_sd = np.empty(how[1].size), np.empty(3)
    total = fill(given, how, rules, (d_eta, d_kappa, d_loading, d_sd))
    return np.asarray(total), d_eta, d_kappa, d_loading, d_sd
