"""`Table`: the cells of a file or frame as they stand, column by column, with row numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emotion_models.survey.codes import Key, canonical

Array = NDArray[Any]


@dataclass(frozen=True)
class Encoded:
    """A column as its distinct cells and, for each row, which one it is (-1: empty)."""

    distinct: list[object]
    index: NDArray[np.int64]

    def __getitem__(self, rows: NDArray[Any]) -> Encoded:
        """Take some rows; a distinct cell may then stand in none of them."""
        return Encoded(self.distinct, self.index[rows])

    def cells(self) -> Array:
        """The cells, row by row; None where empty."""
        distinct = np.empty(len(self.distinct) + 1, dtype=object)
        distinct[:-1] = self.distinct
        cells: Array = distinct[self.index]
        return cells


@dataclass(frozen=True)
class Table:
    """The cells of one file or frame.

    Parameters
    ----------
    name : str
        Name of the file, or ``"data frame"``.
    columns : mapping of str to ndarray of shape (n_rows,), or Encoded
        As they stand: text, numbers, dates.
    rows : ndarray of int, shape (n_rows,)
        Row number of each record as the user sees it.
    decimal_comma : bool
        Whether "3,5" is a number.
    value_labels : mapping of column to (mapping of value to text)
        SPSS value labels.
    user_missing : mapping of column to values
        SPSS user-missing codes that occur in the column.
    doubled : set of str
        Column names that stand more than once.
    dropped : tuple of (str, int)
        Why rows were left out, and how many.
    notes : tuple of str
        What the reader decided, for the audit.
    """

    name: str
    columns: Mapping[str, Array | Encoded]
    rows: NDArray[np.int64]
    decimal_comma: bool = False
    value_labels: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    user_missing: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    doubled: frozenset[str] = frozenset()
    dropped: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def encoded(self, column: str) -> Encoded:
        """Find the distinct cells of a column."""
        values = self.columns[column]
        if isinstance(values, Encoded):
            return values
        try:
            index, distinct = pd.factorize(values)
        except TypeError:  # lists, dicts and the like in a cell
            index, distinct = pd.factorize(np.array([str(value) for value in values], dtype=object))
        return Encoded([_plain(cell) for cell in distinct], index.astype(np.int64))

    def key(self, cell: object) -> Key:
        """Key of a cell for comparing it with a codebook."""
        return canonical(cell, decimal_comma=self.decimal_comma)

    def only(self, keep: NDArray[np.bool_], why: str) -> Table:
        """Keep some of the rows, and remember why the others were left out."""
        count = int(np.count_nonzero(~keep))
        if not count:
            return self
        columns = {name: values[keep] for name, values in self.columns.items()}
        dropped = (*self.dropped, (why, count))
        return replace(self, columns=columns, rows=self.rows[keep], dropped=dropped)

    def blank_rows(self) -> NDArray[np.bool_]:
        """Find rows in which every cell is empty."""
        blank = np.ones(len(self), dtype=bool)
        for name in self.columns:
            if not blank.any():
                break
            encoded = self.encoded(name)
            empty = np.array([*(canonical(cell) == "" for cell in encoded.distinct), True])
            blank &= empty[encoded.index]
        return blank


def _plain(cell: object) -> object:
    """Turn NumPy scalars into Python ones; whole numbers stay whole."""
    return cell.item() if isinstance(cell, np.generic) and cell.dtype.kind in "biuf" else cell
