"""Imputation: which ratings are drawn, from what, and how the fits are pooled; no sampling."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import logsumexp

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit, fitting, imputed, imputing
from emotion_models.inference.imputing import Study
from emotion_models.inference.jobs import Sampled
from emotion_models.models.design import make_design
from emotion_models.survey.survey import BLANK, NOT_VISITED, REFUSED, Survey
from tests import oracle
from tests.data import make_tiny_fit
from tests.inference import made
from tests.inference.stored import sampled
from tests.inference.test_loo import by_hand

Floats = NDArray[np.float64]
BLANKS = ((3, 1, 0), (3, 1, 2), (7, 2, 3))
"""Journey, touchpoint, emotion."""


@pytest.fixture(scope="module")
def gaps() -> Survey:
    """The tiny survey with three more ratings missing, and one touchpoint not visited."""
    whole = make_tiny_fit.survey()
    data = whole.data.copy(deep=True)
    for name in ("rating", "rating_status", "visited", "position"):
        data[name] = data[name].copy(data=data[name].to_numpy().copy())
    for place in BLANKS:
        data["rating"].to_numpy()[place] = -1
        data["rating_status"].to_numpy()[place] = REFUSED if place[0] == 7 else BLANK
    data["rating"].to_numpy()[11, 2] = -1
    data["rating_status"].to_numpy()[11, 2] = NOT_VISITED
    data["visited"].to_numpy()[11, 2] = False
    data["position"].to_numpy()[11, 2] = -1
    return Survey(whole.codebook, data, whole.audit)


def study_of(fit: Fit, survey: Survey) -> Study:
    data = survey.without_identifiers()
    model = fit.model.with_options({"missing": "impute", "imputations": 3})
    return Study(model, survey.codebook, data, make_design(model, survey.codebook, data))


def flat(survey: Survey, place: tuple[int, int, int]) -> int:
    return int(np.ravel_multi_index(place, survey.data["rating"].shape))


def test_only_what_was_asked_and_not_given(gaps: Survey) -> None:
    given = make_tiny_fit.survey()
    before = set(imputing.missing_places(given.data).tolist())
    after = imputing.missing_places(gaps.data)
    wanted = before | {flat(gaps, place) for place in BLANKS}
    assert set(after.tolist()) == {p for p in wanted if p // 12 != 11 or p % 12 // 4 != 2}
    filled = imputing.with_ratings(gaps.data, after, np.full(after.size, 2, dtype=np.int8))
    old, new = (d["rating"].to_numpy() for d in (gaps.data, filled))
    assert (new.ravel()[after] == 2).all()
    same = np.ones(old.size, dtype=bool)
    same[after] = False
    assert np.array_equal(old.ravel()[same], new.ravel()[same])
    assert (new[11, 2] == -1).all()
    assert (gaps.data["rating"].to_numpy()[BLANKS[0]]) == -1


def test_sliders_get_the_usual_position_of_their_category(gaps: Survey) -> None:
    data, place = gaps.data, imputing.missing_places(gaps.data)
    rng = np.random.default_rng(1)
    given = data["rating"].to_numpy()
    exact = np.where(given >= 0, (given + rng.random(given.shape)) / 5, np.nan)
    data = data.assign(rating_score=(data["rating"].dims, exact))
    filled = imputing.with_ratings(data, place, np.full(place.size, 2, dtype=np.int8))
    found = filled["rating_score"].to_numpy()
    j, t, e = BLANKS[0]
    assert found[j, t, e] == pytest.approx(exact[..., e][given[..., e] == 2].mean())
    assert np.array_equal(found[given >= 0], exact[given >= 0])


def test_candidates_follow_stage_1(
    tiny: Fit, gaps: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One posterior draw: candidates are draws from the probabilities of its equations."""
    monkeypatch.setattr(imputing, "CANDIDATES", 4000)
    study = study_of(tiny, gaps)
    one = sampled(tiny, "elicitation").posterior.isel(chain=[0], draw=[5])
    place = imputing.missing_places(gaps.data)
    draws = imputing.all_samples(one)
    found = imputing._candidates(study, draws, place, np.random.default_rng(1))
    j, t, e = BLANKS[0]
    eta = (
        oracle_base(one, t, e)
        + float(one["style"].to_numpy()[0, 0, j])
        + float(tiny.design.valence[e]) * float(one["mood"].to_numpy()[0, 0, j])
        + float(one["emotion_loading"].to_numpy()[0, 0, e])
        * float(one["affect"].transpose(..., "touchpoint", "journey").to_numpy()[0, 0, t, j])
        + lever_part(tiny, one, t, j, e)
    )
    kappa = one["rating_cutpoint"].to_numpy()[0, 0, e]
    below = 1 / (1 + np.exp(eta - kappa[: tiny.design.ratings.exists[e].sum()]))
    expected = np.diff([0.0, *below, 1.0])
    column = found[:, place.tolist().index(flat(gaps, BLANKS[0]))]
    share = np.bincount(column, minlength=expected.size) / 4000
    assert share == pytest.approx(expected, abs=4 * 0.5 / 4000**0.5)


def oracle_base(one: Any, t: int, e: int) -> float:
    return float(one["base"].transpose(..., "touchpoint", "emotion").to_numpy()[0, 0, t, e])


def lever_part(fit: Fit, one: Any, t: int, j: int, e: int) -> float:
    exposure, place, total = fit.design.exposure, 0, 0.0
    for touchpoint, column in exposure.pairs:
        effect = one["lever_effect"].to_numpy()[0, 0, column, e]
        if exposure.several[column]:
            effect = effect + one["lever_departure"].to_numpy()[0, 0, place, e]
            place += 1
        if touchpoint == t:
            total += float(effect * exposure.value[t, j, column])
    return total


def test_outcomes_weigh_candidates(tiny: Fit, gaps: Survey) -> None:
    """The density of a journey's outcomes under each completion, against sums by hand."""
    study = study_of(tiny, gaps)
    place = imputing.missing_places(gaps.data)
    draws = imputing.all_samples(sampled(tiny, "outcomes").posterior)
    s = 17
    spread = draws["bond_residual"]
    fixed = draws.isel(sample=np.full(spread.sizes["sample"], s))
    fixed["bond_residual"] = (fixed["bond_residual"].dims, spread.to_numpy())
    candidates = np.zeros((3, place.size), dtype=np.int8)
    candidates[:, place.tolist().index(flat(gaps, BLANKS[0]))] = [0, 2, 4]
    found = imputing._outcome_density(study, fixed, candidates, np.random.default_rng(1))
    assert found.shape == (3, 40)
    grid = np.linspace(-6, 6, 61)
    exact = []
    for candidate in candidates:
        data = study.completed(candidate)
        whole = replace(tiny, data=data)
        draw = oracle.Draw(whole, s)
        each = np.array([by_hand(whole, draw, 3, r) for r in grid])
        exact.append(logsumexp(each - grid**2 / 2))
    assert np.diff(found[:, 3]) == pytest.approx(np.diff(exact), abs=0.05)
    assert np.ptp(exact) > 0.1


def test_a_candidate_is_chosen_by_its_weight(
    tiny: Fit, gaps: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, place = study_of(tiny, gaps), imputing.missing_places(gaps.data)
    candidates = np.arange(3, dtype=np.int8)[:, None].repeat(place.size, axis=1)
    weight = np.zeros((3, 40))
    weight[:, 3] = np.log([0.6, 0.3, 0.1])
    weight[:, 7] = [-1000.0, 0.0, -1000.0]
    monkeypatch.setattr(imputing, "_candidates", lambda *_: candidates)
    monkeypatch.setattr(imputing, "_outcome_density", lambda *_: weight)
    blocks = [sampled(tiny, name).posterior for name in ("elicitation", "outcomes")]
    rng = np.random.default_rng(3)
    found = np.stack([imputing.impute(study, *blocks, rng) for _ in range(300)])
    places = [place.tolist().index(flat(gaps, p)) for p in BLANKS]
    share = np.bincount(found[:, places[0]], minlength=3) / 300
    assert share == pytest.approx([0.6, 0.3, 0.1], abs=0.11)
    # Ratings of one journey come from one completion: they belong together.
    assert np.array_equal(found[:, places[0]], found[:, places[1]])
    assert (found[:, places[2]] == 1).all()
    assert imputing.effective_candidates(weight)[[0, 3, 7]] == pytest.approx(
        [3, 1 / (0.36 + 0.09 + 0.01), 1]
    )


# --- pooling ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fit(tiny: Fit, gaps: Survey) -> Fit:
    with pytest.MonkeyPatch.context() as patch:
        return fake(tiny, gaps, patch)


def fake(tiny: Fit, gaps: Survey, monkeypatch: pytest.MonkeyPatch, *, stop: int = 99) -> Fit:
    """An imputed fit whose blocks are the stored ones; effects differ by imputation."""
    calls = []

    def first(jobs: dict[str, Any], *_: Any) -> dict[str, Sampled]:
        return {name: sampled(tiny, name) for name in jobs}

    def then(jobs: dict[str, Any], *_: Any) -> dict[str, Sampled]:
        calls.append(jobs)
        found = {name: shifted(tiny, i) for i, name in enumerate(jobs)}
        return dict(list(found.items())[: stop if len(calls) == 2 else 99])

    monkeypatch.setattr(imputing, "CANDIDATES", 4)
    monkeypatch.setattr(fitting, "sample", first)
    monkeypatch.setattr(imputed, "sample", then)
    model = tiny.model.with_options({"missing": "impute", "imputations": 3})
    return em.fit(model, gaps, seed=5, progress=False)


def shifted(tiny: Fit, i: int) -> Sampled:
    block = sampled(tiny, "outcomes")
    return replace(block, posterior=block.posterior.assign(positivity=lambda d: d.positivity + i))


def test_pooled_and_apart(tiny: Fit, fit: Fit, tmp_path: Path) -> None:
    assert fit.model.missing == "impute"
    assert not fit.partial
    old, new = (f.posterior["posterior"].to_dataset() for f in (tiny, fit))
    each = old.sizes["draw"] // 3
    assert new.sizes["draw"] == 3 * each
    kept = np.linspace(0, old.sizes["draw"] - 1, each).round().astype(int)
    people = fit.posterior["people"].to_dataset()
    residual = sampled(tiny, "outcomes").posterior["bond_residual"]
    assert len(fit.completed) == 3
    for i, part in enumerate(fit.completed):
        own = part.posterior["posterior"].to_dataset()
        expected = old["positivity"].to_numpy()[:, kept] + i
        assert np.allclose(own["positivity"].to_numpy(), expected)
        mine = part.posterior["people"].to_dataset()
        chain, draw = (mine[name].to_numpy() for name in ("chain", "draw"))
        assert np.allclose(mine["bond_residual"], residual.to_numpy()[chain, kept[draw]])
        assert part.completed == ()
        assert (part.data["rating"].to_numpy()[tuple(zip(*BLANKS, strict=True))] >= 0).all()
        assert (part.data["rating"].to_numpy()[11, 2] == -1).all()
    assert (
        sum(p.posterior["people"].sizes["sample"] for p in fit.completed) == people.sizes["sample"]
    )

    answers = em.effects(fit)
    parts = [em.effects(part).values for part in fit.completed]
    assert np.array_equal(answers.values, np.concatenate(parts, axis=-1))
    change = em.Change().at("room").emotion("joy", by=1)
    joined = em.simulate(fit, change)
    assert joined.after.shape[-1] == joined.before.shape[-1] >= each
    again = em.load(em.save(fit, tmp_path / "imputed.fit"))
    assert np.array_equal(em.effects(again).values, answers.values)
    pd.testing.assert_frame_equal(fit.missing_table(), again.missing_table(), check_dtype=False)
    assert {"R-hat: outcomes", "R-hat: elicitation", "Pareto k: outcomes"} <= {
        check.name for check in fit.checks
    }


def test_missing_information_by_hand(tiny: Fit, fit: Fit) -> None:
    """Means of 0, 1 and 2 above the stored one: B = 1, W the stored variance (of thinned draws)."""
    table = fit.missing_table().set_index("quantity")
    row = table.loc["positivity return"]
    each = tiny.posterior["posterior"].sizes["draw"] // 3
    kept = np.linspace(0, each * 3 - 1, each)
    assert kept.size == each
    draws = fit.completed[0].posterior["posterior"]["positivity"].sel(row="return").to_numpy()
    within = draws.var(ddof=1)
    assert row["within"] ** 2 == pytest.approx(within)
    assert row["between"] ** 2 == pytest.approx(1)
    assert row["sd"] ** 2 == pytest.approx(within + 4 / 3)
    assert row["missing_information"] == pytest.approx(4 / 3 / (within + 4 / 3))
    stored = tiny.posterior["posterior"]["positivity"].sel(row="return").to_numpy()
    assert row["available_mean"] == pytest.approx(stored.mean())
    assert row["available_sd"] == pytest.approx(stored.std(ddof=1))
    assert table.loc["bond_effect trust on return", "between"] == pytest.approx(0)
    assert tiny.missing_table().empty


def test_interrupted_while_imputing(
    tiny: Fit, gaps: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = fake(tiny, gaps, monkeypatch, stop=2)
    assert fit.partial
    assert fit.model.missing == "available"
    assert fit.completed == ()
    assert em.effects(fit).values.size


def test_worst_of_each_check() -> None:
    def check(name: str, status: Any, figure: float) -> Any:
        return em.inference.Check(name, status, figure, 1.0, "", "")  # type: ignore[attr-defined]

    some = [[check("a", "PASS", 0), check("b", "REVIEW", 1)], [check("a", "FAIL", 2)]]
    assert [(c.name, c.status) for c in imputed.worst(some)] == [("a", "FAIL"), ("b", "REVIEW")]


def test_refused(tiny: Fit, gaps: Survey) -> None:
    model = tiny.model.with_options({"missing": "impute", "elicitation": False})
    with pytest.raises(InputProblems, match="needs stage 1"):
        em.fit(model, gaps, progress=False)
    with pytest.raises(InputProblems, match="'imputations'"):
        tiny.model.with_options({"imputations": 1})
    with pytest.raises(InputProblems, match="option 'missing'"):
        tiny.model.with_options({"missing": "mean"})


@pytest.mark.evidence
def test_gaps_pull_effects_towards_zero_and_imputation_does_not() -> None:
    """Forty percent of later ratings missing, at random given the first."""
    survey = made.survey(made.Made(n=300, missing=0.4, at_random=True), 1)
    model = em.JourneyModel.for_survey(survey, memory="mean", salience=False, specific=False)
    model = model.with_options({"missing": "impute", "imputations": 3})
    fit = em.fit(model, survey, seed=1, draws=90, tune=200, chains=2, progress=False)
    valence = fit.design.valence
    truth = valence @ [made.JOY, made.ANGER] / (valence @ valence)
    table = fit.missing_table().set_index("quantity")
    for outcome in ("recommend", "return"):
        row = table.loc[f"positivity {outcome}"]
        assert row["mean"] > row["available_mean"] + 0.2
        assert abs(row["mean"] - truth) < 2.5 * row["sd"]
        assert 0 < row["missing_information"] < 0.8
