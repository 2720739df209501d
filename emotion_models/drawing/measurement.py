"""How well items measure: loadings as dots with intervals, information as curves."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import in_order, number, one_line, wrapped
from emotion_models.drawing.style import GRID, INK, QUIET, new_figure, styled

ACROSS = 3
LINES = ("-", "--", ":", "-.")


def item_loadings(loadings: pd.DataFrame) -> Figure:
    """Draw the standardised loading of every item.

    Parameters
    ----------
    loadings : DataFrame
        Columns ``construct, item, mean, lower, upper``.

    Returns
    -------
    Figure
    """
    table = pd.DataFrame(
        {
            "panel": "",
            "row": loadings["construct"].astype(str) + ": " + loadings["item"].astype(str),
            "mean": loadings["mean"],
            "lower": loadings["lower"],
            "upper": loadings["upper"],
        }
    )
    figure = dots_grid(table, Dots(axis="Standardised loading, with its interval"))
    for axes in figure.axes:
        axes.set_xlim(min(0.0, 1.1 * float(table["lower"].min())) if len(table) else 0.0, 1)
    return figure


@styled
def item_information(curves: pd.DataFrame) -> Figure:
    """Draw the information of each item along its construct, one panel per construct.

    Parameters
    ----------
    curves : DataFrame
        Columns ``construct, item, level, mean, lower, upper``; item ``"(all)"`` is their sum.

    Returns
    -------
    Figure
    """
    panels = in_order(curves["construct"])
    across = max(1, min(ACROSS, len(panels)))
    down = max(1, math.ceil(len(panels) / across))
    figure = new_figure(2.1 * down + 0.3)
    grid = figure.subplots(down, across, sharex=True, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(panels):
            axes.remove()
            continue
        _panel(axes, curves[curves["construct"].astype(str) == panels[index]])
        axes.set_title(wrapped(panels[index], 82 // across))
    figure.supxlabel("Level of the construct, in standard deviations from the mean", fontsize=8)
    figure.supylabel("Information", fontsize=8)
    return figure


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    for index, item in enumerate(in_order(part["item"])):
        curve = part[part["item"].astype(str) == item]
        whole = item == "(all)"
        axes.plot(
            curve["level"],
            curve["mean"],
            color=INK if whole else QUIET,
            linewidth=1.6 if whole else 1.0,
            linestyle="-" if whole else LINES[index % len(LINES)],
            label=wrapped("all items" if whole else item, 22),
        )
        if whole:
            axes.fill_between(
                curve["level"], curve["lower"], curve["upper"], color=INK, alpha=0.12, linewidth=0
            )
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.legend(fontsize=6.5, frameon=False)


def alt_text(curves: pd.DataFrame) -> str:
    """Say in words where each construct is measured best.

    Parameters
    ----------
    curves : DataFrame
        As for `item_information`.

    Returns
    -------
    str
    """
    sentences = ["Curves: information of the items along each construct."]
    for construct in in_order(curves["construct"]):
        part = curves[curves["construct"].astype(str) == construct]
        best = part.sort_values("mean", ascending=False).to_dict("records")[0]
        sentences.append(
            f"{one_line(construct)}: most at {number(float(best['level']))} standard deviations "
            f"({number(float(best['mean']))})."
        )
    return " ".join(sentences)
