"""The speed page shows what was measured."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "experiments" / "speed-first"


def test_the_page_shows_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER.parent))
    spec = importlib.util.spec_from_file_location("speed_first", FOLDER / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert module.readme.render(text, module.tables()) == text
