"""Importance and performance by hand, corners, ellipses, and who is hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import emotion_models as em
from emotion_models.decisions import Priorities
from emotion_models.decisions.priority_map import CORNERS
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.bootstrap import bootstrap_weights
from emotion_models.intervals import PROBABILITY
from tests.decisions.valued import valued
from tests.inference.stored import with_posterior

DRAWS = 50


@pytest.fixture(scope="module")
def found(tiny: Fit) -> Priorities:
    return em.priorities(tiny, "return", draws=DRAWS)


def test_importance_is_the_effect_of_a_point_in_the_good_direction(
    tiny: Fit, found: Priorities
) -> None:
    effects = em.effects(tiny, on="return", by="touchpoint")
    for p, (touchpoint, emotion) in enumerate(zip(found.touchpoints, found.emotions, strict=True)):
        place = effects.emotions.index(emotion), effects.touchpoints.index(touchpoint)
        mean = effects.values[0, 0, place[0], place[1], 0].mean()
        spread = found.importance[:, p].std() / np.sqrt(DRAWS)
        turned = np.sign(found.valence[p]) * mean
        assert found.importance[:, p].mean() == pytest.approx(turned, abs=4 * spread + 1e-4)


def test_performance_by_hand(tiny: Fit, found: Priorities) -> None:
    share = bootstrap_weights(tiny.design, np.random.default_rng([tiny.seed, 5]), DRAWS)
    for p, (touchpoint, emotion) in enumerate(zip(found.touchpoints, found.emotions, strict=True)):
        t, e = tiny.design.touchpoints.index(touchpoint), tiny.design.emotions.index(emotion)
        known = tiny.design.ratings.rated[t, :, e]
        score = tiny.design.ratings.score[t, known, e]
        mean = np.array([np.average(score, weights=own[known]) for own in share])
        good = found.valence[p] > 0
        assert found.performance[:, p] == pytest.approx(mean if good else 1 - mean)


def test_complaints_turn_the_importance(tiny: Fit, found: Priorities) -> None:
    other = em.priorities(tiny, "complain", draws=DRAWS)
    by_hand = em.effects(tiny, on="complain", by="touchpoint")
    p = other.emotions.index("frustration")
    own = by_hand.values[0, 0, by_hand.emotions.index("frustration"), 1, 0].mean()
    assert np.sign(other.importance[:, p].mean()) == np.sign(own)  # twice turned
    assert other.unit == "probability"


def test_corners(found: Priorities) -> None:
    chances = found.corners()
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(found.emotions)))
    important = found.importance > found.importance.mean(axis=1, keepdims=True)
    weak = found.performance < found.performance.mean(axis=1, keepdims=True)
    table = found.table().set_index(["touchpoint", "emotion"])
    for p, place in enumerate(zip(found.touchpoints, found.emotions, strict=True)):
        assert table.loc[place, "p_act_now"] == pytest.approx((important & weak)[:, p].mean())
        assert table.loc[place, "corner"] == CORNERS[int(chances[p].argmax())]
    assert table["p_act_now"].is_monotonic_decreasing


def test_an_ellipse_holds_its_share_of_normal_draws(found: Priorities) -> None:
    rng = np.random.default_rng(1)
    both = rng.multivariate_normal([0.5, 2.0], [[0.04, 0.05], [0.05, 0.25]], size=4000)
    drawn = replace(
        found,
        touchpoints=("room",),
        emotions=("joy",),
        valence=(1.0,),
        performance=both[:, :1],
        importance=both[:, 1:],
    )
    x, y, long, short, angle = drawn.ellipses()[0]
    assert long >= short
    dx, dy = both[:, 0] - x, both[:, 1] - y
    along, across = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    inside = (along / long) ** 2 + (across / short) ** 2 <= 1
    assert inside.mean() == pytest.approx(PROBABILITY, abs=0.02)


def test_in_money(tiny: Fit) -> None:
    fit = valued(tiny)
    found = em.priorities(fit, "value", draws=DRAWS)
    assert found.unit == "EUR"
    parts = [
        value
        * em.priorities(tiny, name, draws=DRAWS).importance
        * (-1 if name == "complain" else 1)
        for name, value in (("return", 180), ("complain", -40), ("spend", 1))
    ]
    assert found.importance == pytest.approx(sum(parts), rel=1e-3, abs=1e-4)


def test_what_few_people_rated_is_hidden(tiny: Fit, found: Priorities) -> None:
    few = tiny.data.copy(deep=True)
    emotions = [str(name) for name in few["emotion"].to_numpy()]
    status = few["rating_status"]
    at = {"touchpoint": 1, "emotion": emotions.index("joy"), "journey": slice(9, None)}
    status[at] = 1
    few["rating"][at] = -1
    hidden = em.priorities(replace(tiny, data=few), "return", draws=DRAWS)
    assert ("room", "joy") in set(zip(found.touchpoints, found.emotions, strict=True))
    assert ("room", "joy") not in set(zip(hidden.touchpoints, hidden.emotions, strict=True))


def test_words_and_figure(found: Priorities) -> None:
    text = found.summary()
    assert text.startswith("Where to act for return (adjusted")
    assert "important and below average with probability" in text
    assert "Try it out before you rely on it." in text
    assert found.plot().axes
    assert found.draws.sizes["place"] == len(found.emotions)


def test_an_emotion_without_effect_is_in_no_act_now_corner(tiny: Fit) -> None:
    none = dict.fromkeys(("effect", "effect_by_segment", "bond_effect"), np.zeros_like)
    fit = with_posterior(tiny, **none)
    found = em.priorities(fit, "return", draws=DRAWS)
    assert not found.importance.any()
    assert not found.corners()[:, 0].any()


def test_refusals(tiny: Fit) -> None:
    with pytest.raises(InputProblems, match="did you mean 'return'"):
        em.priorities(tiny, "retrun")
    with pytest.raises(InputProblems, match="weight 'x'"):
        em.priorities(tiny, "return", weight="x")  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="no customer value"):
        em.priorities(tiny, "return", weight="value")
