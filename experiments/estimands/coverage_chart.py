"""Coverage of 95% intervals by kind of study and estimand, with the band where it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from cells import CELLS
from covered import BAND

from emotion_models.drawing.style import GRID, PLEASANT, QUIET, UNPLEASANT, new_figure, styled, svg

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def coverage(table: pd.DataFrame) -> bytes:
    """A panel an estimand, a row a kind of study; what leaves the band stands out.

    Parameters
    ----------
    table : DataFrame
        From `covered.recovered`.

    Returns
    -------
    bytes
        SVG.
    """
    return svg(_drawn(table))


@styled
def _drawn(table: pd.DataFrame) -> Figure:
    estimands, names = list(table["estimand"].unique()), list(table["cell"].unique())
    across = 4
    down = -(-len(estimands) // across)
    figure = new_figure(down * (0.15 * len(names) + 0.45) + 0.4)
    panels = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    place = np.arange(len(names))[::-1]
    for panel, axes in enumerate(panels.flat):
        if panel >= len(estimands):
            axes.remove()
            continue
        own = table[table["estimand"] == estimands[panel]].set_index("cell").reindex(names)
        axes.axvspan(*BAND, color=GRID, linewidth=0)
        axes.axvline(0.95, color=QUIET, linewidth=0.6)
        far = (own["low"] > BAND[1]) | (own["high"] < BAND[0])
        colour = np.where(far, UNPLEASANT, PLEASANT)
        axes.hlines(place, own["low"], own["high"], color=colour, linewidth=1)
        axes.scatter(own["in 95%"], place, c=colour, s=9, zorder=3)
        axes.set_title(estimands[panel].replace(": ", ":\n"), fontsize=7)
        axes.set_yticks(place, [_label(name) for name in names])
        axes.tick_params(labelsize=6.5, left=False)
    figure.supxlabel("Share of 95% intervals that hold the truth", fontsize=8)
    return figure


def _label(name: str) -> str:
    cell = CELLS[name]
    return cell.level if cell.factor == "base" else f"{cell.factor}: {cell.level}"
