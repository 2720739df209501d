"""Importance against performance, with ellipses."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from numpy.typing import NDArray

from emotion_models.drawing.labels import number, signed, wrapped
from emotion_models.drawing.style import GRID, INK, QUIET, marker, new_figure, styled, tone

Floats = NDArray[np.float64]
NAMED = 12
"""Places that are named in the figure: those most likely to be acted on."""
LIKELY = 0.4
ROOM = (0.22, 0.035)
"""Parts of the axes that a name takes up."""
AXIS = 46
CORNERS = (("act now", 0.01, 0.985), ("keep it up", 0.99, 0.985))


@styled
def priority_map(places: pd.DataFrame, borders: tuple[float, float], axis: str) -> Figure:
    """Draw every place as a dot in its ellipse, the act-now corner shaded.

    Parameters
    ----------
    places : DataFrame
        Columns ``touchpoint, emotion, valence, performance, importance, long, short, angle,
        p_act_now``; half axes and angle in radians of the ellipse.
    borders : (float, float)
        Average performance and importance.
    axis : str
        Words at the importance axis.

    Returns
    -------
    Figure
    """
    figure = new_figure(4.6)
    axes = figure.subplots()
    turn = np.linspace(0, 2 * np.pi, 60)
    reach = [_outline(row, turn) for row in places.to_dict("records")]
    low, high = np.min(np.stack(reach), axis=(0, 2)), np.max(np.stack(reach), axis=(0, 2))
    room = 0.06 * (high - low)
    axes.set_xlim(low[0] - room[0], high[0] + room[0])
    axes.set_ylim(low[1] - room[1], high[1] + room[1])
    axes.fill_between([low[0] - room[0], borders[0]], borders[1], high[1] + room[1], color=GRID)
    axes.axvline(borders[0], color=QUIET, linewidth=0.8)
    axes.axhline(borders[1], color=QUIET, linewidth=0.8)
    named = _named(places, high - low)
    for index, row in places.iterrows():
        centre, colour = (row["performance"], row["importance"]), tone(row["valence"])
        size = 2 * row["long"], 2 * row["short"]
        axes.add_patch(
            Ellipse(
                centre, *size, angle=np.degrees(row["angle"]), facecolor=colour, alpha=0.10, lw=0
            )
        )
        axes.scatter(*centre, s=14, color=colour, marker=marker(row["valence"]), zorder=3)
        if index in named:
            name = f"{row['emotion']}, {row['touchpoint']}"
            axes.annotate(name, centre, xytext=(4, 3), textcoords="offset points", fontsize=7)
    for words, x, y in CORNERS:
        side = "left" if x < 0.5 else "right"
        axes.text(
            x, y, words, transform=axes.transAxes, ha=side, va="top", color=INK, weight="bold"
        )
    axes.set_xlabel("Performance: mean rating there, 0 worst to 1 best")
    axes.set_ylabel(wrapped(axis, AXIS))
    return figure


def _named(places: pd.DataFrame, span: Floats) -> set[Hashable]:
    """Places that are named: likely to be acted on, and not where a name stands already."""
    found: list[tuple[Hashable, float, float]] = []
    for index, row in places.nlargest(NAMED, "p_act_now").iterrows():
        x, y = row["performance"] / span[0], row["importance"] / span[1]
        free = all(abs(x - a) > ROOM[0] or abs(y - b) > ROOM[1] for _, a, b in found)
        if free and row["p_act_now"] >= LIKELY:
            found.append((index, x, y))
    return {index for index, _, _ in found}


def _outline(row: dict[Hashable, Any], turn: Floats) -> Floats:
    """Points (2, N) of an ellipse."""
    along, across = row["long"] * np.cos(turn), row["short"] * np.sin(turn)
    cos, sin = np.cos(row["angle"]), np.sin(row["angle"])
    x = row["performance"] + along * cos - across * sin
    y = row["importance"] + along * sin + across * cos
    return np.stack([x, y])


def alt_text(places: pd.DataFrame) -> str:
    """Say in words which places are most likely to need action."""
    first = places.nlargest(3, "p_act_now").to_dict("records")
    parts = [
        f"{row['emotion']} at {row['touchpoint']} (probability {row['p_act_now']:.0%}, importance "
        f"{signed(row['importance'])}, performance {number(row['performance'])})"
        for row in first
    ]
    return "Dots in ellipses: importance against performance. To act on first: " + "; ".join(parts)
