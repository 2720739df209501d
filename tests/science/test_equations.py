"""Properties of the equations of memory, relationship and behaviour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from emotion_models.science.equations import elicitation, memory, outcomes

SCORE = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def journeys(draw: st.DrawFn, least: int = 1) -> tuple[Any, Any, Any]:
    """Score, answered, position of a few journeys, each with an answer about each emotion."""
    shape = draw(st.tuples(st.integers(least, 5), st.integers(1, 3), st.integers(1, 3)))
    score = draw(npst.arrays(float, shape, elements=SCORE))
    answered = draw(npst.arrays(bool, shape))
    seen = draw(st.integers(0, shape[0] - 1))
    answered[seen] = True
    orders = [draw(st.permutations(range(shape[0]))) for _ in range(shape[1])]
    position = np.array(orders, dtype=np.int16).T
    return np.where(answered, score, 0.0), answered, position


def features(score: Any, answered: Any, position: Any, salience: Any = None) -> dict[str, Any]:
    weight = np.ones(len(score)) if salience is None else salience
    mean = memory.salient_mean(weight, score, answered.astype(float))
    return {"mean": mean, **memory.moments(score, answered, position)}


@given(journeys())
def test_features_are_what_their_names_say(journey: Any) -> None:
    score, answered, position = journey
    found = features(score, answered, position)
    for j in range(score.shape[1]):
        for e in range(score.shape[2]):
            places = sorted(np.flatnonzero(answered[:, j, e]), key=lambda t: position[t, j])
            told = [score[t, j, e] for t in places]
            assert found["mean"][j, e] == pytest.approx(np.mean(told))
            assert found["peak"][j, e] == max(told)
            assert (found["first"][j, e], found["end"][j, e]) == (told[0], told[-1])


@given(journeys())
def test_one_touchpoint_is_all_there_is(journey: Any) -> None:
    score, answered, position = (array[:1] for array in journey)
    found = features(
        score[:, answered[0].all(axis=1)],
        answered[:, answered[0].all(axis=1)],
        position[:, answered[0].all(axis=1)],
    )
    for value in found.values():
        assert np.array_equal(value, found["mean"])


@given(journeys(), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(journey: Any, random: Any) -> None:
    score, answered, position = journey
    shuffled = list(range(len(score)))
    random.shuffle(shuffled)
    salience = np.arange(1.0, len(score) + 1)
    before = features(score, answered, position, salience)
    after = features(score[shuffled], answered[shuffled], position[shuffled], salience[shuffled])
    for name, value in before.items():
        assert after[name] == pytest.approx(value)


@given(journeys(least=2), SCORE)
def test_unanswered_touchpoints_do_not_count(journey: Any, other: float) -> None:
    """Taking an unanswered touchpoint away, or what stands in its cell, changes nothing."""
    score, answered, position = journey
    drop = 0 if not answered[0].all() else 1
    answered[drop] = False
    if not answered.any(axis=0).all():
        return
    score[drop] = 0.0
    keep = np.arange(len(score)) != drop
    whole = features(score, answered, position)
    less = features(score[keep], answered[keep], position[keep])
    score[drop] = other
    moments = memory.moments(score, answered, position)
    for name, value in less.items():
        assert whole[name] == pytest.approx(value)
        assert name == "mean" or np.array_equal(moments[name], value)


@given(journeys(), SEEDS)
def test_memory_stays_within_its_features(journey: Any, seed: int) -> None:
    found = tuple(features(*journey).values())
    weights = np.random.default_rng(seed).dirichlet(np.ones(len(found)), size=found[0].shape[1])
    kept = memory.remembered(weights, found)
    assert (kept >= np.min(found, axis=0) - 1e-12).all()
    assert (kept <= np.max(found, axis=0) + 1e-12).all()


def test_equal_salience_is_the_plain_mean() -> None:
    score = np.array([0.25, 0.5, 1.0])[:, None, None]
    for share in (1 / 3, 7.0):
        mean = memory.salient_mean(np.full(3, share), score, np.ones(score.shape))
        assert mean[0, 0] == pytest.approx(1.75 / 3)


def test_features_of_simulated_ratings() -> None:
    """Leading draws of scores: each draw as if alone."""
    rng = np.random.default_rng(4)
    score = rng.random((6, 3, 4, 2))
    answered = rng.random((3, 4, 2)) < 0.8
    answered[1] = True
    position = np.array([rng.permutation(3) for _ in range(4)]).T
    together = memory.moments(score, answered, position)
    for s in range(6):
        for name, value in memory.moments(score[s], answered, position).items():
            assert np.array_equal(together[name][s], value)


def test_recall_terms_add_up() -> None:
    order = np.array([[[1.0, 0.0, 2.0]], [[0.0, 1.0, 2.0]]])
    base, effects = np.array([0.1, 0.2]), np.array([1.0, 10.0, 100.0, 1000.0, 10000.0])
    eta = memory.recalled(np.array([[0.3], [0.4]]), np.array([[-0.1], [0.2]]), base, order, effects)
    assert eta[:, 0] == pytest.approx([0.1 + 0.3 - 1 + 100 + 2e4, 0.2 + 0.4 + 2 + 1000 + 2e4])


@settings(max_examples=40)
@given(SEEDS, st.integers(1, 4), st.integers(1, 3))
def test_hard_segments_take_their_own_effects(seed: int, n_groups: int, n_draws: int) -> None:
    rng = np.random.default_rng(seed)
    kept, effect = rng.normal(size=(n_draws, 6, 3)), rng.normal(size=(n_draws, n_groups, 3, 2))
    group = rng.integers(0, n_groups, 6)
    pulled = outcomes.pull(kept, effect, [*np.eye(n_groups)[group].T])
    for j, g in enumerate(group):
        assert pulled[:, j] == pytest.approx(np.einsum("se,ser->sr", kept[:, j], effect[:, g]))


def test_several_identities_are_averaged() -> None:
    kept, effect = np.array([[1.0, 2.0]]), np.array([[[1.0], [0.0]], [[0.0], [10.0]]])
    assert (
        outcomes.pull(kept, effect, [np.array([0.25]), np.array([0.75])]).item()
        == 0.25 * 1 + 0.75 * 20
    )


@settings(max_examples=40)
@given(SEEDS, npst.arrays(float, st.integers(1, 6), elements=st.floats(-1, 1, width=16)))
def test_beyond_valence_is_a_projection(seed: int, valence: Any) -> None:
    departure = np.random.default_rng(seed).normal(size=(2, len(valence), 3))
    once = outcomes.beyond_valence(departure, valence)
    assert valence @ once == pytest.approx(np.zeros((2, 3)), abs=1e-9)
    assert outcomes.beyond_valence(once, valence) == pytest.approx(once, abs=1e-9)
    shifted = departure + 3 * valence[:, None]
    assert outcomes.beyond_valence(shifted, valence) == pytest.approx(once, abs=1e-9)


def test_without_valence_nothing_is_taken_out() -> None:
    departure = np.arange(6.0).reshape(3, 2)
    assert np.array_equal(outcomes.beyond_valence(departure, np.zeros(3)), departure)


def test_effect_of_emotion_and_predictor() -> None:
    valence, published = np.array([1.0, -0.5]), np.array([[0.5], [0.0]])
    effect = outcomes.effect_of_emotion(
        np.array([2.0]), valence, published, np.array([[0.1], [0.2]])
    )
    assert effect[:, 0] == pytest.approx([2.6, -0.8])
    eta = outcomes.predictor(
        np.ones((3, 1)), np.full((3, 2), 2.0), np.array([[1.0], [3.0]]), 0.5, 0.25
    )
    assert eta == pytest.approx(np.full((3, 1), 9.75))


def test_felt_and_halo_cell_by_cell() -> None:
    rng = np.random.default_rng(5)
    n_draws, n_touchpoints, n_journeys, n_emotions, n_levers = 2, 3, 4, 2, 2
    style, mood = rng.normal(size=(2, n_draws, n_journeys))
    valence, loading = rng.normal(size=n_emotions), rng.normal(size=(n_draws, n_emotions))
    affect = rng.normal(size=(n_draws, n_touchpoints, n_journeys))
    base = rng.normal(size=(n_draws, n_touchpoints, n_emotions))
    exposure = rng.normal(size=(n_touchpoints, n_journeys, n_levers))
    effect = rng.normal(size=(n_draws, n_touchpoints, n_levers, n_emotions))
    person = elicitation.halo(style, mood, valence, affect, loading)
    eta = elicitation.felt(base, exposure, effect, person)
    for s, t, e, j in np.ndindex(eta.shape):
        own = style[s, j] + valence[e] * mood[s, j] + loading[s, e] * affect[s, t, j]
        levers = exposure[t, j] @ effect[s, t, :, e]
        assert eta[s, t, e, j] == pytest.approx(base[s, t, e] + levers + own)


def test_mood_and_affect_are_independent() -> None:
    """Drawn through their sums, each has its own standard deviation and they share nothing."""
    rng = np.random.default_rng(8)
    mood, affect = elicitation.mood_and_affect(
        0.6, 0.9, rng.normal(size=200_000), rng.normal(size=(3, 200_000))
    )
    assert np.cov([mood, *affect]) == pytest.approx(np.diag([0.36, 0.81, 0.81, 0.81]), abs=0.01)
