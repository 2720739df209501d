"""How often intervals hold the truth, world by world, and whether a check notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotion_models.drawing.style import GRID, PLEASANT, QUIET, UNPLEASANT, new_figure, styled, svg

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def coverages(worlds: pd.DataFrame) -> bytes:
    """A row a case: coverage of both kinds of questions, and bias; full where a check notices.

    Parameters
    ----------
    worlds : DataFrame
        Columns case, feelings_covered_90, journeys_covered_90, bias, noticed_by.

    Returns
    -------
    bytes
        SVG.
    """
    return svg(_drawn(worlds))


@styled
def _drawn(worlds: pd.DataFrame) -> Figure:
    figure = new_figure(0.22 * len(worlds) + 1.1)
    covered, biased = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    row, seen = np.arange(len(worlds)), (worlds["noticed_by"] != "").to_numpy()
    kinds = (
        ("feelings_covered_90", "another feeling", "o", PLEASANT),
        ("journeys_covered_90", "another journey", "s", UNPLEASANT),
    )
    covered.axvspan(0.8, 1.0, color=GRID, linewidth=0)
    covered.axvline(0.9, color=QUIET, linewidth=0.6)
    for column, label, marker, colour in kinds:
        values = worlds[column].to_numpy(float)
        covered.scatter(values[~seen], row[~seen], 26, marker=marker, fc="white", ec=colour)
        covered.scatter(values[seen], row[seen], 26, marker=marker, color=colour)
        covered.scatter([], [], 26, marker=marker, color=colour, label=label)
    covered.scatter([], [], 26, fc="white", ec=QUIET, label="open: no check notices")
    covered.set(xlim=(-0.03, 1.03), xlabel="Share of 90% intervals that hold the truth")
    covered.set_yticks(row, worlds["case"])
    covered.invert_yaxis()
    biased.axvline(0, color=QUIET, linewidth=0.6)
    biased.hlines(row, 0, worlds["bias"], color=PLEASANT, linewidth=1.2)
    biased.scatter(worlds["bias"], row, 14, color=PLEASANT)
    biased.set(xlabel="Bias, as a share of the truth's size")
    biased.tick_params(left=False)
    handles, labels = covered.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=3, frameon=False, fontsize=7.5)
    return figure
