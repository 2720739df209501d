"""What the templates are given; all numbers and words are finished here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from emotion_models.app import curve, words
from emotion_models.app.curves import curves_of, stop_label
from emotion_models.app.densities import hill
from emotion_models.app.findings import Findings, Line, findings_of, in_short, span_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emotion_models.app.scenario_file import Scenario
    from emotion_models.app.sketch import Sketch, Stop, Value
    from emotion_models.app.study import Station, Study
    from emotion_models.simulation import Simulation

EXPORTS: Final = (
    ("toml", "The change, for the command line (TOML)"),
    ("csv", "Table of outcomes (CSV)"),
    ("svg", "Picture of the journey (SVG)"),
    ("png", "Picture of journey and outcomes (PNG)"),
    ("md", "Section for a report (Markdown)"),
    ("html", "Section for a report (HTML)"),
)


@dataclass(frozen=True)
class Item:
    """A station of the list.

    Parameters
    ----------
    key, field : str
        For identifiers of elements, and names of fields.
    value : str
        What the form sends.
    stop : Stop
    at : Station or None
        None for a station that was added.
    label, like_label, did : str
    levers : mapping of str to value
    emotions : mapping of str to float
    open : bool
    """

    key: str
    field: str
    value: str
    stop: Stop
    at: Station | None
    label: str
    like_label: str
    did: str
    levers: Mapping[str, Value]
    emotions: Mapping[str, float]
    open: bool


@dataclass(frozen=True)
class Card:
    """An outcome with its picture."""

    line: Line
    hill: Markup
    groups: tuple[Line, ...]


@dataclass(frozen=True)
class View:
    """How the page is looked at: nothing of it changes an answer."""

    tab: str = ""
    shown: tuple[str, ...] = ()
    width: int = 820
    by_segment: bool = False


def items(study: Study, sketch: Sketch) -> list[Item]:
    """The stations in order; the one where most can be designed is open."""
    first = max(study.stations, key=lambda station: len(station.dials)).name
    return [_item(study, sketch, stop, index, first) for index, stop in enumerate(sketch.stops)]


def _item(study: Study, sketch: Sketch, stop: Stop, index: int, first: str) -> Item:
    at = None if stop.like else study.station(stop.name)
    like = study.station(stop.like)
    kind = "r" if stop.again else "a"
    return Item(
        key=str(at.index) if at else f"x{index}",
        field=str(at.index) if at else f"+{stop.name}",
        value=f"s:{at.index}" if at else f"{kind}:{like.index if like else 0}:{stop.name}",
        stop=stop,
        at=at,
        label=stop_label(study, stop),
        like_label=like.label if like else "",
        did=words.did(study, sketch, stop),
        levers={name: value for (place, name), value in sketch.levers if place == stop.name},
        emotions={name: value for (place, name), value in sketch.emotions if place == stop.name},
        open=stop.name == first,
    )


def answer(
    study: Study, scenario: Scenario, sketch: Sketch, simulation: Simulation, view: View
) -> dict[str, Any]:
    """What is redrawn when something was moved."""
    shown = view.shown or study.focus
    found = findings_of(study, simulation, by_segment=view.by_segment)
    seen = sketch.seen
    curves = curves_of(study, simulation, seen, shown)
    return {
        "study": study,
        "scenario": scenario,
        "picture": Markup(curve.draw(study, seen, curves, view.width)),
        "change_words": words.change_words(study, sketch),
        "found": found,
        "outcome_cards": cards(found, by_segment=view.by_segment),
        "short": in_short(found),
        "stations": items(study, sketch),
        "shown": shown,
        "by_segment": view.by_segment,
        "tab": view.tab,
        "width": view.width,
    }


def cards(found: Findings, *, by_segment: bool) -> list[Card]:
    """One card per outcome."""
    return [
        Card(
            line,
            Markup(hill(line, span_of([line])) if found.changed else ""),
            found.groups[line.outcome] if by_segment else (),
        )
        for line in found.lines
    ]


def board(study: Study, sketch: Sketch) -> dict[str, Any]:
    """What the sliders show."""
    codebook_label = study.segment_label
    return {
        "whom": sketch.whom,
        "whom_words": words.whom_words(study, sketch.whom),
        "whom_open": bool(words.whom_words(study, sketch.whom)),
        "share": round(100 * sketch.whom.share),
        "adherence": round(100 * sketch.whom.adherence),
        "kept": [str(step) for step in sketch.kept],
        "segment_label": f"By {codebook_label[:1].lower()}{codebook_label[1:]}",
    }
