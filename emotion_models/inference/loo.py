"""Leave-one-journey-out predictive accuracy, with the journey's own latents integrated out.

The log-likelihood of a journey conditional on its own construct residuals would be dominated
by them (and its importance weights unreliable), so they are integrated by adaptive
Gauss-Hermite quadrature around their posterior mean; then PSIS-LOO (Vehtari et al. 2017) is
taken over journeys. Respondent effects, shared by several journeys, stay conditional.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from emotion_models.models.forward import own_predictor, person_part, remembered, with_relationship
from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float64]
DRAWS: Final = 1000
NODES: Final = {1: 7, 2: 5, 3: 4, 4: 3}
"""Quadrature nodes per construct, by number of constructs; 2 beyond."""


@dataclass(frozen=True)
class Loo:
    """PSIS-LOO over journeys.

    Parameters
    ----------
    elpd, k : array, shape (J,)
        Expected log predictive density and Pareto k of each journey.
    log_likelihood : array, shape (S, J)
    """

    elpd: Floats
    k: Floats
    log_likelihood: Floats

    @property
    def threshold(self) -> float:
        """Largest k that is trusted: ``min(1 - 1 / log10(S), 0.7)``."""
        return float(min(1 - 1 / np.log10(self.log_likelihood.shape[0]), 0.7))

    @property
    def effective_parameters(self) -> float:
        """``p_loo``: log pointwise density of the fit minus its elpd."""
        n_draws = self.log_likelihood.shape[0]
        return float((logsumexp(self.log_likelihood, axis=0) - np.log(n_draws) - self.elpd).sum())


def loo(log_likelihood: Floats) -> Loo:
    """Pareto-smoothed importance sampling leave-one-out over journeys.

    Parameters
    ----------
    log_likelihood : array, shape (S, J)

    Returns
    -------
    Loo
    """
    from arviz_stats.base import array_stats

    weights, k = array_stats.psislw(-log_likelihood.T, r_eff=1, axis=-1)
    elpd = logsumexp(weights + log_likelihood.T, axis=-1)
    return Loo(elpd, k, log_likelihood)


def journey_log_likelihood(
    model: JourneyModel, design: Design, known: Parameters, people: xr.Dataset
) -> Floats:
    """Log-likelihood of every journey's outcomes, construct residuals integrated out.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    known : Parameters
    people : xarray.Dataset
        ``bond_residual`` and ``person`` in the same draws.

    Returns
    -------
    array, shape (S, J)
    """
    groups = {name: people[name].to_numpy().astype(float) for name in people.data_vars}
    residual = groups.pop("bond_residual", None)
    memory = remembered(model, design, known)
    eta = own_predictor(design, known, memory, person_part(design, known, groups))
    if residual is None:
        return log_likelihood(design, known, with_relationship(known, eta))
    nodes, log_weights = quadrature(residual)

    def at_node(node: int) -> Floats:
        bond = nodes[node] @ np.swapaxes(known.bond_factor, -1, -2)
        shifted = eta.copy()
        shifted[:, :, known.relationship] += bond
        return log_likelihood(design, known, with_relationship(known, shifted)) + log_weights[node]

    total = np.full(eta.shape[:2], -np.inf)
    with ThreadPoolExecutor(2) as pool:  # NumPy releases the interpreter lock
        for value in pool.map(at_node, range(len(nodes))):
            total = np.logaddexp(total, value)
    return total


def quadrature(residual: Floats) -> tuple[Floats, Floats]:
    """Gauss-Hermite nodes around the posterior of each journey's residuals.

    Parameters
    ----------
    residual : array, shape (S, J, C)
        Standard normal a priori.

    Returns
    -------
    nodes : array, shape (N, J, C)
    log_weights : array, shape (N, J)
        Such that ``logsumexp(log_weights + log f(nodes))`` is the log of the integral of f under
        the standard normal prior.
    """
    n_constructs = residual.shape[2]
    points, weights = np.polynomial.hermite_e.hermegauss(NODES.get(n_constructs, 2))
    grid = np.array(list(itertools.product(points, repeat=n_constructs)))
    log_mass = np.log(np.array(list(itertools.product(weights, repeat=n_constructs)))).sum(axis=1)
    centre = residual.mean(axis=0)
    spread = residual - centre
    covariance = np.einsum("sjc,sjd->jcd", spread, spread) / max(residual.shape[0] - 1, 1)
    factor = np.linalg.cholesky(covariance + 1e-6 * np.eye(n_constructs))
    nodes = centre + np.einsum("jcd,nd->njc", factor, grid)
    # Prior density at the node over the density the nodes were laid out for; constants cancel.
    log_det = np.log(np.einsum("jcc->jc", factor)).sum(axis=1)
    log_ratio = -0.5 * (nodes**2).sum(axis=2) + 0.5 * (grid**2).sum(axis=1)[:, None] + log_det
    return nodes, log_mass[:, None] - 0.5 * n_constructs * np.log(2 * np.pi) + log_ratio


def log_likelihood(design: Design, known: Parameters, eta: Floats) -> Floats:
    """Log-likelihood of every journey given all its predictors.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Intercepts included.

    Returns
    -------
    array, shape (S, J)
    """
    items = design.items
    total = np.zeros(eta.shape[:2])
    for q, row in enumerate(items.ordinal_row):
        exists = items.exists[q]
        predictor = known.loading[:, None, q] * eta[:, :, row]
        total += _ordinal(items.ordinal[:, q], predictor, known.cutpoint[:, q, exists])
    for k, row in enumerate(items.binary_row):
        answer, predictor = items.binary[:, k], eta[:, :, row]
        each = np.nan_to_num(answer) * predictor - np.logaddexp(0, predictor)
        total += np.where(np.isnan(answer), 0.0, each)
    for k, row in enumerate(items.count_row):
        total += _count(items.count[:, k], eta[:, :, row], known.spread[:, None, row])
    for k, row in enumerate(items.amount_row):
        # Amounts are stored centred; the intercept carries the centre.
        answer = items.amount[:, k] + items.amount_centre[k]
        z = (np.nan_to_num(answer) - eta[:, :, row]) / known.spread[:, None, row]
        each = -0.5 * z**2 - np.log(known.spread[:, None, row]) - 0.5 * np.log(2 * np.pi)
        total += np.where(np.isnan(answer), 0.0, each)
    return total


def _ordinal(answer: NDArray[np.int8], eta: Floats, kappa: Floats) -> Floats:
    exists = np.ones((1, kappa.shape[-1]), dtype=bool)
    each: Floats = ordinal.log_probability(
        answer[:, None], eta[..., None], kappa[:, None, :], exists
    )
    return each[..., 0]


def _count(answer: Floats, eta: Floats, phi: Floats) -> Floats:
    known = np.nan_to_num(answer)
    each = (
        gammaln(known + phi)
        - gammaln(phi)
        - gammaln(known + 1)
        + phi * (np.log(phi) - np.logaddexp(eta, np.log(phi)))
        + known * (eta - np.logaddexp(eta, np.log(phi)))
    )
    return np.where(np.isnan(answer), 0.0, each)
