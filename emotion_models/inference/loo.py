"""Leave-one-journey-out predictive accuracy, with latents of few answers integrated out.

The likelihood of a journey conditional on its own construct residuals would be dominated by
them, and its importance weights unreliable; so they are integrated out, and in panels the
respondent effects too (`emotion_models.inference.loo_panel`). Then PSIS-LOO is taken over
journeys (Vehtari et al. 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from emotion_models.inference.array_stats import array_stats
from emotion_models.inference.latents import predictor_of, without_residuals
from emotion_models.inference.likelihood import log_likelihood
from emotion_models.inference.loo_panel import given_other_journeys
from emotion_models.models.forward import arrays_of, own_predictor, remembered
from emotion_models.models.some_journeys import Journeys, in_blocks

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 1000
PANEL_DRAWS: Final = 400
"""Fewer where respondent effects are integrated: exact integrals need fewer draws, and cost."""


SAME: Final = 1e-9
"""Differences between draws that are none."""
LEAST_DRAWS: Final = 50
"""Below this a Pareto tail cannot be fitted; elpd and k are then unknown (NaN)."""


@dataclass(frozen=True)
class Loo:
    """PSIS-LOO over journeys.

    Parameters
    ----------
    elpd, k : array, shape (J,)
        Expected log predictive density and Pareto k of each journey.
    log_likelihood : array, shape (S, J)
        Log predictive density of each journey at each draw.
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


def loo(log_likelihood: Floats, exponent: Floats | None = None) -> Loo:
    """Pareto-smoothed importance sampling leave-one-out over journeys.

    Parameters
    ----------
    log_likelihood : array, shape (S, J)
    exponent : array, shape (J,), optional
        What the posterior raised each journey's likelihood to: what is left out is that power,
        what is predicted is one such journey.

    Returns
    -------
    Loo
    """
    return loo_with_weights(log_likelihood, exponent)[0]


def loo_with_weights(log_likelihood: Floats, exponent: Floats | None = None) -> tuple[Loo, Floats]:
    """Leave-one-out with the smoothed weights, to score parts of what is left out.

    Parameters
    ----------
    log_likelihood : array, shape (S, J)
    exponent : array, shape (J,), optional
        See `loo`.

    Returns
    -------
    loo : Loo
    log_weight : array, shape (S, J)
        Sums to one over draws on the natural scale; NaN with too few draws.
    """
    if log_likelihood.shape[0] < LEAST_DRAWS:
        unknown = np.full(log_likelihood.shape[1], np.nan)
        return Loo(unknown, unknown, log_likelihood), np.full(log_likelihood.shape, np.nan)
    # psislw takes the log-likelihood and turns it into log ratios itself.
    entered = log_likelihood if exponent is None else exponent * log_likelihood
    n_draws, n_journeys = log_likelihood.shape
    weights, k = np.full((n_journeys, n_draws), -np.log(n_draws)), np.zeros(n_journeys)
    # Of a journey that answered nothing, or counts nothing, there is nothing to leave out.
    did = np.ptp(entered, axis=0) > SAME
    weights[did], k[did] = array_stats().psislw(entered.T[did], r_eff=1, axis=-1)
    elpd = logsumexp(weights + log_likelihood.T, axis=-1)
    return Loo(elpd, k, log_likelihood), weights.T


def draws_for(model: JourneyModel) -> int:
    """Posterior draws that leave-one-out uses."""
    return PANEL_DRAWS if model.respondents else DRAWS


def journey_log_likelihood(
    model: JourneyModel, design: Design, known: Parameters, people: xr.Dataset
) -> Floats:
    """Log predictive density of every journey, its own latents integrated out.

    Of very many journeys block by block, so that memory stays bounded.

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
        In panels given the respondent's other journeys.
    """
    blocks = in_blocks(Journeys(design, known, people))
    return np.concatenate([_of_block(model, some) for some in blocks], axis=1)


def _of_block(model: JourneyModel, some: Journeys) -> Floats:
    design, known = some.design, some.known
    memory = remembered(model, design, known)
    eta = own_predictor(design, known, memory, np.zeros(1))
    drawn = arrays_of(some.people)
    residual = drawn.get("bond_residual")
    if "person" in drawn:
        return given_other_journeys(design, known, eta, drawn["person"], residual)
    return given_residuals(design, known, eta, residual)


def given_residuals(
    design: Design, known: Parameters, eta: Floats, residual: Floats | None
) -> Floats:
    """Log density of every journey, its construct residuals integrated out.

    Parameters
    ----------
    design : Design
    known : Parameters
    eta : array, shape (S, J, R)
        Predictors without residuals and the relationship's pull.
    residual : array, shape (S', J, C), or None
        Only where their posterior lies is used.

    Returns
    -------
    array, shape (S, J)
    """
    return without_residuals(known, residual, lambda bond: given_bond(design, known, eta, bond))


def given_bond(design: Design, known: Parameters, eta: Floats, bond: Floats | None) -> Floats:
    """Log-likelihood of all rows given the construct residuals."""
    relationship = [eta[:, :, row] for row in known.relationship]
    if bond is not None:
        relationship = [value + bond[:, :, c] for c, value in enumerate(relationship)]
    rows = range(len(design.rows))
    predictor = predictor_of(known, lambda row: eta[:, :, row], relationship)
    return log_likelihood(design, known, predictor, rows)
