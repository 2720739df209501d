"""The journey drawn: a line of stations under the curves of some emotions, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from emotion_models.app import svg
from emotion_models.app.curves import Curve, Point, alt_text, stop_label, value_words
from emotion_models.reporting.numbers import number

if TYPE_CHECKING:
    from emotion_models.app.sketch import Sketch
    from emotion_models.app.study import Study

TOP: Final = 18
LABELS: Final = 52
CHARACTER: Final = 6.6
SMALL: Final = 520


@dataclass(frozen=True)
class Frame:
    """The drawing area.

    Parameters
    ----------
    width, height : float
    left, right, bottom : float
        Margins.
    n : int
        Stations.
    """

    width: float
    height: float
    left: float
    right: float
    bottom: float
    n: int

    def x(self, index: int) -> float:
        """Where a station stands."""
        room = self.width - self.left - self.right
        return self.left + room * (index + 0.5) / max(self.n, 1)

    def y(self, share: float) -> float:
        """Where a rating stands, 0..1 of its scale."""
        return TOP + (1 - share) * (self.height - TOP - self.bottom)

    @property
    def pace(self) -> float:
        """From one station to the next."""
        return (self.width - self.left - self.right) / max(self.n, 1)


def draw(study: Study, sketch: Sketch, curves: list[Curve], width: int) -> str:
    """Draw the journey.

    Parameters
    ----------
    study : Study
    sketch : Sketch
    curves : list of Curve
    width : int
        In pixels.

    Returns
    -------
    str
        SVG.
    """
    small = width < SMALL
    frame = Frame(
        width=width, height=300 if small else 360, left=30 if small else 74,
        right=14 if small else 112, bottom=LABELS + 22, n=len(sketch.route),
    )  # fmt: skip
    reordered = [s.name for s in sketch.route if s.name in study.touchpoints] != [
        name for name in study.touchpoints if name in {s.name for s in sketch.route}
    ]
    parts = [_grid(study, frame, curves, small=small)]
    parts += [_curve(frame, curve, joined=not reordered) for curve in curves]
    if not small:
        parts.append(_names(frame, curves))
    parts.append(_stations(study, frame, sketch))
    words = alt_text(study, sketch, curves)
    return svg.tag(
        "svg",
        {
            "class": "journey",
            "viewBox": f"0 0 {width} {frame.height:g}",
            "width": width,
            "height": frame.height,
            "role": "img",
            "aria-label": words,
            "xmlns": "http://www.w3.org/2000/svg",
        },
        svg.tag("title", {}, "The journey and how it feels") + "".join(parts),
    )


def _grid(study: Study, frame: Frame, curves: list[Curve], *, small: bool) -> str:
    parts = []
    scales = {(curve.feeling.low, curve.feeling.high) for curve in curves}
    low, high = scales.pop() if len(scales) == 1 else (0.0, 0.0)
    steps = int(high - low) if high - low in {2.0, 3.0, 4.0, 5.0, 6.0} else 4
    for k in range(steps + 1):
        y = frame.y(k / steps)
        parts.append(
            svg.tag(
                "line",
                {
                    "x1": frame.left,
                    "x2": frame.width - frame.right,
                    "y1": y,
                    "y2": y,
                    "class": "grid",
                },
            )
        )
        if high > low:
            value = number(low + (high - low) * k / steps, 0 if steps == high - low else 1)
            parts.append(svg.text(value, frame.left - 8, y + 4, "tick end"))
    ends = _end_words(study) if high > low else ("lowest", "highest")
    if not small:
        for words, y in zip(ends, (frame.y(0), frame.y(1)), strict=True):
            lines = svg.wrap(words, 9, 2)
            at = y + 4 - 6 * (len(lines) - 1)
            parts += [svg.text(line, 0, at + 12 * i, "tick quiet") for i, line in enumerate(lines)]
    return "".join(parts)


def _end_words(study: Study) -> tuple[str, str]:
    """What the ends of the scale mean, where the codebook says it: ``from 0 (x) to 4 (y)``."""
    words = study.names.rating_words
    if words.count("(") != 2:
        return "", ""
    first, second = (part.partition(")")[0] for part in words.split("(")[1:])
    return ("", "") if first.isdigit() else (first, second)


def _curve(frame: Frame, curve: Curve, *, joined: bool) -> str:
    colour = f"c-{curve.feeling.colour}"
    parts = []
    if curve.moved and joined:
        parts += [
            svg.path([(frame.x(i), frame.y(p.mean)) for i, p in run], f"before {colour}")
            for run in _runs(curve.before)
            if len(run) > 1
        ]
    if curve.moved:
        parts += [
            svg.tag(
                "circle",
                {"cx": frame.x(i), "cy": frame.y(p.mean), "r": 2.6, "class": f"was {colour}"},
            )
            for i, p in enumerate(curve.before)
            if p
        ]
    for run in _runs(curve.after):
        upper = [(frame.x(i), frame.y(p.upper)) for i, p in run]
        lower = [(frame.x(i), frame.y(p.lower)) for i, p in reversed(run)]
        if len(run) > 1:
            parts.append(svg.path([*upper, *lower], f"band {colour}", closed=True))
        mean = [(frame.x(i), frame.y(p.mean)) for i, p in run]
        parts.append(svg.path(mean, f"after {colour}"))
        for (i, p), (x, y) in zip(run, mean, strict=True):
            parts.append(
                svg.tag(
                    "line",
                    {
                        "x1": x,
                        "x2": x,
                        "y1": frame.y(p.lower),
                        "y2": frame.y(p.upper),
                        "class": f"whisker {colour}",
                    },
                )
            )
            parts.append(_marker(curve, x, y, colour, value_words(curve, i)))
    return svg.tag("g", {"class": "curve"}, "".join(parts))


def _marker(curve: Curve, x: float, y: float, colour: str, words: str) -> str:
    title = svg.tag("title", {}, escape(words))
    if curve.feeling.tone == "unpleasant":
        return svg.tag(
            "rect",
            {
                "x": x - 4,
                "y": y - 4,
                "width": 8.0,
                "height": 8.0,
                "rx": 1.5,
                "class": f"dot {colour}",
            },
            title,
        )
    return svg.tag("circle", {"cx": x, "cy": y, "r": 4.4, "class": f"dot {colour}"}, title)


def _runs(points: tuple[Point | None, ...]) -> list[list[tuple[int, Point]]]:
    """Stretches without a gap."""
    runs: list[list[tuple[int, Point]]] = [[]]
    for index, point in enumerate(points):
        if point is None:
            runs.append([])
        else:
            runs[-1].append((index, point))
    return [run for run in runs if run]


def _names(frame: Frame, curves: list[Curve]) -> str:
    """Names of the curves at their right ends, apart from each other."""
    ends = []
    for curve in curves:
        last = next((p for p in reversed(curve.after) if p), None)
        if last is not None:
            ends.append((frame.y(last.mean), curve))
    ends.sort(key=lambda pair: pair[0])
    places = svg.spread([y for y, _ in ends], 15, TOP, frame.y(0))
    x = frame.width - frame.right + 6
    return "".join(
        svg.text(svg.wrap(curve.feeling.label, 15, 1)[0], x, place + 4,
                 f"name c-{curve.feeling.colour}")
        for place, (_, curve) in zip(places, ends, strict=True)
    )  # fmt: skip


def _stations(study: Study, frame: Frame, sketch: Sketch) -> str:
    """The line of stations with their names."""
    y = frame.height - LABELS
    parts = []
    if frame.n:
        parts.append(
            svg.tag(
                "line",
                {"x1": frame.x(0), "x2": frame.x(frame.n - 1), "y1": y, "y2": y, "class": "track"},
            )
        )
    touched = {place[0] for place, _ in (*sketch.levers, *sketch.emotions)}
    width = max(4, int(frame.pace / CHARACTER))
    for index, stop in enumerate(sketch.route):
        x = frame.x(index)
        kind = "new" if stop.like else "touched" if stop.name in touched else "plain"
        parts.append(svg.tag("circle", {"cx": x, "cy": y, "r": 6.5, "class": f"halt {kind}"}))
        label = stop_label(study, stop)
        for i, line in enumerate(svg.wrap(label, width, 2)):
            parts.append(svg.text(line, x, y + 22 + 13 * i, f"stop {kind}"))
    return "".join(parts)
