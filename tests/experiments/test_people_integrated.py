"""The page of people sampled or integrated out shows what was measured."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "integrated"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for folder in ("recovery", "."):
        monkeypatch.syspath_prepend(str(FOLDER.parent / folder))
    return load("experiments/integrated/run.py")


def test_the_page_shows_the_results(run: ModuleType) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text


def test_the_nodes_in_use_move_a_posterior_little(run: ModuleType) -> None:
    given = run._ratings(100, 4, 4, 2)
    exact = {step: run._values(given, step, run.EXACT) for step in (-1, 0, 1)}
    used = (run.rules.AROUND, run.rules.ALONG)
    assert (abs(run.moved_by(given, exact, used)) < 0.05).all()
