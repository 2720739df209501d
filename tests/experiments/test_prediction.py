"""Scores by hand, rivals that find what was simulated, and folds that split nobody."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import emotion_models as em
from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "prediction"
SHARED = ROOT.parent / "shared" / "data"
MODULES = (
    "proper_scores", "ordered_logit", "unseen", "task", "regression_ways", "pls_paths",
    "people_data", "kept", "folds", "score_tables", "lead_chart",
)  # fmt: skip


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER):
            patch.syspath_prepend(str(folder))
        found = {name: importlib.import_module(name) for name in MODULES}
        yield found | {"run": load("experiments/prediction/run.py")}


def small(parts: dict[str, ModuleType], n: int = 40) -> Any:
    """Twice as many journeys as people; anger drives return, joy does less."""
    rng = np.random.default_rng(2)
    joy, anger, calm = rng.integers(0, 5, (3, n))
    eta = 0.2 * joy - 1.2 * anger
    table = pd.DataFrame({"joy": joy, "anger": anger, "calm": calm, "who": np.arange(n) // 2})
    cut = np.quantile(eta, [0.3, 0.7])
    table["again"] = (eta[:, None] + rng.logistic(size=(n, 1)) > cut).sum(axis=1)
    book = {
        "study": {"name": "small"},
        "touchpoints": [{"name": "there"}],
        "layout": {
            "form": "wide", "journey": "row", "respondent": "who", "rating": "{emotion}"
        },
        "scales": {"five": {"values": [0, 1, 2, 3, 4]}, "three": {"values": [0, 1, 2]}},
        "emotions": [
            {"name": name, "scale": "five", "valence": valence}
            for name, valence in (("joy", 1), ("anger", -1), ("calm", 1))
        ],
        "behaviours": [{"name": "again", "family": "ordinal", "scale": "three"}],
    }  # fmt: skip
    survey = em.read_survey(
        table.assign(row=[f"{k:03d}" for k in range(n)]), codebook=book_of(book)
    )
    columns = table[["joy", "anger", "calm"]].astype(float)
    return parts["task"].Task(
        name="small",
        survey=survey,
        model=em.JourneyModel.for_survey(survey, elicitation=False),
        targets=("again",),
        variants={"valence-only": "valence-only"},
        regressions={"flat": columns},
        everything=columns,
        absent={},
    )


def book_of(book: dict[str, Any]) -> em.Codebook:
    return em.Codebook.model_validate(book)


def test_scores_by_hand(parts: dict[str, ModuleType]) -> None:
    scores = parts["proper_scores"]
    p = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])
    answer = np.array([0, 2])
    assert scores.log_score(p, answer) == pytest.approx([np.log(0.2), 0])
    # (0.2 - 1)^2 and (0.7 - 1)^2 over two thresholds; certain and right: nothing
    assert scores.ranked_probability_score(p, answer) == pytest.approx([(0.64 + 0.09) / 2, 0])
    assert np.isneginf(scores.log_score(p[1:], np.array([0]))).all()
    given, happened = scores.thresholds(p, answer)
    assert happened.tolist() == [[1, 1], [0, 0]]
    # bins: 0.2 (happened), 0.7 (happened), 0 twice (did not)
    assert scores.calibration_error(given, happened) == pytest.approx((0.8 + 0.3) / 4)
    assert [row[0] for row in scores.reliability(given, happened)] == [2, 1, 1]


def test_pit_of_calibrated_and_of_certain(parts: dict[str, ModuleType]) -> None:
    scores = parts["proper_scores"]
    share = np.array([0.2, 0.5, 0.3])
    answer = np.repeat([0, 1, 2], [20, 50, 30])
    assert scores.pit_distance(np.tile(share, (100, 1)), answer) == pytest.approx(0)
    always_low = np.tile([0.98, 0.01, 0.01], (100, 1))
    assert scores.pit_distance(always_low, np.full(100, 2)) == pytest.approx(0.9)


def test_error_over_people_by_hand(parts: dict[str, ModuleType]) -> None:
    scores = parts["proper_scores"]
    each, person = np.array([1.0, 1.0, 4.0]), np.array([5, 5, 9])
    # sums less the mean: -2 and 2; I / (I - 1) = 2
    assert scores.mean_and_error(each, person) == pytest.approx((2, np.sqrt(2 * 8) / 3))
    rng = np.random.default_rng(1)
    alone = rng.normal(size=50)
    mean, error = scores.mean_and_error(alone, np.arange(50))
    assert (mean, error) == pytest.approx((alone.mean(), alone.std(ddof=1) / np.sqrt(50)))
    assert np.isnan(scores.mean_and_error(np.ones(3), np.zeros(3))[1])


def test_regression_finds_what_was_simulated(parts: dict[str, ModuleType]) -> None:
    rng = np.random.default_rng(3)
    x, slope = rng.normal(size=(6000, 3)), np.array([1.0, -0.5, 0.0])
    kappa = np.array([-1.0, 0.0, 1.5])
    y = (x @ slope + rng.logistic(size=6000))[:, None] > kappa
    fit = parts["ordered_logit"].maximum_likelihood(x, y.sum(axis=1), 4)
    assert fit.slope == pytest.approx(slope, abs=0.08)
    assert fit.kappa == pytest.approx(kappa, abs=0.08)
    p = fit.probabilities(x[:5])
    assert p.sum(axis=1) == pytest.approx(1)
    assert p[0, 0] == pytest.approx(1 / (1 + np.exp(x[0] @ fit.slope - fit.kappa[0])))


def test_gradient_is_that_of_the_likelihood(parts: dict[str, ModuleType]) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(30, 2)), rng.integers(0, 4, 30)
    free, step = np.array([-1.0, 0.1, -0.2, 0.3, -0.4]), 1e-6
    loss = parts["ordered_logit"]._loss
    found = loss(free, x, y, 3)[1]
    by_steps = [
        (loss(free + step * e, x, y, 3)[0] - loss(free - step * e, x, y, 3)[0]) / (2 * step)
        for e in np.eye(5)
    ]
    assert found == pytest.approx(by_steps, abs=1e-7)


def test_categories_nobody_chose(parts: dict[str, ModuleType]) -> None:
    logit, ways = parts["ordered_logit"], parts["regression_ways"]
    p = logit.maximum_likelihood(np.zeros((6, 0)), np.array([1, 1, 1, 3, 3, 3]), 5)
    assert p.probabilities(np.zeros((1, 0)))[0] == pytest.approx([0, 0.5, 0, 0.5, 0], abs=1e-4)
    same = logit.maximum_likelihood(np.zeros((3, 1)), np.array([2, 2, 2]), 4)
    assert same.probabilities(np.zeros((2, 1)))[0].tolist() == [0, 0, 1, 0]
    assert ways.softened(np.array([[1.0, 0.0]]), 9)[0] == pytest.approx([0.95, 0.05])


def test_folds_split_nobody(parts: dict[str, ModuleType]) -> None:
    folds_of = parts["task"].folds_of
    person = np.random.default_rng(5).integers(0, 23, 200)
    fold = folds_of(person, 5, 7)
    of_person = pd.DataFrame({"person": person, "fold": fold}).groupby("person")["fold"]
    assert (of_person.nunique() == 1).all()
    size = of_person.first().value_counts()
    assert set(size.index) == set(range(5))
    assert size.max() - size.min() <= 1
    assert (fold == folds_of(person, 5, 7)).all()
    with pytest.raises(ValueError, match="24 folds"):
        folds_of(person, 24, 7)


def test_what_is_held_out_is_hidden(parts: dict[str, ModuleType]) -> None:
    task, unseen = small(parts), parts["unseen"]
    test = parts["task"].folds_of(task.respondents(), 4, 1) == 0
    blind = unseen.hidden(task.survey, task.targets, test)
    left = unseen.answers_of(unseen.design_of(task.model, blind)).of("again")
    before = task.answers().of("again")
    assert (left[test] == -1).all()
    assert (left[~test] == before[~test]).all()
    assert (before >= 0).all()  # the survey itself keeps them
    assert (blind.data["rating"] == task.survey.data["rating"]).all()


@pytest.mark.evidence
def test_small_task_from_folds_to_page(
    parts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, folds, run = small(parts), parts["folds"], parts["run"]
    monkeypatch.setattr(parts["regression_ways"], "has_boosting", lambda: False)
    monkeypatch.setattr(run, "has_boosting", lambda: False)
    plan = folds.Plan(tmp_path, 2, parts["unseen"].Sampling(1, 40, 80))
    folds.run(task, plan)
    files = sorted(tmp_path.iterdir())
    made = {path: path.stat().st_mtime_ns for path in files}
    assert len(files) == 2 * len(folds.rivals_of(task))
    files[0].unlink()
    folds.run(task, plan)  # goes on where something is missing, and leaves the rest
    again = {path: path.stat().st_mtime_ns for path in sorted(tmp_path.iterdir())}
    assert list(again) == files
    assert [again[path] for path in files[1:]] == [made[path] for path in files[1:]]
    for rival in folds.rivals_of(task):
        p = folds.gathered(task, plan, rival)["again"]
        assert p.shape == (40, 3)
        assert p.sum(axis=1) == pytest.approx(1)
    found = run.tables_of(task, plan)
    scores = found["scores"].set_index("model")
    assert list(scores.index) == list(folds.rivals_of(task))
    assert scores.loc["emotion_models", "people"] == 20
    lead = scores.loc["emotion_models", "log_score"] - scores.loc["flat", "log_score"]
    assert scores.loc["flat", "log_lead"] == pytest.approx(lead)
    assert "scikit-learn" in found["absent"]["why"].iloc[0]
    claims = run.summary(found["scores"])["claims"]
    assert len(claims) == len(scores)
    assert b"<svg" in parts["lead_chart"].leads(found["scores"].iloc[1:])


def test_boosting_learns_a_step(parts: dict[str, ModuleType]) -> None:
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(6)
    x = pd.DataFrame({"x": rng.normal(size=300)})
    answer = np.where(x["x"] > 0, 2, 0)
    train = np.arange(300) < 240
    p = parts["regression_ways"].boosted(x, answer, 3, train, np.arange(300))
    assert p.sum(axis=1) == pytest.approx(1)
    assert p[np.arange(300), answer][~train].mean() > 0.9


@pytest.mark.needs_shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not there")
@pytest.mark.parametrize("name", ["globalwarm", "mobi_ecsi", "corp_rep", "affect_films"])
def test_rivals_are_given_the_same_rows(parts: dict[str, ModuleType], name: str) -> None:
    """What stands in a rival's row about a person is what the survey says of that person."""
    task, task_module = parts["people_data"].TASKS[name](SHARED), parts["task"]
    design = parts["unseen"].design_of(task.model, task.survey)
    named = {"Complaints": "CUSCO", "Satisfaction": "cusa"}
    for emotion, felt in task_module.felt(design).items():
        own = task.everything[named.get(emotion, emotion)]
        both = own.notna() & felt.notna()
        assert np.corrcoef(own[both], felt[both])[0, 1] > 0.99  # sliders are read in steps
    for item in [item for item in task.numbers if item in task.targets]:
        answered = task.answers().of(item)
        there = answered >= 0
        assert (answered[there] + 1 == task.numbers[item][there]).all()


@pytest.mark.needs_shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not there")
def test_partial_least_squares_finds_published_paths(parts: dict[str, ModuleType]) -> None:
    task = parts["people_data"].mobi_ecsi(SHARED)
    pls = parts["pls_paths"]
    model = pls.estimated(task.numbers, task.items, task.paths)
    # seminr's, path weighting: ../shared/data/mobi_ecsi/reference_seminr_output.txt
    theirs = {
        "Expectation": [0.50491393],
        "Value": [0.04998839, 0.55830438],
        "Satisfaction": [0.1787395, 0.06252287, 0.51202394, 0.1947651],
        "Loyalty": [0.19575533, 0.48547762, 0.06692607],
    }
    for construct, own in theirs.items():
        assert model.path[construct] == pytest.approx(own, abs=2e-4)


def test_the_page_is_made_of_the_results(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(page, run.tables()) == page


def test_results_hold_no_answers() -> None:
    """Means over many people only: no row of a single person, no probability beside an answer."""
    for path in (FOLDER / "results").glob("*-scores.csv"):
        assert (pd.read_csv(path)["people"] >= 20).all()
