"""Comparing any specifications and fits: names, refusals, tables by outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit, refitting, rivals
from emotion_models.inference.comparison import Comparison
from emotion_models.inference.rivals import differences, rivals_of, words
from tests.inference.stored import sampled


@pytest.fixture
def not_sampled(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Refits that find the stored draws again; what was asked for."""
    asked: list[list[str]] = []

    def same(jobs: dict[str, object], *_: object) -> dict[str, object]:
        asked.append(list(jobs))
        return {name: sampled(tiny, "outcomes") for name in jobs}

    monkeypatch.setattr(refitting, "sample", same)
    return asked


def test_names_say_what_differs(tiny: Fit) -> None:
    other = tiny.model.with_options({"memory": ("peak", "end"), "specific": False})
    assert differences(tiny.model, other) == "memory=peak+end, specific=no"
    assert differences(tiny.model, tiny.model) == ""
    later = replace(tiny, seed=9)
    found = rivals_of(tiny, ["mean-only", other, tiny, later])
    assert [rival.name for rival in found] == [
        "mean-only",
        "memory=peak+end, specific=no",
        "same model",
        "same model (2)",
    ]
    assert [rival.fit for rival in found] == [None, None, tiny, later]


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (None, "none"), ((), "none"), ({"tau": (1, 2)}, "{tau: 1+2}"), (0.5, "0.5")],
)
def test_words_of_an_option(value: object, text: str) -> None:
    assert words(value) == text


def test_only_what_is_not_fitted_is_sampled(tiny: Fit, not_sampled: list[list[str]]) -> None:
    other = tiny.model.with_options({"priors": "literature"})
    comparison = em.compare(tiny, tiny, "all-features", other, progress=False)
    assert not_sampled == [["all-features", "priors=literature"]]
    table = comparison.table()
    assert table["model"].tolist() == ["fitted", "same model", "all-features", "priors=literature"]
    assert table["difference"].tolist() == pytest.approx([0, 0, 0, 0], abs=1e-6)
    assert "all-features (" in comparison.summary()
    assert "same model predicts" in comparison.summary()


def test_nothing_is_sampled_when_all_are_fits(tiny: Fit, not_sampled: list[list[str]]) -> None:
    em.compare(tiny, tiny, by="respondent", progress=False)
    assert not_sampled == []


def test_what_cannot_be_compared(tiny: Fit) -> None:
    foreign = replace(tiny, survey=replace(tiny.survey, hash="other"))
    silent = tiny.model.model_copy(update={"outcomes": False})
    with pytest.raises(InputProblems) as caught:
        em.compare(tiny, foreign, silent, silent, progress=False)
    assert [str(problem) for problem in caught.value.problems] == [
        "a model: given twice; name it once",
        "fit 'Tiny stays': was fitted to another survey; "
        "compare fits of the same codebook and the same answers",
        "model 'outcomes=no': has no outcome to predict; set outcomes=True",
        "model 'outcomes=no': has no outcome to predict; set outcomes=True",
    ]


def shifted(comparison: Comparison, by: float) -> Comparison:
    """The second model's outcomes moved by a constant for each unit."""
    first, second = comparison.parts
    moved = tuple(replace(part, elpd=part.elpd + by) for part in second)
    return replace(comparison, parts=(first, moved))


def test_each_outcome_by_itself(tiny: Fit, not_sampled: list[list[str]]) -> None:
    comparison = shifted(em.compare(tiny, tiny, progress=False), -0.5)
    table = comparison.by_outcome()
    own = table[table["model"] == "fitted"].set_index("outcome")
    assert own.index.tolist() == [
        *("overall", "trust", "return", "recommend", "complain", "spend", "visits"),
        "frustration_kept",
    ]
    assert own.loc["trust", "stage"] == "relationship"
    assert (own["units"] == 40).all()
    assert (own["elpd"] < 0).all()
    other = table[table["model"] == "same model"]
    assert other["difference"].to_numpy() == pytest.approx(-0.5 * other["units"].to_numpy())
    assert other["se"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_a_stage_is_the_sum_of_its_outcomes(tiny: Fit, not_sampled: list[list[str]]) -> None:
    comparison = em.compare(tiny, "valence-only", progress=False)
    steps = np.linspace(-1, 0.5, 40)
    first = comparison.parts[0]
    unanswered = np.where(np.arange(40) < 4, np.nan, first[2].elpd)
    first = (*first[:2], replace(first[2], elpd=unanswered), *first[3:])
    moved = tuple(replace(part, elpd=part.elpd + steps) for part in first)
    table = replace(comparison, parts=(first, moved)).by_stage()
    assert table["stage"].drop_duplicates().tolist() == ["remembered", "relationship", "behaviour"]
    rows = table[table["model"] != "fitted"].set_index("stage")
    behaviours = [part for part in first if part.stage == "behaviour"]
    each = sum(np.where(np.isfinite(part.elpd), steps, 0.0) for part in behaviours)
    assert rows.loc["behaviour", "difference"] == pytest.approx(each.sum())
    assert rows.loc["behaviour", "se"] == pytest.approx(np.sqrt(40) * each.std(ddof=1))
    assert rows.loc["behaviour", "units"] == 40
    total = sum(np.nansum(part.elpd) for part in behaviours)
    own = table[table["model"] == "fitted"].set_index("stage")
    assert own.loc["behaviour", "elpd"] == pytest.approx(total)
    assert own.loc["behaviour", "worst_k"] == max(np.nanmax(part.k) for part in behaviours)


def test_specificity_beside_what_it_predicts(tiny: Fit, not_sampled: list[list[str]]) -> None:
    comparison = em.compare(tiny, "valence-only", progress=False)
    result = em.specificity(tiny, comparison=shifted(comparison, -0.25))
    table = result.table().set_index("outcome")
    assert table.index.tolist() == [*tiny.specificity()["outcome"], "(all)"]
    assert table.loc["return", "elpd_gain"] == pytest.approx(10)
    assert table.loc["spend: any", "elpd_gain"] == table.loc["spend: amount", "elpd_gain"]
    assert np.isnan(table.loc["(all)", "tau"])
    assert "All outcomes of a left-out journey together" in result.summary()
    assert result.plot().axes
    again = em.specificity(tiny, progress=False)
    assert not_sampled == [["valence-only"]] * 2
    assert again.table()["outcome"].tolist() == table.index.tolist()


def test_specificity_needs_its_rival(tiny: Fit, not_sampled: list[list[str]]) -> None:
    comparison = em.compare(tiny, tiny, progress=False)
    with pytest.raises(InputProblems, match="holds no valence-only model"):
        em.specificity(tiny, comparison=comparison)
    plain = replace(tiny, posterior=tiny.posterior.copy())
    draws = plain.posterior["posterior"].to_dataset().drop_vars("specificity")
    plain.posterior["posterior"].dataset = draws
    with pytest.raises(InputProblems, match="has no tau"):
        em.specificity(plain)


def test_respondents_whose_weights_fail_are_refitted(tiny: Fit) -> None:
    comparison = em.compare(tiny, tiny, by="respondent", progress=False)
    assert "Whole respondents were left out" in comparison.summary()
    assert "em.crossvalidate(fit, ..., by='respondent')" in comparison.summary()


def test_stages_that_an_option_may_touch_are_fitted_and_scored(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def same(jobs: dict[str, Any], *_: object) -> dict[str, Any]:
        asked.extend(jobs)
        return {name: sampled(tiny, job.block) for name, job in jobs.items()}

    monkeypatch.setattr(refitting, "sample", same)
    other = tiny.model.with_options({"levers_by_segment": not tiny.model.levers_by_segment})
    monkeypatch.setattr(rivals, "OUTCOME_OPTIONS", frozenset({"memory", "salience"}))
    plain = tiny.model.with_options({"priors": "literature"})
    assert rivals.touches_ratings(tiny.model, other)
    assert not rivals.touches_ratings(tiny.model, tiny.model.variant("mean-only"))
    comparison = em.compare(tiny, plain, "all-features", progress=False)
    name = "priors=literature"
    assert asked == [name, f"{name}: recall", f"{name}: elicitation", "all-features"]
    table = comparison.by_outcome().set_index(["stage", "model"])
    for stage in ("elicitation", "recall"):
        rows = table.loc[stage]
        assert rows.index.tolist() == ["fitted", name, "all-features"]
        assert rows["difference"].to_numpy() == pytest.approx(0, abs=1e-4)
        assert (rows["elpd"] < 0).all()


def test_without_rivals_there_is_nothing_to_say(tiny: Fit) -> None:
    assert em.compare(tiny).summary().startswith("Nothing to compare with: the fitted model's elpd")
