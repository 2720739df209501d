"""Effect of every emotion at every touchpoint on one outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from emotion_models.drawing.labels import (
    digits_of,
    excludes_zero,
    in_order,
    number,
    signed,
    wrapped,
)
from emotion_models.drawing.style import (
    INK,
    PLEASANT,
    QUIET,
    UNPLEASANT,
    WIDTH,
    new_figure,
    styled,
)

SIGNED_COLOURS = LinearSegmentedColormap.from_list(
    "signed", [UNPLEASANT, "#F7F7F7", PLEASANT], N=255
)
FADED = 0.25
ROW_LABEL = 30


@styled
def effect_heatmap(effects: pd.DataFrame) -> Figure:
    """Draw a cell per emotion and touchpoint; the number is the effect, colour its sign and size.

    A cell whose interval covers zero is faded and its number grey.

    Parameters
    ----------
    effects : DataFrame
        Columns ``emotion, touchpoint, mean, lower, upper`` for one outcome.

    Returns
    -------
    Figure
    """
    rows, columns = in_order(effects["emotion"]), in_order(effects["touchpoint"])
    reach = float(np.nanmax(np.abs(effects["mean"].to_numpy(float)), initial=0.0)) or 1.0
    long_name = max((len(name) for name in columns), default=0) > 12
    high = 0.29 if any(len(name) > ROW_LABEL for name in rows) else 0.24
    figure = new_figure(high * len(rows) + (0.85 if long_name else 0.5), WIDTH)
    axes = figure.subplots()
    clear = excludes_zero(effects)
    for record, certain in zip(effects.to_dict("records"), clear, strict=True):
        if not np.isfinite(record["mean"]):
            continue
        x, y = columns.index(str(record["touchpoint"])), rows.index(str(record["emotion"]))
        level = record["mean"] / reach
        colour = SIGNED_COLOURS(0.5 + level / 2, alpha=1.0 if certain else FADED)
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white"))
        dark = certain and level > 0.55
        ink = "white" if dark else INK if certain else QUIET
        words = signed(record["mean"], digits_of(reach))
        axes.text(x, y, words, ha="center", va="center", fontsize=7, color=ink)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(
        range(len(columns)), [wrapped(name, max(8, 70 // len(columns)), 4) for name in columns]
    )
    axes.set_yticks(range(len(rows)), [wrapped(name, ROW_LABEL) for name in rows])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def alt_text(effects: pd.DataFrame) -> str:
    """Say in words which cells are clearly not zero, largest first.

    Parameters
    ----------
    effects : DataFrame
        As for `effect_heatmap`.

    Returns
    -------
    str
    """
    clear = effects[excludes_zero(effects)]
    clear = clear.reindex(clear["mean"].abs().sort_values(ascending=False).index)
    head = f"Grid of {len(in_order(effects['emotion']))} emotions by "
    head += f"{len(in_order(effects['touchpoint']))} touchpoints. "
    if clear.empty:
        return head + "Every interval covers zero."
    cells = [
        f"{row['emotion']} at {row['touchpoint']} {signed(row['mean'])} "
        f"({number(row['lower'])} to {number(row['upper'])})"
        for row in clear.head(8).to_dict("records")
    ]
    return head + f"{len(clear)} cells exclude zero; largest: " + ", ".join(cells) + "."
