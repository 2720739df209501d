"""Column names as they stand in the first row of a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Headers:
    """Where each column stands, and which names stand twice."""

    places: dict[str, int]
    doubled: frozenset[str]


def tidy_headers(cells: Sequence[object]) -> Headers:
    """Trim names to NFC; a name without text is no column; of equal names the first counts.

    Parameters
    ----------
    cells : sequence
        The header row.
    """
    places: dict[str, int] = {}
    doubled: set[str] = set()
    for place, cell in enumerate(cells):
        name = "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()
        if name in places:
            doubled.add(name)
        elif name:
            places[name] = place
    return Headers(places, frozenset(doubled))
