"""Features of memory for ratings that are still random: `moments` as a PyTensor graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt

from emotion_models.models.design import Design
from emotion_models.models.spec import JourneyModel
from emotion_models.science.equations.elicitation import composite
from emotion_models.science.equations.memory import turns


def symbolic_features(model: JourneyModel, design: Design, rating: Any) -> dict[str, Any]:
    """Build what `add_memory` reads, from random ratings.

    Parameters
    ----------
    model : JourneyModel
    design : Design
        Says which ratings were answered, in which order.
    rating : tensor, shape (T, Q, J)

    Returns
    -------
    dict of str to tensor or array
        ``score``, ``answered`` and the features of the model.
    """
    ratings = design.ratings
    answered = ratings.answered > 0
    rating = rating.swapaxes(1, 2)  # as the features: items last
    carried = (answered & ~ratings.rated)[:, :, ratings.emotion]
    given = ((ratings.category >= 0) | carried).astype(float)
    each = composite(rating / ratings.exists.sum(axis=1), given, ratings.members, pt)[0]
    linear = pt.where(answered, each, 0.0)
    score, by_step = linear, model.scoring != "linear"
    if by_step:
        steps = np.arange(ratings.exists.shape[1])[:, None, None]
        score = pt.where(answered[:, None], pt.gt(rating[:, None], steps), 0.0)

    def total(weight: Any) -> Any:
        return ((weight[:, None] if by_step else weight) * score).sum(axis=0)

    position = ratings.position[:, :, None]
    rank = np.where(answered, position, -1)
    early = np.where(answered, position, len(design.touchpoints))
    slot = np.arange(len(design.touchpoints))[:, None, None]
    turn = turns(answered, ratings.position)
    peak = pt.where(answered[:, None] if by_step else answered, score, -np.inf).max(axis=0)
    if model.peak == "moment":
        here = pt.eq(slot, _moment(linear, answered)[:, None]) & answered
        peak = pt.where(here.any(axis=0), total(here), peak)
    found = {
        "peak": peak,
        "end": total(slot == rank.argmax(axis=0)),
        "first": total(slot == early.argmin(axis=0)),
        "trend": total(turn / turn.sum(axis=0)),
    }
    kept = {str(name): found[name] for name in model.memory if name != "mean"}
    return {"score": score, "answered": ratings.answered, **kept}


def _moment(linear: Any, answered: Any) -> Any:
    """Touchpoint of greatest mean score of every journey."""
    count = answered.sum(axis=2)
    # Rounded as `intensity` is, so that ties are ties.
    level = (linear.sum(axis=2) / np.maximum(count, 1) * 1e5).round()
    return pt.where(count > 0, level, -np.inf).argmax(axis=0)
