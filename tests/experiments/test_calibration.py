"""Ranks tell a right sampler from a wrong one, and a run that was killed goes on."""

from __future__ import annotations

import importlib.util
import json
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "experiments" / "calibration"


@pytest.fixture(scope="module")
def run() -> ModuleType:
    """The experiment, with its own modules out of the way of those of others."""
    before = dict(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER.parent / "recovery", FOLDER):
            patch.syspath_prepend(str(folder))
        spec = importlib.util.spec_from_file_location("calibration_run", FOLDER / "run.py")
        assert spec is not None
        assert spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
    for name in set(sys.modules) - set(before):
        if getattr(sys.modules[name], "__file__", None) and "experiments" in str(
            sys.modules[name].__file__
        ):
            del sys.modules[name]
    return found


def test_ranks_of_draws_from_the_same_distribution_are_uniform(run: ModuleType) -> None:
    rng = np.random.default_rng(1)
    ranks = np.array(
        [run.ranks.rank(rng.normal(), rng.normal(size=run.ranks.DRAWS), rng) for _ in range(400)]
    )
    assert run.ranks.uniformity(ranks) > 0.05
    assert run.ranks.coverage(ranks, 0.8) == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize(("shift", "scale"), [(0.4, 1.0), (0.0, 0.7), (0.0, 1.5)])
def test_a_wrong_middle_or_width_is_seen(run: ModuleType, shift: float, scale: float) -> None:
    rng = np.random.default_rng(2)
    draws = (rng.normal(shift, scale, run.ranks.DRAWS) for _ in range(400))
    ranks = np.array([run.ranks.rank(rng.normal(), own, rng) for own in draws])
    assert run.ranks.uniformity(ranks) < 0.001


def test_bands_hold_for_all_ranks_at_once(run: ModuleType) -> None:
    rng, n = np.random.default_rng(3), 100
    low, high = run.ranks.band(n)
    place = np.arange(1, run.ranks.DRAWS + 1) / (run.ranks.DRAWS + 1)
    inside = 0
    for _ in range(400):
        ranks = np.sort(rng.integers(0, run.ranks.DRAWS + 1, n))
        away = np.searchsorted(ranks, np.arange(run.ranks.DRAWS), side="right") / n - place
        inside += bool(((away >= low - 1e-9) & (away <= high + 1e-9)).all())
    assert inside / 400 == pytest.approx(0.95, abs=0.035)


def test_ties_share_their_ranks(run: ModuleType) -> None:
    rng = np.random.default_rng(4)
    ranks = np.array([run.ranks.rank(0.0, np.zeros(100), rng) for _ in range(500)])
    assert run.ranks.uniformity(ranks) > 0.01


class Here(Executor):
    """Runs in this process, at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_run_that_was_killed_goes_on(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def replicate(name: str, seed: int) -> dict[str, Any]:
        asked.append(seed)
        return {"seed": seed, "divergences": 0, "ranks": {"effect": 50}}

    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "replicate", replicate)
    done = json.dumps(replicate("recall", 1)) + '\n{"seed": 2, "rank'
    (tmp_path / "recall.jsonl").write_text(done, encoding="utf-8")
    asked.clear()
    run.calibrate(["recall"], 4, Here())
    assert asked == [0, 2, 3]
    kept = run._rows(tmp_path / "recall.jsonl")
    assert [row["seed"] for row in kept] == [0, 1, 2, 3]


def test_every_case_is_a_study_that_can_be_drawn(run: ModuleType) -> None:
    for case in run.CASES.values():
        assert getattr(case.model, case.block)
    assert isinstance(run.ranks.judged(pd.DataFrame({"a": np.arange(50)})), pd.DataFrame)
