"""The journey picture: how strongly each emotion is felt at each touchpoint."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from emotion_models.drawing.labels import in_order, number, short, wrapped
from emotion_models.drawing.style import GRID, QUIET, marker, new_figure, styled, tone

PANELS_ACROSS = 5
TOUCHPOINT_WIDTH = 26


@styled
def journey_curve(
    curve: pd.DataFrame, valence: Mapping[str, float], *, axis: str = "Mean rating"
) -> Figure:
    """Draw one small panel per emotion, touchpoints from left to right, all on one scale.

    Parameters
    ----------
    curve : DataFrame
        Columns ``touchpoint, emotion, mean, lower, upper`` and optionally ``when`` with
        ``"before"`` (drawn hollow and grey) and ``"after"``.
    valence : mapping of str to float
        Valence of each emotion, -1 to 1.
    axis : str
        Words at the value axis, e.g. ``"Mean rating (0-4)"``.

    Returns
    -------
    Figure
    """
    emotions, touchpoints = in_order(curve["emotion"]), in_order(curve["touchpoint"])
    across = max(1, min(PANELS_ACROSS, len(emotions)))
    down = max(1, math.ceil(len(emotions) / across))
    names = [short(name, TOUCHPOINT_WIDTH) for name in touchpoints]
    titles = [wrapped(name, max(16, 82 // across), 3) for name in emotions]
    lines = 1 + max((title.count("\n") for title in titles), default=0)
    longest = max((len(name) for name in names), default=0)
    figure = new_figure((0.9 + 0.14 * lines) * down + 0.25 + 0.07 * longest)
    grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(emotions):
            axes.remove()
            continue
        part = curve[curve["emotion"].astype(str) == emotions[index]]
        _emotion(axes, part, touchpoints, valence.get(emotions[index]))
        axes.set_title(titles[index], fontsize=8)
        if index + across >= len(emotions):
            _name_touchpoints(axes, names)
    figure.supylabel(axis, fontsize=8)
    grid.flat[0].yaxis.set_major_locator(MaxNLocator(4, integer=True))
    return figure


def _emotion(axes: Axes, part: pd.DataFrame, touchpoints: list[str], valence: float | None) -> None:
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    if "when" not in part.columns:
        _line(axes, part, touchpoints, colour=tone(valence), shape=marker(valence), solid=True)
        return
    before, after = part[part["when"] == "before"], part[part["when"] == "after"]
    _line(axes, before, touchpoints, colour=QUIET, shape=marker(valence), solid=False)
    _line(axes, after, touchpoints, colour=tone(valence), shape=marker(valence), solid=True)


def _line(
    axes: Axes, part: pd.DataFrame, touchpoints: list[str], *, colour: str, shape: str, solid: bool
) -> None:
    place = [touchpoints.index(str(name)) for name in part["touchpoint"]]
    if solid:
        axes.vlines(place, part["lower"], part["upper"], color=colour, linewidth=1.2)
    axes.plot(
        place, part["mean"], marker=shape, color=colour, markersize=3.2, linewidth=1.1,
        linestyle="-" if solid else "--", markerfacecolor=colour if solid else "white",
    )  # fmt: skip


def _name_touchpoints(axes: Axes, names: list[str]) -> None:
    axes.tick_params(axis="x", labelbottom=True)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_xlim(-0.4, len(names) - 0.6)


def alt_text(curve: pd.DataFrame) -> str:
    """Say in words where each emotion is strongest and weakest, or how it changes.

    Parameters
    ----------
    curve : DataFrame
        As for `journey_curve`.

    Returns
    -------
    str
    """
    sentences = ["Line per emotion over the touchpoints, with intervals."]
    changed = "when" in curve.columns
    shown = curve[curve["when"] == "after"] if changed else curve
    for emotion in in_order(shown["emotion"]):
        part = shown[shown["emotion"].astype(str) == emotion].dropna(subset=["mean"])
        if part.empty:
            continue
        points = sorted(part.to_dict("records"), key=lambda point: float(point["mean"]))
        low, top = points[0], points[-1]
        words = f"{emotion}: highest at {top['touchpoint']} ({number(top['mean'])})"
        words += f", lowest at {low['touchpoint']} ({number(low['mean'])})"
        sentences.append(words + (" after the change." if changed else "."))
    return " ".join(sentences)
