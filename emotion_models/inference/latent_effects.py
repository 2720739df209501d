"""Total effects on the latent scale of every outcome, beside what is left to be explained.

On its latent scale an outcome is linear: predictor plus residual. That is where the formula of
the omitted cause holds; see `docs/causal.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem
from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.forward import effect_groups, remembered, row_mean
from emotion_models.science.equations.causal import (
    bias_of_confounder,
    cohens_f,
    robustness_value,
)
from emotion_models.science.equations.importance import logistic_variance

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters
    from emotion_models.models.response import Response

Floats = NDArray[np.floating[Any]]
AT_ONCE: Final = 50
"""Draws whose remembered emotions are held in memory together."""


@dataclass(frozen=True)
class Latent:
    """Latent effects in residual standard deviations, draws first.

    Parameters
    ----------
    f : array, shape (S, R, E)
        Partial Cohen's f of every emotion on every row; 0 where the model lets it not act. Where
        effects differ by touchpoint the exposure is all that is remembered of the emotion,
        weighted by its effects, and the sign that of one more point everywhere.
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
    share = np.array(
        [
            np.average(np.atleast_2d(own).mean(axis=0), weights=design.weight)
            for own in effect_groups(design, known)
        ]
    )
    effect = np.einsum("g,sgrk->srk", share, response.total)
    residual = residual_variance(fit, response)
    covariance = _covariances(fit, known)
    control = _total_control(known).mean(axis=0)
    n_emotions, n_felt = len(design.emotions), effect.shape[2]
    f = np.zeros((*effect.shape[:2], n_emotions))
    strength = np.zeros((len(control), len(design.rows), n_emotions))
    for r, row in enumerate(design.rows):
        kept = list(range(n_felt)) if row.pooled else [row.emotion]
        both = [*kept, *range(n_felt, covariance.shape[1])]
        precision = np.linalg.inv(covariance[:, both][:, :, both])
        for e in range(n_emotions) if row.pooled else [row.emotion]:
            own = [place for place, k in enumerate(kept) if k % n_emotions == e]
            b = effect[:, r, [kept[place] for place in own]]
            left = np.linalg.inv(precision[:, own][:, :, own])
            exposure_sd = np.sqrt(np.einsum("sk,skl,sl->s", b, left, b))
            sign = np.sign(b @ _felt_everywhere(design, e, b.shape[1]))
            f[:, r, e] = cohens_f(sign, exposure_sd, np.sqrt(residual[:, r]))
            strength[:, r, e] = _strengths(
                precision.mean(axis=0),
                own,
                b.mean(axis=0),
                control[:, r],
                float(residual[:, r].mean()),
            )
    return Latent(f, strength)


def _felt_everywhere(design: Design, emotion: int, n: int) -> Floats:
    """How far one more point everywhere moves each part (n,) that is remembered of an emotion."""
    moved = np.ones(n)
    if n > 1:
        answered = design.ratings.answered[:, :, emotion]
        moved[1:] = (answered / answered.sum(axis=0)).mean(axis=1)
    return moved


def residual_variance(fit: Fit, response: Response) -> Floats:
    """Residual variance of every row on its latent scale.

    A construct: one. Else what its likelihood leaves (`answer_variance`); a behaviour adds what
    the constructs' residuals bring; several journeys of a person add the respondent effect, for
    an unmeasured cause may be a trait.

    Returns
    -------
    array, shape (S, R)
    """
    known = response.known
    share = fit.design.weight / fit.design.weight.sum()
    variance = np.empty((known.n_draws, len(fit.design.rows)))
    for r in range(len(fit.design.rows)):
        variance[:, r] = answer_variance(response, r, share)
    variance[:, known.relationship] = 1.0
    if known.relationship.size and known.behaviour.size:
        carried = np.swapaxes(known.bond_effect, 1, 2) @ known.bond_factor
        variance[:, known.behaviour] += (carried**2).sum(axis=-1)
    if fit.model.respondents:
        variance += known.person_sd**2
    return variance


def answer_variance(response: Response, row: int, share: Floats) -> Floats:
    """Variance around the predictor of a row, on its latent scale, by the table of families.

    Parameters
    ----------
    response : Response
    row : int
    share : array, shape (J,)
        Weights of the journeys, whose mean answer the variance may depend on; they sum to one.

    Returns
    -------
    array, shape (S,)

    Raises
    ------
    InputProblems
        If the family of the row does not say.
    """
    design, kind = response.design, response.design.rows[row].likelihood
    likelihood = LIKELIHOODS[kind]
    if likelihood.latent_variance is None:
        what = f"explained variance is not defined for answers of the kind '{kind}'"
        fix = "ask for another outcome by on="
        raise InputProblems("latent scale", [Problem(design.rows[row].name, what, fix)])
    if likelihood.latent_variance is logistic_variance:  # whatever the mean
        return np.full(response.known.n_draws, logistic_variance())
    column = int(np.flatnonzero(design.items.others[kind].row == row)[0])
    shapes = response.known.shapes_of(kind, column)
    mean = row_mean(design, response.known, response.eta[:, row], row) @ share
    found = likelihood.latent_variance(mean, *(shape[:, 0] for shape in shapes))
    return np.broadcast_to(found, mean.shape)


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
        memory = remembered(fit.model, design, known.at(slice(start, start + AT_ONCE)))
        controls = np.broadcast_to(design.controls, (len(memory), *design.controls.shape))
        both = np.concatenate([memory, controls], axis=2)
        both = both - np.einsum("j,sjk->sk", share, both)[:, None]
        found.append(np.swapaxes(both * share[:, None], 1, 2) @ both)
    covariance = np.concatenate(found)
    # The ridge keeps what never varies, or is the sum of others, at almost no own variance.
    ridge = 1e-9 * np.trace(covariance, axis1=1, axis2=2)[:, None, None]
    steadied: Floats = covariance + ridge * np.eye(covariance.shape[1])
    return steadied


def _strengths(
    precision: Floats, own: list[int], b: Floats, effect: Floats, residual: float
) -> Floats:
    """Equal-sided strength (P,) of every control as a cause of exposure and outcome."""
    first, found = len(precision) - len(effect), np.zeros(len(effect))
    for p, control_effect in enumerate(effect):
        some = [*own, first + p]
        left = np.linalg.inv(precision[np.ix_(some, some)])
        exposure, control = b @ left[:-1, :-1] @ b, left[-1, -1]
        on_exposure = (b @ left[:-1, -1]) ** 2 / max(exposure * control, 1e-300)
        explained = control_effect**2 * control * (1 - on_exposure)
        on_outcome = explained / (explained + residual)
        found[p] = robustness_value(bias_of_confounder(on_exposure, on_outcome))
    return found
