"""The page of people sampled or integrated out shows what was measured."""

from __future__ import annotations

import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "integrated"


def test_the_page_shows_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("recovery", "."):
        monkeypatch.syspath_prepend(str(FOLDER.parent / folder))
    run = load("experiments/integrated/run.py")
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text


def test_the_nodes_in_use_move_a_posterior_little(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("recovery", "."):
        monkeypatch.syspath_prepend(str(FOLDER.parent / folder))
    run = load("experiments/integrated/run.py")
    given = run._ratings(100, 4, 4, 2)
    exact = {step: run._moved(given, step, run.EXACT) for step in (-1, 0, 1)}
    used = (run.rules.AROUND, run.rules.ALONG)
    found = {step: run._moved(given, step, used) for step in (-1, 1)}
    slope = ((found[1] - exact[1]) - (found[-1] - exact[-1])) / (2 * run.STEP)
    bend = (exact[1] - 2 * exact[0] + exact[-1]) / run.STEP**2
    assert (abs(slope * (-bend) ** -0.5) < 0.05).all()
