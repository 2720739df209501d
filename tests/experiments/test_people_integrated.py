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


@pytest.mark.parametrize(("n_emotions", "along"), [(4, "ALONG"), (8, "ALONG_KNOWN")])
def test_the_nodes_in_use_move_a_posterior_little(
    run: ModuleType, n_emotions: int, along: str
) -> None:
    given = run._ratings(100, 4, n_emotions, 2)
    exact = {step: run._values(given, step, run.EXACT) for step in (-1, 0, 1)}
    used = (run.rules.AROUND, getattr(run.rules, along))
    assert (abs(run.moved_by(given, exact, used)) < 0.05).all()
