"""Posterior densities above each other: whole shapes where dots and intervals say too little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from emotion_models.drawing.labels import wrapped
from emotion_models.drawing.style import GRID, INK, QUIET, new_figure, styled, tone

Draws = Mapping[str, Mapping[str, NDArray[np.float64]]]
ACROSS: Final = 4
ROW: Final = 0.24
OVERLAP: Final = 1.6
"""Height of the tallest density, in rows."""
POINTS: Final = 120
LABEL_WIDTH: Final = 26
TITLE_WIDTH: Final = 80


@styled
def ridges(draws: Draws, valence: Mapping[str, float], *, axis: str) -> Figure:
    """Draw the density of every row's draws, one panel per outcome, each on its own axis.

    Parameters
    ----------
    draws : mapping of panel to mapping of row to array, shape (S,)
    valence : mapping of str to float
        Valence of a row, for its colour.
    axis : str
        Words under the value axis.

    Returns
    -------
    Figure
        A dot at the mean; densities of a panel have one scale, so that areas are alike.
    """
    rows = list(dict.fromkeys(row for own in draws.values() for row in own))
    across = max(1, min(ACROSS, len(draws)))
    down = max(1, -(-len(draws) // across))
    figure = new_figure(max(down * (0.6 + ROW * max(len(rows), 1)) + 0.3, 1.0))
    grid = figure.subplots(down, across, sharey=True, squeeze=False)
    panels = list(draws)
    for index, axes in enumerate(grid.flat):
        if index >= len(panels):
            axes.remove()
            continue
        _panel(axes, draws[panels[index]], rows, valence)
        axes.set_title(wrapped(panels[index], TITLE_WIDTH // across))
    figure.supxlabel(axis, fontsize=8)
    return figure


def _panel(
    axes: Axes,
    draws: Mapping[str, NDArray[np.float64]],
    rows: list[str],
    valence: Mapping[str, float],
) -> None:
    from scipy.stats import gaussian_kde

    everything = np.concatenate(list(draws.values()))
    low, high = np.quantile(everything, [0.001, 0.999])
    value = np.linspace(min(low, 0.0), max(high, 0.0), POINTS)
    varies = {row: own for row, own in draws.items() if np.ptp(own) > 0}
    height = {row: gaussian_kde(own)(value) for row, own in varies.items()}
    tallest = max((each.max() for each in height.values()), default=1.0)
    axes.axvline(0, color=QUIET, linewidth=0.8, zorder=0)
    for place, row in enumerate(rows):
        colour = tone(valence.get(row))
        if row in height:
            top = place - OVERLAP * height[row] / tallest
            axes.fill_between(
                value, place, top, color=colour, alpha=0.55, linewidth=0, zorder=place
            )
            axes.plot(value, top, color=colour, linewidth=0.8, zorder=place)
        if row in draws:
            axes.scatter(draws[row].mean(), place, s=7, color=INK, zorder=len(rows))
    axes.set_yticks(range(len(rows)), [wrapped(row, LABEL_WIDTH) for row in rows])
    axes.set_ylim(len(rows) - 0.6, -OVERLAP)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(3, min_n_ticks=2))
