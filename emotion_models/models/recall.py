"""Stage 2's recall as a PyMC model: which touchpoints come to mind."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pymc as pm
from numpy.typing import NDArray

from emotion_models.models import likelihoods, priors
from emotion_models.models.design import Design
from emotion_models.models.elicitation import add_cutpoints
from emotion_models.science.equations.memory import recalled

RECALL_TERMS: Final = ("intensity", "valence balance", "first", "last", "delay")


def recall_features(design: Design) -> tuple[NDArray[np.float64], ...]:
    """Intensity and valence balance (T, J) of each touchpoint, and its order terms (T, J, 3)."""
    score, answered = design.ratings.score, design.ratings.answered
    count = np.maximum(answered.sum(axis=2), 1)
    intensity = score.sum(axis=2) / count
    balance = (score * design.valence).sum(axis=2) / count
    position = design.ratings.position
    last = position == position.max(axis=0)
    order = np.stack([position == 0, last & (position > 0), last & False], axis=-1).astype(float)
    order[..., 2] = design.delay
    return _centred(intensity, position), _centred(balance, position), order


def add_recall(design: Design, observed: Any) -> Any:
    """Add recall of touchpoints to the model in context.

    A respondent effect keeps answers of one person from counting as independent.

    Parameters
    ----------
    design : Design
    observed : tensor or None, shape (T, J)

    Returns
    -------
    TensorVariable
    """
    intensity, balance, order = recall_features(design)
    effects = priors.add("recall_effect", dims=("recall_term",))
    base = priors.add("recall_base", dims=("touchpoint",))
    person = priors.add("recall_sd") * pm.Normal("recall_person", 0, 1, dims="respondent")
    eta = recalled(intensity, balance, base, order, effects) + person[design.respondent]
    dims = ("touchpoint", "journey")
    if design.recall_categories == 2:
        return likelihoods.binary("recall", eta, observed, dims=dims)
    exists = np.ones((1, design.recall_categories - 1), dtype=bool)
    kappa = add_cutpoints("recall", exists, "recall_item")
    shown = None if observed is None else observed[..., None]
    return likelihoods.ordinal("recall", eta[..., None], kappa, exists, shown)


def _centred(value: NDArray[np.float64], position: NDArray[np.int16]) -> NDArray[np.float64]:
    seen = position >= 0
    return np.where(seen, value - value[seen].mean(), 0.0)
