"""Reads CSV files: encodings, separators, decimal commas and Qualtrics exports."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from emotion_models.survey.faults import Faults
from emotion_models.survey.headers import tidy_headers
from emotion_models.survey.table import Encoded, Table

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEAD = 1_000_000  # characters: far more than any header
_PREVIEW = ("survey preview", "1")


def read_csv(path: Path, faults: Faults, expected: Collection[str] = ()) -> Table | None:
    """Read a CSV file as text cells; None when it cannot be read at all.

    Parameters
    ----------
    path : Path
    faults : Faults
        Receives what is wrong with the file.
    expected : collection of str
        Column names of the codebook: they decide between separators in doubt.
    """
    decoded = decode_text(path.read_bytes(), faults)
    if decoded is None:
        return None
    text, encoding = decoded
    if not text.strip():
        faults.add("file", "is empty", "it needs a header row and one row per record")
        return None
    text, hint, above = _body(text)
    separator = hint or _separator(text, expected)
    head = _first_records(text, separator)
    qualtrics = len(head) > 2 and any(cell.startswith('{"ImportId"') for cell in head[2])
    skip = 3 if qualtrics else 1
    headers = tidy_headers(head[0])
    cells = _cells(text, separator, len(head[0]), (above, skip), faults)
    if cells is None:
        return None
    columns, rows = cells
    if not len(rows):
        faults.add("file", "has a header but no rows", "it needs one row per record")
        return None
    notes = [f"CSV, {encoding}, separated by {SEPARATORS[separator]}"]
    table = Table(
        path.name,
        {name: columns[place] for name, place in headers.places.items()},
        rows + above,
        decimal_comma=separator == ";",
        doubled=headers.doubled,
        notes=tuple(notes),
    )
    return _without_previews(table) if qualtrics else table


def decode_text(content: bytes, faults: Faults) -> tuple[str, str] | None:
    """Decode UTF-8 (with or without mark), UTF-16 or, failing these, Windows-1252.

    Returns
    -------
    (str, str) or None
        Text and the words for its encoding; None when it is not text.
    """
    for mark, encoding, words in (
        (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding, words, faults)
    if b"\x00" in content[:2000]:
        little = content[1:2000:2].count(0) > content[0:2000:2].count(0)
        if content[:2000].count(0) > len(content[:2000]) / 4:
            return _strictly(content, "utf-16-le" if little else "utf-16-be", "UTF-16", faults)
        faults.add("file", "is not text", "give a CSV, Excel, SPSS or Parquet file")
        return None
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _strictly(content, "cp1252", "Windows-1252 (not valid UTF-8)", faults)


def _strictly(content: bytes, encoding: str, words: str, faults: Faults) -> tuple[str, str] | None:
    try:
        return content.decode(encoding), words
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.add(
            f"line {line}",
            f"byte 0x{content[error.start]:02x} cannot be decoded; "
            "tried UTF-8, UTF-16 and Windows-1252",
            "save the file as UTF-8",
        )
        return None


def _separator(text: str, expected: Collection[str]) -> str:
    wanted = set(expected)

    def merit(separator: str) -> tuple[int, int]:
        header = _first_records(text, separator, 1)[0]
        return len(wanted.intersection(cell.strip() for cell in header)), len(header)

    return max(SEPARATORS, key=merit)


def _first_records(text: str, separator: str, count: int = 3) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text[:_HEAD], newline=""), delimiter=separator)
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record)
            if len(records) == count:
                break
    except csv.Error:  # a cell over csv's size limit: not a header
        pass
    return records or [[""]]


def _cells(
    text: str, separator: str, width: int, lines: tuple[int, int], faults: Faults
) -> tuple[list[Encoded], NDArray[np.int64]] | None:
    above, skip = lines
    ragged: list[tuple[int, int, str]] = []

    def note_ragged(row: pa_csv.InvalidRow) -> str:
        ragged.append((row.number or 0, row.actual_columns, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    content = text.encode("utf-8", errors="replace")
    try:
        parsed = _parse(content, separator, names, skip, note_ragged)
    except pa.ArrowInvalid as error:
        faults.add("file", f"cannot be read as CSV ({error})", "look for a stray quote")
        return None
    numbers = np.arange(skip + 1, skip + 1 + parsed.num_rows + len(ragged))
    for number, cells, _ in ragged:
        if number > skip:
            what = f"{cells} cell{'s' if cells != 1 else ''} where the header has {width}"
            faults.at([number + above], "whole row", what, "look for a stray separator or quote")
    rows = np.setdiff1d(numbers, [number for number, _, _ in ragged])
    return [_encoded(parsed.column(name)) for name in names], rows


def _parse(
    content: bytes, separator: str, names: list[str], skip: int, ragged: Callable[..., str]
) -> pa.Table:
    return pa_csv.read_csv(
        io.BytesIO(content),
        read_options=pa_csv.ReadOptions(
            use_threads=False,
            column_names=names,
            skip_rows_after_names=skip,
            block_size=min(len(content) + 2, 2**31 - 1),
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=ragged,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _body(text: str) -> tuple[str, str, int]:
    """Leave out blank lines and Excel's line ``sep=;`` above the header.

    Returns
    -------
    text, separator or "", number of lines left out
    """
    lines, hint = 0, ""
    while True:
        line, end, rest = text.partition("\n")
        if end and not line.strip(" ,;\t\r"):
            text, lines = rest, lines + 1
        elif end and line[:4].lower() == "sep=" and line[4:].rstrip("\r") in SEPARATORS:
            text, lines, hint = rest, lines + 1, line[4]
        else:
            return text, hint, lines


def _encoded(column: pa.ChunkedArray) -> Encoded:
    encoded = column.combine_chunks().dictionary_encode()
    index = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Encoded(encoded.dictionary.to_pylist(), index)


def _without_previews(table: Table) -> Table:
    """Drop Qualtrics previews and say how many answers are unfinished."""
    notes = ["Qualtrics export: question texts and import ids in rows 2 and 3 left out"]
    keep = np.ones(len(table), dtype=bool)
    if "Status" in table.columns:
        status = table.encoded("Status").cells()
        keep = np.array([str(cell).strip().lower() not in _PREVIEW for cell in status])
    if "Finished" in table.columns:
        finished = table.encoded("Finished").cells()[keep]
        partial = sum(str(cell).strip().lower() in ("0", "false") for cell in finished)
        notes.append(f"Qualtrics answers marked unfinished: {partial:,}")
    return replace(table, notes=(*table.notes, *notes)).only(keep, "Qualtrics previews")
