"""Stage 2's memory as a PyMC model: what is kept of what was felt, emotion by emotion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from emotion_models.models import priors
from emotion_models.models.design import Design
from emotion_models.models.scoring import upper_share
from emotion_models.models.spec import JourneyModel
from emotion_models.science.equations import memory as equation


def add_memory(
    model: JourneyModel, design: Design, features: dict[str, Any], membership: Sequence[Any]
) -> Any:
    """Add memory to the model in context.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    features : dict of str to array
        ``score`` and ``answered`` (T, J, E) and the features of `design`, data or symbols.
    membership : sequence of array, shape (J,)
        Share of every segment.

    Returns
    -------
    TensorVariable, shape (J, E) or (J, E + T * E)
        Remembered intensity of every emotion, centred over journeys; then, where effects differ
        by touchpoint, the share of each touchpoint in the plain average, touchpoint by touchpoint.
    """
    mean = equation.salient_mean(_salience(design), features["score"], features["answered"], pt)
    chosen = [mean if name == "mean" else features[name] for name in model.memory]
    step, n_steps = None, design.ratings.exists.shape[1]
    if model.scoring != "linear":
        step = _steps(model, design)
        chosen = [equation.scored(step, feature, n_steps) for feature in chosen]
    memory = _kept(model, design, tuple(chosen), membership)
    if model.fading:
        rate = priors.add("fading", dims=("tone",))[tone(design)]
        memory = memory * equation.faded(rate, design.waited, pt)
    # Centred features mix better and change the intercepts only.
    centre = pm.Deterministic("memory_centre", memory.mean(axis=0), dims="emotion")
    memory = memory - centre
    if not model.by_touchpoint:
        return memory
    score = features["score"] if step is None else equation.scored(step, features["score"], n_steps)
    return pt.concatenate([memory, equation.placed(score, design.ratings.answered, pt)], axis=1)


def plain(model: JourneyModel) -> bool:
    """Whether what is kept is a weighted average of known scores, everywhere and for all alike."""
    varies = model.by_touchpoint or model.fading or model.memory_by_segment
    return model.scoring == "linear" and not varies


def add_pull(
    model: JourneyModel,
    design: Design,
    features: dict[str, Any],
    effect: Any,
    groups: Sequence[Any],
) -> Any:
    """Add `plain` memory and its pull on outcomes, in products of weights and effects.

    ``sum_g groups[j,g] sum_e (sum_k w[e,k] F[j,e,k]) effect[g,e,r]``: answers tell the products,
    of which a likelihood is nearly quadratic, better than either.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    features : dict of str to array
        See `add_memory`.
    effect : tensor, shape (G, E, R)
        Of rows that all emotions act on, then of rows of one emotion each, the same in all groups.
    groups : sequence of G arrays, shape (J,)
        Shares of segments, which sum to 1; then moderators.

    Returns
    -------
    TensorVariable, shape (J, R)
    """
    mean = equation.salient_mean(_salience(design), features["score"], features["answered"], pt)
    chosen = [mean if name == "mean" else features[name] for name in model.memory]
    weights = pt.ones((len(design.emotions), 1))
    if len(chosen) > 1:
        weights, _ = _weights(model, design)
    centres = pt.stack([feature.mean(axis=0) for feature in chosen], axis=1)
    pm.Deterministic("memory_centre", (weights * centres).sum(axis=1), dims="emotion")
    centred = [feature - centres[:, k] for k, feature in enumerate(chosen)]
    pooled = sum(row.pooled for row in design.rows)
    alone = [row.emotion for row in design.rows[pooled:]]
    product = pm.Deterministic("pull_z", weights[None, :, :, None] * effect[:, :, None, :pooled])
    of_one = effect[0, alone, pooled + np.arange(len(alone))]
    single = pm.Deterministic("pull_of_one_z", weights[alone] * of_one[:, None])

    def moved(own: Sequence[Any]) -> Any:
        return sum(each @ own[k] for k, each in enumerate(centred))

    by_group = [
        share[:, None] * moved([product[g, :, k] for k in range(len(centred))])
        for g, share in enumerate(groups)
    ]
    own = sum(each[:, alone] * single[:, k] for k, each in enumerate(centred))
    return pt.concatenate([sum(by_group), own], axis=1)


def _salience(design: Design) -> Any:
    """Weights of the touchpoints in the mean; equal where nothing tells them apart."""
    n_touchpoints, n_free = len(design.touchpoints), int(design.salient.sum())
    if n_free == n_touchpoints:
        return priors.add("salience", dims=("touchpoint",))
    equal = pt.ones(n_touchpoints) / n_touchpoints
    if not n_free:
        return equal
    own = priors.add("salience_between", dims=("salient_touchpoint",), key="salience")
    several = pt.set_subtensor(equal[np.flatnonzero(design.salient)], n_free / n_touchpoints * own)
    return pm.Deterministic("salience", several, dims="touchpoint")


def tone(design: Design) -> Any:
    """Whether each emotion is unpleasant: its index in ``tone``."""
    return (design.valence < 0).astype(int)


def _kept(
    model: JourneyModel, design: Design, features: tuple[Any, ...], membership: Sequence[Any]
) -> Any:
    """Weighted average of the features, with weights by segment where they differ."""
    if len(model.memory) == 1:
        return equation.remembered(pt.ones((len(design.emotions), 1)), features)
    weights, level = _weights(model, design)
    if not model.memory_by_segment:
        return equation.remembered(weights, features)
    between = pm.ZeroSumNormal("memory_segment_z", 1, dims=("segment", "feature"), n_zerosum_axes=2)
    own = priors.add_signed("memory_segment_spread") * between
    by_segment = pm.Deterministic(
        "memory_weight_by_segment",
        pt.special.softmax(level + own[:, None], axis=2),
        dims=("segment", "emotion", "feature"),
    )
    return sum(
        share[:, None] * equation.remembered(by_segment[g], features)
        for g, share in enumerate(membership)
    )


def _weights(model: JourneyModel, design: Design) -> tuple[Any, Any]:
    """Weights of the features by emotion, partially pooled, and what they are the softmax of."""
    rule = priors.add("memory_rule", dims=("feature",))
    n = (len(design.emotions) - 1) * (len(model.memory) - 1)
    spread = priors.add_spread("memory_spread", departures=n)
    departure = pm.ZeroSumNormal("memory_z", 1, dims=("emotion", "feature"), n_zerosum_axes=2)
    level = rule + spread * departure
    dims = ("emotion", "feature")
    return pm.Deterministic("memory_weight", pt.special.softmax(level, axis=1), dims=dims), level


def _steps(model: JourneyModel, design: Design) -> Any:
    """Size of the steps between categories of every emotion's scale: a simplex each."""
    exists = design.ratings.exists
    if model.scoring == "asymmetric":
        ratio = priors.add("asymmetry")
        own = pm.Normal("asymmetry_z", 0, 1, dims="emotion")
        log_ratio = ratio + priors.add_signed("asymmetry_spread") * own
        pm.Deterministic("asymmetry_by_emotion", log_ratio, dims="emotion")
        size = equation.uneven(log_ratio, upper_share(exists), pt)
    else:
        # Emotions on scales of one length share a rule; departures are each emotion's own.
        lengths, scale = np.unique(exists.sum(axis=1), return_inverse=True)
        pm.modelcontext(None).add_coords({"scale_length": lengths + 1})
        rule = priors.add("step_rule", dims=("scale_length", "rating_cut"))
        own = pm.Normal("step_z", 0, 1, dims=("emotion", "rating_cut"))
        size = pt.exp(rule[scale] + priors.add_signed("step_spread") * own)
    size = pt.where(exists, size, 0.0)
    return pm.Deterministic(
        "rating_step", size / size.sum(axis=1, keepdims=True), dims=("emotion", "rating_cut")
    )
