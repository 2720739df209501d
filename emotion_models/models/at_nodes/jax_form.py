"""Ordinal answers at nodes as a JAX expression: for accelerators, and to test the kernel."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from emotion_models.models.at_nodes import foreign
from emotion_models.models.at_nodes.op import OrdinalAtNodes
from emotion_models.models.fused.stored_slopes import in_jax
from emotion_models.models.integrated.jax_form import cutpoint_places, gaps, log_probability


def plain(*inputs: Any) -> Any:
    """Log-likelihood of ordinal answers at nodes with its derivatives, see `op`."""
    own, response, kappa, lengths, answers, nodes, mass, weight = inputs
    places = cutpoint_places(kappa.shape[1], lengths, answers)

    def total(own: Any, response: Any, kappa: Any, mass: Any) -> Any:
        eta = own + jnp.einsum("qc,nic->nqi", response, nodes)
        each = log_probability(eta, kappa, places) + gaps(kappa, places)
        return (weight * jax.scipy.special.logsumexp(mass + each.sum(axis=1), axis=0)).sum()

    value, slopes = jax.value_and_grad(total, argnums=(0, 1, 2, 3))(own, response, kappa, mass)
    return value, *slopes


value_and_slopes: Any = in_jax(plain, foreign.KERNEL, OrdinalAtNodes)
"""Log-likelihood with its derivatives, which JAX takes as they are."""
