"""A fast slice of the recovery experiment: one small study per capability."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "recovery"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (FOLDER.parent, FOLDER):
        monkeypatch.syspath_prepend(str(folder))


SLICE = {"elicitation", "fading", "monotonic", "identities", "invariance", "literature"}
"""One scenario of each kind runs with every test, the others with the evidence."""


def scenarios() -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        names = list(load("experiments/recovery/scenarios.py").SCENARIOS)
    marks = {True: pytest.mark.slow, False: pytest.mark.evidence}
    return [pytest.param(name, marks=marks[name in SLICE]) for name in names]


@pytest.mark.parametrize("name", scenarios())
def test_truth_is_recovered(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = load("experiments/recovery/run.py")
    monkeypatch.setattr(run, "CHAINS", 1)
    monkeypatch.setattr(run, "DRAWS", 150)
    monkeypatch.setattr(run, "TUNE", 250)
    table = run.replicate(name, 200, 3)
    away = (table["mean"] - table["true"]) / np.maximum(table["sd"], 1e-9)
    known = table["sd"] > 1e-9  # sums of a simplex and the like are certain
    assert away[known].abs().max() < 6
    inside = ((table["rank"] - 0.5).abs() <= 0.49)[known].mean()
    assert inside > 0.8


def test_the_page_shows_the_results() -> None:
    run = load("experiments/recovery/run.py")
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text
