"""Reads SPSS files with value labels and user-missing codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from emotion_models.survey.codes import as_number
from emotion_models.survey.faults import Faults
from emotion_models.survey.headers import tidy_headers
from emotion_models.survey.table import Table


def read_spss(path: Path, faults: Faults) -> Table | None:
    """Read a .sav or .zsav file; None when it cannot be read. Rows count from 1, as in SPSS.

    Parameters
    ----------
    path : Path
    faults : Faults
    """
    try:
        frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        faults.add("file", f"cannot be read as SPSS ({error})", "save it again as .sav")
        return None
    if not len(frame):
        faults.add("file", "has no rows", "it needs one row per record")
        return None
    headers = tidy_headers(list(frame.columns))
    columns = {
        name: frame.iloc[:, place].to_numpy(dtype=_dtype(frame.iloc[:, place]))
        for name, place in headers.places.items()
    }
    labels = {name: _numbers(pairs) for name, pairs in meta.variable_value_labels.items()}
    missing = {
        name: _occurring(columns[name], ranges)
        for name, ranges in meta.missing_ranges.items()
        if name in columns
    }
    return Table(
        path.name,
        columns,
        np.arange(1, len(frame) + 1),
        value_labels=labels,
        user_missing=missing,
        notes=("SPSS file, user-missing codes kept apart",),
    )


def _dtype(column: pd.Series[Any]) -> Any:
    return None if column.dtype.kind in "iufM" else object


def _numbers(pairs: dict[Any, str]) -> dict[float, str]:
    numbers = {as_number(value): text for value, text in pairs.items()}
    return {value: text for value, text in numbers.items() if value is not None}


def _occurring(values: np.ndarray[Any, Any], ranges: Iterable[Any]) -> tuple[object, ...]:
    """Find the user-missing codes that a column holds."""
    found = []
    for cell in pd.unique(pd.Series(values).dropna()):
        for span in ranges:
            low, high = span["lo"], span["hi"]
            number, ends = as_number(cell), (as_number(low), as_number(high))
            if number is not None and ends[0] is not None and ends[1] is not None:
                inside = ends[0] <= number <= ends[1]
            else:
                inside = cell == low
            if inside:
                found.append(cell)
    return tuple(found)
