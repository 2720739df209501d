"""How much each touchpoint counts in the remembered average."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid


def touchpoint_salience(salience: pd.DataFrame) -> Figure:
    """Draw the salience of every touchpoint; the line is what equal weight would give.

    Parameters
    ----------
    salience : DataFrame
        Columns ``touchpoint, mean, lower, upper``; of the touchpoints that have a salience.

    Returns
    -------
    Figure
    """
    table = salience.rename(columns={"touchpoint": "row"}).assign(panel="")
    equal = float(table["mean"].mean())  # the shares of those listed add up to a constant
    look = Dots(
        axis="Share of the remembered average (line: all equal)", reference=equal, shares=True
    )
    return dots_grid(table, look)


def alt_text(salience: pd.DataFrame) -> str:
    """Say in words which touchpoint counts most and least."""
    order = salience.sort_values("mean", ascending=False)
    shares = ", ".join(f"{row['touchpoint']} {row['mean']:.0%}" for row in order.to_dict("records"))
    return f"Dots with intervals: share of each touchpoint in the remembered average. {shares}."
