"""Ways of choosing choose what their formulas say; what is gained is what truly happens."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "decision-quality"


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER.parent / "counterfactual", FOLDER):
            patch.syspath_prepend(str(folder))
        names = ("ways", "companies", "world")
        found = {name: importlib.import_module(name) for name in names}
        yield found | {"run": load("experiments/decision-quality/run.py")}


def some(parts: dict[str, ModuleType]) -> object:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 2))
    x[:, 1] += x[:, 0]
    return parts["ways"].Answers(x, x @ [0.6, 0.3] + rng.normal(size=400))


def test_relative_weights_of_two_by_hand(parts: dict[str, ModuleType]) -> None:
    """They add up to R2, and for two drivers they are the general dominance of either."""
    given = some(parts)
    weight = parts["ways"].relative_weights(given)
    y, x = given.outcome - given.outcome.mean(), given.performance - given.performance.mean(axis=0)

    def r2(columns: list[int]) -> float:
        fitted = x[:, columns] @ np.linalg.lstsq(x[:, columns], y)[0]
        return float((fitted**2).sum() / (y**2).sum())

    whole = r2([0, 1])
    assert weight.sum() == pytest.approx(whole)
    dominance = [(r2([k]) + whole - r2([1 - k])) / 2 for k in range(2)]
    assert weight == pytest.approx(dominance)


def test_others_choose_as_they_say(parts: dict[str, ModuleType]) -> None:
    rivals = parts["ways"]
    performance = np.array([[0.0, 1.0], [0.25, 0.5], [0.75, np.nan], [1.0, 0.75]])
    given = rivals.Answers(performance, np.array([0.0, 0.0, 1.0, 1.0]))
    r = np.corrcoef(performance[:, 0], given.outcome)[0, 1]
    assert rivals.correlations(given)[0] == pytest.approx(r)
    assert rivals.importance_performance(given)[0] == pytest.approx(r * 0.5)
    assert rivals.lowest_scores(given) == pytest.approx([0.5, 0.25])
    assert rivals.top_two_boxes(given)[0] == pytest.approx(1)
    same = rivals.Answers(np.full((4, 1), 0.5), given.outcome)
    assert {way: score(same)[0] for way, score in rivals.RIVALS.items()} == {
        way: 0.5 if way == "lowest scores" else 0 for way in rivals.RIVALS
    }


def test_gain_is_what_truly_happens(parts: dict[str, ModuleType]) -> None:
    companies, run = parts["companies"], parts["run"]
    world = companies.company(companies.KINDS[0], 3, 60)
    among = companies.cells(world)
    assert len(among) == 60
    assert companies.gain(world, []) == 0
    seen = companies.answers(world, among)
    assert seen.performance.shape == (60, 60)
    assert np.nanmin(seen.performance) >= 0
    assert np.nanmax(seen.performance) <= 1
    calmer = [cell for cell in among if (cell.touchpoint, cell.emotion) == ("room", "frustration")]
    assert calmer[0].better == -1
    c = among.index(calmer[0])
    better = companies.improved(world, calmer)
    was = world.design.ratings.score[3, :, world.design.emotions.index("frustration")]
    now = better.score[3][:, world.design.emotions.index("frustration")]
    there = ~np.isnan(seen.performance[:, c])
    assert now[there] == pytest.approx(np.maximum(was[there] - 0.25, 0))
    alone = np.array([companies.gain(world, [cell]) for cell in among[:20]])
    chosen = run.best(among[:20], alone)
    assert companies.gain(world, chosen[:1]) == pytest.approx(alone.max())


def test_valence_alone_is_a_company_too(parts: dict[str, ModuleType]) -> None:
    kind = parts["companies"].KINDS[1]
    effects = parts["companies"].company(kind, 3, 40).truth["effect"]
    valence = np.sign(effects["return"])
    assert np.linalg.matrix_rank(np.array(list(effects.values())), tol=1e-9) == 1
    assert (valence == np.sign(effects["overall"])).all()


@pytest.mark.evidence
def test_one_company_really(parts: dict[str, ModuleType]) -> None:
    run, companies = parts["run"], parts["companies"]
    row = run.one(companies.KINDS[0], 2, n_stays=60, draws=40, tune=100)
    assert set(row["gain"]) == {*parts["ways"].RIVALS, run.OURS}
    assert max(row["first"].values()) * run.DONE >= row["blind"]
    table = run.shared([row, row | {"seed": 3}])
    assert set(table["way"]) == {*row["gain"], "any, blindly"}
    claims = run.summary(table)["claims"]
    assert claims[0]["holds"] is None  # of two companies nothing is claimed
    assert b"<svg" in run.shares(table)


def test_lead_over_companies(parts: dict[str, ModuleType]) -> None:
    low, mean, high = parts["run"].ahead(np.array([1.0, 2.0, 3.0, 2.0]))
    assert low < mean == 2 < high
    assert parts["run"].ahead(np.ones(5)) == (1, 1, 1)


def test_the_page_is_made_of_the_results(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    table = run.shared(run.rows(run.RESULTS / "companies.jsonl"))
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(page, run.tables(table)) == page
