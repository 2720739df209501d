"""From the fields of the page's form to a sketch; whatever is not of the form is refused."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from emotion_models.app.scenario_file import clean_name
from emotion_models.app.sketch import Sketch, Stop, Whom, name_again
from emotion_models.errors import InputProblems, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emotion_models.app.dials import Dial
    from emotion_models.app.guard import Fields
    from emotion_models.app.study import Feeling, Station, Study

MAX_STOPS: Final = 60
MAX_WHERE: Final = 300
NARROW: Final = 260
WIDE: Final = 1600
USUAL: Final = 820
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_TAB: Final = re.compile(r"[a-z0-9]{8,32}")


@dataclass(frozen=True)
class Posted:
    """What the form says besides the change.

    Parameters
    ----------
    sketch : Sketch
    version : int
        The version of the scenario that it shows.
    tab : str
        Which browser tab it is.
    shown : tuple of str
        Emotions in the picture.
    width : int
        Of the picture, in pixels.
    control : str
        What was moved.
    by_segment : bool
    """

    sketch: Sketch
    version: int
    tab: str
    shown: tuple[str, ...]
    width: int
    control: str
    by_segment: bool


def read_form(fields: Fields, study: Study, kept: Sequence[Any]) -> Posted:
    """Read the form.

    Parameters
    ----------
    fields : Fields
    study : Study
    kept : sequence of steps
        Of the scenario, those without a slider; the form names the ones that stay.

    Returns
    -------
    Posted

    Raises
    ------
    InputProblems
        With every field that is not of the page's form.
    """
    problems: list[Problem] = []
    stops = _stops(fields, study, problems)
    here = {stop.name for stop in stops if not stop.like}
    stations = [station for station in study.stations if station.name in here]
    levers = [
        ((station.name, dial.name), value)
        for station in stations
        for dial in station.dials
        if (value := _lever(fields, station, dial, problems)) is not None
    ]
    keys = _keys(stops, study)
    emotions = [
        ((stop.name, feeling.name), points)
        for stop, key in keys
        for feeling in study.feelings
        if (points := _points(fields, f"e.{key}.{feeling.index}", feeling, problems))
    ]
    whom = _whom(fields, study, problems)
    stay = _stay(fields, kept, problems)
    if problems:
        raise InputProblems("form", problems)
    return Posted(
        sketch=Sketch(tuple(stops), tuple(levers), tuple(emotions), whom, stay),
        version=count(fields.one("version")),
        tab=tab_of(fields),
        shown=tuple(f.name for f in study.feelings if str(f.index) in fields.every("show")),
        width=width_of(fields.one("w")),
        control=fields.one("moved")[:40],
        by_segment=fields.one("by_segment") == "1",
    )


def count(text: str) -> int:
    """A whole number from 0; 0 for anything else."""
    return int(text) if _COUNT.fullmatch(text) else 0


def width_of(text: str) -> int:
    """A sensible width of the picture."""
    return min(max(count(text), NARROW), WIDE) if text else USUAL


def tab_of(fields: Fields) -> str:
    """Which tab posted; empty for what is no name of a tab."""
    tab = fields.one("tab")
    return tab if _TAB.fullmatch(tab) else ""


def _stops(fields: Fields, study: Study, problems: list[Problem]) -> list[Stop]:
    """Stations in the order of the form: ``s0`` of the survey, ``a:2:NAME`` added like it."""
    stops: list[Stop] = []
    off = set(fields.every("off"))
    for value in fields.every("stop")[: MAX_STOPS + 1]:
        stop = _stop(value, fields, study, off)
        if stop is None or stop.name in {other.name for other in stops}:
            problems.append(Problem("station", f"'{value[:40]}' is not one, or is there twice"))
        else:
            stops.append(stop)
    if len(stops) > MAX_STOPS:
        problems.append(Problem("stations", f"more than {MAX_STOPS}", "remove some"))
    missing = set(study.touchpoints) - {stop.name for stop in stops}
    if missing:
        problems.append(Problem("stations", f"missing: {', '.join(sorted(missing))}", "reload"))
    return stops


def _stop(value: str, fields: Fields, study: Study, off: set[str]) -> Stop | None:
    kind, _, rest = value.partition(":")
    if kind == "s":
        station = _at(study.stations, rest)
        if station is None:
            return None
        into = _at(study.stations, fields.one(f"into.{station.index}"))
        merged = into.name if into is not None and into is not station else ""
        return Stop(station.name, off=value in off and not merged, into=merged)
    index, _, name = rest.partition(":")
    like = _at(study.stations, index)
    if like is None or kind not in {"a", "r"} or name != clean_name(name) or value in off:
        return None
    return Stop(name, like.name, again=kind == "r")


def _at[T](things: Sequence[T], index: str) -> T | None:
    found = count(index) if _COUNT.fullmatch(index) else len(things)
    return things[found] if found < len(things) else None


def _lever(
    fields: Fields, station: Station, dial: Dial, problems: list[Problem]
) -> float | str | None:
    """What a lever is set to; None where it stays as it is."""
    name = f"l.{station.index}.{dial.index}"
    value = fields.one(name)
    if dial.kind == "numeric":
        if f"{name}.on" not in fields:
            return None
        return _number(value, f"{dial.label} at {station.label}", problems)
    if value in {"", "-"}:
        return None
    if value not in {option for option, _ in dial.options}:
        problems.append(Problem(f"{dial.label} at {station.label}", f"no '{value[:40]}'"))
        return None
    return float(value) if dial.kind == "binary" else value


def _keys(stops: Sequence[Stop], study: Study) -> list[tuple[Stop, str]]:
    """Stations with what the names of their fields begin with, as surveyed, then the added."""
    own = {stop.name: stop for stop in stops if not stop.like}
    found = [(own[s.name], str(s.index)) for s in study.stations if s.name in own]
    return [*found, *((stop, f"+{stop.name}") for stop in stops if stop.like)]


def _points(fields: Fields, name: str, feeling: Feeling, problems: list[Problem]) -> float | None:
    """By how much an emotion moves; None where it stays as it is."""
    text = fields.one(name)
    if not text:
        return None
    points = _number(text, feeling.label, problems)
    if points is not None and abs(points) > feeling.reach:
        problems.append(
            Problem(feeling.label, f"moved by {points:g}", f"its scale has {feeling.reach:g}")
        )
    return points or None


def _number(text: str, where: str, problems: list[Problem]) -> float | None:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or len(text) > 40:
        problems.append(Problem(where, f"'{text[:40]}' is not a number", "give a number"))
        return None
    return value


def _whom(fields: Fields, study: Study, problems: list[Problem]) -> Whom:
    group, where = fields.one("group"), " ".join(fields.one("where").split())
    if group and group not in dict(study.segments):
        problems.append(Problem("for whom", f"no group '{group[:40]}'"))
    if len(where) > MAX_WHERE:
        problems.append(Problem("for whom", "the condition is too long", f"{MAX_WHERE} at most"))
    shares = []
    for name, words in (("share", "how many"), ("adherence", "how well it is kept")):
        text = fields.one(name) or "100"
        share = _number(text, words, problems)
        if share is not None and not 0 <= share <= 100:
            problems.append(Problem(words, f"{share:g} of 100", "give 0 to 100"))
        shares.append(1.0 if share is None else share / 100)
    return Whom(group, where[:MAX_WHERE], shares[0], shares[1])


def _stay(fields: Fields, kept: Sequence[Any], problems: list[Problem]) -> tuple[Any, ...]:
    wanted = fields.every("kept")
    unknown = [one for one in wanted if _at(kept, one) is None]
    if unknown:
        problems.append(Problem("steps from the file", "changed meanwhile", "reload"))
    return tuple(step for index, step in enumerate(kept) if str(index) in wanted)


def with_station(sketch: Sketch, study: Study, fields: Fields) -> Sketch:
    """Add the station that the form describes: a new one like another, or one once more.

    Raises
    ------
    InputProblems
        If it cannot be added.
    """
    like = _at(study.stations, fields.one("add_like"))
    again = fields.one("add_again") == "1"
    taken = [stop.name for stop in sketch.stops]
    problems = []
    if like is None:
        problems.append(Problem("new station", "nothing says how it feels", "choose one"))
        raise InputProblems("new station", problems)
    given = fields.one("add_name")
    name = name_again(like.name, taken) if again else clean_name(given) if given.strip() else ""
    if not name:
        problems.append(Problem("new station", "it has no name", "give it one"))
    if name in taken:
        problems.append(Problem("new station", f"there is a '{name}' already", "name it otherwise"))
    if len(sketch.stops) >= MAX_STOPS:
        problems.append(Problem("stations", f"{MAX_STOPS} at most", "remove some first"))
    if problems:
        raise InputProblems("new station", problems)
    new = Stop(name, like.name, again=again)
    at = taken.index(like.name) + 1 if again else len(taken)
    return Sketch(
        (*sketch.stops[:at], new, *sketch.stops[at:]),
        sketch.levers, sketch.emotions, sketch.whom, sketch.kept,
    )  # fmt: skip
