"""Real sampling of a tiny survey; seconds, and only here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import emotion_models as em
from tests.data import make_tiny_fit
from tests.inference.stored import identical


@pytest.mark.slow
def test_same_seed_same_fit_and_the_same_after_loading(tmp_path: Path) -> None:
    survey = make_tiny_fit.survey()
    whole = em.JourneyModel.for_survey(survey)
    fit = em.fit(whole, survey, seed=3, draws=20, tune=60, chains=2, progress=False)
    assert not fit.partial
    assert fit.posterior["posterior"].sizes["draw"] == 20
    assert set(fit.posterior["sample_stats"]["block"].values) == {
        "outcomes", "recall", "elicitation",
    }  # fmt: skip
    again = em.load(em.save(fit, tmp_path / "real.fit"))
    change = em.Change().at("check-in").lever("wait_minutes", to=5).emotion("joy", by=1)
    before, after = em.simulate(fit, change), em.simulate(again, change)
    assert np.array_equal(before.after, after.after)
    assert np.array_equal(em.effects(fit).values, em.effects(again).values)

    one_stage = whole.model_copy(update={"elicitation": False, "outcomes": False})
    first, second, other = (
        em.fit(one_stage, survey, seed=seed, draws=20, tune=60, chains=2, progress=False)
        for seed in (3, 3, 4)
    )
    for name in ("posterior", "people"):
        one, two = (f.posterior[name].to_dataset() for f in (first, second))
        assert identical(one, two), name
    stage = first.posterior["posterior"]["recall_base"].values
    assert not np.array_equal(stage, other.posterior["posterior"]["recall_base"].values)
    # Stages are independent: alone or with the others, the same draws.
    assert np.array_equal(stage, fit.posterior["posterior"]["recall_base"].values)
