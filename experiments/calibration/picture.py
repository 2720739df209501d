"""ECDF of ranks less that of uniform ones, with the band in which it should stay."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import ranks

from emotion_models.drawing.style import GRID, PLEASANT, QUIET, UNPLEASANT, new_figure, styled, svg


def differences(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """A panel a case, a line a quantity; those that leave their band stand out.

    Parameters
    ----------
    tables : mapping of case to DataFrame
        Ranks: a row a replicate, a column a quantity.

    Returns
    -------
    bytes
        SVG.
    """
    return svg(_drawn(tables))


@styled
def _drawn(tables):  # type: ignore[no-untyped-def]
    across = min(4, len(tables))
    down = -(-len(tables) // across)
    figure = new_figure(1.7 * down + 0.4)
    grid = figure.subplots(down, across, squeeze=False, sharey=True)
    place = np.arange(1, ranks.DRAWS + 1) / (ranks.DRAWS + 1)
    for index, axes in enumerate(grid.flat):
        if index >= len(tables):
            axes.remove()
            continue
        name, table = list(tables.items())[index]
        low, high = ranks.band(len(table))
        axes.fill_between(place, low, high, color=GRID, step="post")
        for column in table:
            own = table[column].dropna().to_numpy(np.int64)
            below = np.searchsorted(np.sort(own), np.arange(ranks.DRAWS), side="right")
            far = ranks.uniformity(own) < 0.05
            colour, width = (UNPLEASANT, 1.0) if far else (PLEASANT, 0.4)
            axes.plot(place, below / own.size - place, color=colour, linewidth=width)
        axes.axhline(0, color=QUIET, linewidth=0.6)
        axes.set_title(f"{name}, {len(table)} studies", fontsize=7)
        axes.tick_params(labelsize=6.5)
    figure.supxlabel("Rank of the truth among 100 draws, as a share", fontsize=8)
    figure.supylabel("ECDF less uniform", fontsize=8)
    return figure
