"""From levers to emotions to memory, relationship and behaviour: the strongest paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from emotion_models.drawing.labels import excludes_zero, in_order, listed, signed, wrapped
from emotion_models.drawing.style import INK, PLEASANT, QUIET, UNPLEASANT, WIDTH, new_figure, styled

STRONGEST: Final = 2
"""Paths of one kind drawn into each end at most: those furthest from zero."""
ESTIMATE_AT: Final = (0.56, 0.8)
"""Where on the way to an end the estimates stand, the first and the second."""
LINE: Final = 0.13
"""Height of a line of a name, in inches; every name has a margin of as much."""
LINES: Final = 3
MARGIN: Final = 0.4
LABEL_WIDTH: Final = 18
CHARACTER: Final = 0.06
"""Width of one, in inches."""
THINNEST: Final = 0.5
WIDEST: Final = 2.4


@dataclass(frozen=True)
class Box:
    """A name's box: its middle, and half its width."""

    x: float
    y: float
    half: float


@styled
def path_diagram(paths: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Figure:
    """Draw things as columns, and the strongest paths between them with their estimates.

    Paths whose interval covers zero are not drawn. Width is the size among paths of a kind,
    dashes and light colour are negative.

    Parameters
    ----------
    paths : DataFrame
        Columns ``source, target, kind, mean, lower, upper``.
    labels : mapping of str to str, optional
        What to print for names.

    Returns
    -------
    Figure
    """
    shown = strongest(paths)
    columns = untangled(layers(shown), shown)
    tallest = max((len(names) for names in columns), default=1)
    written = {
        name: wrapped((labels or {}).get(name, name), LABEL_WIDTH, LINES)
        for names in columns
        for name in names
    }
    most = max((words.count("\n") + 1 for words in written.values()), default=1)
    figure = new_figure(max(LINE * (max(most, 2) + 1) * tallest + 0.3, 1.0))
    axes = figure.subplots()
    axes.set_axis_off()
    across = max(len(columns) - 1, 0) + 2 * MARGIN
    ends = {}
    for x, names in enumerate(columns):
        for y, name in enumerate(names):
            words = written[name]
            longest = max(len(line) for line in words.split("\n"))
            half = (0.5 * CHARACTER * longest + CHARACTER) * across / WIDTH
            ends[name] = Box(float(x), _height(y, len(names), tallest), half)
            edge = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": QUIET}
            place = (ends[name].x, ends[name].y)
            axes.text(*place, words, ha="center", va="center", fontsize=7, bbox=edge, zorder=3)
    for _, kind in shown.groupby("kind", sort=False):
        _arrows(axes, kind, ends)
    axes.set_xlim(-MARGIN, across - MARGIN)
    axes.set_ylim(tallest - 0.5, -0.5)
    return figure


def strongest(paths: pd.DataFrame) -> pd.DataFrame:
    """The paths that are drawn: clear ones, the largest into each target."""
    clear = paths[excludes_zero(paths)] if len(paths) else paths
    size = clear["mean"].abs()
    order = size.groupby([clear["kind"], clear["target"]]).rank(ascending=False, method="first")
    return clear[order <= STRONGEST]


def layers(paths: pd.DataFrame) -> list[list[str]]:
    """Names in columns: everything stands to the right of what leads to it, kinds in order."""
    depth = dict.fromkeys(in_order([*paths["source"], *paths["target"]]), 0)
    for level, (_, kind) in enumerate(paths.groupby("kind", sort=False)):
        depth |= {str(name): max(depth[str(name)], level) for name in kind["source"]}
    ends = list(zip(paths["source"].astype(str), paths["target"].astype(str), strict=True))
    for _ in depth:
        for source, target in ends:
            depth[target] = max(depth[target], min(depth[source] + 1, len(depth)))
    found: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name, own in depth.items():
        found[own].append(name)
    return [names for names in found if names]


def untangled(columns: list[list[str]], paths: pd.DataFrame) -> list[list[str]]:
    """Order every column by what leads to it, then by where it leads: fewer paths cross."""
    sources, targets = paths["source"].astype(str), paths["target"].astype(str)
    ends = {name: list(sources[targets == name]) for name in targets.unique()}
    starts = {name: list(targets[sources == name]) for name in sources.unique()}
    forward = _sorted_by(columns, ends)
    return _sorted_by(forward[::-1], starts)[::-1]


def _sorted_by(columns: list[list[str]], near: Mapping[str, list[str]]) -> list[list[str]]:
    """Columns, one after the other, by the middle of those near that stand already."""
    height: dict[str, float] = {}
    found = []
    for names in columns:
        at = {name: (row + 0.5) / len(names) for row, name in enumerate(names)}
        for name in names:
            known = [height[other] for other in near.get(name, []) if other in height]
            at[name] = sum(known) / len(known) if known else at[name]
        ordered = sorted(names, key=at.__getitem__)
        height |= {name: (row + 0.5) / len(names) for row, name in enumerate(ordered)}
        found.append(ordered)
    return found


def _height(row: int, n: int, tallest: int) -> float:
    return (row + 0.5) * tallest / n - 0.5


def _arrows(axes: Axes, paths: pd.DataFrame, ends: Mapping[str, Box]) -> None:
    """Arrows of one kind; estimates stand nearer to the end that they are estimates of."""
    largest = float(paths["mean"].abs().max()) or 1.0
    order = paths.groupby("target").cumcount()
    for place, row in zip(order, paths.to_dict("records"), strict=True):
        one, other = ends[str(row["source"])], ends[str(row["target"])]
        start, end = (one.x + one.half, one.y), (other.x - other.half, other.y)
        colour, line = (PLEASANT, "-") if row["mean"] > 0 else (UNPLEASANT, "--")
        width = THINNEST + (WIDEST - THINNEST) * abs(row["mean"]) / largest
        arrow: Any = FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=6,
            linewidth=width,
            linestyle=line,
            color=colour,
            shrinkA=0,
            shrinkB=0,
        )
        axes.add_patch(arrow)
        share = ESTIMATE_AT[place % STRONGEST]
        x, y = (first + share * (second - first) for first, second in zip(start, end, strict=True))
        box = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
        words = signed(row["mean"])
        axes.text(x, y, words, ha="center", va="center", fontsize=6, color=INK, bbox=box, zorder=2)


def alt_text(paths: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Say in words which paths are drawn."""
    shown, names = strongest(paths), labels or {}
    if shown.empty:
        return "Path diagram without paths: every interval covers zero."
    said = [
        f"{names.get(str(row['source']), row['source'])} to "
        f"{names.get(str(row['target']), row['target'])} {signed(row['mean'])}"
        for row in shown.to_dict("records")
    ]
    return f"Path diagram of the strongest paths: {listed(said)}."
