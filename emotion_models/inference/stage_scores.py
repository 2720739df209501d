"""Predictive density of ratings and of recall, with what a person brings integrated out.

Recall given the parameters depends on one normal per respondent: exact by quadrature, a left-out
journey predicted from the respondent's other journeys, as in `emotion_models.inference.scores`.
Ratings depend on style, mood and the core affect of every moment: integrated by Laplace's method
(`emotion_models.inference.laplace`), where each respondent has one journey. In panels, and where
emotions are asked by several items (moments then have further latents), they are not scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.elicited import rating_predictor_at
from emotion_models.inference.laplace import Rated, log_density
from emotion_models.inference.loo import loo
from emotion_models.inference.loo_panel import integrated, left_out
from emotion_models.inference.quadrature import conditional_nodes
from emotion_models.inference.scores import By, PartScore, units
from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.recall import recall_regressors
from emotion_models.models.told_apart import SPREAD, Term
from emotion_models.science.equations import ordinal
from emotion_models.science.equations.memory import recalled

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 200
JOURNEYS: Final = 500
"""Journeys worked on at a time."""
Nodes = Iterator[tuple[Floats, Floats]]


def stage_scores(fit: Fit, *, by: By) -> tuple[PartScore, ...]:
    """Score the ratings and the recall of a fit, as far as it has these stages.

    Parameters
    ----------
    fit : Fit
    by : {"journey", "respondent"}

    Returns
    -------
    tuple of PartScore
    """
    found = []
    design = fit.design
    one_item = not design.ratings.names
    if fit.model.elicitation and one_item and design.n_respondents == design.n_journeys:
        rated = (design.ratings.category >= 0).any(axis=(0, 2))
        found.append(_scored(fit, "elicitation", "ratings", _ratings_density(fit), rated, by))
    if fit.model.recall:
        known = (design.recall >= 0).any(axis=0)
        nodes = _recall_nodes(fit)
        density = (left_out if by == "journey" else integrated)(design, nodes)
        found.append(_scored(fit, "recall", "recall", density, known, by))
    return tuple(found)


def _scored(
    fit: Fit, stage: str, name: str, density: Floats, some: NDArray[np.bool_], by: By
) -> PartScore:
    """Leave units out by importance sampling."""
    result, answered = loo(density), units(fit.design, some, by=by)
    elpd, k = (np.where(answered, each, np.nan) for each in (result.elpd, result.k))
    return PartScore(stage, name, elpd, k)


def _ratings_density(fit: Fit) -> Floats:
    """Log density (S, J) of every journey's ratings, in blocks that bound memory."""
    design, (draws, people) = fit.design, fit.draws(DRAWS)
    n_touchpoints = len(design.touchpoints)
    none = np.zeros((draws.sizes["sample"], design.n_respondents))
    style, mood = (
        (people[name].to_numpy().astype(float) if name in people else none)[:, design.respondent]
        for name in ("style", "mood")
    )
    affect = people["affect"].transpose("sample", "journey", "touchpoint").to_numpy().astype(float)
    loading = draws["emotion_loading"].to_numpy()
    valence = np.broadcast_to(design.valence, loading.shape)
    response = np.stack([np.ones(loading.shape), valence, loading], axis=-1)
    own = []
    for t in range(n_touchpoints):
        eta, cutpoint = rating_predictor_at(fit, t, DRAWS)
        brought = np.stack([style, mood, affect[..., t]], axis=-1)
        own.append(eta - brought @ response.swapaxes(-1, -2))
    sd = np.stack(
        [
            _sd(fit, "style"),
            _sd(fit, "mood"),
            *[_sd(fit, "affect")] * n_touchpoints,
        ],
        axis=-1,
    )
    blocks = []
    for start in range(0, design.n_journeys, JOURNEYS):
        some = slice(start, start + JOURNEYS)
        latent = np.concatenate([style[..., None], mood[..., None], affect], axis=-1)
        rated = Rated(
            design.ratings.category[:, some],
            design.ratings.exists,
            np.stack([part[:, some] for part in own], axis=1),
            cutpoint.astype(float),
            response,
            sd,
            latent[:, some],
        )
        blocks.append(log_density(rated))
    return np.concatenate(blocks, axis=1)


def _sd(fit: Fit, name: Term) -> Floats:
    """Spread of people in a latent at each draw; 0 where it does not vary."""
    draws, people = fit.draws(DRAWS)
    if name in people and float(people[name].std()) > 0:
        return draws[SPREAD[name]].to_numpy()
    return np.zeros(draws.sizes["sample"])


def recall_predictor(fit: Fit, most: int) -> Floats:
    """Predictor (S, T, J) of recall, without the respondents' part."""
    design, draws = fit.design, fit.draws(most)[0]
    intensity, balance, order = recall_regressors(design)
    base, effects = (draws[name].to_numpy() for name in ("recall_base", "recall_effect"))
    found: Floats = recalled(intensity, balance, base, order, effects)
    return found


def _recall_nodes(fit: Fit) -> Nodes:
    """Log-likelihood of every journey's recall at nodes of the respondents' part."""
    design, (draws, people) = fit.design, fit.draws(DRAWS)
    eta = recall_predictor(fit, DRAWS)
    person = people["recall_person"].to_numpy().astype(float)[..., None]
    for value, log_mass in conditional_nodes(person, draws["recall_sd"].to_numpy()[:, None, None]):
        at = eta + value[:, None, design.respondent, 0]
        if design.recall_categories == 2:
            each = LIKELIHOODS["binary"].log_probability(np.maximum(design.recall, 0), at)
            each = np.where(design.recall >= 0, each, 0.0)
        else:
            kappa = draws["recall_cutpoint"].to_numpy()[:, None]
            each = np.stack(
                [
                    ordinal.item_log_probability(design.recall[t], at[:, t], kappa)
                    for t in range(at.shape[1])
                ],
                axis=1,
            )
        yield each.sum(axis=1), log_mass
