"""How far posterior means reach to the truth, by number of journeys and belief."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from natures import NATURES

from emotion_models.drawing.style import (
    GRID,
    INK,
    NEUTRAL,
    PLEASANT,
    UNPLEASANT,
    new_figure,
    styled,
    svg,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NORMAL: Final = 1.645
APART: Final = 0.06
"""Between beliefs at one size, as a share of the distance between two sizes."""
LOOKS: Final = {
    "weak": (NEUTRAL, "o", "-"),
    "literature": (PLEASANT, "s", "-"),
    "misleading": (UNPLEASANT, "D", "-"),
    "literature, sure": (PLEASANT, "s", ":"),
    "misleading, sure": (UNPLEASANT, "D", ":"),
}


def reached_by_size(table: pd.DataFrame) -> bytes:
    """A panel a kind of world, a line a belief: mean over worlds with its 90% interval.

    Parameters
    ----------
    table : DataFrame
        Columns nature, belief, journeys, seed, reached.

    Returns
    -------
    bytes
        SVG.
    """
    return svg(_drawn(table))


@styled
def _drawn(table: pd.DataFrame) -> Figure:
    kinds = [each for each in NATURES.values() if each.name in set(table["nature"])]
    figure = new_figure(2.8)
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for axes, kind in zip(panels, kinds, strict=True):
        _panel(axes, table[table["nature"] == kind.name])
        axes.set_title(kind.about.capitalize(), fontsize=7.5)
        axes.set_xlabel("Journeys")
    handles = {}
    for axes in panels:
        found, labels = axes.get_legend_handles_labels()
        handles |= dict(zip(labels, found, strict=True))
    names = [name for name in LOOKS if name in handles]
    shown = [handles[name] for name in names]
    figure.legend(shown, names, loc="outside lower center", ncols=5, frameon=False, fontsize=7.5)
    panels[0].set_ylabel("Posterior mean as a share of the truth")
    return figure


def _panel(axes: Axes, table: pd.DataFrame) -> None:
    sizes = sorted(table["journeys"].unique())
    axes.axhline(1, color=INK, linewidth=0.6)
    axes.axhline(0, color=GRID, linewidth=1)
    by = table.groupby(["belief", "journeys"])["reached"].agg(["mean", "sem"])
    for index, (belief, (colour, marker, line)) in enumerate(LOOKS.items()):
        if belief not in by.index:
            continue
        own = by.loc[belief].reindex(sizes)
        place = [k + APART * (index - (len(LOOKS) - 1) / 2) for k in range(len(sizes))]
        half = NORMAL * own["sem"].fillna(0)
        look = {"color": colour, "marker": marker, "linestyle": line, "label": belief}
        axes.errorbar(place, own["mean"], half, markersize=3.5, linewidth=1, **look)
    axes.set_xticks(range(len(sizes)), [f"{size:,}" for size in sizes])
