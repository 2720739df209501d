"""What the answers say against a model: predictive checks, reliability curves, transforms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emotion_models.drawing.labels import in_order, wrapped
from emotion_models.drawing.style import GRID, INK, PLEASANT, QUIET, new_figure, styled

TRUSTED_K: Final = 0.7
ACROSS: Final = 4
TITLE_WIDTH: Final = 22
HEIGHT: Final = 1.45
MOST: Final = 48
"""Panels in one figure at most, the most surprising kept; the table has all."""


@styled
def answers(table: pd.DataFrame) -> Figure:
    """Draw observed statistics (dots) on the interval of replicated surveys, one panel an item.

    Shares of categories are drawn; ratings one panel an emotion and touchpoint.

    Parameters
    ----------
    table : DataFrame
        Columns ``item, touchpoint, statistic, observed, lower, upper, p``.

    Returns
    -------
    Figure
    """
    shares = table[table["statistic"].astype(str).str.startswith("share")]
    names = shares["item"].astype(str)
    places = shares["touchpoint"].astype(str)
    shares = shares.assign(panel=names.where(places == "", names + " at " + places))
    worst = shares.groupby("panel", sort=False)["p"].min().sort_values(kind="stable")
    kept = set(worst.index[:MOST])
    shares = shares[[panel in kept for panel in shares["panel"]]]
    return _panels(shares, "Category", "Share", _shares)


@styled
def reliability(curves: pd.DataFrame) -> Figure:
    """Draw how often things happened against how probable they were said to be.

    Parameters
    ----------
    curves : DataFrame
        Columns ``item, event, predicted, observed, lower, upper``.

    Returns
    -------
    Figure
        The band is where calibrated predictions would be.
    """
    table = curves.assign(panel=curves["item"].astype(str) + ": " + curves["event"].astype(str))
    return _panels(table, "Predicted probability", "Observed", _curve)


@styled
def transforms(histograms: pd.DataFrame) -> Figure:
    """Draw histograms of probability integral transforms; flat is right.

    Parameters
    ----------
    histograms : DataFrame
        Columns ``item, below, share, lower, upper``.

    Returns
    -------
    Figure
    """
    table = histograms.assign(panel=histograms["item"].astype(str))
    return _panels(table, "Place of the answer in its prediction", "Share", _bars)


def _panels(
    table: pd.DataFrame, across: str, up: str, draw: Callable[[Axes, pd.DataFrame], None]
) -> Figure:
    names = in_order(table["panel"])
    columns = max(1, min(ACROSS, len(names)))
    rows = max(1, math.ceil(len(names) / columns))
    figure = new_figure(rows * HEIGHT + 0.4)
    grid = figure.subplots(rows, columns, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(names):
            axes.remove()
            continue
        draw(axes, table[table["panel"].astype(str) == names[index]])
        axes.set_title(wrapped(names[index], TITLE_WIDTH), fontsize=7)
        axes.tick_params(labelsize=6.5)
    figure.supxlabel(across, fontsize=8)
    figure.supylabel(up, fontsize=8)
    return figure


def _shares(axes: Axes, part: pd.DataFrame) -> None:
    place = range(len(part))
    axes.vlines(place, part["lower"], part["upper"], colors=QUIET, linewidth=3, alpha=0.6)
    axes.scatter(place, part["observed"], s=14, color=INK, zorder=3)
    words = [
        str(name).removeprefix("share of ").removeprefix("share leaving in period ")
        for name in part["statistic"]
    ]
    axes.set_xticks(list(place), words)
    axes.set_xlim(-0.6, len(part) - 0.4)
    axes.set_ylim(bottom=0)


def _curve(axes: Axes, part: pd.DataFrame) -> None:
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8)
    axes.fill_between(part["predicted"], part["lower"], part["upper"], color=GRID)
    axes.plot(part["predicted"], part["observed"], color=PLEASANT, linewidth=1.2)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])


def _bars(axes: Axes, part: pd.DataFrame) -> None:
    width = 1 / max(len(part), 1)
    axes.bar(part["below"] - width / 2, part["share"], width=width * 0.9, color=PLEASANT)
    axes.axhspan(part["lower"].iloc[0], part["upper"].iloc[0], color=QUIET, alpha=0.3)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1])


def alt_text(table: pd.DataFrame) -> str:
    """Say in words how many answers lie where the model puts them."""
    inside = (table["observed"] >= table["lower"]) & (table["observed"] <= table["upper"])
    items = len(in_order(table["item"]))
    return (
        f"Dots on intervals: answers to {items} items beside replicated answers. "
        f"{int(inside.sum())} of {len(table)} statistics lie within the interval."
    )
