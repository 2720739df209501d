"""What each budget can buy."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.labels import number, signed, wrapped
from emotion_models.drawing.style import GRID, INK, PLEASANT, QUIET, new_figure, styled

LABEL = 34


@styled
def efficient_frontier(frontier: pd.DataFrame, unit: str) -> Figure:
    """Draw the best difference against the budget, as steps with intervals.

    Parameters
    ----------
    frontier : DataFrame
        Columns ``budget, choice, difference, lower, upper, within``, by rising budget.
    unit : str

    Returns
    -------
    Figure
    """
    figure = new_figure(3.4)
    axes = figure.subplots()
    axes.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    budget, best = frontier["budget"], frontier["difference"]
    axes.step(budget, best, where="post", color=PLEASANT, linewidth=1.2, zorder=2)
    axes.vlines(budget, frontier["lower"], frontier["upper"], color=PLEASANT, linewidth=1.4)
    faces = [PLEASANT if inside else "white" for inside in frontier["within"]]
    axes.scatter(budget, best, s=20, facecolors=faces, edgecolors=PLEASANT, zorder=3)
    for index, row in enumerate(frontier.to_dict("records")):
        axes.annotate(
            str(index + 1),
            (row["budget"], row["upper"]),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
            color=INK,
        )
    axes.set_xlabel("Budget per journey (open dots: beyond the budget asked about)")
    axes.set_ylabel(wrapped(f"Difference, {unit}", LABEL))
    return figure


def alt_text(frontier: pd.DataFrame) -> str:
    """Say in words what each budget buys."""
    parts = [
        f"from {number(row['budget'])}: {row['choice']}, {signed(row['difference'])} "
        f"({number(row['lower'])} to {number(row['upper'])})"
        for row in frontier.to_dict("records")
    ]
    return "Steps with intervals: best difference by budget. " + "; ".join(parts) + "."
