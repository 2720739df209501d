"""What data changed: densities of parameters before and after them."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from emotion_models.drawing.labels import in_order, wrapped
from emotion_models.drawing.style import GRID, PLEASANT, QUIET, new_figure, styled

ACROSS: Final = 4
HEIGHT: Final = 1.1
TITLE_WIDTH: Final = 24


@styled
def before_and_after(table: pd.DataFrame) -> Figure:
    """Draw the prior (grey) and posteriors (blue) of parameters, one panel each.

    Parameters
    ----------
    table : DataFrame
        Columns ``parameter, element, when, value, density``.

    Returns
    -------
    Figure
        Of a parameter with many elements, a line for some.
    """
    names = in_order(table["parameter"])
    columns = max(1, min(ACROSS, len(names)))
    down = max(1, math.ceil(len(names) / columns))
    figure = new_figure(down * HEIGHT + 0.35)
    grid = figure.subplots(down, columns, squeeze=False)
    for index, axes in enumerate(grid.flat):
        if index >= len(names):
            axes.remove()
            continue
        _panel(axes, table[table["parameter"].astype(str) == names[index]])
        axes.set_title(wrapped(names[index].replace("_", " "), TITLE_WIDTH), fontsize=7)
    figure.supxlabel("Value of the parameter", fontsize=8)
    figure.supylabel("Density", fontsize=8)
    return figure


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    prior = part[part["when"] == "prior"]
    axes.fill_between(prior["value"], prior["density"], color=GRID, edgecolor=QUIET, linewidth=0.8)
    for _, own in part[part["when"] == "posterior"].groupby("element"):
        axes.plot(own["value"], own["density"], color=PLEASANT, linewidth=0.8, alpha=0.8)
    axes.set_ylim(bottom=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.tick_params(labelsize=6.5)


def alt_text(table: pd.DataFrame) -> str:
    """Say in words for which parameters there are densities."""
    names = [name.replace("_", " ") for name in in_order(table["parameter"])]
    return f"Prior and posterior densities of {len(names)} parameters: {', '.join(names)}."
