"""Stages 2 to 4 as a PyMC model: memory, relationship, behaviour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.linalg import null_space

from emotion_models.models import likelihoods, priors
from emotion_models.models.controls import respondent_basis
from emotion_models.models.design import Design
from emotion_models.models.elicitation import INFORMATION, add_cutpoints, of_journey
from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.spec import JourneyModel
from emotion_models.science.directions import prior_means
from emotion_models.science.equations import memory as memory_equation
from emotion_models.science.equations import outcomes as equation


def add_outcomes(
    model: JourneyModel, design: Design, features: dict[str, Any], *, observe: bool = True
) -> None:
    """Add memory, relationship and behaviour to the model in context.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    features : dict of str to array, shape (J, E)
        ``score`` and ``answered`` (T, J, E) and the peak, end and first of the scores.
    observe : bool
        Whether answers are data (to fit) or free (to simulate).
    """
    memory = _memory(model, design, features)
    effect = _effects(model, design)
    pulled = equation.pull(memory, effect, design.membership)
    person = _person(model, design)
    control = _control_effects(design)
    relationship = [i for i, row in enumerate(design.rows) if row.stage == "relationship"]
    behaviour = [i for i, row in enumerate(design.rows) if row.stage == "behaviour"]
    to_bond, to_behaviour = _columns(design, relationship), _columns(design, behaviour)
    rest: Any = 0.0
    if relationship:
        rest = _residual(len(relationship)) @ to_bond.T
    eta = equation.predictor(pulled, design.controls, control, person, rest)
    if relationship and behaviour:
        through = priors.add("bond_effect", dims=("construct", "behaviour_row"))
        eta = eta + eta @ to_bond @ through @ to_behaviour.T
    _answers(design, eta, design.exponents(model), observe=observe)


def _columns(design: Design, rows: Any) -> Any:
    """Matrix that picks rows' predictors: products are fast where gathering columns is slow."""
    return np.eye(len(design.rows))[:, rows]


def _memory(model: JourneyModel, design: Design, features: dict[str, Any]) -> Any:
    """Remembered intensity of every emotion, centred over journeys."""
    if len(model.memory) == 1:
        weights = pt.ones((len(design.emotions), 1))
    else:
        rule = priors.add("memory_rule", dims=("feature",))
        spread = priors.add_signed("memory_spread")
        departure = pm.ZeroSumNormal("memory_z", 1, dims=("emotion", "feature"), n_zerosum_axes=2)
        weights = pm.Deterministic(
            "memory_weight",
            pt.special.softmax(rule + spread * departure, axis=1),
            dims=("emotion", "feature"),
        )
    if model.salience and "mean" in model.memory:
        salience = priors.add("salience", dims=("touchpoint",))
    else:
        salience = pt.ones(len(design.touchpoints)) / len(design.touchpoints)
    mean = memory_equation.salient_mean(salience, features["score"], features["answered"], pt)
    chosen = tuple(mean if name == "mean" else features[name] for name in model.memory)
    memory = memory_equation.remembered(weights, chosen)
    # Centred features mix better and change the intercepts only.
    centre = pm.Deterministic("memory_centre", memory.mean(axis=0), dims="emotion")
    return memory - centre


def _effects(model: JourneyModel, design: Design) -> Any:
    """Effect of every remembered emotion on every row, by segment: shape (G, E, R)."""
    pooled = [row.name for row in design.rows if row.pooled]
    blocks = []
    if pooled:
        blocks.append(_pooled_effects(model, design, pooled))
    single = [row.emotion for row in design.rows if not row.pooled]
    if single:
        slope = priors.add("remembered_slope", dims=("single_row",))
        own = np.eye(len(design.emotions))[:, single] * slope
        shape = (len(design.segments), len(design.emotions), len(single))
        blocks.append(pt.broadcast_to(own[None], shape))
    return pt.concatenate(blocks, axis=2)


def _pooled_effects(model: JourneyModel, design: Design, rows: list[str]) -> Any:
    """``mu valence + prior mean + tau z`` and its departures by segment."""
    published = np.zeros((len(design.emotions), len(rows)))
    if model.priors == "literature":
        published = np.asarray(prior_means(design.emotions, rows))
    known = resolution(design)
    positivity = priors.add("positivity", dims=("row",))
    departure: Any = np.zeros((len(design.emotions), len(rows)))
    if model.specific:
        scale, stretch = priors.add_pooling("specificity", known, dims=("row",))
        beyond = null_space(design.valence[None])
        z = pm.Normal("departure_z", 0, stretch, shape=(beyond.shape[1], len(rows)))
        departure = scale * (beyond @ z)
    effect = pm.Deterministic(
        "effect",
        equation.effect_of_emotion(positivity, design.valence, published, departure),
        dims=("emotion", "row"),
    )
    if len(design.segments) == 1:
        return effect[None]
    scale, stretch = priors.add_pooling("segment_spread", known, dims=("row",))
    # Segments sum to zero, so that `effect` stays the average segment's.
    between = pm.ZeroSumNormal("segment_z", stretch[:, None], dims=("emotion", "row", "segment"))
    by_segment = effect[None] + scale * between.transpose(2, 0, 1)
    return pm.Deterministic("effect_by_segment", by_segment, dims=("segment", "emotion", "row"))


def resolution(design: Design) -> float:
    """Standard error that this survey could give the effect of an emotion, roughly."""
    same = np.ones(len(design.touchpoints))
    mean = memory_equation.salient_mean(same, design.ratings.score, design.ratings.answered)
    centred = mean - mean.mean(axis=0)
    information = INFORMATION * centred.T @ centred
    # The ridge is the weak prior of an effect: it bounds the error where nobody felt anything.
    error = np.linalg.inv(information + np.eye(len(information)) / 4).diagonal() ** 0.5
    return float(np.median(error))


def _residual(n_constructs: int) -> Any:
    """Residuals of the constructs: unit variance, correlated."""
    z = pm.Normal("bond_residual", 0, 1, dims=("journey", "construct"))
    if n_constructs == 1:
        return z
    factor = priors.add("bond_correlation", size=n_constructs)
    pm.Deterministic("residual_correlation", factor @ factor.T, dims=("construct", "construct_"))
    return z @ factor.T


def _control_effects(design: Design) -> Any:
    if not design.control_names:
        return np.zeros((0, len(design.rows)))
    return priors.add("control_effect", dims=("control", "any_row"))


def _person(model: JourneyModel, design: Design) -> Any:
    """Respondent effects on every row, where respondents have several journeys."""
    if not model.respondents:
        return 0.0
    each = design.n_journeys / design.n_respondents
    known = (INFORMATION * each) ** -0.5
    scale, stretch = priors.add_pooling("person_sd", known, dims=("any_row",))
    z = pm.Normal("person_z", 0, stretch[:, None], dims=("any_row", "respondent"))
    # What the intercepts and the controls of respondents say is theirs, not the effects'.
    basis = respondent_basis(design)
    own = z - (z @ basis) @ basis.T
    value = pm.Deterministic("person", scale[:, None] * own, dims=("any_row", "respondent"))
    return of_journey(design, value.T)


def _loadings(design: Design) -> Any:
    """Loading of every ordinal item: the first of each construct is positive (sign anchor)."""
    items = design.items
    anchor = priors.add("anchor_loading", dims=("construct",))
    loading = pt.set_subtensor(pt.ones(len(items.ordinal_names))[items.anchors], anchor)
    if items.free.size:
        own = priors.add("free_loading", dims=("free_item",))
        loading = pt.set_subtensor(loading[items.free], own)
    return pm.Deterministic("item_loading", loading, dims="item")


def _answers(design: Design, eta: Any, weight: Any, *, observe: bool) -> None:
    """Answers of every kind there is."""
    items = design.items

    def data(name: str, values: Any) -> Any:
        return pm.Data(name, values) if observe else None

    if items.ordinal_names:
        loading: Any = np.ones(len(items.ordinal_names))
        if items.loaded.any():
            loading = _loadings(design)
        kappa = add_cutpoints("answer", items.exists, "item")
        likelihoods.ordinal(
            "answer",
            ((eta @ _columns(design, items.ordinal_row)) * loading).T,
            kappa,
            items.exists,
            data("answer_data", items.ordinal.T),
            dims=("item", "journey"),
            weight=weight,
        )
    for kind, found in items.others.items():
        likelihood = LIKELIHOODS[kind].over(found.within)
        level = priors.add(likelihood.intercept, dims=(likelihood.rows,), key="intercept")
        shapes = [priors.add(shape, dims=likelihood.shape_dims) for shape in likelihood.shapes]
        own = eta @ _columns(design, found.row) + level + found.shift
        shown = data(f"{kind}_data", np.nan_to_num(found.value))
        counted = np.isfinite(found.value) * (1.0 if weight is None else weight[:, None])
        likelihoods.answers(likelihood, own, shapes, shown, counted)
