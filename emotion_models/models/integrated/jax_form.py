"""Ratings with people integrated out as a JAX expression: for accelerators.

The nodes and the weights they bring are held fixed while derivatives are taken, which is Fisher's
identity: the same derivatives as the kernel's.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from emotion_models.models.fused.stored_slopes import in_jax
from emotion_models.models.integrated import foreign
from emotion_models.models.integrated.mode import CLOSE, LONGEST, MOST
from emotion_models.models.integrated.op import IntegratedRatings


def plain(*inputs: Any) -> Any:
    """Log-likelihood of ratings with its derivatives, see `op`."""
    eta, kappa, lengths, answers, weight, owner, valence, loading, sd, *rules = inputs
    data = cutpoint_places(kappa.shape[1], lengths, answers), weight, owner, valence
    fixed = jax.lax.stop_gradient((eta, kappa, loading, sd))
    nodes = _nodes(fixed, data)

    def integral(*parameters: Any) -> Any:
        return _integral(parameters, data, nodes, rules)

    value, slopes = jax.value_and_grad(integral, argnums=(0, 1, 2, 3))(eta, kappa, loading, sd)
    return value, *slopes


def cutpoint_places(n_cuts: int, lengths: Any, answers: Any) -> Any:
    """Which cutpoints stand around every answer, and whether there are any."""
    k = answers.astype(jnp.int32)
    has_upper, has_lower = (k >= 0) & (k < lengths[:, None]), k > 0
    upper, lower = jnp.clip(k, 0, n_cuts - 1), jnp.clip(k - 1, 0, n_cuts - 1)
    return has_upper, has_lower, upper, lower


def _distances(eta: Any, kappa: Any, places: Any) -> tuple[Any, Any]:
    """Distance of the predictors to both cutpoints; minus infinity where there is none."""
    has_upper, has_lower, upper, lower = places
    item = jnp.arange(kappa.shape[0])[:, None]
    above = jnp.where(has_upper, eta - kappa[item, upper], -jnp.inf)
    below = jnp.where(has_lower, kappa[item, lower] - eta, -jnp.inf)
    return above, below


def log_probability(eta: Any, kappa: Any, places: Any) -> Any:
    """Log-probability of every answer, without what the gap between its cutpoints gives."""
    has_upper, has_lower, _, _ = places
    above, below = _distances(eta, kappa, places)
    # Infinities would make derivatives of what is not chosen undefined.
    above, below = jnp.where(has_upper, above, 0.0), jnp.where(has_lower, below, 0.0)
    each = jnp.where(has_upper, -jax.nn.softplus(above), 0.0)
    return each - jnp.where(has_lower, jax.nn.softplus(below), 0.0)


def gaps(kappa: Any, places: Any) -> Any:
    """What the gap between the two cutpoints around an answer gives."""
    has_upper, has_lower, upper, lower = places
    item, both = jnp.arange(kappa.shape[0])[:, None], has_upper & has_lower
    gap = jnp.where(both, kappa[item, upper] - kappa[item, lower], 1.0)
    return jnp.where(both, jnp.log(-jnp.expm1(-gap)), 0.0)


def _response(valence: Any, loading: Any, sd: Any) -> Any:
    """How ratings respond to standardised style, mood and affect: (3, Q)."""
    return jnp.stack([sd[0] * jnp.ones_like(valence), sd[1] * valence, sd[2] * loading])


def _felt(eta: Any, response: Any, people: Any, affect: Any, owner: Any) -> Any:
    brought = people[:, owner]
    both = response[0][:, None] * brought[0] + response[1][:, None] * brought[1]
    return eta + both + response[2][:, None] * affect[:, None]


def _arrow(parameters: Any, data: Any, people: Any, affect: Any) -> Any:
    """Newton's equations, affects eliminated; see `mode`."""
    eta, kappa, loading, sd = parameters
    places, _, owner, valence = data
    response = _response(valence, loading, sd)
    above, below = _distances(_felt(eta, response, people, affect, owner), kappa, places)
    up, down = jax.nn.sigmoid(above), jax.nn.sigmoid(below)
    slope, curve = down - up, up * (1 - up) + down * (1 - down)
    r, pairs = response[:2], response[:2, None] * response[None, :2]
    precision = 1 + jnp.einsum("q,tqj->tj", response[2] ** 2, curve)
    by = jnp.einsum("rq,tqj->rtj", r * response[2], curve) / precision
    own = jnp.einsum("q,tqj->tj", response[2], slope) - affect
    left = jnp.einsum("rsq,tqj->rsj", pairs, curve) - jnp.einsum(
        "rtj,stj,tj->rsj", by, by, precision
    )
    right = jnp.einsum("rq,tqj->rj", r, slope) - jnp.einsum("rtj,tj->rj", by, own)
    n_people = people.shape[1]
    total = jax.ops.segment_sum(jnp.moveaxis(left, -1, 0), owner, n_people) + jnp.eye(2)
    slopes = jax.ops.segment_sum(right.T, owner, n_people) - people.T
    return total, slopes, precision, by, own / precision


def _nodes(parameters: Any, data: Any) -> Any:
    """Where people lie: their mode, the root of their covariance, and how affects follow."""
    n_touchpoints, _, n_journeys = parameters[0].shape
    owner = data[2]
    start = jnp.zeros((2, n_journeys)), jnp.zeros((n_touchpoints, n_journeys)), jnp.inf, 0

    def step(state: Any) -> Any:
        people, affect, _, count = state
        total, slopes, _, by, own = _arrow(parameters, data, people, affect)
        move = jnp.clip(jnp.linalg.solve(total, slopes[..., None])[..., 0].T, -LONGEST, LONGEST)
        follow = jnp.clip(own - (by * move[:, None, owner]).sum(axis=0), -LONGEST, LONGEST)
        longest = jnp.maximum(abs(move).max(), abs(follow).max())
        return people + move, affect + follow, longest, count + 1

    people, affect, _, _ = jax.lax.while_loop(
        lambda state: (state[2] > CLOSE) & (state[3] < MOST), step, start
    )
    total, _, precision, by, _ = _arrow(parameters, data, people, affect)
    root = jnp.linalg.cholesky(jnp.linalg.inv(total))
    return people, affect, root, precision**-0.5, by


def _integral(parameters: Any, data: Any, nodes: Any, rules: Any) -> Any:
    """Sum over nodes of people, and at each over nodes of affect."""
    eta, kappa, loading, sd = parameters
    places, weight, owner, valence = data
    around, shares, along, weights = rules
    people, affect, root, narrow, by = jax.lax.stop_gradient(nodes)
    response = _response(valence, loading, sd)
    n_people = people.shape[1]

    def at_affect(now: Any, centre: Any, node: Any) -> Any:
        at = centre + narrow * node
        each = log_probability(_felt(eta, response, now, at, owner), kappa, places)
        own = each.sum(axis=1) + 0.5 * (node**2 - at**2)
        return own + jnp.log(narrow)

    def at_people(_: Any, node: Any) -> Any:
        off = (root @ node).T
        now = people + off
        centre = affect - (by * off[:, None, owner]).sum(axis=0)
        each = jax.lax.map(lambda x: at_affect(now, centre, x[0]) + jnp.log(x[1]), (along, weights))
        own = jax.scipy.special.logsumexp(each, axis=0).sum(axis=0)
        prior = 0.5 * ((node**2).sum() - (now**2).sum(axis=0))
        return None, jax.ops.segment_sum(own, owner, n_people) + prior

    _, found = jax.lax.scan(at_people, None, around)
    volume = jnp.log(jnp.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    total = jax.scipy.special.logsumexp(found + jnp.log(shares)[:, None], axis=0) + volume
    number = jnp.arange(n_people)
    exponent = weight[jnp.minimum(number, weight.size - 1)]
    between = (exponent[owner] * gaps(kappa, places)).sum()
    return (exponent * jnp.where(number <= owner[-1], total, 0.0)).sum() + between


value_and_slopes: Any = in_jax(plain, foreign.KERNEL, IntegratedRatings)
"""Log-likelihood with its derivatives, which JAX takes as they are."""
