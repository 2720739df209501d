"""Reads data frames (pandas, polars, any that narwhals knows) and Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from emotion_models.survey.faults import Faults
from emotion_models.survey.headers import tidy_headers
from emotion_models.survey.table import Table


def is_frame(source: object) -> bool:
    """Whether narwhals can read it as a data frame."""
    if isinstance(source, pd.DataFrame):
        return True
    frame = nw.from_native(source, pass_through=True)
    return isinstance(frame, (nw.DataFrame, nw.LazyFrame))


def read_frame(source: Any, faults: Faults, name: str = "data frame") -> Table | None:
    """Copy the cells of a data frame; None when it has no rows. Rows count from 1.

    Parameters
    ----------
    source : pandas, polars or pyarrow frame, eager or lazy
    faults : Faults
    name : str
        How messages call it.
    """
    if isinstance(source, pd.DataFrame):  #: columns may be called alike, or by numbers
        headers = tidy_headers(list(source.columns))
        columns = {key: _pandas_cells(source.iloc[:, at]) for key, at in headers.places.items()}
        length = len(source)
    else:
        frame = nw.from_native(source)
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        headers = tidy_headers(eager.columns)
        columns = {key: _cells(eager[:, at]) for key, at in headers.places.items()}
        length = len(eager)
    if not length:
        faults.add(name, "has no rows", "it needs one per record")
        return None
    rows = np.arange(1, length + 1)
    return Table(name, columns, rows, doubled=headers.doubled, notes=(name,))


def read_parquet(path: Path, faults: Faults) -> Table | None:
    """Read a Parquet file; None when it cannot be read. Rows count from 1."""
    try:
        content = pq.read_table(path)
        content.validate(full=True)  # damaged text and lengths; names are decoded when asked for
        _ = content.column_names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        faults.add("file", f"cannot be read as Parquet ({first})", "write it again")
        return None
    return read_frame(content, faults, path.name)


def _pandas_cells(series: Any) -> np.ndarray[Any, Any]:
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biufM":
        return np.array(series.to_numpy(), copy=True)
    values = np.empty(len(series), dtype=object)
    values[:] = list(series)
    return values


def _cells(series: nw.Series[Any]) -> np.ndarray[Any, Any]:
    """Take numbers without gaps as numbers, all else as Python objects."""
    numeric = series.dtype.is_numeric() and not series.dtype.is_decimal()
    if numeric and not series.is_null().any():
        return np.array(series.to_numpy(), copy=True)
    values = np.empty(len(series), dtype=object)
    values[:] = series.to_list()
    return values
