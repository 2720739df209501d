"""Truth against estimate."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emotion_models.drawing.style import GRID, PLEASANT, UNPLEASANT, new_figure, styled
from emotion_models.intervals import PROBABILITY

TOTAL: Final = "effect by emotion: total"
OTHERS: Final = {
    "effect by touchpoint: total": "at touchpoints",
    "memory weight": "memory weights",
    "salience": "salience",
    "lever on emotion": "levers",
    "relationship on behaviour": "relationship",
}
COLUMNS: Final = 4


@styled
def recovery_figure(table: pd.DataFrame) -> Figure:
    """One panel per outcome (total effects of all emotions), then other quantities.

    The share of covered truths stands beside the name.

    Parameters
    ----------
    table : pandas.DataFrame
        See ``comparison.recovery``.
    """
    totals = table[table["group"] == TOTAL]
    outcome = totals["quantity"].str.partition(" on ")[2]
    panels = [(f"on {name}", totals[outcome == name]) for name in outcome.unique()]
    panels += [(title, table[table["group"] == name]) for name, title in OTHERS.items()]
    rows = math.ceil(len(panels) / COLUMNS)
    figure = new_figure(1.75 * rows)
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axis, (title, part) in zip(axes, panels, strict=False):
        _panel(axis, title, part)
    for axis in axes[len(panels) :]:
        axis.set_visible(False)
    figure.supxlabel("truth", fontsize=8)
    figure.supylabel(f"estimate with {PROBABILITY:.0%} interval", fontsize=8)
    return figure


def _panel(axis: Axes, title: str, part: pd.DataFrame) -> None:
    ends = (part[["truth", "lower"]].min().min(), part[["truth", "upper"]].max().max())
    axis.plot(ends, ends, color=GRID, linewidth=1, zorder=0)
    for covered, tone, marker in ((True, PLEASANT, "o"), (False, UNPLEASANT, "s")):
        some = part[part["covered"] == covered]
        axis.errorbar(
            some["truth"],
            some["mean"],
            yerr=[some["mean"] - some["lower"], some["upper"] - some["mean"]],
            fmt=marker,
            color=tone,
            markersize=2,
            elinewidth=0.6,
        )
    axis.set_title(f"{title}: {part['covered'].mean():.0%}")
    axis.locator_params(nbins=4)
