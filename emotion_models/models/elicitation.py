"""Stage 1 as a PyMC model: levers and people on ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from emotion_models.models import likelihoods, priors
from emotion_models.models.design import Design
from emotion_models.science.emotions import AROUSAL_SD
from emotion_models.science.equations import elicitation as equation
from emotion_models.science.equations.ordinal import cutpoints
from emotion_models.science.equations.outcomes import beyond_valence


def add_elicitation(design: Design, observed: Any) -> Any:
    """Add stage 1 to the model in context.

    Parameters
    ----------
    design : Design
    observed : int tensor or None, shape (T, J, E)
        Ratings, or None to generate them.

    Returns
    -------
    TensorVariable
        The ratings.
    """
    kappa = add_cutpoints("rating", design.ratings.exists, "emotion")
    base = priors.add("base", dims=("emotion", "touchpoint")).T
    eta = equation.felt(base, design.exposure.value, _lever_effects(design), _person(design))
    return likelihoods.ordinal(
        "rating",
        eta,
        kappa,
        design.ratings.exists,
        observed,
        dims=("touchpoint", "journey", "emotion"),
    )


def add_cutpoints(name: str, exists: Any, item: str) -> Any:
    """Add cutpoints with an induced Dirichlet prior, one distribution per scale length.

    Parameters
    ----------
    name : str
        The probabilities are called ``{name}_probability:{categories}``.
    exists : bool array, shape (Q, C)
    item : str
        Dimension of the items.

    Returns
    -------
    TensorVariable, shape (Q, C)
        Saved as ``{name}_cutpoint``.
    """
    model = pm.modelcontext(None)
    lengths = exists.sum(axis=1) + 1
    names = np.asarray(model.coords[item])
    blocks, order = [], []
    for length in np.unique(lengths):
        members = np.flatnonzero(lengths == length)
        item_dim, category_dim = f"{item}:{length}", f"category:{length}"
        model.add_coords({item_dim: names[members], category_dim: np.arange(length)})
        probability = priors.add(
            f"{name}_probability:{length}",
            dims=(item_dim, category_dim),
            key="rating_probability" if name == "rating" else "answer_probability",
        )
        kappa = cutpoints(probability, pt)
        padding = exists.shape[1] - (length - 1)
        blocks.append(pt.concatenate([kappa] + [kappa[:, -1:]] * padding, axis=1))
        order.append(members)
    stacked = pt.concatenate(blocks, axis=0)[np.argsort(np.concatenate(order))]
    return pm.Deterministic(f"{name}_cutpoint", stacked, dims=(item, f"{name}_cut"))


def _lever_effects(design: Design) -> Any:
    """``B[t,l,e]``: partially pooled over emotions by valence and arousal, then touchpoints."""
    exposure = design.exposure
    if not exposure.columns:
        return np.zeros((len(design.touchpoints), 0, len(design.emotions)))
    by_valence = priors.add("lever_valence", dims=("lever_column",))[:, None]
    by_arousal = priors.add("lever_arousal", dims=("lever_column",))[:, None]
    centre = by_valence * design.valence + by_arousal * design.arousal
    # Norms disagree on arousal: its uncertainty is integrated out, which widens the pooling.
    spread = pt.sqrt(priors.add("lever_spread") ** 2 + (AROUSAL_SD * by_arousal) ** 2)
    pooled = pm.Normal("lever_effect", centre, spread, dims=("lever_column", "emotion"))
    touchpoint, column = exposure.pairs.T
    effect = pooled[column]
    several = exposure.several[column]
    if several.any():
        variation = priors.add("lever_variation")
        departure = pm.Normal("lever_departure", 0, 1, dims=("lever_place", "emotion"))
        place = np.flatnonzero(several)
        effect = pt.set_subtensor(effect[place], effect[place] + variation * departure)
    shape = (len(design.touchpoints), len(exposure.columns), len(design.emotions))
    return pt.set_subtensor(pt.zeros(shape)[touchpoint, column], effect)


def _person(design: Design) -> Any:
    """Style, mood and core affect; mood only where it can be told from affect."""
    n_touchpoints, n_journeys = design.ratings.position.shape
    several = n_touchpoints > 1 or design.n_respondents < n_journeys
    style = people(design, "style", priors.add("style_sd"))
    own = pm.Normal("loading_departure", 0, priors.add("loading_spread"), dims="emotion")
    loading = pm.Deterministic(
        "emotion_loading",
        design.valence + beyond_valence(own[:, None], design.valence)[:, 0],
        dims="emotion",
    )
    affect = _affect(design)
    if several:
        mood = people(design, "mood", priors.add("mood_sd"))
    else:
        mood = pt.zeros(design.n_respondents)
    return equation.halo(
        of_journey(design, style), of_journey(design, mood), design.valence, affect, loading
    )


def _affect(design: Design) -> Any:
    """Core affect of every moment, in the unit of the predictor; centred as `people`."""
    dims, sd = ("touchpoint", "journey"), priors.add("affect_loading")
    if design.n_respondents < design.n_journeys:
        return pm.Normal("affect", 0, sd, dims=dims)
    return pm.Deterministic("affect", sd * pm.Normal("affect_z", 0, 1, dims=dims), dims=dims)


def people(design: Design, name: str, sd: Any) -> Any:
    """Values of respondents, normal with standard deviation `sd`, in the unit of the predictor.

    In a panel each respondent is informed by many answers: the centred form mixes, and a common
    shift of all respondents, which the cutpoints carry, is taken out (sum to zero). With one
    journey each, the non-centred form mixes.

    Parameters
    ----------
    design : Design
    name : str
    sd : tensor

    Returns
    -------
    TensorVariable, shape (I,)
    """
    dims = ("respondent",)
    if design.n_respondents == 1:
        return pm.Deterministic(name, pt.zeros(1), dims=dims)  # nobody to differ from
    if design.n_respondents < design.n_journeys:
        return pm.ZeroSumNormal(name, sd, dims=dims)
    return pm.Deterministic(name, sd * pm.Normal(f"{name}_z", 0, 1, dims=dims), dims=dims)


def of_journey(design: Design, value: Any) -> Any:
    """Values of respondents, repeated for each of their journeys."""
    if design.n_respondents == design.n_journeys:
        return value  # sorted by respondent: one each, in the same order
    return value[design.respondent]
