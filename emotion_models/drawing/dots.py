"""Dots with intervals in small panels that share their rows: the workhorse of the other plots."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from emotion_models.drawing.labels import in_order, number, wrapped
from emotion_models.drawing.style import GRID, INK, QUIET, marker, new_figure, styled, tone

ROW_HEIGHT = 0.165
TWO_LINES = 0.27
LABEL_WIDTH = 26
TITLE_WIDTH = 74
"""Characters that fit over all panels side by side."""
TITLE_LINE = 0.15
LEAST_ROWS = 2
"""A single row has room around it, too."""


@dataclass(frozen=True)
class Dots:
    """What a grid of dots and intervals shows.

    Parameters
    ----------
    axis : str
        Words under the value axis.
    valence : mapping of str to float
        Valence of a row name; sets colour and marker. Rows without one are neutral;
        with an empty mapping, all are drawn alike.
    reference : float or None
        Where to draw the line of comparison, e.g. 0.
    columns : int
        Panels side by side.
    symmetric : bool
        Whether each axis spans the same distance to both sides of the reference.
    hollow : bool
        Whether a dot is hollow when its interval covers the reference.
    shares : bool
        Whether values are shares of a whole: shown in percent, from 0.
    """

    axis: str
    valence: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    reference: float | None = 0.0
    columns: int = 4
    symmetric: bool = False
    hollow: bool = True
    shares: bool = False


@styled
def dots_grid(table: pd.DataFrame, look: Dots) -> Figure:
    """Draw one panel per `panel`, one row per `row`, a dot at the mean and its interval.

    Parameters
    ----------
    table : DataFrame
        Columns ``panel, row, mean, lower, upper``; panels and rows appear in the order given.
    look : Dots
        Axis words, colours, reference line and number of panels side by side.

    Returns
    -------
    Figure
    """
    panels, rows = in_order(table["panel"]), in_order(table["row"])
    across = max(1, min(look.columns, len(panels)))
    down = max(1, math.ceil(len(panels) / across))
    titles = [wrapped(name, TITLE_WIDTH // across) for name in panels]
    lines = max((title.count("\n") + 1 for title in titles), default=1) if len(panels) > 1 else 0
    high = TWO_LINES if any(len(row) > LABEL_WIDTH for row in rows) else ROW_HEIGHT
    tall = down * (0.25 + TITLE_LINE * lines + high * max(len(rows), LEAST_ROWS)) + 0.3
    figure = new_figure(max(tall, 1.0))
    grid = figure.subplots(down, across, sharey=True, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(panels):
            axes.remove()
            continue
        part = table[table["panel"].astype(str) == panels[index]]
        _panel(axes, part, rows, look)
        if len(panels) > 1:
            axes.set_title(titles[index])
    figure.supxlabel(look.axis, fontsize=8)
    return figure


def _panel(axes: Axes, part: pd.DataFrame, rows: list[str], look: Dots) -> None:
    if look.reference is not None:
        axes.axvline(look.reference, color=QUIET, linewidth=0.8, zorder=1)
    place = {row: index for index, row in enumerate(rows)}
    names = [str(name) for name in part["row"]]
    places = [place[name] for name in names]
    plain = not look.valence
    colours = [INK if plain else tone(look.valence.get(name)) for name in names]
    shapes = ["o" if plain else marker(look.valence.get(name)) for name in names]
    axes.hlines(places, part["lower"], part["upper"], colors=colours, linewidth=1.4)
    solid = _solid(part, look)
    faces = [colour if full else "white" for colour, full in zip(colours, solid, strict=True)]
    for shape in dict.fromkeys(shapes):
        mine = [index for index, own in enumerate(shapes) if own == shape]
        axes.scatter(
            part["mean"].to_numpy(float)[mine],
            [places[index] for index in mine],
            s=16,
            marker=shape,
            facecolors=[faces[index] for index in mine],
            edgecolors=[colours[index] for index in mine],
            zorder=3,
        )
    axes.set_yticks(range(len(rows)), [wrapped(row, LABEL_WIDTH) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(3, min_n_ticks=2))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    axes.tick_params(axis="x", colors=INK)
    if look.shares:
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    if look.symmetric and look.reference is not None and len(part):
        reach = 1.15 * max(
            abs(part["lower"] - look.reference).max(), abs(part["upper"] - look.reference).max()
        )
        if reach > 0:
            axes.set_xlim(look.reference - reach, look.reference + reach)


def _solid(part: pd.DataFrame, look: Dots) -> list[bool]:
    """Whether each dot is filled: its interval does not cover the reference."""
    if look.reference is None or not look.hollow:
        return [True] * len(part)
    return list((part["lower"] > look.reference) | (part["upper"] < look.reference))


def _tick(value: float) -> str:
    return f"{value:g}".replace("-", "\u2212") if abs(value) < 1000 else number(value)
