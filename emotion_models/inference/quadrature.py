"""Integrating over a few latent normals: nodes laid where their posterior lies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.floating[Any]]
PER_DIMENSION: Final = {1: 15, 2: 7, 3: 5}
SOBOL: Final = 128
"""Quasi-random points where a product grid would be too large."""
WIDER: Final = 1.3
"""Nodes reach a little beyond the posterior: without some of the answers it is wider."""


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


def conditional_nodes(draws: Floats, factor: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Lay nodes over latents where they lie at every draw of their prior's scale.

    What the answers of unit i tell of its latents is the same at every draw, about
    ``exp(b_i'u - u'L_i u / 2)``; it is read off the pooled posterior (mean m, covariance V),

        L_i = V_i^-1 - C^-1 (no less than 0),   b_i = V_i^-1 m_i,   C the mean prior covariance,

    since a posterior varies no more than its prior on average (law of total variance). Together
    with the draw's own prior ``u = factor z, z ~ N(0, I)`` it gives a normal for z at each draw:
    nodes stay where the integrand is, also in draws that let people hardly differ.

    Parameters
    ----------
    draws : array, shape (S', N, d)
        Posterior draws of the latents, of any number.
    factor : array, shape (S, d, d)
        Factor of the latents' prior covariance at each draw.

    Yields
    ------
    value : array, shape (S, N, d)
    log_mass : array, shape (S, N)
        Prior density included: add the log-likelihood and take the log of the sum.
    """
    n_latents = draws.shape[2]
    grid, log_weight = standard_nodes(n_latents)
    told, slope = _told(draws, factor)
    root = factor[:, None]
    information = np.swapaxes(root, -1, -2) @ told @ root
    covariance = np.linalg.inv(np.eye(n_latents) + information)
    centre = covariance @ (np.swapaxes(root, -1, -2) @ slope[..., None])
    spread = WIDER * np.linalg.cholesky(covariance)
    log_det = np.log(np.einsum("sncc->snc", spread)).sum(axis=-1)
    for point, log_each in zip(grid, log_weight, strict=True):
        z = centre[..., 0] + spread @ point
        log_mass = log_each + 0.5 * (point**2).sum() + log_det - 0.5 * (z**2).sum(axis=-1)
        yield (root @ z[..., None])[..., 0], log_mass


def _told(draws: Floats, factor: Floats) -> tuple[Floats, Floats]:
    """What answers alone tell of latents: precision (N, d, d) and its product with the mean."""
    n_latents = draws.shape[2]
    centre = draws.mean(axis=0)
    spread = draws - centre
    covariance = np.einsum("sjc,sjd->jcd", spread, spread) / max(draws.shape[0] - 1, 1)
    prior = (factor @ np.swapaxes(factor, -1, -2)).mean(axis=0)
    small = 1e-6 * np.eye(n_latents)
    posterior = np.linalg.inv(covariance + small)
    value, vector = np.linalg.eigh(posterior - np.linalg.inv(prior + small))
    told = (vector * np.maximum(value, 0.0)[:, None]) @ np.swapaxes(vector, -1, -2)
    return told, np.einsum("ncd,nd->nc", posterior, centre)


def standard_nodes(n_latents: int, per_dimension: int | None = None) -> tuple[Floats, Floats]:
    """Nodes and log weights of the standard normal in some dimensions."""
    if n_latents not in PER_DIMENSION:
        from scipy.stats import qmc

        uniform = qmc.Sobol(n_latents, rng=0).random(SOBOL)
        points = ndtri(np.clip(uniform, 1e-6, 1 - 1e-6))
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
