"""How much of what was attainable each way of choosing brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotion_models.drawing.style import GRID, PLEASANT, QUIET, new_figure, styled, svg

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def shares(table: pd.DataFrame) -> bytes:
    """A panel a kind of company, a row a way: every company, and their mean.

    Parameters
    ----------
    table : DataFrame
        Columns kind, way, share.

    Returns
    -------
    bytes
        SVG.
    """
    return svg(_drawn(table))


@styled
def _drawn(table: pd.DataFrame) -> Figure:
    kinds, ways = list(table["kind"].unique()), list(table["way"].unique())
    order = table.groupby("way")["share"].mean().loc[ways].sort_values().index
    figure = new_figure(0.32 * len(ways) + 1.1)
    for axes, kind in zip(
        figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0], kinds, strict=True
    ):
        part = table[table["kind"] == kind]
        for row, way in enumerate(order):
            own = part.loc[part["way"] == way, "share"].to_numpy()
            axes.plot(own, np.full(own.size, row), "|", color=QUIET, markersize=7, alpha=0.7)
            axes.plot(own.mean(), row, "o", color=PLEASANT, markersize=6)
        axes.axvline(0, color=GRID, linewidth=1)
        axes.axvline(1, color=GRID, linewidth=1)
        axes.set_title(kind, fontsize=7.5)
        axes.set_yticks(range(len(order)), order)
    figure.supxlabel("Share of the gain that was attainable", fontsize=8)
    return figure
