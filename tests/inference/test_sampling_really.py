"""Real sampling of a tiny survey; seconds, and only here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
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


@pytest.mark.slow
def test_a_single_emotion_with_a_lever() -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"visit": np.arange(40), "story": rng.integers(0, 2, 40)})
    table["worry"] = rng.integers(1, 6, 40)
    table["write"] = rng.integers(0, 2, 40)
    survey = em.read_survey(table, codebook=em.Codebook.model_validate(ONE_EMOTION))
    model = em.JourneyModel.for_survey(survey)
    fit = em.fit(model, survey, seed=1, draws=10, tune=20, chains=1, progress=False)
    draws = fit.posterior["posterior"].to_dataset()
    assert all(value.size for value in draws.values()), "nothing lies beyond one valence"
    change = em.Change().at("there").lever("story", to=1)
    assert np.isfinite(em.simulate(fit, change).everybody("write")).all()


ONE_EMOTION = {
    "study": {"name": "one-emotion"},
    "layout": {"form": "wide", "journey": "visit", "rating": "{emotion}"},
    "scales": {"five": {"values": [1, 2, 3, 4, 5]}},
    "touchpoints": [{"name": "there"}],
    "emotions": [{"name": "worry", "scale": "five"}],
    "levers": [{"name": "story", "kind": "binary"}],
    "behaviours": [{"name": "write", "family": "bernoulli"}],
}
