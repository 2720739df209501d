"""Reads Excel files with calamine."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from emotion_models.errors import did_you_mean
from emotion_models.survey.codes import show
from emotion_models.survey.faults import Faults
from emotion_models.survey.headers import tidy_headers
from emotion_models.survey.table import Table


def read_excel(path: Path, faults: Faults, sheet: str | None = None) -> Table | None:
    """Read one sheet; its first row is the header. None when it cannot be read.

    Parameters
    ----------
    path : Path
    faults : Faults
    sheet : str, optional
        Default: the first.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            faults.add("file", f"has no sheet {show(sheet)}", did_you_mean(sheet, names))
            return None
        chosen = sheet if sheet is not None else names[0]
        cells = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError) as error:
        faults.add("file", f"cannot be read as Excel ({error})", "save it again as .xlsx")
        return None
    above = next((i for i, row in enumerate(cells) if any(c != "" for c in row)), len(cells))
    cells = cells[above:]
    if len(cells) < 2:
        what = "has a header but no rows" if cells else "is empty"
        faults.add(f"sheet {show(chosen)}", what, "it needs a header row and one row per record")
        return None
    headers = tidy_headers(cells[0])
    places = list(zip(*cells[1:], strict=True))
    columns = {}
    for name, place in headers.places.items():
        columns[name] = np.empty(len(cells) - 1, dtype=object)
        columns[name][:] = places[place]
    note = f"Excel sheet '{chosen}'"
    if _has_error_cells(path):
        note += "; cells with an Excel error (such as #N/A) were read as empty"
    if len(names) > 1:
        note += f", the others ignored: {', '.join(n for n in names if n != chosen)}"
    rows = np.arange(2, len(cells) + 1) + above
    return Table(path.name, columns, rows, doubled=headers.doubled, notes=(note,))


def _has_error_cells(path: Path) -> bool:
    """Whether the workbook holds error values, which calamine hands out as empty cells."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return any(b't="e"' in archive.read(name) for name in sheets)
