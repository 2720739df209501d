"""The supplement of a paper: everything a report shows, each piece as a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from emotion_models.errors import InputProblems, Problem
from emotion_models.files import new_folder, write_bytes, write_text
from emotion_models.reporting.blocks import Picture, ReportContent, every_block
from emotion_models.reporting.document import Report, check_place, pictures
from emotion_models.reporting.plain_data import finding_data
from emotion_models.reporting.table_writers import markdown_text, to_csv, to_latex
from emotion_models.reporting.tables import Column, Table
from emotion_models.reporting.typesetting import figure_as

Listed = list[tuple[str, str]]
"""Files and what is in them."""


def write_supplement(report: Report, folder: Path) -> Path:
    """Write a folder: report, findings, tables as CSV and LaTeX, figures as SVG, PDF and PNG.

    It appears whole or not at all.

    Parameters
    ----------
    report : Report
    folder : Path
        New, in a folder that exists.

    Returns
    -------
    Path

    Raises
    ------
    InputProblems
        If it exists already, or where it should lie does not.
    ReportError
        When something cannot be typeset.
    OSError
        When it cannot be written.
    """
    if folder.exists():
        problem = Problem(str(folder), "exists already", "name a new folder: nothing is replaced")
        raise InputProblems("supplement", [problem])
    check_place("supplement", folder)
    # By name: a figure that is shown twice is one file.
    figures = {each.name: each for each in pictures(report.content)}.values()
    with new_folder(folder) as part:
        listed = [
            *_documents(report, part),
            *_tables(report.content, part / "tables"),
            *_figures(figures, part / "figures"),
        ]
        write_text(part / "CONTENTS.md", _contents(report.content, listed, figures))
    return folder


def _documents(report: Report, folder: Path) -> Listed:
    for ending in ("pdf", "html", "json"):
        report.save(folder / f"report.{ending}")
    write_text(folder / "findings.csv", to_csv(findings_table(report.content)))
    return [
        ("report.pdf, report.html", "the report"),
        ("report.json", "all it says, for machines"),
        ("findings.csv", "every finding with its estimate, interval, probability and claim level"),
    ]


def findings_table(content: ReportContent) -> Table:
    """Every finding of a report, a row each; those withheld have no numbers.

    Parameters
    ----------
    content : ReportContent

    Returns
    -------
    Table
    """
    keys = ("claim", "estimate", "lower", "upper", "unit", "probability", "level", "withheld")
    columns = [Column(key, key) for key in (*keys, "caveats", "depends_on")]
    records = []
    for finding in content.findings:
        data = finding_data(finding)
        lists = {key: "; ".join(data[key]) for key in ("caveats", "depends_on")}
        records.append(data | lists)
    return Table.from_records("Findings", columns, records=records)


def _tables(content: ReportContent, folder: Path) -> Listed:
    folder.mkdir()
    listed = []
    tables = dict.fromkeys(block for block in every_block(content) if isinstance(block, Table))
    for number, table in enumerate(tables, start=1):
        name = f"table-{number:02d}"
        write_text(folder / f"{name}.csv", to_csv(table))
        write_text(folder / f"{name}.tex", to_latex(table, label=f"tab:{name}"))
        listed.append((f"tables/{name}.csv, .tex", table.caption))
    return listed


def _figures(figures: Iterable[Picture], folder: Path) -> Listed:
    folder.mkdir()
    listed = []
    for picture in figures:
        write_bytes(folder / f"{picture.name}.svg", picture.svg)
        write_bytes(folder / f"{picture.name}.pdf", figure_as("pdf", picture))
        write_bytes(folder / f"{picture.name}.png", figure_as("png", picture))
        listed.append((f"figures/{picture.name}.svg, .pdf, .png", picture.caption))
    return listed


def _contents(content: ReportContent, listed: Listed, figures: Iterable[Picture]) -> str:
    head = [f"# {markdown_text(content.title)}", markdown_text(content.subtitle)]
    facts = [f"- {markdown_text(fact)}" for fact in (*content.facts, *content.notices)]
    files = [f"- `{name}`: {markdown_text(said)}" for name, said in listed]
    reading = (
        "Tables hold numbers as computed (`.csv`) and as printed (`.tex`, which wants the package "
        "booktabs). Figures are drawn as outlines: no font is needed."
    )
    words = [f"- `{each.name}`: {markdown_text(each.alt)}" for each in figures]
    parts = [*(part for part in head if part), "\n".join(facts), "## Files", "\n".join(files)]
    return "\n\n".join([*parts, reading, "## Figures in words", "\n".join(words)]) + "\n"
