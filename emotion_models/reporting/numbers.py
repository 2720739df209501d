"""Numbers as readers want them: digits that fit their size, true minus signs, units in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\u2212"
NOT_AVAILABLE: Final = "not available"
PROBABILITY_UNITS: Final = frozenset({"probability", "probability points", "share", "proportion"})


@dataclass(frozen=True)
class Unit:
    """How a quantity is printed.

    Parameters
    ----------
    factor : float
        What values are multiplied by before printing, 100 for probabilities.
    level : str
        Text after a level, e.g. ``"%"``.
    change : str
        Text after a difference, e.g. ``" percentage points"``.
    digits : int, optional
        Decimals; default: fitting the size of the number.
    """

    factor: float
    level: str
    change: str
    digits: int | None = None


def unit(name: str) -> Unit:
    """Look up how a unit of the results is printed; any other text is printed as it is."""
    if name in PROBABILITY_UNITS:
        return Unit(100.0, "%", " percentage points", 1)
    after = f" {name}" if name else ""
    return Unit(1.0, after, after)


def number(value: float, digits: int | None = None) -> str:
    """Write a number; without `digits`, with about two significant ones after the first.

    Parameters
    ----------
    value : float
    digits : int, optional
        Decimals.

    Returns
    -------
    str
        ``"not available"`` for NaN.
    """
    if not math.isfinite(value):
        return NOT_AVAILABLE if math.isnan(value) else ("\u221e" if value > 0 else MINUS + "\u221e")
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 else 1 if size >= 3 else 2
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float, digits: int | None = None) -> str:
    """Like `number`, with a plus sign when positive."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and text[0].isdigit() and text.strip("0.") else text


def percent(share: float) -> str:
    """Write a share as a percentage, never 0% or 100% unless exactly so."""
    if not math.isfinite(share):
        return NOT_AVAILABLE
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{share * 100:.0f}%"


def exact(value: float) -> str:
    """Write a number with four significant digits, as diagnostics are."""
    return f"{value:.4g}".replace("-", MINUS) if math.isfinite(value) else number(value)


def digits_for(difference: float) -> int:
    """Decimals with which two levels that differ by `difference` are told apart."""
    size = abs(difference)
    if size == 0 or not math.isfinite(size):
        return 1
    # Two digits of the difference, or one when its first digit is 3 or more.
    first = math.floor(math.log10(size))
    return min(4, max(0, 1 - first - (size >= 3 * 10.0**first)))


def interval(lower: float, upper: float, digits: int | None = None) -> str:
    """Write ``lower to upper``, both with the digits of the larger end."""
    if digits is None:
        size = max(abs(lower), abs(upper))
        digits = 0 if size >= 100 else 1 if size >= 3 else 2
    return f"{number(lower, digits)} to {number(upper, digits)}"


def unbroken(text: str) -> str:
    """Keep a short text on one line of a table cell."""
    return text.replace(" ", "\u00a0")


def listed(names: list[str]) -> str:
    """Join names as ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " and " + names[-1]


def capital(text: str) -> str:
    """First letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def plural(count: int, noun: str) -> str:
    """``1 stay``, ``600 stays``; thousands separated."""
    if count == 1:
        return f"1 {noun}"
    irregular = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{count:,} {noun[:-1] + 'ies' if irregular else noun + 's'}"
