"""The cumulative logit against arithmetic with hundreds of digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_models.science.equations import ordinal

PADDED = np.array([[-1.5, -0.5, 0.25, 2.0], [-0.75, 1.25, 1.25, 1.25], [0.5, 0.5, 0.5, 0.5]])
EXISTS = np.array([[True] * 4, [True, True, False, False], [True, False, False, False]])


def exact(category: int, eta: float, kappa: Any) -> float:
    """Log-probability of a category as the difference of two probabilities, in 400 digits."""
    with mpmath.workdps(400):
        below = [mpmath.mpf(0)]
        below += [
            1 / (1 + mpmath.exp(mpmath.mpf(float(eta)) - mpmath.mpf(float(k)))) for k in kappa
        ]
        below.append(mpmath.mpf(1))
        return float(mpmath.log(below[category + 1] - below[category]))


def one_item(category: int, eta: float, kappa: Any) -> float:
    kappa = np.asarray(kappa, dtype=float)[None]
    exists = np.ones(kappa.shape, dtype=bool)
    answer, latent = np.array([[category]]), np.array([[float(eta)]])
    return float(ordinal.log_probability(answer, latent, kappa, exists)[0, 0])


@pytest.mark.parametrize("eta", [-300.0, -40.0, -3.0, 0.0, 0.7, 3.0, 40.0, 300.0])
@pytest.mark.parametrize("category", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "kappa",
    [(-1.0, 0.5, 2.0), (-1.0, -1.0 + 1e-9, 1.0), (-0.5, 0.0, 1e-12), (-150.0, 0.0, 150.0)],
    ids=["plain", "adjacent", "nearly empty", "far apart"],
)
def test_against_high_precision(category: int, eta: float, kappa: tuple[float, ...]) -> None:
    if max(abs(k - eta) for k in kappa) > 300 + 2:
        eta = np.sign(eta) * 150.0
    expected = exact(category, eta, kappa)
    assert one_item(category, eta, kappa) == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_extremes_of_a_long_scale() -> None:
    kappa = np.linspace(-6, 6, 10)
    for eta in (-250.0, 0.0, 250.0):
        for category in (0, 5, 10):
            got = one_item(category, eta, kappa)
            assert got == pytest.approx(exact(category, eta, kappa), rel=1e-12, abs=1e-13)


def test_probabilities_sum_to_one_with_padding() -> None:
    eta = np.array([[-8.0, 0.1, 3.0], [0.0, -2.0, 9.0], [5.0, 5.0, -5.0]])
    total = np.zeros(eta.shape)
    for category in range(5):
        there = category <= EXISTS.sum(axis=1)
        answer = np.broadcast_to(np.where(there, category, -1), eta.shape)
        each = ordinal.log_probability(answer, eta, PADDED, EXISTS)
        total += np.where(there, np.exp(each), 0.0)
    assert total == pytest.approx(np.ones(eta.shape), abs=1e-14)


def test_padding_changes_nothing() -> None:
    """An item with fewer categories answers as if it stood alone."""
    eta = np.array([[0.4, -1.2, 2.2]])
    for category in (0, 1):
        answer = np.full((1, 3), category)
        together = ordinal.log_probability(answer, eta, PADDED, EXISTS)[0]
        for q in range(3):
            alone = one_item(category, eta[0, q], PADDED[q, EXISTS[q]])
            assert together[q] == pytest.approx(alone, rel=1e-14)


def test_no_answer_counts_nothing() -> None:
    answer = np.array([[-1, 2, -1], [4, -1, 1]])
    eta = np.ones((2, 3))
    got = ordinal.log_probability(answer, eta, PADDED, EXISTS)
    assert np.array_equal(got == 0, answer < 0)


def test_unused_category_is_still_a_category() -> None:
    """Nobody ticked category 2: its probability is what the cutpoints say, not zero."""
    kappa = ordinal.cutpoints(np.array([0.3, 0.3, 0.1, 0.3]))
    assert np.exp(one_item(2, 0.0, kappa)) == pytest.approx(0.1)


def test_leading_draws() -> None:
    rng = np.random.default_rng(1)
    kappa = np.sort(rng.normal(size=(5, 3, 4)), axis=-1)
    eta = rng.normal(size=(5, 7, 3))
    answer = rng.integers(-1, 2, (7, 3))
    both = ordinal.log_probability(answer, eta, kappa, EXISTS)
    for s in range(5):
        assert both[s] == pytest.approx(ordinal.log_probability(answer, eta[s], kappa[s], EXISTS))


def test_cutpoints_are_the_inverse() -> None:
    probability = np.array([[0.1, 0.2, 0.3, 0.4], [0.97, 0.01, 0.01, 0.01]])
    kappa = ordinal.cutpoints(probability)
    for p, k in zip(probability, kappa, strict=True):
        assert ordinal.category_probabilities(np.zeros(1), k)[0] == pytest.approx(p, rel=1e-12)
        assert [np.exp(one_item(c, 0.0, k)) for c in range(4)] == pytest.approx(p, rel=1e-12)


@given(st.lists(st.floats(1e-9, 1.0), min_size=2, max_size=9))
def test_cutpoints_are_ordered(raw: list[float]) -> None:
    probability = np.array(raw) / sum(raw)
    kappa = ordinal.cutpoints(probability)
    assert np.isfinite(kappa).all()
    assert (np.diff(kappa) > 0).all()


def test_mean_category() -> None:
    eta = np.linspace(-12, 12, 25)
    kappa = np.array([-2.0, -0.5, 0.0, 3.0])
    probability = ordinal.category_probabilities(eta, kappa)
    assert ordinal.mean_category(eta, kappa) == pytest.approx(probability @ np.arange(5), abs=1e-13)
    assert probability.sum(axis=-1) == pytest.approx(np.ones(25))


def test_mean_category_over_draws() -> None:
    rng = np.random.default_rng(2)
    eta, kappa = rng.normal(size=(6, 9)), np.sort(rng.normal(size=(6, 3)), axis=-1)
    mean = ordinal.mean_category(eta, kappa)
    assert mean.shape == (6, 9)
    assert mean[4] == pytest.approx(ordinal.mean_category(eta[4], kappa[4]))


@settings(max_examples=50)
@given(st.floats(-8, 8), st.floats(0.01, 5))
def test_more_is_felt_more_is_ticked(eta: float, step: float) -> None:
    kappa = np.array([-1.0, 0.0, 2.0])
    lower, higher = ordinal.mean_category(np.array([eta, eta + step]), kappa)
    assert higher > lower


def test_draw_frequencies() -> None:
    n = 40_000
    eta = np.broadcast_to(np.array([0.6, -0.4, 1.0]), (n, 3))
    answers = ordinal.draw(np.random.default_rng(3), eta, PADDED, EXISTS)
    for q in range(3):
        kappa = PADDED[q, EXISTS[q]]
        expected = ordinal.category_probabilities(eta[:1, q], kappa)[0]
        share = np.bincount(answers[:, q], minlength=len(expected)) / n
        assert len(share) == len(expected)  # no answer above the item's scale
        assert share == pytest.approx(expected, abs=4 * np.sqrt(0.25 / n))
