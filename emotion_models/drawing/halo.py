"""Effects with and without the control for answering style."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import signed


def with_and_without(halo: pd.DataFrame) -> Figure:
    """Draw every effect twice: style held, and without the control.

    Parameters
    ----------
    halo : DataFrame
        Columns ``outcome, emotion, held, held_lower, held_upper, free, free_lower,
        free_upper``.

    Returns
    -------
    Figure
    """
    rows = [
        {
            "panel": row["outcome"],
            "row": f"{row['emotion']}, {words}",
            "mean": row[name],
            "lower": row[f"{name}_lower"],
            "upper": row[f"{name}_upper"],
        }
        for row in halo.to_dict("records")
        for name, words in (("held", "style held"), ("free", "without control"))
    ]
    columns = ["panel", "row", "mean", "lower", "upper"]
    look = Dots(axis="Effect of one more scale point everywhere")
    return dots_grid(pd.DataFrame(rows, columns=columns), look)


def alt_text(halo: pd.DataFrame) -> str:
    """Say in words how far the control moves each effect."""
    parts = [
        f"{row['emotion']} on {row['outcome']} {signed(row['free'])} without, "
        f"{signed(row['held'])} with"
        for row in halo.to_dict("records")
    ]
    return "Dots with intervals: effects with and without style held. " + "; ".join(parts) + "."
