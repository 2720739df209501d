"""`fit` and `compare` without sampling: what Ctrl-C leaves, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import emotion_models as em
from emotion_models.errors import EmotionModelsError, InputProblems
from emotion_models.inference import Comparison, Fit, fitting, posterior, refitting
from emotion_models.inference.jobs import Job, Sampled
from emotion_models.inference.loo import Loo
from tests.data import make_tiny_fit
from tests.inference.stored import identical, sampled

STAGES = ("outcomes", "recall", "elicitation")


@pytest.fixture(scope="module")
def survey() -> em.Survey:
    return make_tiny_fit.survey()


@pytest.fixture
def fake(tiny: Fit, survey: em.Survey, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fit]:
    """Fit with the blocks that sampling is said to leave."""

    def fit(*left: str, complete: bool = True) -> Fit:
        def sample(jobs: dict[str, Job], *_: Any) -> dict[str, Sampled]:
            assert tuple(jobs) == STAGES
            return {name: sampled(tiny, name, complete=complete) for name in left}

        monkeypatch.setattr(fitting, "sample", sample)
        return em.fit(tiny.model, survey, seed=tiny.seed, progress=False)

    return fit


def stages(fit: Fit) -> set[str]:
    return {name for name in STAGES if getattr(fit.model, name)}


def test_whole(tiny: Fit, fake: Callable[..., Fit]) -> None:
    fit = fake(*STAGES)
    assert stages(fit) == set(STAGES)
    assert not fit.partial
    for name in ("posterior", "people"):
        stored, made = (f.posterior[name].to_dataset() for f in (tiny, fit))
        assert identical(stored, made[list(stored.data_vars)]), name
    assert not {"journey_id", "respondent_id"} & set(fit.data.variables)
    # What the checks say of the same draws today.
    assert {check.name for check in fit.checks} >= {"R-hat: outcomes", "Pareto k: outcomes"}
    change = em.Change().at("room").lever("upgrade", to=1)
    assert np.array_equal(em.simulate(fit, change).after, em.simulate(tiny, change).after)


@pytest.mark.parametrize("left", [("outcomes", "recall"), ("outcomes",)])
def test_interrupted_later(fake: Callable[..., Fit], tmp_path: Path, left: tuple[str, ...]) -> None:
    fit = fake(*left)
    assert fit.partial
    assert stages(fit) == set(left)
    assert fit.checks.status == "FAIL" or "complete: all stages" in str(fit.checks)
    assert "(interrupted)" in repr(fit)
    again = em.load(em.save(fit, tmp_path / "partial.fit"))
    assert again.partial
    assert np.array_equal(em.effects(again).values, em.effects(fit).values)
    emotion = em.Change().at("room").emotion("joy", by=1)
    assert em.simulate(again, emotion).table().shape[0] == 24
    with pytest.raises(InputProblems, match="no stage 1"):
        em.simulate(again, emotion.lever("upgrade", to=1))


def test_one_incomplete_stage(fake: Callable[..., Fit]) -> None:
    fit = fake("outcomes", complete=False)
    assert fit.partial
    assert stages(fit) == {"outcomes"}


def test_interrupted_before_anything_was_usable(fake: Callable[..., Fit]) -> None:
    with pytest.raises(KeyboardInterrupt):
        fake()


@pytest.mark.parametrize("name", ["draws", "tune", "chains"])
def test_settings(tiny: Fit, survey: em.Survey, name: str) -> None:
    with pytest.raises(EmotionModelsError, match=f"{name} must be at least 1, not 0"):
        em.fit(tiny.model, survey, **{name: 0})


def test_a_survey_that_says_nothing(survey: em.Survey) -> None:
    silent = survey.data.isel(journey=slice(0, 1)).copy()
    silent["rating"] = silent["rating"].where(silent["emotion"] != "worry", -1)
    with pytest.raises(InputProblems) as caught:
        fitting.check_informative(em.JourneyModel.for_survey(survey), survey.codebook, silent)
    assert [str(problem) for problem in caught.value.problems] == [
        "survey: fewer than 2 journeys; a model needs several",
        "emotion 'worry': never rated; remove it from the codebook",
    ]


# --- compare ---------------------------------------------------------------------------------


def test_compared_with_itself(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    same = {"all-features": sampled(tiny, "outcomes")}
    monkeypatch.setattr(refitting, "sample", lambda *_: same)
    comparison = em.compare(tiny, "all-features", progress=False)
    table = comparison.table().set_index("model")
    assert table.index.tolist() == ["fitted", "all-features"]
    assert table["difference"].tolist() == pytest.approx([0, 0], abs=1e-6)
    assert table["weight"].tolist() == pytest.approx([0.5, 0.5])
    assert comparison.plot().axes


@pytest.mark.parametrize("incomplete", [True, False])
def test_compare_interrupted(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch, *, incomplete: bool
) -> None:
    left = {"mean-only": sampled(tiny, "outcomes", complete=False)} if incomplete else {}
    monkeypatch.setattr(refitting, "sample", lambda *_: left)
    with pytest.raises(KeyboardInterrupt):
        em.compare(tiny, "mean-only", progress=False)


def test_every_problem_of_a_comparison_at_once(tiny: Fit) -> None:
    bare = replace(tiny, model=tiny.model.model_copy(update={"outcomes": False}))
    with pytest.raises(InputProblems) as caught:
        em.compare(bare, "mean-only", "mean-only", "valence", progress=False)
    assert [str(problem) for problem in caught.value.problems] == [
        "variant 'mean-only': given twice; name it once",
        "fit: has no outcome to predict; describe outcomes",
        "variant 'valence': unknown; did you mean 'valence-only'?",
    ]


def loo_of(elpd: np.ndarray, k: float = 0.2) -> Loo:
    return Loo(elpd, np.full(elpd.size, k), np.zeros((1000, elpd.size)))


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (-0.5, "predicts clearly worse"),
        (-0.1, "predicts not clearly worse"),
        (0.5, "clearly better"),
    ],
)
def test_words_of_a_comparison(gain: float, words: str) -> None:
    rng = np.random.default_rng(1)
    own = rng.normal(-5, 1, 200)
    noise = rng.normal(0, 1, 200)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    comparison = Comparison(("fitted", "mean-only"), (loo_of(own), loo_of(own + gain + noise, 0.8)))
    row = comparison.table().iloc[1]
    assert row["difference"] == pytest.approx(200 * gain)
    assert row["se"] == pytest.approx(np.sqrt(200))
    text = comparison.summary()
    assert words in text
    assert "mean-only (memory is the plain average)" in text
    assert "Pareto k reaches 0.80: take this as rough." in text
    assert comparison._repr_html_().startswith("<pre>")
    assert repr(comparison) == text


def test_a_model_without_values_of_people(tiny: Fit) -> None:
    """Neither construct nor respondent effects: nothing to thin, and draws are still found."""
    nobody = posterior.thin_people(xr.Dataset(coords={"chain": [0, 1], "draw": [0, 1, 2]}))
    assert not nobody.variables
    draws = tiny.posterior["posterior"].to_dataset()
    parameters, people = posterior.samples(draws, nobody, 10)
    assert parameters.sizes["sample"] == 10
    assert not people.variables
