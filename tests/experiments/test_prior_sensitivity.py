"""Worlds have the effects that they say, tables are turned and turned back, results are counted."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from emotion_models.inference.jobs import Settings
from emotion_models.models import literature
from emotion_models.science.equations.outcomes import beyond_valence
from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "prior-sensitivity"


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER.parent / "recovery", FOLDER):
            patch.syspath_prepend(str(folder))
        names = ("study", "beliefs", "natures", "fits", "overruled", "reached_chart")
        found = {name: importlib.import_module(name) for name in names}
        yield found | {"run": load("experiments/prior-sensitivity/run.py")}


def test_the_table_is_turned_and_turned_back(parts: dict[str, ModuleType]) -> None:
    beliefs = parts["beliefs"]
    asked = (["joy", "gratitude", "anger"], ["return", "complain"])
    published = np.array(literature.prior_means(*asked))
    assert published.tolist() == [[0, 0], [0.5, 0], [-0.5, 0.5]]
    with beliefs.believed(beliefs.MISLED):
        assert (np.array(literature.prior_means(*asked)) == -published).all()
    with beliefs.believed(beliefs.SURELY):
        assert (np.array(literature.prior_means(*asked)) == published).all()
    assert (np.array(literature.prior_means(*asked)) == published).all()
    assert beliefs.WEAK.model.priors == "weak"


def test_worlds_have_the_effects_that_they_say(parts: dict[str, ModuleType]) -> None:
    natures = parts["natures"]
    table = natures.PUBLISHED
    assert (table != 0).sum() == 6
    agrees, differs, positivity = (natures.effects(each, 4) for each in natures.NATURES.values())
    own = table != 0
    assert (np.sign(agrees[own]) == table[own]).all()
    assert (np.sign(differs[own]) != table[own]).sum() == 3
    assert np.abs(agrees) == pytest.approx(np.abs(differs))
    low, high = natures.SIZE
    assert ((np.abs(agrees[own]) >= low) & (np.abs(agrees[own]) <= high)).all()
    assert beyond_valence(positivity, natures.VALENCE) == pytest.approx(0)
    joy = natures.EMOTIONS.index("joy")
    assert np.sign(positivity[joy]).tolist() == [1, 1, -1]


@pytest.fixture(scope="module")
def small(parts: dict[str, ModuleType]) -> Iterator[Any]:
    """A world of 60 journeys, 20 of them new."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts["natures"], "SIZES", (20, 40))
        patch.setattr(parts["natures"], "NEW", 20)
        yield parts["natures"].drawn(parts["natures"].AGREES, 4)


def test_effects_are_set_and_move_the_answers(parts: dict[str, ModuleType], small: Any) -> None:
    natures, study = parts["natures"], parts["study"]
    truth = small.truth["outcomes"]["effect"]
    assert truth == pytest.approx(natures.effects(natures.AGREES, 4))
    effect = np.zeros(truth.shape)
    effect[0, 0] = 200  # joy on return, and nothing else
    rng = np.random.default_rng(1)
    design = small.designs["outcomes"]
    drawn = study.draw_block(small.model, design, "outcomes", rng, {"effect": effect})
    joy = design.scores[:, :, 0].mean(axis=0)
    assert np.corrcoef(joy, drawn["binary"][:, 0])[0, 1] > 0.5


def test_studies_are_parts_of_one_another(
    parts: dict[str, ModuleType], small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    natures = parts["natures"]
    monkeypatch.setattr(natures, "NEW", 20)
    whole = small.designs["outcomes"].items.ordinal
    assert (natures.first(small, 20).designs["outcomes"].items.ordinal == whole[:20]).all()
    assert (natures.unseen(small).designs["outcomes"].items.ordinal == whole[40:]).all()
    assert natures.first(small, 20).data.sizes["journey"] == 20


def test_what_draws_say(parts: dict[str, ModuleType]) -> None:
    draws = np.linspace(-1, 3, 401)[:, None, None] * np.ones((4, 3))
    found = parts["fits"].said(draws)
    assert found["mean"][0][0] == pytest.approx(1)
    assert (found["lower"][0][0], found["upper"][0][0]) == pytest.approx((-0.8, 2.8))
    assert found["above"][0][0] == pytest.approx(0.75, abs=0.003)


def synthetic(parts: dict[str, ModuleType], journeys: int, misled: float) -> dict[str, Any]:
    """A study that weak priors find exactly; a wrong table leaves a share `misled` of the truth."""
    natures = parts["natures"]
    truth = natures.effects(natures.AGREES, 1)

    def found(mean: Any, sensitivity: float) -> dict[str, Any]:
        above = np.where(mean > 0, 0.99, 0.01).tolist()
        said = {"mean": mean, "sd": 0 * mean + 0.5, "lower": mean - 0.3, "upper": mean + 0.3}
        own = {name: value.tolist() for name, value in said.items()}
        own |= {"above": above, "beyond_above": above, "divergences": 0, "cpu_seconds": 1.0}
        words = "potential prior-data conflict" if sensitivity > 0.05 else "the data speak"
        about = {"sensitivity": (0 * truth + sensitivity).tolist(), "diagnosis": [words] * 12}
        return {**own, **about, "status": "PASS", "score": -3.0, "r_hat": 1.0}

    names = [each.name for each in natures.AGREES.beliefs]
    beliefs = {name: found(truth, 0.01) for name in names}
    beliefs["misleading"] = found(misled * truth, 0.2)
    known = {"nature": "agrees", "seed": 1, "journeys": journeys, "truth": truth.tolist()}
    return {**known, "score_of_truth": -2.9, "beliefs": beliefs}


def test_results_are_counted_by_hand(parts: dict[str, ModuleType]) -> None:
    shown = parts["run"].tables([synthetic(parts, 100, -1.0), synthetic(parts, 1000, 0.5)])
    by = ["belief", "journeys"]
    errors = shown["errors"].set_index(by)
    truth = parts["natures"].effects(parts["natures"].AGREES, 1)
    assert errors.loc[("weak", 100), "rmse"] == 0
    assert errors.loc[("misleading", 100), "bias"] == pytest.approx(-2 * np.abs(truth).mean())
    assert errors.loc[("misleading", 1000), "shift_from_weak_in_sd"] == pytest.approx(
        np.abs(truth).mean()
    )
    assert errors.loc[("misleading", 100), "stated_wrongly"] == 1
    assert errors.loc[("weak", 100), "lost_per_100_journeys"] == pytest.approx(10)
    wrong = shown["directions"].set_index(by)
    assert set(wrong["effects"]) == {6}
    assert wrong.loc[("misleading", 100), "mean_right"] == 0
    assert wrong.loc[("misleading", 1000), "mean_right"] == 1
    assert "literature" not in wrong.index.get_level_values("belief")
    needed = shown["needed"].set_index("belief")
    assert needed.loc["misleading", "means_of_90%_right_from"] == 1000
    assert needed.loc["weak", "means_of_90%_right_from"] == 100
    reached = shown["reached"].set_index(by)["reached"]
    assert reached["misleading", 1000] == pytest.approx(0.5)
    noticed = shown["noticed"].set_index(by)
    assert noticed.loc[("misleading", 100), "effects_in_conflict"] == 1
    assert noticed.loc[("weak", 100), "effects_above_threshold"] == 0
    assert shown["claims"]["holds"].isna().all()  # of one world nothing is claimed
    assert b"<svg" in parts["reached_chart"].reached_by_size(shown["reached"])


def test_claims_are_made_of_enough_worlds(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    worlds = range(run.ENOUGH)
    rows = [{**synthetic(parts, size, -1.0), "seed": k} for k in worlds for size in (100, 1000)]
    claims = run.tables(rows)["claims"].set_index("claim")["holds"]
    wrong = claims[claims.index.str.startswith("a table with every sign wrong, ")]
    assert not wrong.astype(bool).any()
    assert claims[claims.index.str.startswith("a right table, 100 journeys: share")].all()


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

    def replicate(nature: str, seed: int, journeys: int) -> dict[str, Any]:
        asked.append((seed, journeys))
        return {"nature": nature, "seed": seed, "journeys": journeys}

    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "replicate", replicate)
    done = json.dumps(replicate("agrees", 1, 300)) + '\n{"nature": "agr'
    (tmp_path / "agrees.jsonl").write_text(done, encoding="utf-8")
    asked.clear()
    run.collect(["agrees"], 2, Here())
    assert asked == [(1, 100), (1, 1000), (2, 100), (2, 300), (2, 1000)]
    assert len(run.rows("agrees")) == 6


def test_a_part_of_the_worlds_is_published(
    parts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = parts["run"]
    (tmp_path / "results").mkdir()
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(page, encoding="utf-8")
    rows = [json.dumps(synthetic(parts, size, -1.0)) for size in (100, 1000)]
    (tmp_path / "results" / "agrees.jsonl").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr(run, "HERE", tmp_path)
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results")
    run.published()
    summary = json.loads((tmp_path / "results" / "summary.json").read_text(encoding="utf-8"))
    assert summary["seeds"] == [1]
    assert {claim["holds"] for claim in summary["claims"]} == {None}
    assert "misleading, sure" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_page_is_made_of_the_results(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    found = [row for name in parts["natures"].NATURES for row in run.rows(name)]
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(page, run.tables(found)) == page


@pytest.mark.evidence
def test_a_study_really(parts: dict[str, ModuleType]) -> None:
    """Whoever is sure of a wrong table says it of a hundred journeys."""
    fits, natures = parts["fits"], parts["natures"]
    row = fits.replicate("agrees", 2, 100, Settings(100, 200, 1, 1, 2))
    assert list(row["beliefs"]) == [each.name for each in natures.AGREES.beliefs]
    known = natures.PUBLISHED != 0
    slope = {
        name: float((np.array(found["mean"]) * natures.PUBLISHED)[known].mean())
        for name, found in row["beliefs"].items()
    }
    assert slope["misleading, sure"] < slope["misleading"] < slope["literature"]
    assert slope["misleading, sure"] < 0.1
    assert row["score_of_truth"] > row["beliefs"]["misleading, sure"]["score"]
    shown = parts["run"].tables([json.loads(json.dumps(row))])
    assert len(shown["errors"]) == len(natures.AGREES.beliefs)
