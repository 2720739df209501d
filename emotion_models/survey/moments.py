"""Reads dates and times of every file format as seconds since 1970, without time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any


def as_moment(cell: Any, form: str | None = None) -> float | None:
    """Read a cell as seconds since 1970-01-01, or None when it is no date.

    Parameters
    ----------
    cell : str, date, datetime, numpy.datetime64 or pandas.Timestamp
    form : str, optional
        A strptime format for text; default: ISO 8601.
    """
    try:
        if isinstance(cell, str):
            text = cell.strip()
            cell = datetime.strptime(text, form) if form else datetime.fromisoformat(text)
        elif hasattr(cell, "astype"):
            return float(cell.astype("datetime64[s]").astype("int64"))
        if isinstance(cell, datetime):
            moment = cell if cell.tzinfo else cell.replace(tzinfo=UTC)
        elif isinstance(cell, date):
            moment = datetime(cell.year, cell.month, cell.day, tzinfo=UTC)
        else:
            return None
        return float(int(moment.timestamp()))
    except (ValueError, OverflowError, TypeError):
        return None
