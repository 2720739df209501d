"""Simulation where the model has nothing of people: no relationship, no stage 1, a journey each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.simulation.plan import _gaps
from emotion_models.survey.audit import Audit
from emotion_models.survey.survey import Survey
from tests.models.builders import book, dataset
from tests.simulation.drawn import drawn_fit


@pytest.fixture(scope="module")
def fit() -> Fit:
    codebook = book(relationship=[], segments=None, recall=None)
    found = drawn_fit(Survey(codebook, dataset(codebook, n=20), Audit("test")), ("outcomes",))
    assert not found.posterior["people"].to_dataset()
    return found


@pytest.mark.parametrize("kind", ["emotion", "remove", "reorder"])
def test_every_kind_of_change_that_needs_no_levers(fit: Fit, kind: str) -> None:
    first, *others = fit.design.touchpoints
    change = {
        "emotion": em.Change().at(first).emotion(fit.design.emotions[0], by=-1),
        "remove": em.Change().remove(first),
        "reorder": em.Change().reorder([*others, first]),
    }[kind]
    result = em.simulate(fit, change)
    for outcome in result.outcomes:
        assert np.isfinite(result.everybody(outcome)).all()
    assert any(np.any(result.everybody(outcome) != 0) for outcome in result.outcomes)


def test_orders_of_journeys_with_gaps_come_with_a_warning(fit: Fit) -> None:
    first, second = fit.design.touchpoints[:2]
    missing = (fit.design.ratings.answered[fit.design.ratings.position >= 0] == 0).mean()
    assert missing > 0.05
    moved = em.simulate(fit, em.Change().move(first, after=second))
    assert any(f"{missing:.0%} of the ratings" in said for said in moved.warnings)
    assert not any(
        "missing" in said for said in em.simulate(fit, em.Change().remove(first)).warnings
    )
    imputed = replace(fit, model=fit.model.with_options({"missing": "impute"}))
    assert not _gaps(imputed, em.Change().move(first, after=second))
