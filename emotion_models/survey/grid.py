"""Finds the grid of rating columns among column names: every touchpoint with every emotion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKS = "_.- :|/"
_LONGEST = 80
_FEELINGS = re.compile(
    r"joy|delight|happ|content|relie|grat|pride|proud|affect|love|confid|hope|surpris|ang|"
    r"frustr|annoy|disappoint|regret|sad|worr|anx|fear|embarr|asham|confus|bor|calm|trust|disgust",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Grid:
    """Touchpoints and emotions as the column names spell them, and the pattern between them."""

    touchpoints: tuple[str, ...]
    emotions: tuple[str, ...]
    pattern: str


def find_grid(columns: Sequence[str]) -> Grid | None:
    """Find the largest full grid of at least 2 x 2 columns.

    Parameters
    ----------
    columns : sequence of str

    Returns
    -------
    Grid or None
        Emotion words decide which side is which; else the first part is the touchpoint.
    """
    grids = [
        grid for mark in _MARKS for last in (False, True) for grid in _grids(columns, mark, last)
    ]
    if not grids:
        return None
    heads, tails, mark = max(grids, key=lambda grid: len(grid[0]) * len(grid[1]))
    if _feelings(heads) > _feelings(tails):
        return Grid(tails, heads, f"{{emotion}}{mark}{{touchpoint}}")
    return Grid(heads, tails, f"{{touchpoint}}{mark}{{emotion}}")


def _grids(
    columns: Sequence[str], mark: str, last: bool
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    tails: dict[str, list[str]] = {}
    for column in columns:
        head, found, tail = column.rpartition(mark) if last else column.partition(mark)
        if found and head.strip() and tail.strip() and max(len(head), len(tail)) <= _LONGEST:
            tails.setdefault(head, []).append(tail)
    for of_one in tails.values():
        heads = [head for head, others in tails.items() if set(of_one) <= set(others)]
        common = [tail for tail in of_one if all(tail in tails[head] for head in heads)]
        clean = not any("{" in part or part != part.strip() for part in (*heads, *common))
        if len(heads) > 1 and len(common) > 1 and clean:
            yield tuple(heads), tuple(common), mark


def _feelings(names: Sequence[str]) -> float:
    return sum(bool(_FEELINGS.match(name)) for name in names) / len(names)
