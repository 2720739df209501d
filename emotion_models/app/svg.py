"""SVG as text: safe, short, and without styles of its own (the page's policy forbids them)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape


def num(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, attributes: Mapping[str, str | float], content: str = "") -> str:
    """An element; its attributes are escaped, its content is SVG already."""
    given = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def _value(value: str | float) -> str:
    return escape(value, quote=True) if isinstance(value, str) else num(value)


def text(words: str, x: float, y: float, class_: str) -> str:
    """Words at a place."""
    return tag("text", {"x": x, "y": y, "class": class_}, escape(words))


def path(points: Iterable[tuple[float, float]], class_: str, *, closed: bool = False) -> str:
    """A line through points."""
    steps = [f"{num(x)} {num(y)}" for x, y in points]
    return tag("path", {"d": "M" + "L".join(steps) + ("Z" if closed else ""), "class": class_})


def wrap(words: str, width: int, lines: int) -> list[str]:
    """Break words into at most so many lines of so many characters; what is too long ends in …."""
    found: list[str] = []
    for word in re.findall(r"[^\s-]+-*|-+", words) or [""]:
        joint = "" if found and found[-1].endswith("-") else " "
        if found and len(found[-1]) + len(joint) + len(word) <= width:
            found[-1] += f"{joint}{word}"
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [line if len(line) <= width else line[: max(1, width - 1)] + "…" for line in found]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places next to the wanted ones that keep a gap, in their order, between two ends.

    Parameters
    ----------
    wanted : sequence of float
        Ascending.
    gap, low, high : float

    Returns
    -------
    list of float
    """
    found: list[float] = []
    for place in wanted:
        found.append(max(place, low if not found else found[-1] + gap))
    edge = high
    for index in range(len(found) - 1, -1, -1):
        found[index] = min(found[index], edge)
        edge = found[index] - gap
    return found
