"""Sentences that every decision carries."""

from __future__ import annotations

from typing import Final

NOT_CAUSAL: Final = {
    "association": "The best of associations is not the best of effects: what goes together may "
    "not follow when it is changed. Try it out before you rely on it.",
    "adjusted": "Other things measured being equal; an unmeasured cause may remain, and a search "
    "for the best finds what such causes exaggerate most. Try it out before you rely on it.",
    "causal": "Causal as far as the declared diagram warrants.",
}


def money(amount: float, unit: str) -> str:
    """Write a difference with digits that fit its size: ``+1.25 EUR``, ``+0.8 of 100``.

    Parameters
    ----------
    amount : float
    unit : str
        A currency or another unit; probabilities are written as so many of 100.

    Returns
    -------
    str
    """
    return _written(amount, unit, "+")


def size(amount: float, unit: str) -> str:
    """Write a size the same way, without a sign: ``1.25 EUR``, ``0.8 of 100``.

    Parameters
    ----------
    amount : float
        Not negative.
    unit : str

    Returns
    -------
    str
    """
    return _written(amount, unit, "")


def _written(amount: float, unit: str, sign: str) -> str:
    if unit == "probability":
        return f"{100 * amount:{sign}.2g} of 100"
    digits = 0 if abs(amount) >= 100 else 2 if abs(amount) >= 0.1 or amount == 0 else 3
    return f"{amount:{sign},.{digits}f} {unit}".rstrip()
