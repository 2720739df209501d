"""Small groups are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

THRESHOLD: Final = 10
ALL: Final = "(all)"


def hidden_groups(counts: Mapping[str, int], threshold: int = THRESHOLD) -> frozenset[str]:
    """Groups that must not be shown.

    Groups with fewer than `threshold` people; and, when that is a single group, also the next
    smallest, because the hidden one could otherwise be worked out from the total.

    Parameters
    ----------
    counts : mapping of str to int
        People per group.
    threshold : int

    Returns
    -------
    frozenset of str
    """
    small = {name for name, count in counts.items() if count < threshold}
    if len(small) == 1 and len(counts) > 1 and counts[next(iter(small))] > 0:
        rest = {name: count for name, count in counts.items() if name not in small}
        small.add(min(rest, key=lambda name: rest[name]))
    return frozenset(small)


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
