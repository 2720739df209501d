"""Fits whose parts are worked on apart: imputed ratings, and many journeys in blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.simulation import block
from tests.decisions.valued import valued
from tests.inference.stored import with_posterior

CHANGE = em.Change().at("room").emotion("gratitude", by=1).emotion("frustration", by=-1)
LIFE = {"horizon": 3, "discount": 0.1, "retention": "return", "recurring": ["spend"]}
OPTIONS = (
    em.Option.lever("room", "upgrade", to=[1], cost=1),
    em.Option.emotion("check-out", "joy", by=[1], cost=2),
)


@pytest.fixture
def parts(tiny: Fit) -> tuple[Fit, Fit]:
    return valued(tiny, LIFE), valued(
        with_posterior(tiny, effect_by_segment=lambda x: 1.5 * x), LIFE
    )


@pytest.fixture
def pooled(parts: tuple[Fit, Fit]) -> Fit:
    fit = replace(parts[0])
    fit.__dict__["completed"] = parts  # as if two completed data sets had been fitted
    return fit


def test_draws_of_imputations_are_joined(pooled: Fit, parts: tuple[Fit, Fit]) -> None:
    found = em.worth(pooled, CHANGE, draws=20)
    each = [em.worth(part, CHANGE, draws=10) for part in parts]
    assert found.after == pytest.approx(np.concatenate([one.after for one in each], axis=-1))
    assert not np.allclose(each[0].after, each[1].after)
    joined = em.priorities(pooled, "return", draws=20)
    apart = [em.priorities(part, "return", draws=10) for part in parts]
    expected = np.concatenate([one.importance for one in apart])
    assert joined.importance == pytest.approx(expected)


def test_choices_rest_on_all_imputations(pooled: Fit) -> None:
    best = em.optimise(pooled, OPTIONS, draws=20)
    assert best.values.shape[0] == 20
    assert em.information(pooled, best, sizes=[100]).worth.shape == (4, 1)
    order = em.sequence(pooled, draws=20)
    assert order.values.shape[0] == 20


def test_blocks_of_journeys_add_up(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = valued(tiny, LIFE)
    order = ("room", "check-in", "check-out")
    changes = (CHANGE, em.Change().reorder(order))
    whole = [em.worth(fit, change, draws=10).after for change in changes]
    places = em.priorities(fit, "value", draws=10)
    slopes = em.sequence(fit, draws=10)
    monkeypatch.setattr(block, "TOGETHER", 10 * 7)
    fit = valued(tiny, LIFE)
    assert block.count_blocks(fit, 10) == 6
    for change, expected in zip(changes, whole, strict=True):
        assert em.worth(fit, change, draws=10).after == pytest.approx(expected, rel=1e-4)
    again = em.priorities(fit, "value", draws=10)
    assert again.importance == pytest.approx(places.importance, rel=1e-3, abs=1e-4)
    found = em.sequence(fit, draws=10)
    assert found.values == pytest.approx(slopes.values, abs=1e-3)
    assert found.guesses == pytest.approx(slopes.guesses, abs=1e-2)
