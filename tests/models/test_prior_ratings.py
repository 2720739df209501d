"""Ratings and recall drawn by NumPy are those of the PyMC chain with nothing observed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from emotion_models.models.chain import block, generative
from emotion_models.models.prior_draws import draw
from emotion_models.models.prior_ratings import lever_effects, rating_predictor, recall_predictor
from emotion_models.science.equations import ordinal
from tests.models.builders import FULL_MODEL, book, design
from tests.models.graphs import draws

N = 800
MODEL = FULL_MODEL.model_copy(update={"outcomes": False, "respondents": True})


@pytest.fixture(scope="module")
def laid_out() -> Any:
    return design(MODEL, book(), per_person=2)


def same(ours: Any, theirs: Any) -> None:
    """Equal means and spreads over draws, within what so many draws can tell."""
    spread = theirs.std(axis=0)
    error = 6 * float(spread.max()) / N**0.5
    assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=error)
    assert ours.std(axis=0) == pytest.approx(spread, rel=0.2, abs=0.02)


def test_ratings(laid_out: Any) -> None:
    theirs = draws(generative(MODEL, laid_out)["rating"], N, seed=1)
    rng = np.random.default_rng(2)
    journeys = np.arange(laid_out.n_journeys)
    eta = rating_predictor(MODEL, laid_out, rng, N, journeys)
    assert eta.shape == theirs.shape
    kappa = ordinal.cutpoints(draw(rng, "rating_probability", (N, 3, 4)))
    for e in range(3):
        p = ordinal.category_probabilities(eta[:, :, e].reshape((N, -1)), kappa[:, e])
        shares = np.stack([(theirs[:, :, e] == k).mean(axis=(1, 2)) for k in range(4)], axis=-1)
        drawn = (rng.random((*p.shape[:2], 1)) > p.cumsum(axis=-1)[..., :-1]).sum(axis=-1)
        own = np.stack([(drawn == k).mean(axis=1) for k in range(4)], axis=-1)
        same(own, shares)


def test_levers(laid_out: Any) -> None:
    graph = block(MODEL, laid_out, "elicitation")
    pooled, departure = draws([graph["lever_effect"], graph["lever_departure"]], N, seed=3)
    ours = lever_effects(MODEL, laid_out, np.random.default_rng(4), N)
    exposure, places = laid_out.exposure, iter(range(departure.shape[1]))
    for touchpoint, column in exposure.pairs:
        theirs = pooled[:, column]
        if exposure.several[column]:
            theirs = theirs + departure[:, next(places)]
        same(ours[:, touchpoint, column], theirs)


def test_recall(laid_out: Any) -> None:
    """The respondents' part by its size: it is the same in every journey of a person."""
    graph = block(MODEL, laid_out, "recall")
    base, effects, sd = draws(
        [graph["recall_base"], graph["recall_effect"], graph["recall_sd"]], N, seed=5
    )
    ours = recall_predictor(
        MODEL, laid_out, np.random.default_rng(6), N, np.arange(laid_out.n_journeys)
    )
    from emotion_models.models.recall import ORDER_TERMS, recall_features, recall_terms

    intensity, balance, order = recall_features(laid_out)
    order = order[..., [ORDER_TERMS.index(name) for name in recall_terms(laid_out)[2:]]]
    for t, j in ((0, 0), (1, 3), (2, 7)):
        terms = np.array([intensity[t, j], balance[t, j], *order[t, j]])
        noise = sd * np.random.default_rng(7).normal(size=N)
        same(ours[:, t, j], base[:, t] + effects @ terms + noise)
