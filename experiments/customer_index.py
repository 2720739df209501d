"""The European customer satisfaction index (mobi_ecsi): what it asks, and what acts on what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(f"{stem}{i + 1}" for i in range(n))
    for name, (stem, n) in {
        "Image": ("IMAG", 5),
        "Expectation": ("CUEX", 3),
        "Quality": ("PERQ", 7),
        "Value": ("PERV", 2),
        "Satisfaction": ("CUSA", 3),
        "Loyalty": ("CUSL", 3),
    }.items()
}
"""Constructs and their items; complaints are one question, ``CUSCO``."""
CAUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "Expectation": ("Image",),
    "Quality": ("Expectation",),
    "Value": ("Expectation", "Quality"),
    "Satisfaction": ("Image", "Expectation", "Quality", "Value"),
    "Complaints": ("Satisfaction",),
    "Loyalty": ("Image", "Satisfaction", "Complaints"),
}


def construct(name: str, items: Iterable[str], scale: str) -> dict[str, Any]:
    """A relationship construct of a codebook whose items are answered on one scale."""
    return {"name": name, "items": [{"name": item, "scale": scale} for item in items]}


def book() -> dict[str, Any]:
    """The index as a codebook: complaints stand for what is felt."""
    return {
        "scales": {"ten": {"values": list(range(1, 11))}},
        "emotions": [{"name": "Complaints", "column": "CUSCO", "scale": "ten", "valence": 1}],
        "relationship": [construct(name, own, "ten") for name, own in ITEMS.items()],
    }
