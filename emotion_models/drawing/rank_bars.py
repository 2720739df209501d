"""Ranks of each chain's draws among all chains': level where chains agree."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.labels import in_order, wrapped
from emotion_models.drawing.style import GRID, INK, PLEASANT, QUIET, UNPLEASANT, new_figure, styled

ACROSS: Final = 4
HEIGHT: Final = 1.25
TITLE_WIDTH: Final = 26
LINES: Final = (
    (PLEASANT, "-"),
    (UNPLEASANT, "-"),
    (INK, "--"),
    (QUIET, "-"),
    (PLEASANT, ":"),
    (UNPLEASANT, ":"),
    (INK, ":"),
    (QUIET, "--"),
)


@styled
def rank_bars(table: pd.DataFrame) -> Figure:
    """Draw how many draws of each chain have which rank, one panel a quantity, with its R-hat.

    Parameters
    ----------
    table : DataFrame
        Columns ``quantity, r_hat, chain, below, count, lower, upper``.

    Returns
    -------
    Figure
        The band is where independent draws of chains that agree would be, 95 of 100 times.
    """
    names = in_order(table["quantity"])
    columns = max(1, min(ACROSS, len(names)))
    down = max(1, math.ceil(len(names) / columns))
    figure = new_figure(down * HEIGHT + 0.35)
    grid = figure.subplots(down, columns, squeeze=False, sharey=True)
    for index, axes in enumerate(grid.flat):
        if index >= len(names):
            axes.remove()
            continue
        part = table[table["quantity"] == names[index]]
        axes.axhspan(part["lower"].iloc[0], part["upper"].iloc[0], color=GRID)
        for place, (_, own) in enumerate(part.groupby("chain")):
            colour, line = LINES[place % len(LINES)]
            left = [0.0, *own["below"]]
            axes.stairs(own["count"], left, color=colour, linestyle=line, linewidth=0.9)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1])
        axes.tick_params(labelsize=6.5)
        title = f"R-hat {part['r_hat'].iloc[0]:.3f}: {names[index]}".replace("_", " ")
        axes.set_title(wrapped(title, TITLE_WIDTH, lines=3), fontsize=6.5)
    for axes in figure.axes[:1]:
        axes.set_ylim(0, 1.08 * max(table["count"].max(), table["upper"].max()))
    figure.supxlabel("Rank among the draws of all chains, as a share", fontsize=8)
    figure.supylabel("Draws of a chain", fontsize=8)
    return figure


def alt_text(table: pd.DataFrame) -> str:
    """Say in words how many ranks lie where they are expected."""
    if table.empty:
        return "No ranks: a single chain cannot show that chains agree."
    inside = ((table["count"] >= table["lower"]) & (table["count"] <= table["upper"])).mean()
    n = len(in_order(table["quantity"]))
    return (
        f"Ranks of the draws of every chain for the {n} quantities whose chains agree least, "
        f"largest R-hat {table['r_hat'].max():.3f}: {inside:.0%} of the counts lie within the band "
        "of independent draws, 95% are expected."
    )
