"""Properties of the equations of rating items and of identities, in NumPy and in PyTensor."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.science.equations.elicitation import by_item, composite
from emotion_models.science.equations.identity import salient_membership

SEEDS = st.integers(0, 2**32 - 1)
EMOTION = np.array([0, 1, 1, 2, 2, 2])


@given(SEEDS)
def test_composite_is_the_mean_of_what_was_answered(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answered = (rng.random((2, 4, 6)) < 0.6).astype(float)
    score = rng.random((2, 4, 6)) * answered
    found, counts = composite(score, answered, np.eye(3)[EMOTION])
    for t, j, e in np.ndindex(2, 4, 3):
        given_answers = score[t, j, (e == EMOTION) & (answered[t, j] > 0)]
        assert counts[t, j, e] == float(given_answers.size > 0)
        assert found[t, j, e] == pytest.approx(given_answers.mean() if given_answers.size else 0)
    symbolic = composite(pt.as_tensor(score), answered, np.eye(3)[EMOTION], pt)[0].eval()
    assert symbolic == pytest.approx(found)


def test_composite_of_single_items_changes_no_bit() -> None:
    score = np.random.default_rng(1).random((3, 5, 4))
    found, counts = composite(score, np.ones(score.shape), np.eye(4))
    assert np.array_equal(found, score)
    assert (counts == 1).all()


@given(SEEDS)
def test_items_follow_their_emotion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    eta, loading = rng.normal(size=(2, 3, 4)), rng.normal(size=6)
    loading[[0, 1, 3]] = 1
    found = by_item(eta, loading, EMOTION)
    assert np.array_equal(found[:, [0, 1, 3]], eta)  # the first of each is the emotion itself
    for q, e in enumerate(EMOTION):
        assert found[:, q] == pytest.approx(loading[q] * eta[:, e])
    assert by_item(pt.as_tensor(eta), pt.as_tensor(loading), EMOTION).eval() == pytest.approx(found)


@given(SEEDS)
def test_salient_membership(seed: int) -> None:
    rng = np.random.default_rng(seed)
    membership = rng.dirichlet(np.ones(3), 6)
    membership[0], membership[1] = [0, 1, 0], [0.5, 0, 0.5]
    context, gamma = rng.normal(size=(6, 2)), rng.normal(size=(5, 2, 3))
    weight = salient_membership(membership, context, gamma)
    assert weight.shape == (5, 6, 3)
    assert weight.sum(axis=-1) == pytest.approx(1)
    assert np.array_equal(weight[:, 0], np.broadcast_to(membership[0], (5, 3)))
    assert (weight[:, 1, 1] == 0).all()
    # Odds of two identities are the reported odds times what the context adds.
    odds = weight[:, 2:, 0] / weight[:, 2:, 1]
    tilt = context[2:] @ gamma
    expected = membership[2:, 0] / membership[2:, 1] * np.exp(tilt[..., 0] - tilt[..., 1])
    assert odds == pytest.approx(expected)
    # A tilt of all identities alike is no tilt; neither is an average context.
    alike = salient_membership(membership, context, gamma + rng.normal(size=(5, 2, 1)))
    assert alike == pytest.approx(weight)
    assert salient_membership(membership, 0 * context, gamma) == pytest.approx(
        np.broadcast_to(membership, weight.shape)
    )
    symbolic = salient_membership(membership, context, pt.as_tensor(gamma[0]), pt).eval()
    assert symbolic == pytest.approx(weight[0])


def test_a_far_tilt_leaves_the_only_identity() -> None:
    far = salient_membership(np.array([[0.0, 1.0]]), np.ones((1, 1)), np.array([[900.0, -900.0]]))
    assert far.tolist() == [[0, 1]]
