"""How well rival models predict answers they have not seen."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import number, signed


def elpd_differences(comparison: pd.DataFrame) -> Figure:
    """Draw each model's difference in expected log predictive density, with two standard errors.

    Parameters
    ----------
    comparison : DataFrame
        Columns ``model, difference, se``; the model compared against has difference and se 0.

    Returns
    -------
    Figure
    """
    table = pd.DataFrame(
        {
            "panel": "",
            "row": comparison["model"],
            "mean": comparison["difference"],
            "lower": comparison["difference"] - 2 * comparison["se"],
            "upper": comparison["difference"] + 2 * comparison["se"],
        }
    )
    return dots_grid(
        table, Dots(axis="Difference in predictive accuracy (elpd, \u00b1 2 standard errors)")
    )


def alt_text(comparison: pd.DataFrame) -> str:
    """Say in words how far each model is from the one compared against."""
    parts = [
        f"{row['model']} {signed(row['difference'])} (standard error {number(row['se'])})"
        for row in comparison.to_dict("records")
    ]
    return "Dots with intervals: difference in predictive accuracy. " + "; ".join(parts) + "."
