"""The page of the costs of options shows what was measured."""

from __future__ import annotations

import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "option-cost"


def test_the_page_shows_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("recovery", "."):
        monkeypatch.syspath_prepend(str(FOLDER.parent / folder))
    run = load("experiments/option-cost/run.py")
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text
