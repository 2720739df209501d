"""A misleading literature prior, sampled for real; a minute, and only here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.models.design import make_design
from emotion_models.survey.audit import Audit
from emotion_models.survey.survey import Survey
from tests.models.builders import book, dataset, feelings

EMOTIONS = ("joy", "gratitude", "anger", "frustration")
BOOK = book(
    emotions=feelings(*EMOTIONS), behaviours=[{"name": "complain", "family": "bernoulli"}],
    remembered=None, relationship=None, levers=None, recall=None, controls=None,
    segments=None, delay=None,
)  # fmt: skip
TRUTH = np.array([0.5, 0.5, -2.0, -2.0])  # published: anger and frustration raise complaining


def study(model: em.JourneyModel) -> em.Survey:
    data, rng = dataset(BOOK, n=800), np.random.default_rng(1)
    ratings = make_design(model, BOOK, data).ratings
    memory = ratings.score.sum(axis=0) / ratings.answered.sum(axis=0)
    eta = (memory - memory.mean(axis=0)) @ TRUTH
    data["behaviour_value"][:, 0] = rng.random(eta.size) < 1 / (1 + np.exp(-eta))
    return Survey(BOOK, data, Audit("test"))


@pytest.mark.evidence
def test_data_overrule_a_wrong_sign_where_specificity_is_nil() -> None:
    model = em.JourneyModel(
        memory=("mean",), salience=False, halo=False, elicitation=False, priors="literature"
    )
    survey = study(model)

    def anger(**published: em.Prior) -> Any:
        nil = {"specificity": em.Prior.half_normal(0.01), **published}
        tried = model.with_options({"overrides": nil})
        fit = em.fit(tried, survey, seed=3, draws=150, tune=250, chains=2, progress=False)
        return fit.posterior["posterior"]["effect"].sel(emotion="anger", row="complain")

    overruled, imposed = anger(), anger(published=em.Prior.normal(0, 0.001))
    assert float((overruled < 0).mean()) > 0.99
    assert float(imposed.mean()) > float(overruled.mean()) + 0.5
