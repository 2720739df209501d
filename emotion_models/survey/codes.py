"""One way of comparing what stands in a file with what stands in a codebook."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date

import numpy as np

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d{1,3})?")

_WHOLE = re.compile(r"(\d+)\.0+")

Key = float | str


def canonical(value: object, *, decimal_comma: bool = False) -> Key:
    """Key under which equal codes meet: 3, 3.0, "3" and " 3 " are one; text ignores case.

    Parameters
    ----------
    value : object
        A cell or a code.
    decimal_comma : bool
        Whether "3,5" is a number.

    Returns
    -------
    float or str
        The number, or the trimmed, case-folded, NFC text. Empty text for an empty cell.
    """
    if isinstance(value, str):
        text = " ".join(unicodedata.normalize("NFC", value).split())
        number = as_number(text, decimal_comma=decimal_comma)
        return text.casefold() if number is None else number
    number = as_number(value)
    if number is None:
        return "" if value is None else canonical(str(value))
    return "" if math.isnan(number) else number


def as_number(value: object, *, decimal_comma: bool = False) -> float | None:
    """Read a cell as a number, or None; NaN only for a cell that holds NaN itself."""
    if isinstance(value, str):
        text = value.strip()
        if decimal_comma and _COMMA.fullmatch(text):
            text = text.replace(",", ".")
        return float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(value, (np.datetime64, np.timedelta64, date)):  # float() would count their ticks
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    except OverflowError:
        return math.inf


def as_identifier(value: object) -> str:
    """Read a cell as an identifier: whole numbers without a decimal point, text trimmed."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).strip()
        whole = _WHOLE.fullmatch(text)  # a whole number that went through a float column
        return whole.group(1) if whole else text
    if value is None:
        return ""
    if isinstance(value, float) or (hasattr(value, "dtype") and not isinstance(value, int)):
        number = as_number(value)
        if number is not None and math.isnan(number):
            return ""
        if number is not None and number.is_integer():
            return str(int(number))
    text = str(value)
    return "" if text in ("NaT", "<NA>") else text


def show(value: object) -> str:
    """Show a cell in a message: quoted text, plain number, at most 40 characters, one line."""
    if isinstance(value, str):
        if len(value) <= 40 and as_number(value) is not None:
            return value.strip()
        text = "".join(_visible(char) for char in value)
        return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
    number = as_number(value)
    if number is not None and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return "empty" if value is None else str(value)[:40]


def listed(codes: Sequence[object]) -> str:
    """List codes in a message, at most twelve."""
    texts = [show(code) for code in codes]
    return ", ".join(texts if len(texts) <= 12 else [*texts[:10], "...", texts[-1]])


def _visible(char: str) -> str:
    """Escape what would break or turn around the line it is printed in."""
    return (
        char
        if unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp", "Cs")
        else f"\\u{ord(char):04x}"
    )
