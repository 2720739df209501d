"""The study of expansions: its page shows what was measured, and it measures what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from emotion_models.inference.diagnostics import EXPANSION_K, EXPANSION_SHARE
from emotion_models.inference.jobs import Sampled
from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "expansion"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    for folder in ("recovery", "speed", "."):
        monkeypatch.syspath_prepend(str(FOLDER.parent / folder))
    return load("experiments/expansion/run.py")


def test_the_page_shows_the_results(run: Any) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text


def sampled(seed: int, shift: float, stats: dict[str, Any]) -> Sampled:
    drawn = np.random.default_rng(seed).normal([shift, 3], [1, 2], (4, 400, 2))
    posterior = xr.Dataset({"effect": (("chain", "draw", "emotion"), drawn)})
    return Sampled(posterior, xr.Dataset(stats), {})


def test_differences_are_in_monte_carlo_errors(run: Any) -> None:
    both = {"expanded": run.table(sampled(1, 0.0, {})), "exact": run.table(sampled(2, 0.5, {}))}
    assert list(both["exact"].index) == ["effect[0]", "effect[1]"]
    found = run.difference(both)
    # 1,600 independent draws each: an error of .035 for a difference of .5.
    assert found["largest"] == pytest.approx(14, abs=3)
    assert found["median ratio of sds"] == pytest.approx(1, abs=0.05)
    assert run.difference({"expanded": both["expanded"]}) == {}


def test_weights_are_the_worst_of_the_chains(run: Any) -> None:
    stats = {EXPANSION_K: ("chain", [0.1, 0.6]), EXPANSION_SHARE: ("chain", [0.9, 0.5])}
    assert run.weights(sampled(1, 0.0, stats)) == {"Pareto k": 0.6, "share of draws left": 0.5}
    assert run.weights(sampled(1, 0.0, {})) == {}
