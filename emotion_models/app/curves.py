"""Values of the emotion curves along the changed journey, and the same in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emotion_models.app.findings import quantile
from emotion_models.intervals import LOWER, UPPER
from emotion_models.reporting.numbers import number

if TYPE_CHECKING:
    from emotion_models.app.sketch import Sketch, Stop
    from emotion_models.app.study import Feeling, Study
    from emotion_models.simulation import Simulation


@dataclass(frozen=True)
class Point:
    """Where an emotion stands at a station, on 0..1 of its scale."""

    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Curve:
    """An emotion along the changed journey; None where nothing may be shown."""

    feeling: Feeling
    before: tuple[Point | None, ...]
    after: tuple[Point | None, ...]

    @property
    def moved(self) -> bool:
        """Whether anything changes."""
        pairs = zip(self.before, self.after, strict=True)
        return any(a and b and abs(a.mean - b.mean) > 1e-9 for a, b in pairs)


def curves_of(
    study: Study, simulation: Simulation, sketch: Sketch, shown: tuple[str, ...]
) -> list[Curve]:
    """Values of the shown emotions along the changed journey.

    Parameters
    ----------
    study : Study
    simulation : Simulation
    sketch : Sketch
    shown : tuple of str

    Returns
    -------
    list of Curve
    """
    felt = {
        place: (float(draws.mean()), quantile(ordered, LOWER), quantile(ordered, UPPER))
        for place, draws in simulation.felt.items()
        if place[1] in shown
        for ordered in (np.sort(draws),)
    }
    found = []
    for name in shown:
        feeling = study.feeling(name)
        if feeling is None:
            continue
        before, after = [], []
        for stop in sketch.route:
            own = (stop.like or stop.name, name)
            now = study.points.get(own)
            then = felt.get((stop.name, name), now) if own not in study.few else None
            before.append(_point(None if stop.like else now, feeling))
            after.append(_point(then, feeling))
        found.append(Curve(feeling, tuple(before), tuple(after)))
    return found


def _point(value: tuple[float, float, float] | None, feeling: Feeling) -> Point | None:
    if value is None or not math.isfinite(value[0]):
        return None
    return Point(*((each - feeling.low) / feeling.reach for each in value))


def value_words(curve: Curve, index: int) -> str:
    """An emotion at a station in words."""
    feeling, point = curve.feeling, curve.after[index]
    if point is None:
        return feeling.label
    mean, low, high = (
        number(feeling.low + share * feeling.reach, 1)
        for share in (point.mean, point.lower, point.upper)
    )
    return f"{feeling.label}: {mean} ({low} to {high})"


def stop_label(study: Study, stop: Stop) -> str:
    """What a station is called."""
    if stop.like and not stop.again:
        return stop.name
    station = study.station(stop.like or stop.name)
    label = station.label if station else stop.name
    return label + stop.name.removeprefix(stop.like) if stop.again else label


def alt_text(study: Study, sketch: Sketch, curves: list[Curve]) -> str:
    """The picture in words."""
    stops = ", ".join(stop_label(study, stop) for stop in sketch.route)
    parts = [f"Stations: {stops}."]
    for curve in curves:
        known = [(i, p) for i, p in enumerate(curve.after) if p]
        if not known:
            continue
        top = max(known, key=lambda pair: pair[1].mean)
        at = stop_label(study, sketch.route[top[0]])
        value = number(curve.feeling.low + top[1].mean * curve.feeling.reach, 1)
        words = f"{curve.feeling.label} is highest at {at} ({value})"
        parts.append(words + (", changed." if curve.moved else "."))
    return " ".join(parts)
