"""A real fit saved and loaded: the same bits, the same answers, nobody's name."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import emotion_models as em
from emotion_models.inference import Fit
from tests.data import make_tiny_fit
from tests.inference.stored import identical

CHANGE = em.Change().at("check-in").lever("wait_minutes", to=5).emotion("frustration", by=-1)


@pytest.fixture
def again(tiny: Fit, tmp_path: Path) -> Fit:
    return em.load(em.save(tiny, tmp_path / "again.fit"))


def test_round_trip_is_exact(tiny: Fit, again: Fit) -> None:
    assert set(again.posterior.children) == {"posterior", "sample_stats", "people"}
    for name, node in tiny.posterior.children.items():
        assert identical(node.to_dataset(), again.posterior[name].to_dataset()), name
    assert identical(tiny.data, again.data)
    assert again.model == tiny.model
    assert again.checks == tiny.checks
    assert again.survey.codebook == tiny.survey.codebook
    assert again.survey.audit.as_dict() == tiny.survey.audit.as_dict()
    for name in ("n_journeys", "n_respondents", "hash"):
        assert getattr(again.survey, name) == getattr(tiny.survey, name)
    for name in ("seed", "versions", "seconds", "partial"):
        assert getattr(again, name) == getattr(tiny, name)
    assert repr(again) == repr(tiny)
    assert again._repr_html_() == tiny._repr_html_()


def test_answers_are_the_same_to_the_bit(tiny: Fit, again: Fit) -> None:
    before, after = em.simulate(replace(tiny), CHANGE), em.simulate(again, CHANGE)
    assert np.array_equal(before.before, after.before)
    assert np.array_equal(before.after, after.after)
    assert before.summary() == after.summary()
    assert before.curve().equals(after.curve())
    assert np.array_equal(em.effects(tiny).values, em.effects(again).values)
    for table in ("memory_weights", "salience", "specificity", "emotion_curve", "priors_table"):
        assert getattr(tiny, table)().equals(getattr(again, table)()), table


def test_nobody_is_named(again: Fit, tmp_path: Path) -> None:
    stays = make_tiny_fit.stays()
    with zipfile.ZipFile(tmp_path / "again.fit") as opened:
        content = b"".join(opened.read(name) for name in opened.namelist())
    for column in ("stay_id", "guest_id"):
        assert not any(str(name).encode() in content for name in stays[column])
    assert not {"journey_id", "respondent_id"} & set(again.data.variables)


def test_the_file_is_small_and_the_cache_stays_home(tiny: Fit, tmp_path: Path) -> None:
    em.simulate(tiny, CHANGE)
    assert tiny.cache
    path = em.save(tiny, tmp_path / "used.fit")
    assert path.stat().st_size < 300_000
    assert make_tiny_fit.TINY.stat().st_size < 300_000
    assert not em.load(path).cache


def test_small_tables(tiny: Fit) -> None:
    weights = tiny.memory_weights()
    assert list(weights) == ["emotion", "feature", "mean", "lower", "upper"]
    assert weights.groupby("emotion")["mean"].sum().to_numpy() == pytest.approx(np.ones(4))
    salience = tiny.salience()
    assert salience["mean"].sum() == pytest.approx(1)
    assert salience["touchpoint"].tolist() == ["check-in", "room", "check-out"]
    specificity = tiny.specificity()
    assert specificity["share"].between(0, 1).all()
    assert (specificity["tau_lower"] > 0).all()
    assert "trust" in specificity["outcome"].tolist()
    audit = tiny.audit_table()
    assert audit.iloc[0].tolist()[:2] == ["read", 40]
    assert {"elicitation", "memory", "relationship and behaviour"} == set(
        tiny.priors_table()["stage"]
    )


def test_emotions_of_unknown_valence_are_named(tiny: Fit) -> None:
    """In the audit and beside the prior that does not reach them; not where all are known."""
    assert tiny.without_coordinates == ()
    assert "no coordinates" not in set(tiny.audit_table()["step"])
    book = tiny.survey.codebook
    first = book.emotions[0].model_copy(update={"name": "saudade"})
    renamed = book.model_copy(update={"emotions": (first, *book.emotions[1:])})
    fit = replace(tiny, survey=replace(tiny.survey, codebook=renamed))
    last = fit.audit_table().iloc[-1]
    assert last["step"] == "no coordinates"
    assert last["count"] == 1
    assert "saudade" in last["note"]
    priors = fit.priors_table().set_index("parameter")["about"]
    assert priors["positivity"].endswith("not of saudade, whose valence is unknown")
    assert "saudade" not in priors["specificity"]


def test_overrides_are_in_the_table_of_priors(tiny: Fit) -> None:
    model = tiny.model.with_options({"overrides": {"positivity": em.Prior.normal(0, 1)}})
    row = replace(tiny, model=model).priors_table().set_index("parameter").loc["positivity"]
    assert row["prior"] == "normal(0, 1)"
    assert row["about"].endswith("(set by the user)")


def test_emotion_curve_is_the_weighted_mean_of_the_answers(tiny: Fit) -> None:
    curve = tiny.emotion_curve().set_index(["touchpoint", "emotion"])
    stays = make_tiny_fit.stays()
    for place in make_tiny_fit.TOUCHPOINTS:
        for emotion in make_tiny_fit.TOP:
            answer = stays[f"{place}_{emotion}"].replace({"": -8}).astype(int)
            known = answer > -8
            mean = np.average(answer[known], weights=stays["weight"][known])
            row = curve.loc[(place, emotion)]
            assert row["mean"] == pytest.approx(mean)
            assert row["n"] == known.sum()
            assert row["lower"] < row["mean"] < row["upper"]


def test_without_outcomes_the_tables_are_empty(tiny: Fit) -> None:
    bare = replace(tiny, model=tiny.model.model_copy(update={"outcomes": False}))
    assert bare.salience().empty
    assert not bare.emotion_curve().empty


def test_the_stored_fit_is_of_the_stored_survey(tiny: Fit) -> None:
    """If this fails, the reader changed: make tiny.fit again (tests/data/make_tiny_fit.py)."""
    survey = make_tiny_fit.survey()
    for name, variable in tiny.data.data_vars.items():
        assert np.array_equal(variable.values, survey.data[name].values, equal_nan=True), name
