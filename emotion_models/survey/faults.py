"""Collects the faults of a file, so that all of them can be reported at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import Problem

SHOWN_ROWS = 5
Rows = NDArray[np.int64]


class Faults:
    """A growing list of problems of one file.

    Parameters
    ----------
    file : str
        Named before the row when more than one file is read; else empty.
    """

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, where: str, what: str, fix: str = "") -> None:
        """Add a problem of the file as a whole or of a column."""
        self.problems.append(Problem(self._place(where), what, fix))

    def at(self, rows: Iterable[int] | Rows, where: str, what: str, fix: str = "") -> None:
        """Add a problem that stands in one or more rows, given by the numbers the user sees."""
        self.problems.append(Problem(self._place(f"{row_words(rows)}, {where}"), what, fix))

    def _place(self, where: str) -> str:
        return f"{self.file}, {where}" if self.file else where


def row_words(rows: Iterable[int] | Rows) -> str:
    """Name rows: ``row 17``, ``rows 17 and 18``, ``rows 2, 3, 4, 5, 6 and 90 more``."""
    numbers = [int(row) for row in rows]
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) <= SHOWN_ROWS:
        return f"rows {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    shown = ", ".join(map(str, numbers[:SHOWN_ROWS]))
    return f"rows {shown} and {len(numbers) - SHOWN_ROWS:,} more"
