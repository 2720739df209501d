"""Names on axes: wrapped, shortened, and kept in the order of the data."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable

import pandas as pd


def short(name: str, width: int) -> str:
    """Shorten a name to `width` characters with an ellipsis."""
    return name if len(name) <= width else name[: width - 1].rstrip() + "\u2026"


def wrapped(name: str, width: int, lines: int = 2) -> str:
    """Break a name into at most `lines` lines of `width` characters; line breaks in it stay."""
    if "\n" in name:
        return "\n".join(wrapped(part, width, lines) for part in name.split("\n"))
    parts = textwrap.wrap(name, width, break_long_words=True) or [""]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], short(" ".join(parts[lines - 1 :]), width)]
    return "\n".join(parts)


def in_order(values: Iterable[object]) -> list[str]:
    """Distinct names in the order in which they first appear."""
    return list(dict.fromkeys(str(value) for value in values))


def one_line(name: object) -> str:
    """Put a name of several lines, such as an outcome over its unit, on one."""
    return str(name).replace("\n", ", ")


def listed(names: Iterable[str]) -> str:
    """Join names as ``a, b and c``."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def excludes_zero(table: pd.DataFrame) -> pd.Series[bool]:
    """Whether the interval of each row lies on one side of zero."""
    return (table["lower"] > 0) | (table["upper"] < 0)


def digits_of(largest: float) -> int:
    """Decimals for numbers of which the largest is this, at least one of them not zero."""
    size = abs(largest)
    if not 0 < size < 0.1:
        return 0 if size >= 100 else 1 if size >= 10 else 2
    return min(6, 1 - math.floor(math.log10(size)))


def number(value: float, digits: int | None = None) -> str:
    """Write a number with a true minus sign, by default with two digits or more below 100."""
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    # What rounds to zero has no sign.
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "\u2212")


def signed(value: float, digits: int | None = None) -> str:
    """Like `number`, with a plus sign when positive."""
    words = number(value, digits)
    return ("+" if value > 0 and words.strip("0.") else "") + words
