"""The tables in the README of the diary experiment are those of its result files."""

from __future__ import annotations

from tests.scripts import ROOT, load


def test_readme_is_up_to_date_with_the_results() -> None:
    tables = load("experiments/diary/tables.py")
    text = (ROOT / "experiments" / "diary" / "README.md").read_text(encoding="utf-8")
    assert tables.render(text) == text, "run: python experiments/diary/tables.py"
