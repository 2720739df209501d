"""Rank probabilities of quantities known by draws, honest about ties."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIE: Final = 1e-6
"""Values closer than this part of the draw's total are tied: what no data can order."""


def larger(values: Floats) -> Floats:
    """Probability that one quantity is larger than another; ties count half.

    Parameters
    ----------
    values : array, shape (P, S)
        Not negative.

    Returns
    -------
    array, shape (P, P)
        P(row > column); 0.5 on the diagonal.
    """
    above, tied = _compared(values)
    return (above + tied / 2).mean(axis=2)


def ranked(values: Floats, top: tuple[int, ...] = (1, 3)) -> tuple[Floats, dict[int, Floats]]:
    """Expected ranks (1 is largest), and the probabilities of being among the largest.

    Tied quantities share the places they tie for, as if lots were drawn.

    Parameters
    ----------
    values : array, shape (P, S)
        Not negative.
    top : tuple of int

    Returns
    -------
    expected : array, shape (P,)
    among : dict of int to array, shape (P,)
    """
    above, tied = _compared(values)
    before = above.sum(axis=0)  # how many are larger than each
    equal = tied.sum(axis=0)  # including itself
    expected = (before + (equal + 1) / 2).mean(axis=1)
    among = {k: np.clip((k - before) / equal, 0, 1).mean(axis=1) for k in top}
    return expected, among


def _compared(values: Floats) -> tuple[Floats, Floats]:
    """Whether the first is larger than, and whether it ties with, the second: (P, P, S)."""
    difference = values[:, None] - values[None]
    least = TIE * values.sum(axis=0)
    return (difference > least).astype(float), (np.abs(difference) <= least).astype(float)
