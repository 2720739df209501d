"""Tables as values: columns, rows of raw values, and how each column is printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from emotion_models.reporting.numbers import NOT_AVAILABLE, number, percent, signed

Value = str | float | int | bool | None
Format = Literal["text", "integer", "number", "signed", "percent"]


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    key : str
        Name for machines (JSON, CSV).
    label : str
        Heading for people.
    format : {"text", "integer", "number", "signed", "percent"}
        How values are printed; ``percent`` takes shares 0..1.
    digits : int, optional
        Decimals of numbers; default: fitting their size.
    """

    key: str
    label: str
    format: Format = "text"
    digits: int | None = None

    @property
    def align(self) -> Literal["left", "right"]:
        """Text to the left, numbers to the right."""
        return "left" if self.format == "text" else "right"

    def shown(self, value: Value) -> str:
        """Print one value."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return "" if self.format == "text" else NOT_AVAILABLE
        if self.format == "text" or isinstance(value, str):
            return str(value)
        match self.format:
            case "integer":
                return f"{int(value):,}"
            case "signed":
                return signed(float(value), self.digits)
            case "percent":
                return percent(float(value))
            case _:
                return number(float(value), self.digits)


@dataclass(frozen=True)
class Table:
    """A frozen table; `caption` says what it shows, `note` how to read it.

    Raises
    ------
    ValueError
        When a row has not one value per column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for index, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {index}: {len(row)} values for {len(self.columns)} columns")

    @classmethod
    def from_records(
        cls,
        caption: str,
        columns: Iterable[Column],
        *,
        records: Iterable[Mapping[Any, Any]],
        note: str = "",
    ) -> Table:
        """Build a table from mappings of column key to value."""
        columns = tuple(columns)
        rows = tuple(tuple(_plain(record[c.key]) for c in columns) for record in records)
        return cls(caption, columns, rows, note)

    def shown(self) -> list[list[str]]:
        """All cells as printed, row by row."""
        return [
            [column.shown(value) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


def _plain(value: Any) -> Value:
    """Turn NumPy scalars into Python's own; anything else that is not a value into text."""
    if hasattr(value, "item"):
        value = value.item()
    return value if value is None or isinstance(value, (str, float, int, bool)) else str(value)
