"""A chain that diverged is sampled once more in smaller steps; an interrupted one is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from emotion_models.inference.jobs import Settings
from emotion_models.inference.sampling import CAREFUL, TARGET_ACCEPT, Sampler

SETTINGS = Settings(draws=6, tune=2, chains=1, cores=1, seed=1)


def tree(level: float, *, draws: int = 6, diverging: int = 0) -> xr.DataTree:
    dims, shape = ("chain", "draw"), (1, draws)
    stats = {
        "diverging": (dims, np.arange(draws)[None] < diverging),
        "energy": (dims, np.random.default_rng(1).normal(size=shape)),
        "n_steps": (dims, np.full(shape, 7)),
    }
    posterior = xr.Dataset({"level": (dims, np.full(shape, level))})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": xr.Dataset(stats)})


@pytest.mark.parametrize(
    ("trees", "level", "divergences"),
    [
        ([tree(1)], 1, 0),
        ([tree(1, diverging=2), tree(2)], 2, 0),
        ([tree(1, diverging=2), tree(2, diverging=1)], 2, 1),  # and is reported
        ([tree(1, draws=4, diverging=2)], 1, 2),  # interrupted in the first
        ([tree(1, diverging=2), tree(2, draws=3)], 1, 2),  # and in the second try
        ([tree(1, diverging=2), None], 1, 2),
    ],
)
def test_second_try(
    monkeypatch: pytest.MonkeyPatch, trees: list[Any], level: float, divergences: int
) -> None:
    targets = []

    def sampled(_: Any, run: Any) -> Any:
        targets.append(run.target)
        return trees[len(targets) - 1]

    monkeypatch.setattr(Sampler, "_sample", sampled)
    sampler = object.__new__(Sampler)
    sampler.__dict__ |= {"_settings": SETTINGS, "_compile_seconds": 0.0}
    sampler.__dict__["_job"] = SimpleNamespace(thin=1, block="outcomes")
    found = sampler.chain(0, lambda _: None, lambda: False)
    assert found is not None
    assert float(found.posterior["level"].mean()) == level
    assert int(found.stats["divergences"].sum()) == divergences
    assert targets == [TARGET_ACCEPT, CAREFUL][: len(trees)]
