"""What a simulated change does to every outcome."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import number, one_line, signed


def scenario_differences(differences: pd.DataFrame) -> Figure:
    """Draw the difference in every outcome, one panel per outcome on its own axis around zero.

    Outcomes that the change does not touch have no panel, unless it touches none.

    Parameters
    ----------
    differences : DataFrame
        Columns ``outcome, segment, difference, lower, upper``. An outcome's
        unit may stand on a second line of its name.

    Returns
    -------
    Figure
    """
    columns = {"outcome": "panel", "segment": "row", "difference": "mean"}
    moved = (differences["lower"] != 0) | (differences["upper"] != 0)
    several = moved.groupby(differences["outcome"]).transform("any")
    table = (differences[several] if several.any() else differences).rename(columns=columns)
    return dots_grid(table, Dots(axis="Difference made by the change", symmetric=True))


def alt_text(differences: pd.DataFrame) -> str:
    """Say in words how much each outcome changes."""
    parts = [
        f"{one_line(row['outcome'])}, {row['segment']}: {signed(row['difference'])} "
        f"({number(row['lower'])} to {number(row['upper'])})"
        for row in differences.to_dict("records")
    ]
    return "Dots with intervals: difference made by the change. " + "; ".join(parts) + "."
