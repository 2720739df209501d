"""Tables as HTML, Markdown, LaTeX, CSV and plain data. Survey text is escaped in each."""

from __future__ import annotations

import csv
import html
import io
import math
import re
from typing import Any, Final

from emotion_models.reporting.tables import Table, Value

# What a spreadsheet would take for a formula, also after blanks or an invisible first character.
_FORMULA = re.compile(r"^[\s\u200b-\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]")

_LATEX: Final[dict[str, str]] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u2212": r"$-$",
    **{letter: f"\\{letter}" for letter in "&%$#_"},
}


def to_data(table: Table) -> dict[str, Any]:
    """Write as plain data: what JSON and the Typst template take.

    Returns
    -------
    dict
        ``caption, note, columns`` (key, label, align), ``cells`` as printed, ``rows`` as raw
        values; NaN and infinity are None, so that strict JSON can hold them.
    """
    return {
        "caption": table.caption,
        "note": table.note,
        "columns": [{"key": c.key, "label": c.label, "align": c.align} for c in table.columns],
        "cells": table.shown(),
        "rows": [[_finite(value) for value in row] for row in table.rows],
    }


def _finite(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_html(table: Table) -> str:
    """Write an HTML table with a caption and header cells."""
    head = "".join(
        f'<th scope="col" class="{column.align}">{html.escape(column.label)}</th>'
        for column in table.columns
    )
    body = "".join(f"<tr>{_html_row(table, cells)}</tr>" for cells in table.shown())
    note = f'<p class="note">{html.escape(table.note)}</p>' if table.note else ""
    return (
        f"<table><caption>{html.escape(table.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
    )


def _html_row(table: Table, cells: list[str]) -> str:
    return "".join(
        f'<th scope="row">{html.escape(cell)}</th>'
        if index == 0
        else f'<td class="{column.align}">{html.escape(cell)}</td>'
        for index, (column, cell) in enumerate(zip(table.columns, cells, strict=True))
    )


def to_markdown(table: Table) -> str:
    """Write a Markdown table; the caption stands above, the note below."""
    heads = [markdown_text(column.label) for column in table.columns]
    rules = ["---:" if column.align == "right" else ":---" for column in table.columns]
    rows = [[markdown_text(cell) for cell in cells] for cells in table.shown()]
    lines = ["| " + " | ".join(cells) + " |" for cells in [heads, rules, *rows]]
    note = f"\n\n{markdown_text(table.note)}" if table.note else ""
    return f"**{markdown_text(table.caption)}**\n\n" + "\n".join(lines) + note


def markdown_text(text: str) -> str:
    """Escape text so that Markdown shows it as it is, on one line."""
    one_line = " ".join(text.split())
    escaped = re.sub(r"([\\`*_\[\]<>|#$~&])", r"\\\1", one_line)
    # A number or dash at the start of a line would begin a list.
    return re.sub(r"^(\d+)([.)])(?=\s)|^([-+])(?=\s)", r"\1\\\2\3", escaped)


def to_latex(table: Table, *, label: str = "") -> str:
    """Write a LaTeX table with the rules of booktabs; cells as printed."""
    align = "".join("l" if column.align == "left" else "r" for column in table.columns)
    rows = [_latex_row(cells) for cells in table.shown()]
    lines = [
        r"\begin{table}",
        rf"\caption{{{latex_text(table.caption)}}}",
        *([rf"\label{{{label}}}"] if label else []),
        rf"\begin{{tabular}}{{{align}}}",
        r"\toprule",
        _latex_row([column.label for column in table.columns]),
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        *([rf"\par\footnotesize {latex_text(table.note)}"] if table.note else []),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _latex_row(cells: list[str]) -> str:
    # A bracket at the start of a row would be read as an argument of the break before it.
    return "{}" + " & ".join(latex_text(cell) for cell in cells) + r" \\"


def latex_text(text: str) -> str:
    """Escape text so that LaTeX prints it as it is, on one line."""
    return "".join(_LATEX.get(letter, letter) for letter in " ".join(text.split()))


def to_csv(table: Table) -> str:
    """Write CSV with raw values; text a spreadsheet would run as a formula gets a leading quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_safe_cell(column.key) for column in table.columns])
    writer.writerows([[_safe_cell(value) for value in row] for row in table.rows])
    return buffer.getvalue()


def _safe_cell(value: Value) -> Value:
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value
