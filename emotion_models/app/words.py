"""Settings in words: what a lever is today, what it is set to, what happened at a station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emotion_models.app.curves import stop_label
from emotion_models.reporting.numbers import capital, number, percent, signed

if TYPE_CHECKING:
    from emotion_models.app.dials import Dial
    from emotion_models.app.sketch import Sketch, Stop, Whom
    from emotion_models.app.study import Study


def plain(value: object) -> str:
    """A number as a form writes it."""
    return f"{value:.10g}" if isinstance(value, (int, float)) else str(value)


def today(dial: Dial) -> str:
    """What a lever is today."""
    if dial.today is None:
        return "as today"
    if dial.kind == "binary":
        return f"yes for {percent(dial.today)} today"
    return f"as today, {number(dial.today)} {dial.unit}".rstrip()


def setting(dial: Dial, value: object) -> str:
    """What a lever is set to, or today."""
    return today(dial) if value is None else f"{plain(value)} {dial.unit}".rstrip()


def start(dial: Dial, value: object) -> float:
    """Where its slider stands."""
    if isinstance(value, (int, float)):
        return float(value)
    at = (dial.low + dial.high) / 2 if dial.today is None else dial.today
    steps = round((min(max(at, dial.low), dial.high) - dial.low) / dial.step)
    return min(dial.low + steps * dial.step, dial.high)


def move(points: float) -> str:
    """By how much an emotion moves."""
    return "as today" if not points else signed(points, 0 if float(points).is_integer() else 2)


def did(study: Study, sketch: Sketch, stop: Stop) -> str:
    """What is changed at a station."""
    if stop.off:
        return "left out"
    if stop.into:
        station = study.station(stop.into)
        return f"merged into {station.label if station else stop.into}"
    said = ["once more" if stop.again else "new"] if stop.like else []
    station = study.station(stop.name)
    dials = {dial.name: dial for dial in station.dials} if station else {}
    for (touchpoint, name), value in sketch.levers:
        if touchpoint == stop.name and name in dials:
            said.append(_lever(dials[name], value))
    for (touchpoint, name), points in sketch.emotions:
        feeling = study.feeling(name)
        if touchpoint == stop.name and feeling:
            said.append(f"{feeling.label} {move(points)}")
    return " · ".join(said)


def _lever(dial: Dial, value: Any) -> str:
    labels = dict(dial.options)
    return f"{dial.label} {labels.get(plain(value), setting(dial, value))}".strip()


def whom_words(study: Study, whom: Whom) -> str:
    """The people a change is for; empty for everybody."""
    said = [dict(study.segments).get(whom.group, whom.group)] if whom.group else []
    said += [f"where {whom.where}"] if whom.where else []
    reach = whom.share * whom.adherence
    said += [f"{percent(reach)} of them"] if reach != 1 else []
    return ", ".join(said)


def change_words(study: Study, sketch: Sketch) -> str:
    """The whole change in the words of the study; empty where nothing is changed."""
    said = []
    names = [stop.name for stop in sketch.route if stop.name in study.touchpoints]
    if names != [name for name in study.touchpoints if name in names]:
        said.append("Order: " + ", ".join(stop_label(study, stop) for stop in sketch.route))
    for stop in sketch.stops:
        done = did(study, sketch, stop)
        said += [f"{stop_label(study, stop)}: {done}"] if done else []
    said += [capital(str(step)) for step in sketch.kept]
    whom = whom_words(study, sketch.whom)
    if whom and said:
        said.append(f"For {whom}")
    return ". ".join(said) + "." if said else ""
