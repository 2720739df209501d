"""The spread of each outcome's difference drawn: a hill over a line with zero marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from emotion_models.app import svg
from emotion_models.app.findings import density
from emotion_models.reporting.numbers import digits_for, signed

if TYPE_CHECKING:
    from emotion_models.app.findings import Line

WIDTH: Final = 240
HEIGHT: Final = 58
BASE: Final = 38
TOP: Final = 4


def hill(line: Line, span: tuple[float, float]) -> str:
    """Draw the draws of a difference.

    Parameters
    ----------
    line : Line
    span : tuple of (low, high)
        Ends of the axis, which hold zero.

    Returns
    -------
    str
        SVG.
    """
    low, high = span

    def x(value: float) -> float:
        return (min(max(value, low), high) - low) / (high - low) * WIDTH

    parts = [svg.tag("line", {"x1": 0.0, "x2": WIDTH, "y1": BASE, "y2": BASE, "class": "ground"})]
    if line.direction != "same":
        parts += _slopes(line, span, x(0.0))
        lower, upper = line.interval
        parts.append(
            svg.tag(
                "line",
                {"x1": x(lower), "x2": x(upper), "y1": BASE, "y2": BASE, "class": "interval"},
            )
        )
        parts.append(svg.tag("circle", {"cx": x(line.mean), "cy": BASE, "r": 4, "class": "mean"}))
    zero = x(0.0)
    parts.append(
        svg.tag("line", {"x1": zero, "x2": zero, "y1": TOP, "y2": BASE + 6, "class": "zero"})
    )
    parts.append(svg.text("0", zero, HEIGHT - 2, "tick middle"))
    parts += _ends(span, zero)
    return svg.tag(
        "svg",
        {
            "class": f"hill {line.direction}",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "role": "img",
            "aria-label": line.words,
            "xmlns": "http://www.w3.org/2000/svg",
        },
        "".join(parts),
    )


def _slopes(line: Line, span: tuple[float, float], zero: float) -> list[str]:
    """The hill in two parts: what helps, and what harms."""
    low, high = span
    height = density(line.draws, low, high)
    xs = (np.arange(height.size) + 0.5) / height.size * WIDTH
    ys = BASE - height * (BASE - TOP)
    found = []
    for left in (True, False):
        side = xs < zero if left else xs >= zero
        if not side.any() or height[side].max() < 0.004:
            continue
        points = list(zip(xs[side].tolist(), ys[side].tolist(), strict=True))
        edge = float(np.interp(zero, xs, ys))
        points = [*points, (zero, edge)] if left else [(zero, edge), *points]
        shape = [(points[0][0], float(BASE)), *points, (points[-1][0], float(BASE))]
        kind = "harm" if left == (line.sign > 0) else "help"
        found.append(svg.path(shape, f"slope {kind}", closed=True))
    return found


def _ends(span: tuple[float, float], zero: float) -> list[str]:
    found = []
    digits = digits_for(span[1] - span[0])
    for value, x, class_ in ((span[0], 0.0, "tick"), (span[1], float(WIDTH), "tick end")):
        if abs(x - zero) > 34:
            found.append(svg.text(signed(value, digits), x, HEIGHT - 2, class_))
    return found
