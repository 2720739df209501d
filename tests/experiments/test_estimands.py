"""Estimands are what they are called, coverage is counted rightly, a killed run goes on."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emotion_models.models.design import make_design
from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "estimands"
MODULES = ("asked", "cells", "covered", "replicate", "study", "fitted", "surveys")


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER.parent / "recovery", FOLDER):
            patch.syspath_prepend(str(folder))
        found = {name: importlib.import_module(name) for name in MODULES}
        yield found | {"run": load("experiments/estimands/run.py")}


@pytest.fixture(scope="module")
def world(parts: dict[str, ModuleType]) -> Any:
    cell = parts["cells"].CELLS["base"]
    return parts["study"].draw_world(cell.model, cell.setting, 30, 5)


def row(seed: int, share: float, gap: float = 0.1) -> dict[str, Any]:
    """A study in which a share of all intervals hold, and the surer emotion is the larger."""
    means = {"quantities": 4, "true": 0.0, "true2": 1.0, "error": gap, "error2": 0.25}
    inside = {f"in {level}": share for level in ("50%", "80%", "95%")}
    return {
        "seed": seed,
        "divergences": 1,
        "correlation": 0.2,
        "noticed": ["Pareto k"] if seed % 2 else [],
        "estimands": {"effect": means | inside},
        "largest": [[0.8, 1.0], [0.2, 0.0]] if seed % 5 else [[0.8, 0.0], [0.2, 1.0]],
    }


@pytest.mark.slow
def test_the_truth_answers_as_by_hand(parts: dict[str, ModuleType], world: Any) -> None:
    """One point more of an emotion, and one less, on a chance: from the drawn predictor itself."""
    fitted, truth = parts["fitted"], world.truth["outcomes"]
    fit = fitted.whole(world, fitted.true_draw(world))
    found = parts["asked"].estimands(fit)
    assert {name: values.shape[1:] for name, values in found.items()} == {
        "effect of one point": (4, 4),  # outcome, emotion
        "effect at a touchpoint": (4, 4, 4),
        "simulated: one point less": (4, 4),  # change, outcome
        "simulated: touchpoint removed": (4, 4),
        "simulated: one order for all": (4, 4),
        "memory weight": (4, 4),
        "specificity": (4,),
    }
    assert found["memory weight"][0] == pytest.approx(truth["memory_weight"])
    # Memory of the first emotion by hand, before and after a point less at the first touchpoint.
    score = world.data["rating"].to_numpy()[..., 0] / 4
    order = world.data["position"].to_numpy()
    weight = dict(zip(fit.model.memory, truth["memory_weight"][0], strict=True))

    def kept(score: Any) -> Any:
        people = np.arange(len(score))
        features = {
            "mean": score @ truth["salience"] / truth["salience"].sum(),
            "peak": score.max(axis=1),
            "end": score[people, order.argmax(axis=1)],
            "first": score[people, order.argmin(axis=1)],
        }
        return sum(weight[name] * features[name] for name in weight)

    less = score.copy()
    less[:, 0] = np.maximum(less[:, 0] - 0.25, 0)
    rows = [row.name for row in fit.design.rows]
    trust, back = (rows.index(name) for name in ("trust", "return"))
    slope = truth["effect"][0, back] + truth["effect"][0, trust] * truth["bond_effect"][0, 0]
    eta = fit.response(1).eta[0, back]

    def chance(eta: Any) -> Any:
        return 1 / (1 + np.exp(-eta))

    by_hand = (chance(eta + slope * (kept(less) - kept(score))) - chance(eta)).mean()
    assert found["simulated: one point less"][0, 0, back] == pytest.approx(by_hand, abs=1e-6)


def test_gaps_leave_out_the_share_that_is_asked(parts: dict[str, ModuleType], world: Any) -> None:
    cells = parts["cells"]
    data = cells.with_gaps(world.data, 0.3, np.random.default_rng(1))
    gone = (data["rating"] < 0).to_numpy()
    assert gone.mean() == pytest.approx(0.3, abs=0.07)
    assert ((data["rating_status"] == parts["surveys"].BLANK).to_numpy() == gone).all()
    assert (data["rating"].to_numpy()[~gone] == world.data["rating"].to_numpy()[~gone]).all()
    read = make_design(world.model, world.codebook, data).ratings.category
    assert ((np.moveaxis(read, 0, 1) < 0) == gone).all()


def test_emotions_go_together_as_set(parts: dict[str, ModuleType]) -> None:
    cells, study = parts["cells"], parts["study"]
    found = {}
    for name in ("apart", "together"):
        cell = cells.CELLS[name]
        model = cell.model.with_options({"outcomes": False, "elicitation": True})
        drawn = study.draw_world(model, cell.setting, 150, 2)
        found[name] = cells.correlation(drawn.data, drawn.designs["elicitation"].valence)
    assert abs(found["apart"]) < 0.15
    assert found["together"] > 0.4


def test_cells_change_one_thing(parts: dict[str, ModuleType]) -> None:
    cells = parts["cells"].CELLS
    for name, cell in cells.items():
        codebook = cell.setting.tables
        assert len(codebook["emotions"]) == cell.emotions
        assert len(codebook["scales"]["felt"]["values"]) == cell.categories
        assert cell.promised == (not name.startswith(("missing", "imputed")))
        # Priors of what is fitted are the table's.
        assert set(cell.ratings) <= {"style_sd", "mood_sd", "affect_loading"}


def test_cells_with_gaps_are_the_studies_of_the_base(parts: dict[str, ModuleType]) -> None:
    seed_of = parts["replicate"].seed_of
    assert seed_of("missing-30", 3) == seed_of("imputed-30", 3) == seed_of("base", 3)
    assert len({seed_of(name, 3) for name in ("base", "apart", "scale-2")}) == 3


def test_scores_of_a_study_by_hand(parts: dict[str, ModuleType]) -> None:
    drawn = np.column_stack([np.arange(100), np.arange(100), np.full(100, 3.0)])
    found = parts["replicate"].scored(np.array([50.5, 98.5, 3.0]), drawn)
    assert found["quantities"] == 2  # the third is what it is
    assert found["error"] == pytest.approx((-1 - 49) / 2)
    assert found["error2"] == pytest.approx((1 + 49**2) / 2)
    assert [found[f"in {level}"] for level in ("50%", "80%", "95%")] == [0.5, 0.5, 0.5]
    assert parts["replicate"].kind("data: collinear emotions") == "data: collinear emotions"
    assert parts["replicate"].kind("data separation: return") == "data separation"


def test_what_gaps_keep(parts: dict[str, ModuleType]) -> None:
    true = np.array([1.0, -2.0, 0.5])
    assert parts["replicate"].slope(true, 0.6 * true) == pytest.approx(0.6)
    studies = [row(seed, 0.9) for seed in range(3)]
    for study, kept in zip(studies, (0.5, 0.6, 0.7), strict=True):
        study["estimands"]["effect"]["kept"] = kept
    table = parts["covered"].gaps({"base": [row(1, 0.9)], "missing-30": studies})
    assert table["kept"].tolist() == pytest.approx([0.6])
    assert table["se"].tolist() == pytest.approx([0.1 / 3**0.5])


def test_studies_are_the_units(parts: dict[str, ModuleType]) -> None:
    """Copies of a study's quantities add no information."""
    covered, rng = parts["covered"], np.random.default_rng(1)
    share = rng.integers(0, 2, 50).astype(float)
    mean, error = covered.clustered(share, np.full(50, 100))
    assert mean == share.mean()
    assert error == pytest.approx(share.std(ddof=1) / 50**0.5)
    few = covered.interval(1.0, 0.0, 10, 160)
    assert few[0] == pytest.approx(1 / (1 + covered.SURE**2 / 10))  # Wilson's with ten of ten
    assert few[1] == pytest.approx(1)
    low, high = covered.interval(0.95, 0.01, 100, 1600)
    assert low < 0.95 < high
    assert high - low == pytest.approx(2 * covered.SURE * 0.01, rel=0.1)


def test_what_is_claimed(parts: dict[str, ModuleType]) -> None:
    run, covered = parts["run"], parts["covered"]
    good = [row(seed, 0.95) for seed in range(40)]
    bad = [row(seed, 0.8 + 0.01 * (seed % 2)) for seed in range(40)]
    claims = run.summary({"base": good, "scale-2": bad, "emotions-2": good[:9]})["claims"]
    assert [one["holds"] for one in claims[:3]] == [True, False, None]
    assert claims[1]["figure"] == pytest.approx(0.805)
    table = covered.recovered({"base": good})
    assert table.loc[0, "rmse"] == pytest.approx(0.5)
    assert table.loc[0, "sd"] == pytest.approx(1)
    assert table.loc[0, "bias"] == pytest.approx(0.1)
    assert covered.noticed({"base": good})["Pareto k"].tolist() == [0.5]
    assert b"<svg" in importlib.import_module("coverage_chart").coverage(table)


def test_probabilities_of_the_largest(parts: dict[str, ModuleType]) -> None:
    covered = parts["covered"]
    known = covered.chances({"emotions-2": [row(seed, 1) for seed in range(50)]})
    groups = covered.reliability(known)
    assert groups["mean probability"].tolist() == pytest.approx([0.2, 0.8])
    assert groups["share true"].tolist() == pytest.approx([0.2, 0.8])
    scores = covered.brier(known)
    assert scores.loc[0, "brier"] == pytest.approx(0.8 * 0.04 + 0.2 * 0.64)
    assert scores.loc[0, "blind"] == pytest.approx(0.25)
    sure = known.assign(p=np.where(known["p"] > 0.5, 1.0, 0.0))
    claims = parts["run"]._ranks(sure)
    assert claims[0]["holds"] is False  # who says 100% and is right in 80%


class Here(Executor):
    """Runs in this process, at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_a_run_that_was_killed_goes_on(
    parts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, asked = parts["run"], []

    def replicate(_: str, seed: int) -> dict[str, Any]:
        asked.append(seed)
        return row(seed, 1)

    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "replicate", replicate)
    done = json.dumps(row(1, 1)) + '\n{"seed": 2, "div'
    (tmp_path / "base.jsonl").write_text(done, encoding="utf-8")
    run.estimate(["base"], 4, Here())
    assert asked == [0, 2, 3]
    assert [each["seed"] for each in run.rows(tmp_path / "base.jsonl")] == [0, 1, 2, 3]


@pytest.mark.evidence
@pytest.mark.parametrize("name", ["emotions-2", "missing-30"])
def test_one_study_really(name: str, parts: dict[str, ModuleType]) -> None:
    found = parts["replicate"].replicate(name, 1)
    found = json.loads(json.dumps(found))
    assert len(found["estimands"]) == 7
    assert all(0 <= own["in 95%"] <= 1 for own in found["estimands"].values())
    assert np.isfinite(pd.DataFrame(found["estimands"]).to_numpy()).all()
    assert sum(was for _, was in found["largest"]) == 4
    table = parts["covered"].recovered({name: [found]})
    assert table["meets"].isna().all()  # of one study nothing is claimed


def test_the_page_shows_the_results(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    found = {name: run.rows(run.RESULTS / f"{name}.jsonl") for name in run.CELLS}
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables(found)) == text
