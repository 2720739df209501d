"""Parameters drawn from their priors, for prior predictive checks and for planning a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.groups import construct_columns, prior_departures
from emotion_models.models.literature import published_cells
from emotion_models.models.parameters import Parameters
from emotion_models.models.prior import Prior
from emotion_models.models.priors import PRIORS
from emotion_models.models.scoring import equal_steps, upper_share
from emotion_models.science.equations.identity import salient_membership
from emotion_models.science.equations.measurement import loading_by_group
from emotion_models.science.equations.memory import uneven
from emotion_models.science.equations.ordinal import cutpoints
from emotion_models.science.equations.outcomes import (
    beyond_valence,
    effect_of_emotion,
    laid_out,
    same_everywhere,
)

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float64]


def draw(
    rng: np.random.Generator,
    name: str,
    shape: tuple[int, ...],
    table: Mapping[str, Prior] = PRIORS,
) -> Floats:
    """Draw from a prior of the table.

    Parameters
    ----------
    rng : Generator
    name : str
        Key of `PRIORS`; not ``lkj``.
    shape : tuple of int
        Draws first; the last axis is the simplex or the zero-sum one.
    table : mapping of str to Prior
        The priors of a model (`JourneyModel.prior_table`).

    Returns
    -------
    array
    """
    prior = table[name]
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
    n_rows, n_constructs = len(rows), len(relationship)

    table = model.prior_table

    def some(name: str, *shape: int) -> Floats:
        return draw(rng, name, (n_draws, *shape), table)

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
    group_loading, group_shift = _by_group(model, design, rng, loading)
    return Parameters(
        membership=_membership(model, design, rng, n_draws),
        memory_weight=_memory_weights(model, design, rng, n_draws),
        step=_steps(model, design, rng, n_draws),
        fading=_fading(model, design, rng, n_draws),
        salience=_salience(model, design, rng, n_draws),
        memory_centre=np.zeros((n_draws, len(design.emotions))),
        effect=_effects(model, design, rng, n_draws),
        control_effect=some("control_effect", len(design.control_names), n_rows),
        bond_effect=some("bond_effect", n_constructs, behaviour.size),
        bond_factor=correlation_factors(
            rng, n_draws, n_constructs, shape=table["bond_correlation"].scale
        ),
        loading=loading,
        cutpoint=_cutpoints(design, rng, n_draws, table),
        intercept=intercept,
        shapes=shapes,
        person_sd=some("person_sd", n_rows) * float(model.respondents),
        group_loading=group_loading,
        group_shift=group_shift,
        relationship=relationship,
        behaviour=behaviour,
    )


def _by_group(
    model: JourneyModel, design: Design, rng: np.random.Generator, loading: Floats
) -> tuple[Floats, Floats]:
    """Loadings and shifts (S, G, Q) of groups that may use single items differently."""
    groups, items, n_draws, table = design.answering, design.items, len(loading), model.prior_table
    if not groups.labels:
        nothing = np.zeros((n_draws, 0, loading.shape[1]))
        return nothing, nothing
    member = construct_columns(items)
    spread = draw(rng, "construct_spread", (n_draws, member.shape[1], len(groups.labels)), table)
    stretch, shift = (
        prior_departures(groups, items, rng, draw(rng, name, (n_draws,), table))
        for name in ("item_stretch_sd", "item_shift_sd")
    )
    by_group = loading_by_group(loading, np.swapaxes(spread, 1, 2) @ member.T, stretch)
    return np.asarray(by_group), shift


def correlation_factors(
    rng: np.random.Generator, n_draws: int, size: int, *, shape: float
) -> Floats:
    """Cholesky factors of LKJ correlation matrices (onion method; Lewandowski et al. 2009)."""
    factor = np.zeros((n_draws, size, size))
    if size:
        factor[:, 0, 0] = 1
    beta = shape + (size - 2) / 2
    for k in range(1, size):
        squared = rng.beta(k / 2, beta, n_draws)
        direction = rng.normal(size=(n_draws, k))
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        factor[:, k, :k] = np.sqrt(squared)[:, None] * direction
        factor[:, k, k] = np.sqrt(1 - squared)
        beta -= 0.5
    return factor


def _membership(
    model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int
) -> Floats:
    if not design.context_names:
        return design.membership[None]
    shape = (n_draws, len(design.context_names), len(design.segments))
    gamma = draw(rng, "identity_salience", shape, model.prior_table)
    tilted: Floats = salient_membership(design.membership, design.context, gamma)
    return tilted


def _memory_weights(
    model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int
) -> Floats:
    n_emotions, n_features = len(design.emotions), len(model.memory)
    table = model.prior_table
    n_groups = len(design.segments) if model.memory_by_segment else 1
    level = draw(rng, "memory_rule", (n_draws, 1, 1, n_features), table)
    spread = draw(rng, "memory_spread", (n_draws, 1, 1, 1), table)
    level = level + spread * rng.normal(size=(n_draws, 1, n_emotions, n_features))
    if n_groups > 1:
        between = rng.normal(size=(n_draws, n_groups, 1, n_features))
        between -= between.mean(axis=1, keepdims=True)
        spread = draw(rng, "memory_segment_spread", (n_draws, 1, 1, 1), table)
        level = level + spread * between
    weight = np.exp(level)
    return weight / weight.sum(axis=-1, keepdims=True)


def _salience(
    model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int
) -> Floats:
    """Shares of the touchpoints in the mean; equal where they are not estimated."""
    n_touchpoints, n_free = len(design.touchpoints), int(design.salient.sum())
    found = np.full((n_draws, n_touchpoints), 1 / n_touchpoints)
    if n_free:
        own = draw(rng, "salience", (n_draws, n_free), model.prior_table)
        found[:, design.salient] = n_free / n_touchpoints * own
    return found


def _steps(model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int) -> Floats:
    exists = design.ratings.exists
    if model.scoring == "linear":
        return equal_steps(exists)[None]
    table = model.prior_table
    if model.scoring == "asymmetric":
        own = draw(rng, "asymmetry_spread", (n_draws, 1), table)
        own = own * rng.normal(size=(n_draws, len(exists)))
        ratio = draw(rng, "asymmetry", (n_draws, 1), table)
        size = uneven(ratio + own, upper_share(exists))
    else:
        _, scale = np.unique(exists.sum(axis=1), return_inverse=True)
        rule = draw(rng, "step_rule", (n_draws, int(scale.max()) + 1, exists.shape[1]), table)
        own = draw(rng, "step_spread", (n_draws, 1, 1), table)
        own = own * rng.normal(size=(n_draws, *exists.shape))
        size = np.exp(rule[:, scale] + own)
    size = np.where(exists, size, 0.0)
    return size / size.sum(axis=-1, keepdims=True)


def _fading(model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int) -> Floats:
    rate = draw(rng, "fading", (n_draws, 2), model.prior_table) * float(model.fading)
    return rate[:, (design.valence < 0).astype(int)]


def _effects(model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int) -> Floats:
    pooled = [row.name for row in design.rows if row.pooled]
    n_emotions = len(design.emotions)
    table = model.prior_table
    shape = (n_draws, n_emotions, len(pooled))

    def departure(name: str) -> Floats:
        return draw(rng, name, (n_draws, 1, len(pooled)), table) * rng.normal(size=shape)

    def zero_sum(name: str, count: int) -> list[Floats]:
        scale = draw(rng, name, (n_draws, 1, len(pooled)), table)
        z = rng.normal(size=(count, *shape))
        return [*(scale * (z - z.mean(axis=0)))]

    mu = draw(rng, "positivity", (n_draws, len(pooled)), table)
    cells = published_cells(model, design)
    said = np.broadcast_to(cells.mean, shape).copy()
    said[:, cells.emotion, cells.row] += draw(rng, "published", (n_draws, cells.row.size), table)
    mu, published = mu + cells.slope(design), beyond_valence(said, design.valence)
    own = beyond_valence(departure("specificity"), design.valence) * float(model.specific)
    effect = effect_of_emotion(mu, design.valence, published, own)
    by_group = [effect]
    if len(design.segments) > 1:
        by_group = [effect + each for each in zero_sum("segment_spread", len(design.segments))]
    by_moderator = [departure("value_spread") for _ in range(design.moderators.shape[1])]
    n_places = design.layout(model)[2]
    by_place = zero_sum("touchpoint_spread", n_places) if n_places else []
    single = [row.emotion for row in design.rows if not row.pooled]
    slope = draw(rng, "remembered_slope", (n_draws, 1, len(single)), table)
    same = same_everywhere(np.eye(n_emotions)[:, single] * slope, *design.layout(model))
    wide = laid_out(by_group, by_moderator, by_place)
    return np.concatenate([wide, same], axis=-1)


def _cutpoints(
    design: Design, rng: np.random.Generator, n_draws: int, table: Mapping[str, Prior]
) -> Floats:
    exists = design.items.exists
    kappa = np.zeros((n_draws, *exists.shape))
    for q, mask in enumerate(exists):
        probability = draw(rng, "answer_probability", (n_draws, int(mask.sum()) + 1), table)
        kappa[:, q, mask] = cutpoints(probability)
    return kappa
