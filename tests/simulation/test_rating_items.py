"""Effects and simulation where emotions have several items, one of them on a slider.

The fit is made of draws from the prior: what is tested are equations, not estimates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.reporting.names import Names
from emotion_models.simulation import engine
from emotion_models.simulation.block import Block, blocks
from emotion_models.simulation.plan import make_plan
from emotion_models.simulation.remembering import positions_after
from emotion_models.survey.audit import Audit
from emotion_models.survey.survey import Survey
from tests.models.builders import SCALES, book, dataset
from tests.simulation.drawn import N_DRAWS, drawn_fit

EMOTIONS: list[dict[str, Any]] = [
    {
        "name": "anger",
        "items": [
            {"name": "angry", "scale": "agree"},
            {"name": "cross", "scale": "felt"},
            {"name": "calm", "scale": "slide", "reversed": True},
        ],
    },
    {"name": "joy", "scale": "slide"},
]
SLIDE = {"kind": "slider", "minimum": 0, "maximum": 100}


@pytest.fixture(scope="module")
def fit() -> Fit:
    codebook = book(
        scales=SCALES | {"slide": SLIDE}, emotions=EMOTIONS, segments=None, recall=None,
        remembered=[{"name": "overall", "scale": "slide"}],
    )  # fmt: skip
    data = dataset(codebook, n=20)
    rng = np.random.default_rng(2)
    rating, top = data["rating"].values, np.array([4, 3, 10, 10])
    exact = np.clip((rating + rng.uniform(-0.4, 0.4, rating.shape)) / top, 0, 1)
    slider = np.array([False, False, True, True])
    data["rating_score"].data[:] = np.where(rating < 0, np.nan,
                                            np.where(slider, exact, rating / top))  # fmt: skip
    return drawn_fit(Survey(codebook, data, Audit("test")), ("elicitation", "outcomes"))


def at_all(fit: Fit, name: str, **how: float) -> em.Change:
    change = em.Change()
    for touchpoint in fit.design.touchpoints:
        change = change.at(touchpoint).emotion(name, **how)  # type: ignore[arg-type]
    return change


def test_no_change_is_no_difference(fit: Fit) -> None:
    result = em.simulate(fit, em.Change().at("t0").emotion("anger", by=0).emotion("joy", by=0))
    assert np.array_equal(result.before, result.after)


def block_of(fit: Fit) -> Block:
    (found,) = blocks(fit, 400)
    return found


def test_one_more_point_is_one_on_every_item(fit: Fit) -> None:
    """Effects and simulation agree, by two routes; all outcomes, draw by draw."""
    effect = em.effects(fit)
    result = em.simulate(fit, at_all(fit, "anger", by=1))
    difference = result.after[:, 0] - result.before[:, 0]
    e, total = effect.emotions.index("anger"), effect.values[:, 0, :, 0, 0]
    moved = engine.changed_ratings(block_of(fit), make_plan(fit, at_all(fit, "anger", by=1)))
    ratings = fit.design.ratings
    for (t, q), after in moved.items():
        given = ratings.category[t, :, q] >= 0
        step = 1 / 4  # of the first item's scale; the others move the same share of theirs
        top = 1 if ratings.slider[q] else int(ratings.exists[q].sum())
        exact = np.minimum(ratings.item_score[t, given, q] + step, 1) * top
        if ratings.slider[q]:
            assert after[0, given] == pytest.approx(exact, abs=1e-6)
        else:  # a part of a point moves a part of the journeys
            assert (np.abs(after[0, given] - exact) < 1).all()
            whole = np.abs(exact - np.round(exact)) < 1e-6
            assert (after[0, given][whole] == np.round(exact[whole])).all()
    joy = em.simulate(fit, at_all(fit, "joy", by=10))  # the width of a slider's category
    j = effect.emotions.index("joy")
    assert joy.after[:, 0] - joy.before[:, 0] == pytest.approx(total[:, j], rel=1e-4, abs=1e-5)
    assert (np.sign(difference) == np.sign(total[:, e])).mean() > 0.9


def test_a_slider_moves_by_any_number(fit: Fit) -> None:
    place = (1, 3)
    score = fit.design.ratings.item_score[1, :, 3]
    given = fit.design.ratings.category[1, :, 3] >= 0
    for how, expected in (({"by": 2.5}, np.minimum(score + 0.025, 1)), ({"to": 33}, 0.33)):
        plan = make_plan(fit, em.Change().at("t1").emotion("joy", **how))  # type: ignore[arg-type]
        moved = engine.changed_ratings(block_of(fit), plan)
        assert moved[place][0, given] == pytest.approx(np.broadcast_to(expected, 20)[given])
    with pytest.raises(em.InputProblems, match="101 is not on the slider; it is 0 to 100"):
        em.simulate(fit, em.Change().at("t1").emotion("joy", to=101))


def test_levers_move_every_item_by_its_loading(fit: Fit) -> None:
    plan = make_plan(fit, em.Change().at("t0").lever("wait", to=0))
    moved = engine.changed_ratings(block_of(fit), plan)
    ratings, change = fit.design.ratings, plan.exposure[0]
    draws_of = fit.draws(400)[0]
    latent, kappa = block_of(fit).latent(0)
    pooled, more = draws_of["lever_effect"].values, draws_of["lever_departure"].values
    loading = draws_of["emotion_item_loading"].values
    changed = 0
    for s, j, q in np.ndindex(2 * N_DRAWS, 20, 4):
        before = ratings.category[0, j, q]
        if before < 0:
            assert moved[0, q][s, j] == -1
            continue
        effect = pooled[s, :, ratings.emotion[q]].copy()
        effect[0] += more[s, 0, ratings.emotion[q]]
        level = latent[s, q, j] + loading[s, q] * (change[j] @ effect)
        after = int((level > kappa[s, q, ratings.exists[q]]).sum())
        top, score = int(ratings.exists[q].sum()), ratings.item_score[0, j, q]
        expected = after
        if ratings.slider[q]:
            expected = np.clip(score + (after - before) / top, 0, 1)
        assert moved[0, q][s, j] == pytest.approx(expected, abs=1e-5)
        changed += after != before
    assert changed > 50
    scores = positions_after(block_of(fit), plan, moved)
    tops = (4, 3, 1)  # a slider moves on 0..1
    for j in range(20):
        given = [q for q in range(3) if ratings.category[0, j, q] >= 0]
        if given:
            mean = np.mean([moved[0, q][:, j] / tops[q] for q in given], axis=0)
            assert scores[0, 0][:, j] == pytest.approx(mean, abs=1e-5)


def test_curves_stand_on_the_first_items_scale(fit: Fit) -> None:
    curve = fit.emotion_curve().set_index(["touchpoint", "emotion"])
    ratings = fit.design.ratings
    for e, (name, low, high) in enumerate((("anger", 1, 5), ("joy", 0, 100))):
        seen = ratings.rated[2, :, e]
        mean = low + ratings.score[2, seen, e].mean() * (high - low)
        assert curve.loc[("t2", name), "mean"] == pytest.approx(mean)
    result = em.simulate(fit, em.Change().at("t2").emotion("joy", to=100))
    assert result.felt["t2", "joy"] == pytest.approx(np.full(2 * N_DRAWS, 100.0), rel=1e-5)
    assert result.units["overall"] == "steps of 10"
    assert result.units["trust"] == "scale points"


def test_the_axis_of_a_slider() -> None:
    only = book(scales=SCALES | {"slide": SLIDE}, emotions=EMOTIONS[1:], remembered=None)
    assert Names.of(only).rating_axis == "Mean rating (0 to 100)"


def test_checks_look_at_every_item(fit: Fit) -> None:
    from emotion_models.inference.predictive import _ratings

    everybody = np.arange(fit.design.n_journeys)
    names = [check.name for check in _ratings(fit, everybody, np.random.default_rng(1))]
    assert [name.rpartition(" ")[2] for name in names] == ["angry", "cross", "calm", "joy"]
