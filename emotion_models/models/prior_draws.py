"""Parameters drawn from their priors, for prior predictive checks and for planning a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.parameters import Parameters
from emotion_models.models.priors import PRIORS
from emotion_models.science.directions import prior_means
from emotion_models.science.equations.ordinal import cutpoints
from emotion_models.science.equations.outcomes import beyond_valence, effect_of_emotion

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float64]


def draw(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> Floats:
    """Draw from a prior of the table.

    Parameters
    ----------
    rng : Generator
    name : str
        Key of `PRIORS`; not ``lkj``.
    shape : tuple of int
        Draws first; the last axis is the simplex or the zero-sum one.

    Returns
    -------
    array
    """
    prior = PRIORS[name]
    match prior.family:
        case "dirichlet":
            return rng.dirichlet(np.full(shape[-1], prior.scale), size=shape[:-1])
        case "half-normal":
            return np.abs(rng.normal(0, prior.scale, shape))
        case "lognormal":
            return rng.lognormal(prior.location, prior.scale, shape)
        case "zero-sum-normal":
            value = rng.normal(0, prior.scale, shape)
            return value - value.mean(axis=-1, keepdims=True)
        case "normal":
            return rng.normal(prior.location, prior.scale, shape)
        case "gamma":
            return rng.gamma(prior.location, 1 / prior.scale, shape)
        case "lkj":
            raise ValueError("draw correlations with `correlation_factors`")


def prior_parameters(
    model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int
) -> Parameters:
    """Draw the parameters of stages 2 to 4 from their priors.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    rng : Generator
    n_draws : int

    Returns
    -------
    known : Parameters
        ``memory_centre`` is 0: centre the memory yourself.
    """
    rows, items = design.rows, design.items
    stage = np.array([row.stage for row in rows])
    relationship = np.flatnonzero(stage == "relationship")
    behaviour = np.flatnonzero(stage == "behaviour")
    n_rows, n_emotions, n_constructs = len(rows), len(design.emotions), len(relationship)

    def some(name: str, *shape: int) -> Floats:
        return draw(rng, name, (n_draws, *shape))

    n_features, n_touchpoints = len(model.memory), len(design.touchpoints)
    rule = some("memory_rule", 1, n_features)
    tilt = some("memory_spread", 1, 1) * rng.normal(size=(n_draws, n_emotions, n_features))
    weight = np.exp(rule + tilt)
    loading = np.ones((n_draws, len(items.ordinal_names)))
    loading[:, items.anchors] = some("anchor_loading", items.anchors.size)
    loading[:, items.free] = some("free_loading", items.free.size)
    intercept = np.zeros((n_draws, n_rows))
    shapes = {}
    for kind, found in items.others.items():
        n_own = found.row.size
        intercept[:, found.row] = some("intercept", n_own) + found.level
        for name in LIKELIHOODS[kind].shapes:
            shapes[name] = some(name, n_own, *found.within.shape[1:] * LIKELIHOODS[kind].by_period)
    salience = np.full((n_draws, n_touchpoints), 1 / n_touchpoints)
    return Parameters(
        memory_weight=weight / weight.sum(axis=2, keepdims=True),
        salience=some("salience", n_touchpoints) if model.salience else salience,
        memory_centre=np.zeros((n_draws, n_emotions)),
        effect=_effects(model, design, rng, n_draws),
        control_effect=some("control_effect", len(design.control_names), n_rows),
        bond_effect=some("bond_effect", n_constructs, behaviour.size),
        bond_factor=correlation_factors(rng, n_draws, n_constructs),
        loading=loading,
        cutpoint=_cutpoints(design, rng, n_draws),
        intercept=intercept,
        shapes=shapes,
        person_sd=some("person_sd", n_rows) * float(model.respondents),
        relationship=relationship,
        behaviour=behaviour,
    )


def correlation_factors(rng: np.random.Generator, n_draws: int, size: int) -> Floats:
    """Cholesky factors of LKJ correlation matrices (onion method; Lewandowski et al. 2009)."""
    factor = np.zeros((n_draws, size, size))
    if size:
        factor[:, 0, 0] = 1
    shape = PRIORS["bond_correlation"].scale + (size - 2) / 2
    for k in range(1, size):
        squared = rng.beta(k / 2, shape, n_draws)
        direction = rng.normal(size=(n_draws, k))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        factor[:, k, :k] = np.sqrt(squared)[:, None] * direction
        factor[:, k, k] = np.sqrt(1 - squared)
        shape -= 0.5
    return factor


def _effects(model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int) -> Floats:
    pooled = [row.name for row in design.rows if row.pooled]
    n_emotions, n_groups = len(design.emotions), len(design.segments)
    published = np.zeros((n_emotions, len(pooled)))
    if model.priors == "literature":
        published = np.asarray(prior_means(design.emotions, pooled)).reshape(published.shape)
    z = rng.normal(size=(n_draws, n_emotions, len(pooled)))
    tau = draw(rng, "specificity", (n_draws, 1, len(pooled))) * float(model.specific)
    mu = draw(rng, "positivity", (n_draws, len(pooled)))
    departure = tau * beyond_valence(z, design.valence)
    effect = effect_of_emotion(mu, design.valence, published, departure)[:, None]
    if n_groups > 1:
        between = rng.normal(size=(n_draws, n_groups, n_emotions, len(pooled)))
        between -= between.mean(axis=1, keepdims=True)
        effect = effect + draw(rng, "segment_spread", (n_draws, 1, 1, len(pooled))) * between
    single = [row.emotion for row in design.rows if not row.pooled]
    own = np.eye(n_emotions)[:, single] * draw(
        rng, "remembered_slope", (n_draws, 1, 1, len(single))
    )
    wide = np.broadcast_to(own, (n_draws, n_groups, n_emotions, len(single)))
    return np.concatenate([effect, wide], axis=-1)


def _cutpoints(design: Design, rng: np.random.Generator, n_draws: int) -> Floats:
    exists = design.items.exists
    kappa = np.zeros((n_draws, *exists.shape))
    for q, mask in enumerate(exists):
        probability = draw(rng, "answer_probability", (n_draws, int(mask.sum()) + 1))
        kappa[:, q, mask] = cutpoints(probability)
    return kappa
