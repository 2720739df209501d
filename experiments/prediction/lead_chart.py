"""How far ahead of every rival the model is, data set by data set."""

from __future__ import annotations

import pandas as pd

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.style import svg

NORMAL = 1.96


def leads(table: pd.DataFrame) -> bytes:
    """A panel a data set, a row a rival: our lead in log score with its 95% interval.

    Parameters
    ----------
    table : DataFrame
        Columns data, model, log_lead, log_lead_se.

    Returns
    -------
    bytes
        SVG.
    """
    shown = pd.DataFrame(
        {
            "panel": table["data"],
            "row": table["model"],
            "mean": table["log_lead"],
            "lower": table["log_lead"] - NORMAL * table["log_lead_se"],
            "upper": table["log_lead"] + NORMAL * table["log_lead_se"],
        }
    )
    axis = "Our log score per answer less the rival's (95% interval over people)"
    return svg(dots_grid(shown, Dots(axis=axis, columns=3)))
