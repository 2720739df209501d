"""How each emotion is remembered: weights of mean, peak, end and first moment."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import in_order, wrapped
from emotion_models.drawing.style import PLEASANT, new_figure, styled

FEATURE_WORDS = {
    "mean": "average",
    "peak": "peak",
    "end": "last",
    "first": "first",
    "trend": "rise",
}
RECALL_WORDS = {
    "intensity": "Mean intensity, from its average (share of the scale)",
    "valence balance": "Pleasant minus unpleasant, from its average",
    "first": "First touchpoint (1) or not (0)",
    "last": "Last touchpoint (1) or not (0)",
    "delay": "Delay (standard deviations)",
}


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


@styled
def recall_curves(curves: pd.DataFrame) -> Figure:
    """Draw how recall changes with each term, one panel per term.

    Parameters
    ----------
    curves : DataFrame
        Columns ``term, value, mean, lower, upper``.

    Returns
    -------
    Figure
    """
    terms = in_order(curves["term"])
    figure = new_figure(2.4)
    panels = figure.subplots(1, len(terms), sharey=True, squeeze=False)[0]
    for axes, term in zip(panels, terms, strict=True):
        part = curves[curves["term"] == term]
        if len(part) == 2:
            error = [part["mean"] - part["lower"], part["upper"] - part["mean"]]
            axes.errorbar(part["value"], part["mean"], yerr=error, fmt="o", color=PLEASANT)
            axes.set_xticks(part["value"])
            axes.set_xlim(-0.5, 1.5)
        else:
            axes.fill_between(
                part["value"], part["lower"], part["upper"], color=PLEASANT, alpha=0.2, linewidth=0
            )
            axes.plot(part["value"], part["mean"], color=PLEASANT)
        axes.set_xlabel(wrapped(RECALL_WORDS.get(term, term), max(14, 90 // len(terms)), 4))
    panels[0].set_ylabel("Recall of an\naverage touchpoint")
    return figure
