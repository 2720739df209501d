"""The measured variables of a diagram as columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.causal.variables import SEGMENT, STYLE, Variables

if TYPE_CHECKING:
    from emotion_models.models.answers import Answers
    from emotion_models.models.design import Design

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]


def compared(design: Design, known: Variables, name: str) -> Columns:
    """Columns (J,) of a variable as one end of a comparison, NaN where unknown.

    A lever has one column per touchpoint and category; an emotion its mean score over the
    answered touchpoints; a construct the mean score of its items.

    Parameters
    ----------
    design : Design
    known : Variables
    name : str

    Returns
    -------
    dict of label to array
    """
    if name in known.levers:
        return _lever(design, name)
    if name in known.emotions:
        e = design.emotions.index(name)
        ratings = design.ratings
        answered = ratings.category[:, :, e] >= 0
        total = np.where(answered, ratings.score[:, :, e], 0.0).sum(axis=0)
        count = answered.sum(axis=0)
        return {name: np.where(count > 0, total / np.maximum(count, 1), np.nan)}
    if name in known.adjusted:
        return _controls(design, name)
    return {name: _outcome(design, name)}


def held_constant(design: Design, known: Variables, name: str) -> Columns:
    """Columns of a variable that is held constant; without gaps.

    An emotion is everything the model reads of it: the score and whether there is an answer at
    every touchpoint, and the peak, end and first moment.
    """
    if name not in known.emotions:
        return {
            label: np.where(np.isnan(column), np.nanmean(column), column)
            for label, column in compared(design, known, name).items()
        }
    e, ratings = design.emotions.index(name), design.ratings
    columns = {f"{name} at {t}": ratings.score[i, :, e] for i, t in enumerate(design.touchpoints)}
    columns |= {
        f"{name} answered at {t}": ratings.answered[i, :, e]
        for i, t in enumerate(design.touchpoints)
    }
    return columns | {f"{name}: {part}": value[:, e] for part, value in design.features.items()}


def _lever(design: Design, name: str) -> Columns:
    exposure = design.exposure
    found = {}
    for t, c in exposure.pairs:
        if exposure.lever[c] == name:
            visited = design.ratings.position[t] >= 0
            label = f"{exposure.columns[c]} at {design.touchpoints[t]}"
            found[label] = np.where(visited, exposure.value[t, :, c], np.nan)
    return found


def _controls(design: Design, name: str) -> Columns:
    """Columns of a control, of the segments, or of the halo index (style, disposition)."""
    wanted = ("style", "disposition") if name == STYLE else (name,)
    prefix = f"{'segment' if name == SEGMENT else name}="
    return {
        label: design.controls[:, p]
        for p, label in enumerate(design.control_names)
        if label in wanted or label.startswith(prefix)
    }


def _outcome(design: Design, name: str) -> Floats:
    """One number per journey, larger for more; an amount counts nothing as least."""
    items = design.items
    rows = {row.likelihood: i for i, row in enumerate(design.rows) if row.outcome == name}
    if "ordinal" not in rows:
        values = {kind: _column(items.others[kind], row) for kind, row in rows.items()}
        if "amount" in values:
            amount = values["amount"]
            return np.where(values["binary"] == 0, np.nanmin(amount, initial=0.0) - 1, amount)
        return next(iter(values.values()))
    mine = items.ordinal_row == rows["ordinal"]
    ticked = items.ordinal[:, mine].astype(float)
    score = np.where(ticked >= 0, ticked / items.exists[mine].sum(axis=1), np.nan)
    known = np.isfinite(score)
    mean: Floats = np.where(known, score, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.where(known.any(axis=1), mean, np.nan)


def _column(answers: Answers, row: int) -> Floats:
    return np.asarray(answers.value[:, np.flatnonzero(answers.row == row)[0]], dtype=float)
