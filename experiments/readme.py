"""Fill the tables of a README from results: no number in them is typed by hand.

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from emotion_models.files import write_text

BLOCK = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(readme: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Replace every table of a README."""
    write_text(readme, render(readme.read_text(encoding="utf-8"), tables))


def render(text: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Replace every table of a text.

    Raises
    ------
    KeyError
        If the text asks for a table that is not there.
    """
    return BLOCK.sub(lambda m: m.group(1) + markdown(tables[m.group(2)]) + m.group(3), text)


def markdown(table: pd.DataFrame) -> str:
    """Lay a frame out as a Markdown table, text to the left, numbers to the right."""
    if table.empty:
        return "Not run yet.\n"
    head = [str(name).replace("_", " ") for name in table.columns]
    numeric = [pd.api.types.is_any_real_numeric_dtype(table[name]) for name in table.columns]
    rule = ["--:" if right else ":--" for right in numeric]
    body = [[cell(value) for value in row] for row in table.itertuples(index=False)]
    return "".join("| " + " | ".join(row) + " |\n" for row in [head, rule, *body])


def cell(value: Any) -> str:
    """Show a value: three significant digits, yes or no, nothing for unknown."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value).replace("|", "/")


def claims(summary: Mapping[str, Any]) -> pd.DataFrame:
    """The claims of a ``summary.json`` as a table."""
    return pd.DataFrame(summary["claims"], columns=["claim", "figure", "target", "holds"])


def claim(text: str, figure: float | None, target: str, holds: bool | None) -> dict[str, Any]:
    """One claim of a ``summary.json``; `holds` is None where nothing was measured."""
    shown = None if figure is None or figure != figure else round(float(figure), 4)
    return {"claim": text, "figure": shown, "target": target, "holds": holds}


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically; NaN is refused."""
    write_text(path, json.dumps(value, indent=1, allow_nan=False) + "\n")


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table atomically, four significant digits."""
    write_text(path, table.to_csv(index=False, float_format="%.4g", lineterminator="\n"))
