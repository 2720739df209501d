"""Ratings and recall as the priors expect them: predictors of stage 1, drawn by NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space

from emotion_models.models.prior_draws import draw
from emotion_models.models.recall import recall_regressors, recall_terms
from emotion_models.models.told_apart import told_apart
from emotion_models.science.emotions import AROUSAL_SD
from emotion_models.science.equations import elicitation as equation
from emotion_models.science.equations.memory import recalled

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.float64]


def rating_predictor(
    model: JourneyModel,
    design: Design,
    rng: np.random.Generator,
    n_draws: int,
    journeys: NDArray[np.int64],
) -> Floats:
    """Predictors of ratings under the priors, the levers as they were.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    rng : Generator
    n_draws : int
    journeys : int array, shape (N,)
        Those to predict.

    Returns
    -------
    array, shape (S, T, E, N)
    """
    table = model.prior_table
    n_touchpoints, n_emotions = len(design.touchpoints), len(design.emotions)
    who, moments = design.respondent[journeys], (n_draws, n_touchpoints, journeys.size)
    base = draw(rng, "base", (n_draws, n_emotions, n_touchpoints), table).swapaxes(1, 2)
    known = told_apart(design)
    style, mood = (
        _people(rng, draw(rng, f"{name}_sd", (n_draws, 1), table), who) * (name in known)
        for name in ("style", "mood")
    )
    affect = draw(rng, "affect_loading", (n_draws, 1, 1), table) * rng.normal(size=moments)
    affect = affect * ("affect" in known)
    beyond = null_space(design.valence[None])
    own = draw(rng, "loading_spread", (n_draws, 1), table) * ("loadings" in known)
    own = own * rng.normal(size=(n_draws, beyond.shape[1])) @ beyond.T
    person = equation.halo(style, mood, design.valence, affect, design.valence + own)
    levers = lever_effects(model, design, rng, n_draws)
    return np.asarray(equation.felt(base, design.exposure.value[:, journeys], levers, person))


def lever_effects(
    model: JourneyModel, design: Design, rng: np.random.Generator, n_draws: int
) -> Floats:
    """Effects of levers under the priors, averaged over segments.

    Returns
    -------
    array, shape (S, T, L, E)
    """
    table, exposure = model.prior_table, design.exposure
    n_levers, n_emotions = len(exposure.columns), len(design.emotions)
    effect = np.zeros((n_draws, len(design.touchpoints), n_levers, n_emotions))
    if not n_levers:
        return effect
    norms = np.stack([design.valence, design.arousal])
    by_valence, by_arousal = (
        draw(rng, name, (n_draws, n_levers, 1), table)
        for name in ("lever_valence", "lever_arousal")
    )
    spread = draw(rng, "lever_spread", (n_draws, 1, 1), table)
    spread = np.sqrt(spread**2 + (AROUSAL_SD * by_arousal) ** 2)
    beyond = null_space(norms)
    z = rng.normal(size=(n_draws, n_levers, beyond.shape[1])) @ beyond.T
    pooled = by_valence * norms[0] + by_arousal * norms[1] + spread * z
    touchpoint, column = exposure.pairs.T
    place = draw(rng, "lever_variation", (n_draws, 1, 1), table)
    place = place * rng.normal(size=(n_draws, column.size, n_emotions))
    effect[:, touchpoint, column] = pooled[:, column] + place * exposure.several[column, None]
    return effect


def recall_predictor(
    model: JourneyModel,
    design: Design,
    rng: np.random.Generator,
    n_draws: int,
    journeys: NDArray[np.int64],
) -> Floats:
    """Predictors of recall under the priors, the ratings as they were.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    rng : Generator
    n_draws : int
    journeys : int array, shape (N,)

    Returns
    -------
    array, shape (S, T, N)
    """
    table, terms = model.prior_table, recall_terms(design)
    intensity, balance, order = recall_regressors(design)
    base = draw(rng, "recall_base", (n_draws, len(design.touchpoints)), table)
    effects = draw(rng, "recall_effect", (n_draws, len(terms)), table)
    person = _people(rng, draw(rng, "recall_sd", (n_draws, 1), table), design.respondent[journeys])
    eta = recalled(intensity[:, journeys], balance[:, journeys], base, order[:, journeys], effects)
    return np.asarray(eta + person[:, None])


def _people(rng: np.random.Generator, sd: Floats, who: NDArray[np.int64]) -> Floats:
    """What respondents bring with them: drawn once each, shape (S, N) by journey."""
    return (sd * rng.normal(size=(len(sd), who.max() + 1)))[:, who]
