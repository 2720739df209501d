"""A fast slice of the recovery experiment: one small study per capability."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
import xarray as xr

from emotion_models.inference import imputed
from emotion_models.inference.jobs import Sampled
from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "recovery"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (FOLDER.parent, FOLDER):
        monkeypatch.syspath_prepend(str(folder))


SLICE = {"monotonic"}
"""One scenario of a kind is sampled with every test, the others with the evidence."""


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
    naive = table["variable"].str.contains("ignored|available")  # shown because it misses
    table = table[~naive]
    away = (table["mean"] - table["true"]) / np.maximum(table["sd"], 1e-9)
    known = table["sd"] > 1e-9  # sums of a simplex and the like are certain
    assert away[known].abs().max() < 6
    inside = ((table["rank"] - 0.5).abs() <= 0.49)[known].mean()
    assert inside > 0.8


PLACES = {
    "affect:0": "touchpoint",
    "affect:1": "journey",
    "base:0": "emotion",
    "base:1": "touchpoint",
}
STATS = ("divergences", "e_bfmi", "steps")
ANSWERED = ["items", "families", "measurement", "effects", "effects-by-identity", "panel"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERED)
def test_the_truth_answers_as_the_posterior_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A posterior that is the truth gives the truth in every quantity, in the same order."""
    run = load("experiments/recovery/run.py")
    fitted = importlib.import_module("fitted")
    monkeypatch.setattr(fitted, "fit_block", lambda world, block, _: fitted.true_draw(world)[block])
    table = run.replicate(name, 30, 4)
    scenario = run.SCENARIOS[name]
    assert set(scenario.variables) <= set(table["variable"])
    assert table["variable"].nunique() >= len(scenario.variables) + len(scenario.answers)
    assert np.allclose(table["mean"], table["true"])
    assert np.isfinite(table["true"]).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["weights", "clusters", "imputation"])
def test_surveys_are_sampled_and_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With draws from the prior in place of the posterior: what is compared with what."""
    run = load("experiments/recovery/run.py")
    fitted, surveys = (importlib.import_module(module) for module in ("fitted", "surveys"))
    monkeypatch.setattr(surveys, "IMPUTATIONS", 2)
    monkeypatch.setattr(surveys, "PER_CLUSTER", 5)
    monkeypatch.setattr(run, "DRAWS", 8)
    for module in (fitted, imputed):
        monkeypatch.setattr(module, "sample", from_prior)
    table = run.replicate(name, 30, 4)
    parts = table["variable"].str.split(", ", expand=True)
    assert parts.groupby(1)[0].nunique().min() >= 1
    assert {"weights": 3, "clusters": 2, "imputation": 2}[name] == parts[1].nunique()
    # The same truth whatever was done to find it.
    same = table.assign(of=parts[0]).groupby(["of", "index"])["true"]
    assert (same.nunique() == 1).all()
    assert np.isfinite(table["mean"]).all()
    assert (table["sd"] > 0).any()


def from_prior(jobs: Any, settings: Any, progress: Any) -> dict[str, Sampled]:
    """Draws near one from the prior, in no time; the same for all jobs of a block."""
    study, fitted = map(importlib.import_module, ("study", "fitted"))
    rng = np.random.default_rng(settings.seed)
    found: dict[str, Sampled] = {}
    for job in {job.block: job for job in jobs.values()}.values():
        drawn = study.draw_block(job.model, job.design, job.block, rng)
        one = fitted.true_draw(study.World(job.model, None, None, {}, {job.block: drawn}))
        posterior = one[job.block].posterior
        posterior = posterior.rename({dim: PLACES[dim] for dim in PLACES if dim in posterior.dims})
        posterior = posterior.isel(chain=[0, 0], draw=[0] * settings.draws)
        posterior = posterior.assign_coords(chain=range(2), draw=range(settings.draws))
        near = posterior.map(lambda each: each * rng.normal(1, 0.01, each.shape))
        zero = xr.Dataset({stat: ("chain", [0, 0]) for stat in STATS}, {"chain": range(2)})
        found[job.block] = Sampled(near, zero, {"compile": 0.0})
    return {name: found[job.block] for name, job in jobs.items()}


def test_chances_of_a_systematic_sample() -> None:
    surveys = importlib.import_module("surveys")
    rng = np.random.default_rng(1)
    chance = np.minimum(rng.lognormal(size=40), 3.0)
    counts = np.zeros(40)
    for _ in range(4000):
        people = surveys.systematic(rng, chance, 8)
        assert np.unique(people).size == 8
        counts[people] += 1
    assert counts / 4000 == pytest.approx(8 * chance / chance.sum(), abs=0.04)


def test_gaps_are_missing_at_random() -> None:
    fitted, surveys, study = map(importlib.import_module, ("fitted", "surveys", "study"))
    world = study.draw_world(fitted.JourneyModel(outcomes=False), study.Setting(), 400, 1)
    data = surveys.with_gaps(world.data, np.random.default_rng(1))
    blank = (data["rating"] < 0).to_numpy()
    first = data["position"].to_numpy() == 0
    assert not blank[first].any()
    assert blank.any(axis=(1, 2)).mean() > 0.5
    joy = world.data["rating"].to_numpy()[first][:, 0]
    share = blank.mean(axis=(1, 2))
    assert share[joy == joy.min()].mean() > share[joy == joy.max()].mean() + 0.1
    assert ((data["rating_status"] == 1).to_numpy() == blank).all()


def test_the_page_shows_the_results() -> None:
    run = load("experiments/recovery/run.py")
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text
