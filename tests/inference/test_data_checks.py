"""Hostile surveys: what they cannot tell is said before and after sampling, and they still fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

import emotion_models as em
from emotion_models.inference import Check
from emotion_models.inference.data_checks import data_checks, inflation, separates
from emotion_models.models.design import make_design
from emotion_models.models.spec import JourneyModel
from emotion_models.reporting.dependencies import depends_on
from emotion_models.survey.audit import Audit
from emotion_models.survey.survey import Survey
from tests.models import builders

MODEL = JourneyModel(elicitation=False, halo=False, memory=("peak", "end"), salience=False)
PLAIN: dict[str, Any] = {
    "levers": [],
    "recall": None,
    "remembered": [],
    "segments": None,
    "delay": None,
    "touchpoints": builders.places(2),
    "emotions": builders.feelings("joy", "delight", "anger"),
}


def data(n: int = 60, **changes: Any) -> tuple[Any, xr.Dataset]:
    book = builders.book(**(PLAIN | changes))
    return book, builders.dataset(book, n=n)


def checks(book: Any, values: xr.Dataset, model: JourneyModel = MODEL) -> dict[str, Check]:
    return {check.name: check for check in data_checks(model, make_design(model, book, values))}


def behaviour(values: xr.Dataset, name: str, new: Any) -> None:
    values["behaviour_value"].loc[{"behaviour": name}] = new


def test_a_decent_survey_passes() -> None:
    found = checks(*data())
    assert [name for name in found if not name.startswith("data one item")] == [
        "data: collinear emotions", "data: memory can be told apart",
        "data: answers vary", "data: no answer is perfectly separated",
    ]  # fmt: skip
    assert {check.status for check in found.values()} == {"PASS"}


def test_no_outcomes_nothing_to_check() -> None:
    assert checks(*data(), MODEL.model_copy(update={"outcomes": False})) == {}


# --- collinear emotions ----------------------------------------------------------------------


def test_variance_inflation_is_that_of_a_regression() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 3)) @ np.array([[1.0, 0.8, 0], [0, 1, 0.5], [0, 0, 1]])
    found = inflation(np.column_stack([x, np.ones(300)]))
    for p in range(3):
        others = np.column_stack([np.ones(300), np.delete(x, p, axis=1)])
        left = x[:, p] - others @ np.linalg.lstsq(others, x[:, p], rcond=None)[0]
        assert found[p] == pytest.approx(x[:, p].var() / left.var())
    assert found[3] == 1


@pytest.mark.parametrize("noise", [0.0, 0.005])
def test_twins_are_named(noise: float) -> None:
    book, values = data(200)
    rating = values["rating"].to_numpy().copy()
    other = np.random.default_rng(1).random(rating.shape[:2]) < noise
    rating[:, :, 1] = np.where(other, np.maximum(rating[:, :, 1], 0), rating[:, :, 0])
    values["rating"] = (values["rating"].dims, rating)
    check = checks(book, values)["data: collinear emotions"]
    assert check.status == "REVIEW"
    assert "(joy, delight)" in check.about
    assert check.figure > (1e6 if noise == 0 else 10)


def test_the_answering_style_of_few_emotions_leaves_little_of_them() -> None:
    found = [
        checks(*data(200), MODEL.model_copy(update={"halo": halo}))["data: collinear emotions"]
        for halo in (False, True)
    ]
    assert found[1].figure > 1.5 * found[0].figure


def test_an_emotion_that_is_the_sum_of_others() -> None:
    book, values = data(200, emotions=builders.feelings("joy", "delight", "anger", "relief"))
    rating = values["rating"].to_numpy().copy()
    rating[:] = np.random.default_rng(2).integers(0, 2, rating.shape)
    rating[:, :, 3] = rating[:, :, :3].sum(axis=2)
    values["rating"] = (values["rating"].dims, rating)
    found = checks(book, values, MODEL.model_copy(update={"memory": ("mean",)}))
    about = found["data: collinear emotions"].about
    assert "(joy, delight, anger, relief)" in about


# --- outcomes that never vary ----------------------------------------------------------------


@pytest.mark.parametrize("always", [0.0, 1.0])
@pytest.mark.parametrize("name", ["return", "recommend", "visits", "spend"])
def test_never_or_always(name: str, always: float) -> None:
    book, values = data()
    behaviour(values, name, always)
    check = checks(book, values)[f"data variation: {name}"]
    assert (check.status, check.figure) == ("REVIEW", 0)
    assert "of 60 answers" in check.about
    assert "prior" in check.advice


def test_an_item_everybody_answers_alike() -> None:
    book, values = data()
    values["relationship"][:, 1] = 2
    found = checks(book, values)
    assert [name for name in found if "variation" in name] == ["data variation: trust_2"]
    assert "data: answers vary" not in found


def test_one_different_answer_is_enough_to_pass() -> None:
    book, values = data()
    behaviour(values, "return", np.arange(60) == 7)
    assert "data: answers vary" in checks(book, values)


def test_no_answer_at_all() -> None:
    book, values = data()
    behaviour(values, "return", np.nan)
    check = checks(book, values)["data variation: return"]
    assert (check.status, check.about) == ("REVIEW", "there is no answer at all")


# --- perfect separation ----------------------------------------------------------------------

X = np.arange(20.0)
CASES = {
    "complete": (X > 9, True),
    "reversed": (X <= 9, True),
    "one overlaps": ((X > 9) ^ (X == 15), False),
    "ordinal": (np.repeat([0, 2, 3, 4], 5), True),
    "ordinal but not in order": (np.repeat([0, 3, 2, 4], 5), False),
    "never": (np.zeros(20), False),
    "few answers": (np.where(np.abs(X - 9.5) < 2, X > 9, np.nan), False),
    "missing ones do not matter": (np.where(X == 15, np.nan, X > 9), True),
}


@pytest.mark.parametrize("case", CASES)
def test_separation(case: str) -> None:
    answers, expected = CASES[case]
    noise = np.random.default_rng(3).normal(size=20)
    constant = np.ones(20)
    found = separates(np.asarray(answers, dtype=float), np.column_stack([X, noise, constant]))
    assert found.tolist() == [expected, False, False]


@pytest.mark.parametrize(("n_told", "expected"), [(4, False), (5, True)])
def test_quasi_complete_separation(n_told: int, expected: bool) -> None:
    """Everybody who ticked it complained, and some of the others did."""
    ticked = np.repeat([1.0, 0.0], [n_told, 30])
    complained = np.r_[np.ones(n_told), np.arange(30) % 2]
    assert separates(complained, ticked[:, None]).tolist() == [expected]


def test_an_emotion_that_separates_is_named() -> None:
    book, values = data(200)
    end = make_design(MODEL, book, values).features["end"][:, 2]
    behaviour(values, "return", end > 0.4)
    found = checks(book, values)
    check = found["data separation: return"]
    assert check.status == "REVIEW"
    assert check.about.endswith(": remembered anger")
    assert check.figure == 1
    assert [name for name in found if "separation" in name] == ["data separation: return"]


def test_a_control_that_separates_is_named() -> None:
    book, values = data(200)
    age = values["control_value"].to_numpy()[:, 0]
    behaviour(values, "spend", np.where(age > 40, 100.0, 0.0))
    found = checks(book, values)
    assert "control age" in found["data separation: spend"].about


# --- constructs with one item ----------------------------------------------------------------


def test_one_item_says_what_is_not_known() -> None:
    found = checks(*data())
    check = found["data one item: commitment"]
    assert check.status == "PASS"
    assert "its loading, its reliability" in check.about
    assert "data one item: trust" not in found


# --- who is told -----------------------------------------------------------------------------


def test_findings_know_their_remarks() -> None:
    names = ["data: collinear emotions", "data variation: return", "data separation: trust_1"]
    owner = {"return": "return", "trust": "trust", "trust_1": "trust", "spend": "spend"}
    for outcome, mine in (("return", names[:2]), ("trust", names[::2]), ("spend", names[:1])):
        assert depends_on("effects", names, owner=owner, outcome=outcome) == tuple(mine)
    assert depends_on("simulation", names, owner=owner, outcome="return") == (names[1],)
    assert depends_on("memory", names, owner=owner) == ()


def hostile() -> Survey:
    """Twins, an outcome that never happens, one that anger separates, one that joy orders."""
    book, values = data(80)
    rating = values["rating"].to_numpy().copy()
    rating[:] = np.random.default_rng(5).integers(0, 4, rating.shape)
    rating[:, :, 1] = rating[:, :, 0]
    values["rating"] = (values["rating"].dims, rating)
    values["visited"][:] = True
    values["position"][:] = [0, 1]
    anger, joy = rating[:, :, 2].mean(axis=1), rating[:, :, 0].mean(axis=1) / 3
    behaviour(values, "return", anger < 1.6)
    behaviour(values, "visits", 0)
    behaviour(values, "spend", 0)
    behaviour(values, "recommend", np.clip(np.round(4 * joy), 0, 4))
    return Survey(book, values, Audit("hostile"))


@pytest.mark.evidence
def test_priors_hold_and_the_fit_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    survey = hostile()
    model = MODEL.with_options({"memory": ("mean",), "salience": False})
    fit = em.fit(model, survey, seed=1, draws=100, tune=200, chains=2)
    told = capsys.readouterr().err
    for name in ("collinear emotions", "variation: visits", "variation: spend",
                 "separation: return"):  # fmt: skip
        assert name in told
        assert any(name in c.name and c.status == "REVIEW" for c in fit.checks)
    effect = fit.posterior["posterior"]["effect"]
    assert np.isfinite(effect).all()
    assert np.abs(effect).max() < 60
    anger = effect.sel(emotion="anger", row="return")
    assert float((anger < 0).mean()) > 0.99

    importance = em.importance(fit, on="recommend")
    chance = importance.pairs("recommend").loc["joy", "delight"]
    assert chance == pytest.approx(0.5)  # twins tie in every draw
    shares = importance.table().set_index("emotion")
    assert shares.loc["joy", "share"] == pytest.approx(shares.loc["delight", "share"])
    assert shares.loc["joy", "p_top1"] == pytest.approx(shares.loc["delight", "p_top1"])
    assert shares.loc["joy", "p_top1"] <= 0.5
    ranks = em.effects(fit, on="recommend").ranks().set_index("emotion")
    assert 0.2 < ranks.loc["joy", "p_top1"] < 0.8
    assert 0.2 < ranks.loc["delight", "p_top1"] < 0.8


def test_features_that_are_sums_of_others_are_named() -> None:
    """In one order the mean of two touchpoints is that of the first and the last moment."""
    book, values = data()
    values["visited"][:] = True
    values["position"][:] = [0, 1]
    values["rating"][:] = np.random.default_rng(1).integers(0, 4, values["rating"].shape)
    every = JourneyModel(elicitation=False, halo=False)
    check = checks(book, values, every)["data: memory can be told apart"]
    assert (check.status, check.figure) == ("REVIEW", 1)
    assert check.advice == "the rest is the prior's: use memory='mean+peak+end'"
    chosen = JourneyModel.for_survey(Survey(book, values, Audit("hostile")))
    assert (chosen.memory, chosen.salience) == (("mean", "peak", "end"), False)
    assert checks(book, values, chosen)["data: memory can be told apart"].status == "PASS"
