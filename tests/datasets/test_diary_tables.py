"""The tables in the README of the diary experiment are those of its result files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DIARY = Path(__file__).parents[2] / "experiments" / "diary"


def test_readme_is_up_to_date_with_the_results() -> None:
    spec = importlib.util.spec_from_file_location("diary_tables", DIARY / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    text = (DIARY / "README.md").read_text(encoding="utf-8")
    assert tables.render(text) == text, "run: python experiments/diary/tables.py"
