"""Finds out what kind of file it is and opens it as a `Table`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

from emotion_models.survey.codes import show
from emotion_models.survey.faults import Faults
from emotion_models.survey.table import Table

FileKind = Literal["csv", "excel", "spss", "parquet"]
_BY_SUFFIX: dict[str, FileKind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".sav": "spss",
    ".zsav": "spss",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_BY_START: tuple[tuple[bytes, FileKind], ...] = (
    (b"PK\x03\x04", "excel"),
    (b"\xd0\xcf\x11\xe0", "excel"),
    (b"$FL2", "spss"),
    (b"$FL3", "spss"),
    (b"PAR1", "parquet"),
)
_KNOWN = "give a CSV, Excel, SPSS or Parquet file"


def open_table(
    source: Any, faults: Faults, *, expected: Collection[str] = (), sheet: str | None = None
) -> Table | None:
    """Open a file or data frame; None, with the reason in `faults`, when that is impossible.

    Parameters
    ----------
    source : str, Path or data frame
    faults : Faults
    expected : collection of str
        Column names of the codebook.
    sheet : str, optional
        Excel sheet.
    """
    from emotion_models.survey.frames import is_frame, read_frame

    if not isinstance(source, (str, Path)):
        if is_frame(source):
            return _without_blank_rows(read_frame(source, faults))
        kind = type(source).__name__
        faults.add("source", f"a {kind} cannot be read", f"{_KNOWN}, or a pandas or polars frame")
        return None
    path = Path(source)
    kind_of_file = _kind(path, faults)
    if kind_of_file is None:
        return None
    return _without_blank_rows(_read(path, kind_of_file, faults, expected, sheet))


def _read(
    path: Path, kind: FileKind, faults: Faults, expected: Collection[str], sheet: str | None
) -> Table | None:
    """Import only the reader that is needed."""
    if kind == "csv":
        from emotion_models.survey.csv_file import read_csv

        return read_csv(path, faults, expected)
    if kind == "excel":
        from emotion_models.survey.spreadsheet import read_excel

        return read_excel(path, faults, sheet)
    if kind == "spss":
        from emotion_models.survey.spss import read_spss

        return read_spss(path, faults)
    from emotion_models.survey.frames import read_parquet

    return read_parquet(path, faults)


def _kind(path: Path, faults: Faults) -> FileKind | None:
    """Tell the kind from the first bytes, else from the suffix."""
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        faults.add("file", f"{show(str(path))} cannot be read ({reason})", "check the path")
        return None
    if not start:
        faults.add("file", "is empty", "it needs a header row and one row per record")
        return None
    for magic, kind in _BY_START:
        if start.startswith(magic):
            return kind
    by_suffix = _BY_SUFFIX.get(path.suffix.lower())
    if by_suffix is None:
        faults.add("file", f"the type {show(path.suffix)} is not known", _KNOWN)
    elif by_suffix != "csv":
        faults.add("file", f"its content is not that of a {path.suffix} file", _KNOWN)
    return by_suffix if by_suffix == "csv" else None


def _without_blank_rows(table: Table | None) -> Table | None:
    """Leave out rows without any answer (row numbers stay)."""
    if table is None:
        return None
    blank = table.blank_rows()
    return table if blank.all() else table.only(~blank, "rows without any cell filled in")
