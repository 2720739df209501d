"""Cross-validation without sampling: what is hidden, who tests what, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit, refitting
from emotion_models.inference.folding import (
    assign,
    change_of_unit,
    check_answered,
    hide,
    on_scale_of,
)
from emotion_models.inference.loo import journey_log_likelihood
from emotion_models.inference.parts import parts_of
from emotion_models.models.spec import JourneyModel
from tests.inference.stored import sampled
from tests.models.builders import book, design

PANEL = design(JourneyModel(respondents=True), book(), n=60, per_person=4)


@pytest.mark.parametrize("folds", [2, 5, 15])
def test_folds_never_split_a_respondent(folds: int) -> None:
    of_respondent = assign(PANEL, folds, by="respondent", seed=3)
    assert of_respondent.shape == (15,)
    of_journey = of_respondent[PANEL.respondent]
    assert all(np.unique(of_journey[PANEL.respondent == i]).size == 1 for i in range(15))
    sizes = np.bincount(of_journey, minlength=folds)
    assert sizes.max() - sizes.min() <= 4
    assert (assign(PANEL, folds, by="respondent", seed=3) == of_respondent).all()
    assert folds == 15 or (assign(PANEL, folds, by="respondent", seed=4) != of_respondent).any()


def test_journeys_are_spread_evenly() -> None:
    fold = assign(PANEL, 7, by="journey", seed=3)
    assert np.ptp(np.bincount(fold, minlength=7)) <= 1


def test_only_answers_are_hidden(tiny: Fit) -> None:
    some = np.arange(40) < 5
    hidden = hide(tiny.data, some)
    assert (hidden["remembered"][:5] == -1).all()
    assert (hidden["relationship"][:5] == -1).all()
    assert hidden["behaviour_value"][:5].isnull().all()
    kept = {"remembered", "relationship", "behaviour_value"}
    assert hidden.drop_vars(kept).identical(tiny.data.drop_vars(kept))
    assert hidden.isel(journey=slice(5, None)).identical(tiny.data.isel(journey=slice(5, None)))
    assert (tiny.data["relationship"][:5] >= 0).all()  # the fit's own data are untouched


def perturbed(fit: Fit, fold: int) -> Any:
    """Draws of a refit that differ by fold."""
    own = sampled(fit, "outcomes")
    moved = own.posterior.copy()
    moved["answer_cutpoint"] = moved["answer_cutpoint"] + 0.3 * fold
    return replace(own, posterior=moved)


def test_every_journey_is_scored_by_the_refit_without_it(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def refit(jobs: dict[str, Any], *_: object) -> dict[str, Any]:
        seen.update(jobs)
        return {name: perturbed(tiny, int(name[-1]) - 1) for name in jobs}

    monkeypatch.setattr(refitting, "sample", refit)
    result = em.crossvalidate(tiny, "valence-only", folds=4, seed=11, progress=False)
    assert list(seen)[:5] == [*(f"fitted, fold {k}" for k in (1, 2, 3, 4)), "valence-only, fold 1"]
    people = tiny.draws(1000)[1]
    for k in range(4):
        job = seen[f"fitted, fold {k + 1}"]
        hidden = (job.design.items.ordinal < 0).all(axis=1)
        assert (hidden == (result.fold == k)).all()
        known = tiny.parameters(1000)
        shift = {"cutpoint": known.cutpoint + 0.3 * k}
        level = known.intercept.copy()
        for kind, answers in tiny.design.items.others.items():
            # The estimated level counts from where the kept answers lie.
            level[:, answers.row] += job.design.items.others[kind].level - answers.level
        density = journey_log_likelihood(
            tiny.model, tiny.design, replace(known, intercept=level, **shift), people
        )
        expected = logsumexp(density, axis=0) - np.log(density.shape[0])
        assert result.elpd[0][hidden] == pytest.approx(expected[hidden], abs=1e-6)
    assert result.units().groupby(["model", "fold"]).size().tolist() == [10] * 8
    table = result.table()
    assert table["elpd"][0] == pytest.approx(result.elpd[0].sum())
    assert result.by_outcome()["units"].eq(40).all()
    assert "4-fold cross-validation over 40 respondents" in repr(result)
    assert result._repr_html_().startswith("<pre>")
    assert result.plot().axes


def test_by_journey_is_by_respondent_where_each_has_one(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        refitting, "sample", lambda jobs, *_: {name: sampled(tiny, "outcomes") for name in jobs}
    )
    left, right = (
        em.crossvalidate(tiny, folds=3, by=by, progress=False) for by in ("journey", "respondent")
    )
    assert (left.fold == right.fold).all()
    assert left.elpd[0] == pytest.approx(right.elpd[0])


@pytest.mark.parametrize("folds", [1, 41])
def test_impossible_folds(tiny: Fit, folds: int) -> None:
    with pytest.raises(InputProblems, match=f"cannot be {folds}; choose 2 to 40"):
        em.crossvalidate(tiny, folds=folds)


def test_an_outcome_of_one_fold_alone(tiny: Fit) -> None:
    fold = np.arange(40) % 4
    items = tiny.design.items
    counts = items.others["count"]
    only = np.where(fold[:, None] == 2, counts.value, np.nan)
    rare = replace(items, others={**items.others, "count": replace(counts, value=only)})
    with pytest.raises(InputProblems, match="outcome 'visits': answered in one fold alone"):
        check_answered(replace(tiny.design, items=rare), fold)
    check_answered(tiny.design, fold)


def test_hidden_answers_are_scored_in_the_unit_of_the_whole_survey(tiny: Fit) -> None:
    """A normal density of y / u' times u / u' is the density of y / u."""
    kept, full = tiny.design.items, tiny.design.items
    amounts = full.others["amount"]
    other = replace(amounts, unit=2 * amounts.unit, centre=amounts.centre + 0.3)
    design = replace(tiny.design, items=replace(kept, others={**kept.others, "amount": other}))
    moved = on_scale_of(design, tiny.design).items.others["amount"]
    raw = (amounts.value + amounts.centre) * amounts.unit
    assert (moved.value + moved.centre) * moved.unit == pytest.approx(raw, nan_ok=True)
    spend = next(part for part in parts_of(tiny.design) if part.name == "spend")
    answers = np.isfinite(amounts.value[:, 0])
    found = change_of_unit(design, tiny.design, spend)
    assert found == pytest.approx(np.where(answers, -np.log(2), 0))
    sd = 0.7
    ours = stats.norm.logpdf(moved.value[:, 0], 0.1, sd / 2) + found
    centre = 2 * (0.1 + other.centre[0]) - amounts.centre[0]
    theirs = stats.norm.logpdf(amounts.value[:, 0], centre, sd)
    assert ours[answers] == pytest.approx(theirs[answers])
