"""Measurement equations against closed forms, finite differences and simulated answers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from emotion_models.science.equations import measurement as equation
from emotion_models.science.equations import ordinal

KAPPA = np.array([-1.5, -0.2, 0.9, 2.0])


def equal(rho: float, size: int) -> Any:
    return np.full((size, size), rho) + (1 - rho) * np.eye(size)


def ticked(rng: np.random.Generator, construct: Any, loadings: Any) -> Any:
    """Answers as people give them: latent answers with logistic errors, cut."""
    noise = rng.logistic(size=(len(construct), len(loadings)))
    latent = construct[:, None] * np.asarray(loadings) + noise
    return (latent[..., None] > KAPPA).sum(axis=-1)


def test_standardised_loading() -> None:
    # As much signal as logistic noise: half the variance is shared.
    loading = math.pi / math.sqrt(3)
    assert equation.standardised_loading(loading, 1.0) == pytest.approx(math.sqrt(0.5))
    assert equation.standardised_loading(-loading / 2, 4.0) == pytest.approx(-math.sqrt(0.5))
    assert equation.standardised_loading(0.0, 9.0) == 0


def test_reliability_by_hand() -> None:
    standard = np.array([0.8, 0.7, 0.6])
    assert equation.omega(standard) == pytest.approx(4.41 / (4.41 + 0.36 + 0.51 + 0.64))
    assert equation.variance_extracted(standard) == pytest.approx(1.49 / 3)
    unequal = np.array([[1, 0.2, 0.3], [0.2, 1, 0.4], [0.3, 0.4, 1]])
    assert equation.alpha(unequal) == pytest.approx(0.9 / 1.6)


def test_equal_loadings_make_all_reliabilities_one() -> None:
    """Omega, alpha and Spearman-Brown agree when items are parallel."""
    for size, loading in ((2, 0.5), (4, 0.7), (7, 0.9)):
        omega = equation.omega(np.full(size, loading))
        assert omega == pytest.approx(equation.alpha(equal(loading**2, size)))
        assert omega == pytest.approx(size * loading**2 / (1 + (size - 1) * loading**2))


def test_htmt() -> None:
    """With equal loadings the ratio is the correlation of the constructs, else not far from it."""
    phi, one, other = 0.6, 0.8, 0.5
    between = np.full((3, 2), phi * one * other)
    found = equation.htmt(between, equal(one**2, 3), equal(other**2, 2))
    assert found == pytest.approx(phi)
    assert np.isnan(equation.htmt(between, equal(-0.1, 3), equal(-0.2, 2)))
    assert np.isnan(equation.htmt(between, equal(-0.1, 3), equal(0.2, 2)))


@pytest.mark.parametrize("kappa", [KAPPA, np.array([0.3])])
def test_information_is_the_curvature_of_the_log_probability(kappa: Any) -> None:
    """Fisher information: minus the expected second derivative, by finite differences."""
    level, step, loading = np.array([-2.0, 0.1, 1.7]), 1e-3, 1.4

    def log_p(at: Any) -> Any:
        return np.log(ordinal.category_probabilities(loading * at, kappa))

    second = (log_p(level + step) - 2 * log_p(level) + log_p(level - step)) / step**2
    expected = -(np.exp(log_p(level)) * second).sum(axis=-1)
    found = equation.information(np.array([loading]), kappa[None], level[None])[0]
    assert found == pytest.approx(expected, rel=1e-4)


def test_information_of_a_yes_or_no() -> None:
    found = equation.information(np.array([2.0]), np.array([[1.0]]), np.array([[0.5]]))
    assert found[0, 0] == pytest.approx(2.0**2 * 0.25)


def test_sum_score_omega_is_the_correlation_of_two_interviews() -> None:
    """Reliability by its definition: the same people asked twice, errors drawn anew."""
    rng = np.random.default_rng(1)
    loadings, mean, variance = [2.0, 1.2, 0.4], 0.7, 1.9
    construct = rng.normal(mean, math.sqrt(variance), 400_000)
    first, second = (ticked(rng, construct, loadings).sum(axis=1) for _ in range(2))
    found = equation.sum_score_omega(
        np.array([loadings]), [KAPPA[None]] * 3, np.array([mean]), np.array([variance])
    )
    assert found[0] == pytest.approx(np.corrcoef(first, second)[0, 1], abs=0.004)


def test_alpha_and_htmt_of_simulated_answers() -> None:
    """From ticks: alpha is the sum's reliability, HTMT the correlation of the true scores."""
    rng = np.random.default_rng(2)
    phi, size = 0.7, 200_000
    one = rng.normal(size=size)
    other = phi * one + math.sqrt(1 - phi**2) * rng.normal(size=size)
    answers = np.hstack([ticked(rng, one, [1.5] * 3), ticked(rng, other, [1.5] * 2)])
    r = equation.weighted_correlations(
        answers.astype(float), np.ones(answers.shape), np.full((1, size), 1 / size)
    )
    reliability = equation.sum_score_omega(
        np.full((1, 3), 1.5), [KAPPA[None]] * 3, np.zeros(1), np.ones(1)
    )
    assert equation.alpha(r[:, :3, :3]) == pytest.approx(reliability, abs=0.005)
    true = [ordinal.mean_category(1.5 * x, KAPPA) for x in (one, other)]
    expected = np.corrcoef(*true)[0, 1]
    found = equation.htmt(r[:, :3, 3:], r[:, :3, :3], r[:, 3:, 3:])
    assert found[0] == pytest.approx(expected, abs=0.01)


def test_weighted_correlations() -> None:
    """As pandas: pairs of answers; a weight of two is a person counted twice."""
    rng = np.random.default_rng(3)
    answers = rng.integers(0, 5, (60, 4)) + 100.0
    known = rng.random(answers.shape) < 0.8
    weight = rng.integers(1, 4, 60)
    frame = pd.DataFrame(np.where(known, answers, np.nan))
    found = equation.weighted_correlations(
        answers, known.astype(float), np.stack([np.ones(60), weight]).astype(float)
    )
    assert found[0] == pytest.approx(frame.corr().to_numpy())
    assert found[1] == pytest.approx(frame.loc[frame.index.repeat(weight)].corr().to_numpy())
    constant = equation.weighted_correlations(
        np.ones((60, 1)), np.ones((60, 1)), np.full((1, 60), 1.0)
    )
    assert np.isnan(constant).all()
