"""Shares in explained variation."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import in_order, one_line


def importance_shares(shares: pd.DataFrame) -> Figure:
    """Draw the share of every name in what explains each outcome, one panel per outcome.

    Parameters
    ----------
    shares : DataFrame
        Columns ``outcome, name, mean, lower, upper``; shares of 1.

    Returns
    -------
    Figure
    """
    table = shares.rename(columns={"outcome": "panel", "name": "row"})
    look = Dots(
        axis="Share of what memory explains, with its interval", reference=None, shares=True
    )
    return dots_grid(table, look)


def alt_text(shares: pd.DataFrame) -> str:
    """Say in words, per outcome, what the three largest shares are."""
    sentences = ["Dots with intervals: share of what memory explains of each outcome."]
    for outcome in in_order(shares["outcome"]):
        part = shares[shares["outcome"].astype(str) == outcome]
        best = part.sort_values("mean", ascending=False).head(3).to_dict("records")
        named = ", ".join(f"{row['name']} {row['mean']:.0%}" for row in best)
        sentences.append(f"{one_line(outcome)}: {named}.")
    return " ".join(sentences)
