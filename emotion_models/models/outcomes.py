"""Stages 2 to 4 as a PyMC model: memory, relationship, behaviour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.linalg import null_space

from emotion_models.models import likelihoods, priors
from emotion_models.models.answers import Answers
from emotion_models.models.at_nodes.nodes import add_marginal, add_nodes, yes_no
from emotion_models.models.at_nodes.op import AtNodes, OnScale
from emotion_models.models.constructs import residual_factor, residuals
from emotion_models.models.controls import respondent_basis
from emotion_models.models.cutpoints import add_cutpoints
from emotion_models.models.design import Design
from emotion_models.models.families import LIKELIHOODS, Likelihood
from emotion_models.models.information import information, resolution
from emotion_models.models.invariance import add_invariance
from emotion_models.models.literature import published_cells
from emotion_models.models.memory import add_memory, add_pull, plain
from emotion_models.models.people import of_journey
from emotion_models.models.spec import JourneyModel
from emotion_models.science.equations import outcomes as equation
from emotion_models.science.equations.identity import salient_membership


def add_outcomes(
    model: JourneyModel,
    design: Design,
    features: dict[str, Any],
    *,
    observe: bool = True,
    at_nodes: bool = False,
) -> None:
    """Add memory, relationship and behaviour to the model in context.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    features : dict of str to array, shape (J, E)
        ``score`` and ``answered`` (T, J, E) and the peak, end, ... of the scores.
    observe : bool
        Whether answers are data (to fit) or free (to simulate).
    at_nodes : bool
        Whether the residuals of constructs are integrated out (`at_nodes`).
    """
    membership = _membership(design)
    groups = [*membership, *design.moderators.T]
    if at_nodes and plain(model):
        pulled = add_pull(model, design, features, _effects(model, design), groups)
    else:
        memory = add_memory(model, design, features, membership)
        pulled = equation.pull(memory, _effects(model, design), groups)
    person = _person(model, design)
    control = _control_effects(design)
    relationship = [i for i, row in enumerate(design.rows) if row.stage == "relationship"]
    behaviour = [i for i, row in enumerate(design.rows) if row.stage == "behaviour"]
    to_bond, to_behaviour = _columns(design, relationship), _columns(design, behaviour)
    eta = equation.predictor(pulled, design.controls, control, person, 0.0)
    weight, scales = design.exponents(model), _scales(design)
    if not relationship:
        return _answers(design, eta, scales, weight, observe=observe)
    factor = residual_factor(len(relationship))
    residual = factor.T @ to_bond.T
    through = priors.add("bond_effect", dims=("construct", "behaviour_row")) if behaviour else None

    def led_on(moved: Any) -> Any:
        """Rows that the relationship leads to follow it."""
        return moved if through is None else moved + moved @ to_bond @ through @ to_behaviour.T

    if at_nodes:
        nodes = add_nodes(design.n_journeys, len(relationship))
        return _answers_at_nodes(design, led_on(eta), led_on(residual), nodes, scales, weight)
    z = residuals(design, eta @ to_bond, factor)
    return _answers(design, led_on(eta + z @ residual), scales, weight, observe=observe)


def _membership(design: Design) -> list[Any]:
    """Share of every segment in the journeys: as reported, or tilted by context."""
    if not design.context_names:
        return [*design.membership.T]
    gamma = priors.add("identity_salience", dims=("context", "segment"))
    tilted = salient_membership(design.membership, design.context, gamma, pt)
    return [tilted[:, g] for g in range(len(design.segments))]


def _columns(design: Design, rows: Any) -> Any:
    """Matrix that picks rows' predictors: products are fast where gathering columns is slow."""
    return np.eye(len(design.rows))[:, rows]


def _effects(model: JourneyModel, design: Design) -> Any:
    """Effect of everything remembered on every row, by segment and moderator."""
    pooled = [row.name for row in design.rows if row.pooled]
    blocks = []
    if pooled:
        blocks.append(_pooled_effects(model, design, pooled))
    single = [row.emotion for row in design.rows if not row.pooled]
    if single:
        slope = priors.add("remembered_slope", dims=("single_row",))
        own = np.eye(len(design.emotions))[:, single] * slope
        blocks.append(equation.same_everywhere(own, *design.layout(model), pt))
    return pt.concatenate(blocks, axis=2)


def _pooled_effects(model: JourneyModel, design: Design, rows: list[str]) -> Any:
    """Effects with their departures by segment, value and touchpoint."""
    known = resolution(design)[: len(rows)]
    effect = _effect(model, design, rows, known)
    by_group, by_moderator, by_place = [effect], [], []
    if len(design.segments) > 1:
        # Segments sum to zero, so that `effect` stays the average segment's.
        departure = _departures("segment", known)
        dims = ("segment", "emotion", "row")
        each = pm.Deterministic("effect_by_segment", effect[None] + departure, dims=dims)
        by_group = [each[g] for g in range(len(design.segments))]
    if design.moderators.shape[1]:
        n = len(design.emotions)
        scale, stretch = priors.add_pooling("value_spread", known, dims=("row",), departures=n)
        z = pm.Normal("value_z", 0, stretch, dims=("emotion", "row"))
        by_moderator = [pm.Deterministic("effect_of_value", scale * z, dims=("emotion", "row"))]
    if model.by_touchpoint:
        # They sum to zero too: what an emotion does wherever it is felt is `effect`.
        dims = ("touchpoint", "emotion", "row")
        each = pm.Deterministic("effect_at_touchpoint", _departures("touchpoint", known), dims=dims)
        by_place = [each[t] for t in range(len(design.touchpoints))]
    return equation.laid_out(by_group, by_moderator, by_place, pt)


def _departures(dim: str, known: Any) -> Any:
    """Departures of effects along a dimension, summing to zero over it: (dim, emotion, row)."""
    scale, stretch = priors.add_pooling(f"{dim}_spread", known, dims=("row",))
    z = pm.ZeroSumNormal(f"{dim}_z", stretch[:, None], dims=("emotion", "row", dim))
    return scale * z.transpose(2, 0, 1)


def _effect(model: JourneyModel, design: Design, rows: list[str], known: Any) -> Any:
    """``mu valence + published + tau z`` of every emotion on every pooled row."""
    positivity, published = _published(model, design)
    departure: Any = np.zeros((len(design.emotions), len(rows)))
    if model.specific:
        beyond = null_space(design.valence[None])
        n = beyond.shape[1]
        scale, stretch = priors.add_pooling("specificity", known, dims=("row",), departures=n)
        z = pm.Normal("departure_z", 0, stretch, shape=(n, len(rows)))
        departure = scale * (beyond @ z)
    effect = equation.effect_of_emotion(positivity, design.valence, published, departure)
    return pm.Deterministic("effect", effect, dims=("emotion", "row"))


def _published(model: JourneyModel, design: Design) -> tuple[Any, Any]:
    """Positivity, and what the literature says of single emotions beyond it.

    Published effects are uncertain (prior ``published``), else data could not overrule a wrong
    sign where specificity shrinks to 0. What they say along valence is part of positivity, so
    that it stays the slope of the effects on valence, as without them.
    """
    cells = published_cells(model, design)
    if not cells.labels:
        return priors.add("positivity", dims=("row",)), np.zeros(cells.mean.shape)
    own = priors.add("published", dims=("published_cell",))
    departure = pt.set_subtensor(pt.zeros(cells.mean.shape)[cells.emotion, cells.row], own)
    beyond = equation.beyond_valence(cells.mean + departure, design.valence)
    free = priors.add("positivity_z", dims=("row",), key="positivity")
    slope = pm.Deterministic("positivity", free + cells.slope(design), dims=("row",))
    return slope, beyond


def _control_effects(design: Design) -> Any:
    if not design.control_names:
        return np.zeros((0, len(design.rows)))
    return priors.add("control_effect", dims=("control", "any_row"))


def _person(model: JourneyModel, design: Design) -> Any:
    """Respondent effects on every row, where respondents have several journeys."""
    if not model.respondents:
        return 0.0
    each = design.n_journeys / design.n_respondents
    known = (information(design) * each) ** -0.5
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


def _item_predictors(design: Design, eta: Any, loading: Any) -> Any:
    """Predictors (J, Q) of the items, by group where groups may use them differently."""
    if design.answering.labels:
        return add_invariance(design, eta, loading)
    return eta * loading


@dataclass(frozen=True)
class _Scales:
    """Loadings (Q,) and cutpoints of the items on scales."""

    loading: Any
    kappa: Any


def _scales(design: Design) -> _Scales | None:
    """Add loadings and cutpoints; None without items on scales."""
    items = design.items
    if not items.ordinal_names:
        return None
    loading: Any = np.ones(len(items.ordinal_names))
    if items.loaded.any():
        loading = _loadings(design)
    return _Scales(loading, add_cutpoints("answer", items.exists, "item"))


def _others(design: Design) -> Iterator[tuple[Likelihood, Answers, Any, list[Any]]]:
    """Every other likelihood there is, with its answers, levels (n,) and shapes."""
    for kind, found in design.items.others.items():
        likelihood = LIKELIHOODS[kind].over(found.within)
        level = priors.add(likelihood.intercept, dims=(likelihood.rows,), key="intercept")
        shapes = [priors.add(shape, dims=likelihood.shape_dims) for shape in likelihood.shapes]
        yield likelihood, found, level + found.shift, shapes


def _answers(
    design: Design, eta: Any, scales: _Scales | None, weight: Any, *, observe: bool
) -> None:
    """Answers of every kind there is."""
    items = design.items

    def data(name: str, values: Any) -> Any:
        return pm.Data(name, values) if observe else None

    if scales is not None:
        own = _item_predictors(design, eta @ _columns(design, items.ordinal_row), scales.loading)
        shown = data("answer_data", items.ordinal.T)
        given = {"dims": ("item", "journey"), "weight": weight}
        likelihoods.ordinal("answer", own.T, scales.kappa, items.exists, shown, **given)
    for likelihood, found, level, shapes in _others(design):
        own = eta @ _columns(design, found.row) + level
        shown = data(f"{likelihood.name}_data", np.nan_to_num(found.value))
        counted = np.isfinite(found.value) * (1.0 if weight is None else weight[:, None])
        likelihoods.answers(likelihood, own, shapes, shown, counted)


def _answers_at_nodes(
    design: Design, eta: Any, residual: Any, nodes: AtNodes, scales: _Scales | None, weight: Any
) -> None:
    """Answers without the residuals: rows' predictors `eta` (J, R), and of each residual (C, R)."""
    items, on_scales = design.items, []
    other: Any = 0.0
    if scales is not None:
        own, response = (
            (moved @ _columns(design, items.ordinal_row) * scales.loading).T
            for moved in (eta, residual)
        )
        shown = pm.Data("answer_data", items.ordinal.T.astype("int8"))
        on_scales.append(OnScale(own, response, scales.kappa, items.exists, shown))
    for likelihood, found, level, shapes in _others(design):
        own, response = (moved @ _columns(design, found.row) for moved in (eta, residual))
        if likelihood.name == "binary":
            asked = np.where(np.isnan(found.value), -1, found.value).T.astype("int8")
            on_scales.append(yes_no((own + level).T, response.T, pm.Data("binary_data", asked)))
            continue
        shown = pm.Data(f"{likelihood.name}_data", np.nan_to_num(found.value))
        counted = pm.Data(f"{likelihood.name}_counted", np.isfinite(found.value).astype(float))
        at = own + level + nodes.value @ response
        each = likelihood.log_probability(shown, at, *shapes, xp=pt)
        other = other + (counted * each).sum(axis=-1)
    add_marginal(nodes, on_scales, other, weight)
