"""Latents of one unit each, integrated out at nodes that are data.

    p(y_i) = int p(y_i | z) N(z; 0, I) dz  ~  sum_n exp(m_in) p(y_i | z_in)

with nodes ``z_in`` around where unit i's latents lie and ``m_in`` the log of node weight times
prior density over the density that laid the nodes out. The nodes do not move with the parameters,
so that the derivatives are those of the sum itself. Who lays them out is
`emotion_models.inference.expansion`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from emotion_models.models.at_nodes.op import AtNodes, OnScale, log_likelihood
from emotion_models.models.integrated.rules import Level

PER_LATENT: Final = {1: 13, 2: 9, 3: 6}
"""Nodes along each of so many latents, for where a likelihood rises: an error that moves its slope
moves the posterior, the more the more units there are."""
COARSE: Final = {1: 9, 2: 5, 3: 4}
"""The same where only its bend is asked for."""
VALUE: Final = "latent_node"
MASS: Final = "latent_mass"
MARGINAL: Final = "marginal"
"""Names in the PyMC model: nodes, their mass, the log-likelihood."""


def grid(n_latents: int, level: Level = "fine") -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes (N, C) of a product Gauss-Hermite rule, and logs (N,) of weight over normal density."""
    per_latent = (PER_LATENT if level == "fine" else COARSE)[n_latents]
    each, weight = np.polynomial.hermite_e.hermegauss(per_latent)
    nodes = np.stack(np.meshgrid(*[each] * n_latents, indexing="ij"), axis=-1)
    logs = np.stack(np.meshgrid(*[np.log(weight)] * n_latents, indexing="ij"), axis=-1)
    value = nodes.reshape(-1, n_latents)
    mass = logs.reshape(-1, n_latents).sum(axis=1) + 0.5 * (value**2).sum(axis=1)
    return value, mass


def add_nodes(n_units: int, n_latents: int) -> AtNodes:
    """Add nodes to the model in context as data, laid out over the prior.

    Parameters
    ----------
    n_units, n_latents : int

    Returns
    -------
    AtNodes
    """
    value, mass = laid_out(np.zeros((n_units, n_latents)), np.eye(n_latents)[None])
    return AtNodes(pm.Data(VALUE, value), pm.Data(MASS, mass))


def laid_out(
    centre: NDArray[np.float64], factor: NDArray[np.float64], level: Level = "fine"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes (N, I, C) around centres (I, C), spread by Cholesky factors (I, C, C); their mass.

    There is room for the nodes of any level; those left over have no mass and cost nothing.
    """
    nodes, log_weight = grid(centre.shape[1], level)
    lacking = PER_LATENT[centre.shape[1]] ** centre.shape[1] - log_weight.size
    nodes = np.pad(nodes, ((0, lacking), (0, 0)))
    log_weight = np.pad(log_weight, (0, lacking), constant_values=-np.inf)
    value = centre + np.einsum("icd,nd->nic", factor, nodes)
    volume = np.log(np.einsum("icc->ic", factor)).sum(axis=1)
    prior = -0.5 * (value**2).sum(axis=-1) - 0.5 * centre.shape[1] * np.log(2 * np.pi)
    return value, prior + log_weight[:, None] + volume


def yes_no(own: Any, response: Any, answers: Any) -> OnScale:
    """Yes or no with log-odds `own`, beside what the latents bring: one cutpoint at 0."""
    n = own.type.shape[0]
    return OnScale(own, response, pt.zeros((n, 1)), np.ones((n, 1), dtype=bool), answers)


def add_marginal(
    at: AtNodes,
    scales: Sequence[OnScale],
    other: Any = 0.0,
    weight: NDArray[np.floating[Any]] | None = None,
) -> None:
    """Add the log-likelihood of all units without their latents to the model in context.

    Parameters
    ----------
    at : AtNodes
    scales : sequence of OnScale
        At least one.
    other : tensor, shape (N, I)
        Log-probability of a unit's other answers at its nodes.
    weight : array, shape (I,), optional
        Exponent of a unit's likelihood, latents and all (Rabe-Hesketh & Skrondal 2006,
        doi 10.1111/j.1467-985X.2006.00426.x).
    """
    longest = max(each.exists.shape[1] for each in scales)
    together = [_padded(each, longest) for each in scales]
    joined = OnScale(
        pt.concatenate([each.own for each in together]),
        pt.concatenate([each.response for each in together]),
        pt.concatenate([each.kappa for each in together]),
        np.concatenate([each.exists for each in together]),
        pt.concatenate([pt.cast(each.answers, "int8") for each in together]),
    )
    pm.Potential(MARGINAL, log_likelihood(joined, replace(at, mass=at.mass + other), weight))


def _padded(scale: OnScale, longest: int) -> OnScale:
    """Answers with room for so many cutpoints."""
    lacking = longest - scale.exists.shape[1]
    kappa = pt.concatenate([scale.kappa] + [scale.kappa[:, -1:]] * lacking, axis=1)
    return replace(scale, kappa=kappa, exists=np.pad(scale.exists, ((0, 0), (0, lacking))))
