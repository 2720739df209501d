"""The fused ordinal likelihood as a JAX expression, for accelerators and as nutpie's default."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from emotion_models.models.fused import foreign
from emotion_models.models.fused.op import FusedOrdinal
from emotion_models.models.fused.stored_slopes import in_jax


def plain(eta: Any, kappa: Any, lengths: Any, answers: Any, weight: Any) -> Any:
    """Log-likelihood of ordinal answers with its derivatives, see `reference`."""
    n_cuts, top = kappa.shape[1], lengths[:, None]
    k = answers.astype(jnp.int32)
    item = jnp.arange(kappa.shape[0])[:, None]
    has_upper, has_lower = (k >= 0) & (k < top), k > 0
    upper = kappa[item, jnp.clip(k, 0, n_cuts - 1)]
    lower = kappa[item, jnp.clip(k - 1, 0, n_cuts - 1)]
    # exp(-|x|) serves softplus and logistic of x.
    a, b = jnp.where(has_upper, eta - upper, -jnp.inf), jnp.where(has_lower, lower - eta, -jnp.inf)
    tail_a, tail_b = jnp.exp(-jnp.abs(a)), jnp.exp(-jnp.abs(b))
    each = -jnp.maximum(a, 0) - jnp.maximum(b, 0) - jnp.log1p(tail_a) - jnp.log1p(tail_b)
    up = weight * jnp.where(a >= 0, 1.0, tail_a) / (1 + tail_a)
    down = weight * jnp.where(b >= 0, 1.0, tail_b) / (1 + tail_b)
    # What depends on the cutpoints alone is counted by category, not taken per answer.
    cut = jnp.arange(n_cuts)[:, None, None, None]
    at, after = k == cut, k == cut + 1
    count = jnp.where(at, weight, 0.0).sum(axis=(1, 3)).T
    middle = (jnp.arange(n_cuts) > 0) & (jnp.arange(n_cuts) < top) & (count > 0)
    gap = jnp.where(middle, jnp.diff(kappa, axis=1, prepend=0.0), 1.0)
    value = (weight * each).sum() + jnp.where(middle, count * jnp.log(-jnp.expm1(-gap)), 0).sum()
    rise = jnp.where(middle, count / jnp.expm1(gap), 0.0)
    d_kappa = jnp.where(at, up, 0.0).sum(axis=(1, 3)).T
    d_kappa -= jnp.where(after, down, 0.0).sum(axis=(1, 3)).T
    d_kappa += rise - jnp.pad(rise[:, 1:], ((0, 0), (0, 1)))
    return value, down - up, d_kappa


value_and_slopes: Any = in_jax(plain, foreign.KERNEL, FusedOrdinal)
"""Log-likelihood with its derivatives, which JAX takes as they are."""
