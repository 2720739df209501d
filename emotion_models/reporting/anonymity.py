"""Small groups are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from emotion_models.small_groups import THRESHOLD, hidden_groups

__all__ = ["ALL", "THRESHOLD", "enough", "hidden_groups", "notice", "without"]

ALL: Final = "(all)"


def without(table: pd.DataFrame, hidden: Iterable[str]) -> pd.DataFrame:
    """Drop the rows of hidden segments from a result table with a ``segment`` column."""
    return table[~table["segment"].astype(str).isin(set(hidden))]


def enough(table: pd.DataFrame, curve: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame:
    """Drop rows about an emotion at a touchpoint that too few people rated.

    Parameters
    ----------
    table : DataFrame
        With columns ``emotion, touchpoint``.
    curve : DataFrame
        With columns ``emotion, touchpoint, n``: respondents behind each point.
    threshold : int

    Returns
    -------
    DataFrame
    """
    small = curve[curve["n"] < threshold]
    hidden = set(zip(small["emotion"], small["touchpoint"], strict=True))
    pairs = zip(table["emotion"], table["touchpoint"], strict=True)
    # An empty list would select no columns instead of no rows.
    return table.loc[np.array([pair not in hidden for pair in pairs], dtype=bool)]


def notice(hidden: Iterable[str], labels: Mapping[str, str], threshold: int = THRESHOLD) -> str:
    """Say that groups were left out, without saying how large they are."""
    names = sorted(labels.get(name, name) for name in hidden)
    if not names:
        return ""
    return (
        f"Not shown to protect respondents: {', '.join(names)}. "
        f"Groups with fewer than {threshold} people are never shown, nor a group from which "
        "one of them could be worked out."
    )
