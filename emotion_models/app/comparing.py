"""Scenarios side by side: on the same axes, in the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from markupsafe import Markup

from emotion_models.app import curve
from emotion_models.app.curves import curves_of
from emotion_models.app.densities import hill
from emotion_models.app.findings import Findings, Line, chance, findings_of, span_of
from emotion_models.app.scenario_file import Scenario
from emotion_models.app.shelf import ShelfError
from emotion_models.app.sketch import Sketch
from emotion_models.app.words import change_words
from emotion_models.errors import InputProblems
from emotion_models.reporting.table_writers import to_csv
from emotion_models.reporting.tables import Column, Table

if TYPE_CHECKING:
    from emotion_models.app.studio import Studio
    from emotion_models.simulation import Simulation

MOST: Final = 4
PICTURE: Final = 380


@dataclass(frozen=True)
class Seen:
    """A scenario and what it does.

    Parameters
    ----------
    scenario : Scenario
    found : Findings
    simulation : Simulation
    picture : Markup
    words : str
    """

    scenario: Scenario
    found: Findings
    simulation: Simulation
    picture: Markup
    words: str


@dataclass(frozen=True)
class Cell:
    """An outcome of a scenario; `p_best` is the chance that it is the best of those shown."""

    line: Line
    hill: Markup
    p_best: str
    best: bool


@dataclass(frozen=True)
class Row:
    """An outcome over all scenarios."""

    label: str
    now: str
    cells: tuple[Cell, ...]


def side_by_side(studio: Studio, wanted: Sequence[str]) -> dict[str, Any]:
    """Compare some scenarios.

    Parameters
    ----------
    studio : Studio
    wanted : sequence of str
        Their identifiers; `MOST` at most are taken.

    Returns
    -------
    dict
        What the template is given.
    """
    study = studio.desk.study
    every = [one for one in studio.shelf.every() if isinstance(one, Scenario)]
    choices = [one for one in every if one.fit in {"", study.hash}]
    ids = list(dict.fromkeys(wanted)) or [one.id for one in choices[:2]]
    remarks = [f"Only {MOST} at once: the others are left out."] if len(ids) > MOST else []
    columns: list[Seen] = []
    for id_ in ids[:MOST]:
        try:
            columns.append(_seen(studio, id_))
        except ShelfError as error:
            remarks.append(str(error))
        except InputProblems as error:
            remarks.append(f"'{id_}' does not fit this study. {error.problems[0]}")
    return {
        "study": study,
        "most": MOST,
        "choices": choices,
        "ids": [column.scenario.id for column in columns],
        "remarks": remarks,
        "columns": columns,
        "rows": _rows(columns),
        "claim": columns[0].found.claim if columns else "",
    }


def _seen(studio: Studio, id_: str) -> Seen:
    study, scenario = studio.desk.study, studio.shelf.read(id_)
    if scenario.fit not in {"", study.hash}:
        raise ShelfError(f"\u201c{scenario.name}\u201d is of another fit and cannot be compared.")
    simulation = studio.desk.simulate(scenario.change)
    sketch = Sketch.of(scenario.change, study.touchpoints)
    curves = curves_of(study, simulation, sketch.seen, scenario.shown or study.focus)
    picture = Markup(curve.draw(study, sketch.seen, curves, PICTURE))
    found = findings_of(study, simulation, by_segment=False)
    return Seen(scenario, found, simulation, picture, change_words(study, sketch))


def _rows(columns: list[Seen]) -> list[Row]:
    rows = []
    for index, line in enumerate(columns[0].found.lines if columns else ()):
        lines = [column.found.lines[index] for column in columns]
        span = span_of(lines)
        best = _best(lines)
        cells = tuple(
            Cell(
                each,
                Markup(hill(each, span)),
                "" if p is None else chance(p, each.draws.size),
                p is not None and p == max(q for q in best if q is not None),
            )
            for each, p in zip(lines, best, strict=True)
        )
        rows.append(Row(line.label, line.now, cells))
    return rows


def _best(lines: list[Line]) -> list[float | None]:
    """Chance of each to be the best, draw by draw; none where they do not differ."""
    draws = np.stack([line.sign * line.draws for line in lines])
    if len(lines) < 2 or np.ptp(draws, axis=0).max() < 1e-12:
        return [None] * len(lines)
    top = draws.max(axis=0)
    first = np.isclose(draws, top, rtol=0, atol=1e-12)
    share = (first / first.sum(axis=0)).mean(axis=1)
    return [float(p) for p in share]


def comparison_csv(studio: Studio, wanted: Sequence[str]) -> str:
    """The comparison as a table, one row per scenario and outcome."""
    found = side_by_side(studio, wanted)
    records = [
        {"scenario": column.scenario.name, **record_of(line), "caution": column.found.caution}
        for column in found["columns"]
        for line in column.found.lines
    ]
    columns = (Column("scenario", "Scenario"), *COLUMNS)
    return to_csv(Table.from_records("Scenarios side by side", columns, records=records))


COLUMNS: Final = tuple(
    Column(name, name)
    for name in (
        *("outcome", "group", "today", "then", "difference", "lower", "upper", "unit"),
        *("p_harm", "claim", "in_words", "caution"),
    )
)


def record_of(line: Line) -> dict[str, Any]:
    """An outcome as a row of a table: numbers as they are, and the words of the page."""
    lower, upper = line.interval
    return {
        "outcome": line.label, "group": line.segment or "everybody", "today": line.now,
        "then": line.after, "difference": line.mean, "lower": lower,
        "upper": upper, "unit": line.unit, "p_harm": line.p_harm,
        "claim": line.claim, "in_words": line.words,
    }  # fmt: skip
