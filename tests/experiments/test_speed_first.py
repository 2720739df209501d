"""The speed page shows what was measured."""

from __future__ import annotations

import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "speed-first"


def test_the_page_shows_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER.parent))
    module = load("experiments/speed-first/run.py")
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert module.readme.render(text, module.tables()) == text
