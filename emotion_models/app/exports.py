"""A scenario as a file: the change, its table, its pictures, a section for a report."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from emotion_models.app import curve, svg
from emotion_models.app.comparing import COLUMNS, record_of
from emotion_models.app.curves import curves_of
from emotion_models.app.findings import findings_of
from emotion_models.app.words import change_words
from emotion_models.reporting.anonymity import THRESHOLD, enough, hidden_groups, without
from emotion_models.reporting.blocks import Paragraph, Picture, ReportContent, Section, walk
from emotion_models.reporting.causes import causes_of
from emotion_models.reporting.inputs import Inputs, segment_counts
from emotion_models.reporting.sections.answers import change_sections
from emotion_models.reporting.table_writers import to_csv
from emotion_models.reporting.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from emotion_models.app.scenario_file import Scenario
    from emotion_models.app.sketch import Sketch
    from emotion_models.app.studio import Studio
    from emotion_models.simulation import Simulation

KINDS: Final = {
    "toml": "application/toml; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
WIDTH: Final = 900
DPI: Final = 200
STYLE: Final = """
text{font:12px 'Figtree','Segoe UI','Helvetica Neue',Arial,sans-serif;fill:#1d1a26}
.grid{stroke:#e6e1d8}.tick{fill:#5d5768;font-size:11px}.end{text-anchor:end}
.stop{text-anchor:middle}.name{font-weight:600}.track{stroke:#43295c;stroke-width:3}
.halt{fill:#fff;stroke:#43295c;stroke-width:3}.halt.touched{fill:#f2c14e}
.halt.new{fill:#43295c}.after{fill:none;stroke:currentColor;stroke-width:2.4}
.before{fill:none;stroke:currentColor;stroke-dasharray:4 4;opacity:.7}
.band{fill:currentColor;opacity:.13}.whisker{stroke:currentColor;stroke-width:1.2;opacity:.6}
.dot{fill:currentColor}.was{fill:#fff;stroke:currentColor}
.name.c-p0,.name.c-p1,.name.c-p2,.name.c-p3,.name.c-p4,
.name.c-u0,.name.c-u1,.name.c-u2,.name.c-u3,.name.c-u4{fill:currentColor}
.c-p0{color:#17517e}.c-p1{color:#0a6f62}.c-p2{color:#5a44a8}.c-p3{color:#4a6b0e}.c-p4{color:#22689e}
.c-u0{color:#b4470a}.c-u1{color:#b3261e}.c-u2{color:#97366b}.c-u3{color:#7d5600}.c-u4{color:#7a4435}
.c-n0,.c-n1,.c-n2,.c-n3,.c-n4{color:#5d5768}
"""


@dataclass(frozen=True)
class Made:
    """A scenario and what it does, for all exports."""

    scenario: Scenario
    sketch: Sketch
    simulation: Simulation
    inputs: Inputs
    words: str


def exported(studio: Studio, id_: str, kind: str) -> bytes:
    """Write a scenario in one of `KINDS`.

    Parameters
    ----------
    studio : Studio
    id_ : str
    kind : str

    Returns
    -------
    bytes
    """
    scenario, sketch = studio.opened(id_)
    if kind == "toml":
        caution = studio.desk.study.caution
        above = f"# {scenario.name}\n" + (f"# {caution}\n" if caution else "")
        return (above + (scenario.change.to_toml() if scenario.change.steps else "")).encode()
    simulation = studio.desk.simulate(scenario.change)
    words = change_words(studio.desk.study, sketch) or "Nothing is changed."
    made = Made(scenario, sketch, simulation, inputs_of(studio, simulation), words)
    match kind:
        case "csv":
            return _csv(studio, made)
        case "svg":
            return _svg(studio, made)
        case "png":
            return _png(made)
        case "md":
            return _markdown(made)
        case _:
            from emotion_models.reporting.typesetting import html

            return html(section_of(made)).encode()


def inputs_of(studio: Studio, simulation: Simulation) -> Inputs:
    """What the report's sections are built from."""
    fit = studio.desk.fit
    return Inputs(
        fit=fit,
        names=studio.desk.study.names,
        simulations=(simulation,),
        hidden=hidden_groups(segment_counts(fit)),
        threshold=THRESHOLD,
        causes=causes_of(fit),
    )


def _csv(studio: Studio, made: Made) -> bytes:
    found = findings_of(studio.desk.study, made.simulation)
    lines = [each for line in found.lines for each in (line, *found.groups[line.outcome])]
    records = [{**record_of(line), "caution": found.caution} for line in lines]
    return to_csv(Table.from_records(made.scenario.name, COLUMNS, records=records)).encode()


def _svg(studio: Studio, made: Made) -> bytes:
    study = studio.desk.study
    shown = made.scenario.shown or study.focus
    curves = curves_of(study, made.simulation, made.sketch.seen, shown)
    drawn = curve.draw(study, made.sketch.seen, curves, WIDTH)
    height = 360 + 24
    notes = [made.words, study.caution]
    lines = [line for note in notes if note for line in svg.wrap(note, 140, 4)]
    foot = "".join(svg.text(line, 8, height + 16 * i, "tick") for i, line in enumerate(lines))
    whole = height + 16 * len(lines)
    drawn = drawn.replace(f'viewBox="0 0 {WIDTH} 360"', f'viewBox="0 0 {WIDTH} {whole}"', 1)
    drawn = drawn.replace('height="360"', f'height="{whole}"', 1)
    start = drawn.index(">") + 1
    end = drawn.rindex("</svg>")
    style = svg.tag("style", {}, STYLE) + svg.tag(
        "rect", {"width": WIDTH, "height": whole, "fill": "#ffffff"}
    )
    return f"{drawn[:start]}{style}{drawn[start:end]}{foot}</svg>".encode()


def _png(made: Made) -> bytes:
    """Words, the journey and the differences under each other."""
    from emotion_models.drawing.journey import journey_curve
    from emotion_models.drawing.scenario import scenario_differences
    from emotion_models.reporting.sections.pictures import in_print

    inputs, simulation = made.inputs, made.simulation
    chart = enough(simulation.curve(), inputs.fit.emotion_curve(), inputs.threshold)
    figures = [_heading(made)]
    if not chart.empty:
        names = inputs.names
        table = names.label(chart)
        figures.append(journey_curve(table, names.valence, axis=names.rating_axis))
    if simulation.outcomes and simulation.change.steps:
        table = without(simulation.table(), inputs.hidden)
        figures.append(
            scenario_differences(in_print(inputs, table, ("difference", "lower", "upper")))
        )
    return _stacked(figures)


def _heading(made: Made) -> Figure:
    from emotion_models.drawing.style import new_figure

    lines = svg.wrap(made.words, 110, 4)
    lines += svg.wrap(made.simulation.caution, 110, 4) if made.simulation.caution else []
    figure = new_figure(0.35 + 0.15 * len(lines))
    figure.text(0.01, 0.98, made.scenario.name, va="top", fontsize=11, fontweight="bold")
    figure.text(0.01, 0.02, "\n".join(lines), va="bottom", fontsize=8)
    return figure


def _stacked(figures: list[Figure]) -> bytes:
    from matplotlib import image
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    parts = []
    for figure in figures:
        figure.set_dpi(DPI)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
        parts.append(np.asarray(canvas.buffer_rgba()))
    width = max(part.shape[1] for part in parts)
    padded = [
        np.pad(part, ((0, 0), (0, width - part.shape[1]), (0, 0)), constant_values=255)
        for part in parts
    ]
    buffer = io.BytesIO()
    image.imsave(buffer, np.concatenate(padded), format="png")
    return buffer.getvalue()


def section_of(made: Made) -> ReportContent:
    """The section that a report has on this change, as a document of its own."""
    inputs, scenario = made.inputs, made.scenario
    study = inputs.fit.survey.codebook.study
    caution = made.simulation.caution
    warnings = [Paragraph(f"Note: {text}", quiet=True) for text in made.simulation.warnings]
    sections: tuple[Section, ...] = change_sections(inputs) if made.simulation.outcomes else ()
    return ReportContent(
        title=scenario.name,
        subtitle=f"A changed {inputs.names.journey}: {study.label}",
        facts=(caution,) if caution else (),
        summary=(Paragraph(made.words), *warnings),
        sections=tuple(replace(one, title="What the change does") for one in sections),
    )


def _markdown(made: Made) -> bytes:
    """One file: its figures stand in it."""
    from emotion_models.reporting.markdown import markdown

    content = section_of(made)
    text = markdown(content, "figures")
    blocks = [block for section in content.sections for block in walk(section)]
    for block in blocks:
        if isinstance(block, Picture):
            data = base64.b64encode(block.svg).decode()
            place = f"](figures/{block.name}.svg)"
            text = text.replace(place, f"](data:image/svg+xml;base64,{data})")
    return text.encode()
