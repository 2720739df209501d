"""Stage 1 as a PyMC model: levers and people on ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.linalg import null_space

from emotion_models.models import likelihoods, people, priors
from emotion_models.models.at_nodes.nodes import MARGINAL
from emotion_models.models.cutpoints import add_cutpoints
from emotion_models.models.design import Design
from emotion_models.models.information import INFORMATION, lever_resolution, loading_resolution
from emotion_models.models.integrated.op import log_likelihood
from emotion_models.models.told_apart import told_apart
from emotion_models.science.emotions import AROUSAL_SD
from emotion_models.science.equations import elicitation as equation


def add_elicitation(
    design: Design, observed: Any, weight: Any = None, *, marginal: bool = False
) -> Any:
    """Add stage 1 to the model in context.

    Parameters
    ----------
    design : Design
    observed : int tensor or None, shape (T, Q, J)
        Answers to the rating items, or None to generate them.
    weight : array, shape (J,), optional
        Exponent of each journey's likelihood.
    marginal : bool
        Whether people are integrated out even where sampling them would cost less.

    Returns
    -------
    TensorVariable
        The ratings, journeys last, where the sampler is fast; without people their log-likelihood.
    """
    asked = "emotion_item" if design.ratings.names else "emotion"
    kappa = add_cutpoints("rating", design.ratings.exists, asked)
    base = priors.add("base", dims=("emotion", "touchpoint")).T
    lever_effect, pull = _levers(design)
    loading = _loading(design)
    exposure = equation.for_groups(design.exposure.value, design.lever_groups)
    dims = ("touchpoint", asked, "journey")
    if observed is not None and (marginal or integrated_out(design)):
        eta = equation.felt(base, exposure, lever_effect, equation.nobody(base, exposure, pt), pt)
        who = people.integrated(design, loading, weight, exchangeable=marginal)
        exists = design.ratings.exists
        return pm.Potential(MARGINAL, log_likelihood(eta, kappa, exists, observed, who))
    style = people.style(design)
    mood, affect = people.mood_and_affect(design, loading, pull)
    person = equation.halo(style, mood, design.valence, affect, loading, pt)
    eta = _asked(design, equation.felt(base, exposure, lever_effect, person, pt))
    return likelihoods.ordinal(
        "rating", eta, kappa, design.ratings.exists, observed, dims=dims, weight=weight
    )


def integrated_out(design: Design) -> bool:
    """Whether stage 1 is fitted with people integrated out.

    It is where few ratings tell of a moment, and sampled latents hardly mix; where many do, they
    mix, and cost less per gradient than the nodes (`experiments/integrated` compares them). Items
    that share an emotion share its departure at every moment: latents within latents, sampled.
    """
    return not design.ratings.further.size and people.ratings_of_a_moment(design) <= people.FEW


def _asked(design: Design, eta: Any) -> Any:
    """Latent intensity behind every rating item, where emotions have several.

    What is felt of such an emotion at a moment departs from what levers and person explain:
    its items share that departure. With a single item it could not be told from answer noise.
    """
    ratings = design.ratings
    if not ratings.further.size:
        return eta
    dims = ("touchpoint", "repeated_emotion", "journey")
    known = (INFORMATION * ratings.members[:, ratings.repeated].sum(axis=0)) ** -0.5
    sd, stretch = priors.add_pooling("emotion_moment_sd", known, dims=("repeated_emotion",))
    z = pm.Normal("emotion_moment_z", 0, stretch[:, None], dims=dims)
    moment = pm.Deterministic("emotion_moment", sd[:, None] * z, dims=dims)
    own = priors.add("emotion_free_loading", dims=("further_item",))
    loading = pt.set_subtensor(pt.ones(len(ratings.names))[ratings.further], own)
    loading = pm.Deterministic("emotion_item_loading", loading, dims="emotion_item")
    eta = pt.inc_subtensor(eta[:, ratings.repeated], moment)
    return equation.by_item(eta, loading, ratings.emotion)


def _levers(design: Design) -> tuple[Any, Any]:
    """``B[t,l,e]``, and how far levers pull each moment (t, j) along valence.

    Effects are partially pooled over emotions by valence and arousal, then over touchpoints.
    """
    exposure = design.exposure
    shape = (len(design.touchpoints), len(exposure.columns), len(design.emotions))
    if not exposure.columns:
        return np.zeros(shape), np.zeros(design.ratings.position.shape)
    along = priors.add("lever_valence", dims=("lever_column",))
    by_valence, pull = along[:, None], exposure.value @ along
    by_arousal = priors.add("lever_arousal", dims=("lever_column",))[:, None]
    norms = np.stack([design.valence, design.arousal])
    centre = by_valence * norms[0] + by_arousal * norms[1]
    # Norms disagree on arousal: its uncertainty is integrated out, which widens the pooling.
    spread = pt.sqrt(priors.add_signed("lever_spread") ** 2 + (AROUSAL_SD * by_arousal) ** 2)
    known = lever_resolution(design)
    touchpoint, column = exposure.pairs.T
    several = np.flatnonzero(exposure.several[column])
    variation = priors.add_spread("lever_variation") if several.size else 0.0
    # Where places differ, their number limits what they tell of the effect that they share.
    shared = exposure.several / np.bincount(column, minlength=len(exposure.columns))
    resolution = pt.sqrt(known.column**2 + shared * variation**2)[:, None]
    # Departures are what valence and arousal leave over, or they could not be told from them.
    beyond = null_space(norms)
    scale, stretch = priors.partly_centred(spread, resolution)
    z = pm.Normal("lever_z", 0, stretch, shape=(len(exposure.columns), beyond.shape[1]))
    pooled = pm.Deterministic(
        "lever_effect", centre + (scale * z) @ beyond.T, dims=("lever_column", "emotion")
    )
    effect = pooled[column]
    if several.size:
        departure = _by_place(variation, known.place[several][:, None], effect[several])
        effect = pt.inc_subtensor(effect[several], departure)
    everywhere = pt.set_subtensor(pt.zeros(shape)[touchpoint, column], effect)
    return _by_group(design, everywhere), pull


def _by_place(variation: Any, resolution: Any, shared: Any) -> Any:
    """Departures of lever effects at their places (N, E) from the effects that places share.

    Where answers tell an effect at its place, z is that effect itself in units of the resolution,
    not its departure: else all places would have to move with what they share. The model is
    ``departure ~ Normal(0, variation)`` either way (`priors.add_pooling`).
    """
    scale, stretch = priors.partly_centred(variation, resolution)
    told, dims = 1 - stretch**-2, ("lever_place", "emotion")
    z = pm.Normal("lever_place_z", shared * scale / resolution**2, stretch, dims=dims)
    return pm.Deterministic("lever_departure", scale * z - told * shared, dims=dims)


def _by_group(design: Design, effect: Any) -> Any:
    """Lever effects, then their departures in each segment, which sum to zero over segments."""
    n_groups = design.lever_groups.shape[1]
    if n_groups == 0:
        return effect
    z = pm.ZeroSumNormal("lever_segment_z", 1, dims=("lever_column", "emotion", "segment"))
    departure = pm.Deterministic(
        "lever_effect_in_segment",
        priors.add_signed("lever_segment_spread") * z.transpose(2, 0, 1),
        dims=("segment", "lever_column", "emotion"),
    )
    n_touchpoints = len(design.touchpoints)
    own = [pt.stack([departure[g]] * n_touchpoints) for g in range(n_groups)]
    return pt.concatenate([effect, *own], axis=1)


def _loading(design: Design) -> Any:
    """How emotions follow core affect: by valence, and each a little in its own way."""
    if "loadings" not in told_apart(design):
        return pm.Deterministic("emotion_loading", pt.as_tensor(design.valence), dims="emotion")
    beyond = null_space(design.valence[None])
    n = beyond.shape[1]
    scale, stretch = priors.add_pooling("loading_spread", loading_resolution(design), departures=n)
    own = scale * pm.Normal("loading_z", 0, stretch, shape=n)
    return pm.Deterministic("emotion_loading", design.valence + beyond @ own, dims="emotion")
