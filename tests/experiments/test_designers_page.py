"""The page's benchmark: its README shows what was measured."""

from __future__ import annotations

import json

import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "designers-page"


def test_the_page_shows_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER.parent))
    run = load("experiments/designers-page/run.py")
    found = json.loads(run.SUMMARY.read_text(encoding="utf-8"))
    assert found["claims"] == run.claims(found)
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables(found)) == text
