"""The study of previews: its page shows what was measured, and it measures what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "preview"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    for folder in ("recovery", "."):
        monkeypatch.syspath_prepend(str(FOLDER.parent / folder))
    return load("experiments/preview/run.py")


def test_the_page_shows_the_results(run: Any) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text


def test_compares_what_both_report_in_the_order_of_labels(run: Any) -> None:
    rng = np.random.default_rng(1)
    exact = xr.Dataset(
        {"effect": (("chain", "draw", "emotion"), rng.normal([0, 5], [1, 2], (4, 500, 2)))},
        {"chain": range(4), "emotion": ["joy", "anger"]},
    )
    other = exact.isel(emotion=[0, 1]) + 1.0  # half a sd, or one
    other = other.assign(style=("chain", np.zeros(4)))
    left, right = run.together(other, exact)
    assert left.shape == right.shape == (2000, 2)
    found = run.compared(left, right)
    assert found["difference"] == pytest.approx(0.75, abs=0.05)
    assert found["sd_ratio"] == pytest.approx(1)


@pytest.mark.slow
def test_a_slice(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One small study: near where nothing is latent, and refused or failed where much is."""
    monkeypatch.setattr(run, "N_JOURNEYS", 120)
    brief = run.Settings(draws=150, tune=200, chains=2, cores=1, seed=1)
    monkeypatch.setattr(run, "SETTINGS", brief)
    (reference,) = run.recovery("default", constructs=False)
    row = run.approximated(reference, "pathfinder")
    assert row["parameters"] < 60
    assert row["difference"] < 0.3
    assert 0.5 < row["sd_ratio"] < 1.5
