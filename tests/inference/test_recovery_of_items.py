"""Loadings and the moment's share are found again in answers that were drawn with known ones."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pymc as pm
import pytest

import emotion_models as em
from emotion_models.models.chain import generative
from emotion_models.models.design import make_design
from emotion_models.survey.audit import Audit
from emotion_models.survey.survey import Survey
from tests.models.builders import SCALES, book, dataset, places
from tests.models.graphs import draws

N: Final = 250
SLIDE: Final = {"kind": "slider", "minimum": 0, "maximum": 100}
EMOTIONS: Final[list[dict[str, Any]]] = [
    {
        "name": "anger",
        "items": [{"name": "angry", "scale": "agree"}, {"name": "cross", "scale": "slide"}],
    },
    {
        "name": "joy",
        "items": [
            {"name": "glad", "scale": "felt"},
            {"name": "merry", "scale": "ticked"},
            {"name": "sad", "scale": "agree", "reversed": True},
        ],
    },
]
TRUTH: Final = {
    "emotion_item_loading": np.array([1, 1.4, 1, 0.7, 0.5]),
    "emotion_moment_sd": np.array([1.2, 0.8]),
    "style_sd": np.array(0.5),
    "affect_loading": np.array(0.8),
}


@pytest.mark.evidence
def test_loadings_and_moments_are_recovered() -> None:
    """Reversed, checkbox and slider items among them."""
    codebook = book(
        scales=SCALES | {"slide": SLIDE}, touchpoints=places(2), emotions=EMOTIONS,
        levers=None, recall=None, remembered=None, relationship=None, behaviours=None,
        controls=None, segments=None, delay=None,
    )  # fmt: skip
    model = em.JourneyModel(outcomes=False)
    data = dataset(codebook, n=N)
    study = make_design(model, codebook, data)
    chain = generative(model, study)
    free = {v.name for v in chain.free_RVs}
    known = {name: value for name, value in TRUTH.items() if name in free}
    known["emotion_free_loading"] = TRUTH["emotion_item_loading"][study.ratings.further]
    known["emotion_moment_sd_signed_z"] = TRUTH["emotion_moment_sd"]
    known["base"] = np.array([[0.8, -0.8], [-0.6, 0.6]])
    for name in free:
        if name.startswith("rating_probability"):
            length = int(name.partition(":")[2])
            items = chain.coords[f"emotion_item:{length}"]
            known[name] = np.full((len(items or ()), length), 1 / length)
    drawn = draws(pm.do(chain, known)["rating"], 1, seed=3)
    rating = np.where(study.ratings.category >= 0, drawn.swapaxes(1, 2), -1)
    data["rating"].data[:] = rating.swapaxes(0, 1)
    data["rating_score"].data[:] = np.nan
    top = study.ratings.exists.sum(axis=1)
    answers = rating.swapaxes(0, 1)
    data["rating_score"].data[:] = np.where(answers >= 0, answers / top, np.nan)
    survey = Survey(codebook, data, Audit("test"))
    fit = em.fit(model, survey, seed=1, draws=250, tune=350, chains=2, progress=False)
    posterior = fit.posterior["posterior"]
    for name, truth in (*TRUTH.items(), ("base", known["base"])):
        mean, sd = (getattr(posterior[name], f)(("chain", "draw")).values for f in ("mean", "std"))
        assert (np.abs(mean - truth) <= 3.5 * sd + 1e-9).all(), (name, mean, sd)
    learnt = posterior["emotion_item_loading"].std(("chain", "draw")).values
    assert (learnt[[0, 2]] == 0).all()  # the anchors
    assert (learnt < 0.5).all()  # the prior's is 1
