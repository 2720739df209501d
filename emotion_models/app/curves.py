"""Values of the emotion curves along the changed journey, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    rows: dict[tuple[str, str, str], dict[Any, Any]] = {
        (row["touchpoint"], row["emotion"], row["when"]): row
        for row in simulation.curve().to_dict("records")
        if row["emotion"] in shown
    }
    found = []
    for name in shown:
        feeling = study.feeling(name)
        if feeling is None:
            continue

        def point(stop: Stop, when: str, feeling: Feeling = feeling) -> Point | None:
            own = stop.like or stop.name
            if (own, feeling.name) in study.few:
                return None
            row = rows.get((stop.name, feeling.name, when))
            if row is None and stop.like and when == "after":
                row = rows.get((own, feeling.name, "before"))
            return None if row is None else _point(row, feeling)

        before = tuple(point(stop, "before") for stop in sketch.route)
        after = tuple(point(stop, "after") for stop in sketch.route)
        found.append(Curve(feeling, before, after))
    return found


def _point(row: dict[Any, Any], feeling: Feeling) -> Point | None:
    shares = [(float(row[key]) - feeling.low) / feeling.reach for key in ("mean", "lower", "upper")]
    return Point(*shares) if shares[0] == shares[0] else None


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
