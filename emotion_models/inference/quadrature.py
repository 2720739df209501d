"""Integrating over a few latent normals: nodes laid where their posterior lies."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

Floats = NDArray[np.floating[Any]]
PER_DIMENSION: Final = {1: 15, 2: 7, 3: 5}
SOBOL: Final = 128
"""Quasi-random points where a product grid would be too large."""


@dataclass(frozen=True)
class Nodes:
    """Nodes for integrals over d latents of each of N units.

    Parameters
    ----------
    value : array, shape (nodes, N, d)
    log_mass : array, shape (nodes, N)
        Logarithm of node weight over the density the nodes were laid out by: add the log of
        the integrand (prior density included) and take the log of the sum.
    """

    value: Floats
    log_mass: Floats


def nodes_for(draws: Floats, *, wider: float = 1.0, per_dimension: int | None = None) -> Nodes:
    """Lay nodes over the posterior of each unit's latents.

    Gauss-Hermite on a product grid up to three dimensions, else scrambled Sobol points of the
    same normal: importance sampling either way, exact in the limit for any integrand.

    Parameters
    ----------
    draws : array, shape (S, N, d)
        Posterior draws of the latents.
    wider : float
        Factor on the posterior's spread, for integrals without some of the data.
    per_dimension : int, optional
        Nodes per dimension of a product grid; default: `PER_DIMENSION`.

    Returns
    -------
    Nodes
    """
    n_latents = draws.shape[2]
    grid, log_weight = standard_nodes(n_latents, per_dimension)
    centre = draws.mean(axis=0)
    spread = draws - centre
    covariance = np.einsum("sjc,sjd->jcd", spread, spread) / max(draws.shape[0] - 1, 1)
    factor = wider * np.linalg.cholesky(covariance + 1e-6 * np.eye(n_latents))
    value = centre + np.einsum("jcd,nd->njc", factor, grid)
    log_det = np.log(np.einsum("jcc->jc", factor)).sum(axis=1)
    log_layout = -0.5 * (grid**2).sum(axis=1) - 0.5 * n_latents * np.log(2 * np.pi)
    return Nodes(value, (log_weight - log_layout)[:, None] + log_det)


def standard_nodes(n_latents: int, per_dimension: int | None = None) -> tuple[Floats, Floats]:
    """Nodes and log weights of the standard normal in some dimensions."""
    if n_latents not in PER_DIMENSION:
        uniform = qmc.Sobol(n_latents, rng=0).random(SOBOL)
        points = norm.ppf(np.clip(uniform, 1e-6, 1 - 1e-6))
        return points, np.full(SOBOL, -np.log(SOBOL))
    count = per_dimension or PER_DIMENSION[n_latents]
    points, weights = np.polynomial.hermite_e.hermegauss(count)
    weights = weights / weights.sum()
    grid = np.array(list(itertools.product(points, repeat=n_latents)))
    each = np.array(list(itertools.product(weights, repeat=n_latents)))
    return grid, np.log(each).sum(axis=1)


def log_normal(value: Floats, sd: Floats) -> Floats:
    """Log density of independent normals with mean 0, summed over the last axis."""
    each = -0.5 * (value / sd) ** 2 - np.log(sd) - 0.5 * np.log(2 * np.pi)
    total: Floats = each.sum(axis=-1)
    return total
