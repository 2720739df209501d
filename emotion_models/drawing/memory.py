"""How each emotion is remembered: weights of mean, peak, end and first moment."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import in_order

FEATURE_WORDS = {"mean": "average", "peak": "peak", "end": "last", "first": "first"}


def memory_weights(weights: pd.DataFrame, valence: Mapping[str, float]) -> Figure:
    """Draw the memory weight of every emotion, one panel per feature of the journey.

    Parameters
    ----------
    weights : DataFrame
        Columns ``emotion, feature, mean, lower, upper``; weights of one emotion add up to 1.
    valence : mapping of str to float
        Valence of each emotion, -1 to 1.

    Returns
    -------
    Figure
    """
    table = weights.rename(columns={"emotion": "row"})
    table["panel"] = [
        FEATURE_WORDS.get(str(name), str(name)).capitalize() for name in table["feature"]
    ]
    look = Dots(
        axis="Share of the remembered emotion, with its interval", valence=valence, reference=None
    )
    figure = dots_grid(table, look)
    for axes in figure.axes:
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    return figure


def alt_text(weights: pd.DataFrame) -> str:
    """Say in words which feature weighs most for how many emotions."""
    parts = []
    for feature in in_order(weights["feature"]):
        part = weights[weights["feature"].astype(str) == feature]
        low, high = part["mean"].min(), part["mean"].max()
        parts.append(f"{FEATURE_WORDS.get(feature, feature)} {low:.0%} to {high:.0%}")
    emotions = len(in_order(weights["emotion"]))
    return (
        f"Dots with intervals: share of each feature in the memory of {emotions} emotions. "
        f"Range over emotions: {', '.join(parts)}."
    )
