"""Effects of emotions on outcomes as dots with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from emotion_models.drawing.dots import Dots, dots_grid
from emotion_models.drawing.labels import excludes_zero, in_order, listed, one_line, signed


def effects_forest(
    effects: pd.DataFrame,
    valence: Mapping[str, float],
    *,
    axis: str = "Change per scale point of the emotion, with its interval",
) -> Figure:
    """Draw the effect of each emotion, one panel per outcome, each on its own axis.

    Parameters
    ----------
    effects : DataFrame
        Columns ``outcome, emotion, mean, lower, upper``. An outcome's unit may stand on
        a second line of its name.
    valence : mapping of str to float
        Valence of each emotion, -1 to 1.
    axis : str
        Words under the value axis.

    Returns
    -------
    Figure
    """
    table = effects.rename(columns={"outcome": "panel", "emotion": "row"})
    return dots_grid(table, Dots(axis=axis, valence=valence))


def alt_text(effects: pd.DataFrame) -> str:
    """Say in words, per outcome, which emotions push it up and down.

    Parameters
    ----------
    effects : DataFrame
        As for `effects_forest`.

    Returns
    -------
    str
    """
    sentences = ["Dots with intervals: effect of each emotion on each outcome."]
    for outcome in in_order(effects["outcome"]):
        part = effects[effects["outcome"].astype(str) == outcome]
        clear = part[excludes_zero(part)].sort_values("mean", ascending=False)
        if clear.empty:
            sentences.append(f"{one_line(outcome)}: every interval covers zero.")
            continue
        named = listed(
            f"{row['emotion']} {signed(row['mean'])}" for row in clear.to_dict("records")
        )
        sentences.append(f"{one_line(outcome)}: {named}; the other intervals cover zero.")
    return " ".join(sentences)
