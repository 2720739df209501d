"""Total effects on the latent scale of every outcome, beside what is left to be explained.

On its latent scale an outcome is linear: predictor plus residual. That is where the formula of
the omitted cause holds; see `docs/causal.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import polygamma

from emotion_models.models.forward import remembered
from emotion_models.science.equations.causal import (
    bias_of_confounder,
    cohens_f,
    robustness_value,
)

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.response import Response

Floats = NDArray[np.floating[Any]]
LOGISTIC: Final = np.pi**2 / 3
"""Variance of the logistic distribution: the residual of a tick or a yes on the logit scale."""
AT_ONCE: Final = 50
"""Draws whose remembered emotions are held in memory together."""


@dataclass(frozen=True)
class Latent:
    """Latent effects in residual standard deviations, draws first.

    Parameters
    ----------
    f : array, shape (S, R, E)
        Partial Cohen's f of every emotion on every row; 0 where the model lets it not act.
    strength : array, shape (P, R, E)
        Share of residual variance that a cause as strong as each control would explain, were it
        equally strong on both sides; at posterior means, for the square of an uncertain effect
        is never small.
    """

    f: Floats
    strength: Floats


def latent_effects(fit: Fit, draws: int) -> Latent:
    """Evaluate total effects on the latent scale.

    Parameters
    ----------
    fit : Fit
    draws : int
        At most so many posterior draws.

    Returns
    -------
    Latent
    """
    design, response = fit.design, fit.response(draws)
    known = response.known
    share = design.weight @ design.membership / design.weight.sum()
    effect = np.einsum("g,sgre->sre", share, response.total)
    residual = residual_variance(fit, response)
    covariance = _covariances(fit, known)
    control = _total_control(known).mean(axis=0)
    f = np.zeros(effect.shape)
    strength = np.zeros((len(control), *effect.shape[1:]))
    n_emotions = len(design.emotions)
    for r, row in enumerate(design.rows):
        acting = list(range(n_emotions)) if row.pooled else [row.emotion]
        kept = [*acting, *range(n_emotions, covariance.shape[1])]
        own = np.linalg.inv(covariance[:, kept][:, :, kept])
        for place, e in enumerate(acting):
            exposure_sd = 1 / np.sqrt(own[:, place, place])
            f[:, r, e] = cohens_f(effect[:, r, e], exposure_sd, np.sqrt(residual[:, r]))
            strength[:, r, e] = _strengths(
                own.mean(axis=0), place, control[:, r], float(residual[:, r].mean())
            )
    return Latent(f, strength)


def residual_variance(fit: Fit, response: Response) -> Floats:
    """Residual variance of every row on its latent scale.

    A tick or a yes: logistic. A construct: one. A log amount: its own. A count: the variance of
    a negative binomial on the log scale, ``trigamma(1 / (1/mu + 1/phi))`` (Nakagawa et al. 2017,
    doi 10.1098/rsif.2017.0213). A behaviour adds what the constructs' residuals bring; several
    journeys of a person add the respondent effect, for an unmeasured cause may be a trait.

    Returns
    -------
    array, shape (S, R)
    """
    known = response.known
    variance = np.full((known.n_draws, len(fit.design.rows)), LOGISTIC)
    for r, row in enumerate(fit.design.rows):
        if row.likelihood == "amount":
            variance[:, r] = known.spread[:, r] ** 2
        elif row.likelihood == "count":
            mean = np.exp(response.eta[:, r]).mean(axis=1)
            variance[:, r] = polygamma(1, 1 / (1 / mean + 1 / known.spread[:, r]))
    variance[:, known.relationship] = 1.0
    if known.relationship.size and known.behaviour.size:
        carried = np.swapaxes(known.bond_effect, 1, 2) @ known.bond_factor
        variance[:, known.behaviour] += (carried**2).sum(axis=-1)
    if fit.model.respondents:
        variance += known.person_sd**2
    return variance


def _total_control(known: Parameters) -> Floats:
    """Effects of controls (S, P, R) with the relationship responding."""
    total = np.array(known.control_effect, dtype=float)
    if known.relationship.size and known.behaviour.size:
        through = total[:, :, known.relationship] @ known.bond_effect
        total[:, :, known.behaviour] += through
    return total


def _covariances(fit: Fit, known: Parameters) -> Floats:
    """Covariance (S, E + P, E + P) over journeys of remembered emotions and controls."""
    design = fit.design
    share = design.weight / design.weight.sum()
    found = []
    for start in range(0, known.n_draws, AT_ONCE):
        memory = remembered(fit.model, design, _few(known, slice(start, start + AT_ONCE)))
        controls = np.broadcast_to(design.controls, (len(memory), *design.controls.shape))
        both = np.concatenate([memory, controls], axis=2)
        both = both - np.einsum("j,sjk->sk", share, both)[:, None]
        found.append(np.swapaxes(both * share[:, None], 1, 2) @ both)
    covariance = np.concatenate(found)
    # The ridge keeps what never varies, or is the sum of others, at almost no own variance.
    ridge = 1e-9 * np.trace(covariance, axis1=1, axis2=2)[:, None, None]
    steadied: Floats = covariance + ridge * np.eye(covariance.shape[1])
    return steadied


def _few(known: Parameters, draws: slice) -> Parameters:
    """Some of the draws, so that arrays over journeys stay small."""
    values = {part.name: getattr(known, part.name) for part in fields(known)}
    return replace(known, **{n: v[draws] for n, v in values.items() if v.dtype.kind == "f"})


def _strengths(precision: Floats, exposure: int, effect: Floats, residual: float) -> Floats:
    """Equal-sided strength (P,) of every control as a cause of exposure and outcome."""
    first = len(precision) - len(effect)
    own = precision.diagonal()[first:]
    on_exposure = precision[exposure, first:] ** 2 / (precision[exposure, exposure] * own)
    explained = effect**2 / own
    strength: Floats = robustness_value(
        bias_of_confounder(on_exposure, explained / (explained + residual))
    )
    return strength
