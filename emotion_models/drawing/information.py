"""What further answers are worth."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.labels import in_order, number
from emotion_models.drawing.style import (
    GRID,
    INK,
    NEUTRAL,
    PLEASANT,
    UNPLEASANT,
    new_figure,
    styled,
)

LOOKS = ((PLEASANT, "-"), (UNPLEASANT, "--"), (NEUTRAL, "-."), (INK, ":"))


@styled
def worth_of_answers(worth: pd.DataFrame, unit: str) -> Figure:
    """Draw the expected value of further answers by their number, one line for each subject.

    Parameters
    ----------
    worth : DataFrame
        Columns ``about, answers, worth``.
    unit : str

    Returns
    -------
    Figure
    """
    figure = new_figure(3.0)
    axes = figure.subplots()
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    for index, about in enumerate(in_order(worth["about"])):
        part = worth[worth["about"] == about]
        colour, line = LOOKS[index % len(LOOKS)]
        axes.plot(part["answers"], part["worth"], line, color=colour, linewidth=1.4, label=about)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("Further people asked")
    axes.set_ylabel(f"Expected gain per journey, {unit}")
    axes.legend(frameon=False, fontsize=7.5)
    return figure


def alt_text(worth: pd.DataFrame) -> str:
    """Say in words what the largest number of answers is worth, by subject."""
    parts = []
    for about in in_order(worth["about"]):
        last = worth[worth["about"] == about].iloc[-1]
        parts.append(f"{about}: {number(last['worth'])} with {last['answers']:,} people")
    return "Lines: expected gain by the number of further people asked. " + "; ".join(parts) + "."
