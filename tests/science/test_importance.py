"""The Shapley decomposition against closed forms, least squares and brute force."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from emotion_models.science.equations import importance as equation
from emotion_models.science.equations import memory

Floats = NDArray[np.float64]


def parts(beta: list[float], correlation: Floats) -> Floats:
    """Covariance (1, P + 1, P + 1) of drivers m of unit variance and of ``sum beta_p m_p``."""
    shared = correlation @ np.array(beta)
    below = np.append(shared, np.array(beta) @ shared)
    return np.vstack([np.column_stack([correlation, shared]), below])[None]


def with_sum(covariance: Floats) -> Floats:
    """Joint covariance of drivers and their sum."""
    n = covariance.shape[-1]
    to_both = np.vstack([np.eye(n), np.ones(n)])
    return to_both @ covariance @ to_both.T


def equal_correlation(n: int, rho: float) -> Floats:
    return np.full((n, n), rho) + (1 - rho) * np.eye(n)


def random_covariance(n_draws: int, n_parts: int, seed: int = 3) -> Floats:
    root = np.random.default_rng(seed).normal(size=(n_draws, n_parts, n_parts))
    return root @ np.swapaxes(root, 1, 2)


def by_all_orders(covariance: Floats) -> Floats:
    """Shares of one draw, from a regression (by inversion) for every order of adding."""
    n = len(covariance)
    with_sum = covariance.sum(axis=1)

    def worth(chosen: tuple[int, ...]) -> float:
        own = list(chosen)
        inverse = np.linalg.inv(covariance[np.ix_(own, own)])
        return float(with_sum[own] @ inverse @ with_sum[own])

    shares, orders = np.zeros(n), list(permutations(range(n)))
    for order in orders:
        for k, p in enumerate(order):
            shares[p] += worth(order[: k + 1]) - (worth(order[:k]) if k else 0.0)
    return shares / len(orders)


def test_independent_drivers_have_their_own_variance() -> None:
    shares = equation.shapley(parts([0.5, -2, 0, 1], np.eye(4)))
    assert shares[:, 0] == pytest.approx([0.25, 4, 0, 1])


@pytest.mark.parametrize("rho", [-0.7, 0.0, 0.4, 0.9])
@pytest.mark.parametrize("beta", [[1.0, 0.3], [1.0, -0.8], [2.0, 0.0]])
def test_two_drivers_closed_form(rho: float, beta: list[float]) -> None:
    """Half of what each explains alone plus half of what it adds to the other."""
    b1, b2 = beta
    whole = b1**2 + b2**2 + 2 * rho * b1 * b2
    alone = ((b1 + rho * b2) ** 2, (b2 + rho * b1) ** 2)
    expected = [(alone[0] + whole - alone[1]) / 2, (alone[1] + whole - alone[0]) / 2]
    shares = equation.shapley(parts(beta, equal_correlation(2, rho)))
    assert shares[:, 0] == pytest.approx(expected)


def test_a_companion_without_an_effect_has_its_share() -> None:
    shares = equation.shapley(parts([1.0, 0.0], equal_correlation(2, 0.9)))[:, 0]
    assert shares == pytest.approx([1 - 0.81 / 2, 0.81 / 2])


def test_the_unit_of_a_driver_does_not_matter() -> None:
    covariance = random_covariance(2, 4)
    joint = with_sum(covariance)
    scale = np.array([2.0, -1e-6, 100, -3, 1])
    assert equation.shapley(joint * scale * scale[:, None]) == pytest.approx(
        equation.shapley(joint)
    )


def test_twins_share_equally_whatever_their_coefficients() -> None:
    shares = equation.shapley(parts([1.5, 0.5, 1.0], np.array(
        [[1.0, 1, 0], [1, 1, 0], [0, 0, 1]]
    )))[:, 0]  # fmt: skip
    assert shares == pytest.approx([2.0, 2.0, 1.0])


def test_against_every_order() -> None:
    covariance = random_covariance(3, 5)
    shares = equation.shapley(with_sum(covariance))
    for s in range(3):
        assert shares[:, s] == pytest.approx(by_all_orders(covariance[s]))


def test_worth_is_the_explained_variance_of_least_squares() -> None:
    x = np.random.default_rng(1).normal(size=(500, 4)) @ np.random.default_rng(2).normal(
        size=(4, 4)
    )
    x -= x.mean(axis=0)
    total = x.sum(axis=1)
    worth = equation.worth_of_subsets(with_sum((x.T @ x / 500)[None]))[:, 0]
    for subset in range(1, 16):
        chosen = [p for p in range(4) if subset >> p & 1]
        fitted = x[:, chosen] @ np.linalg.lstsq(x[:, chosen], total, rcond=None)[0]
        assert worth[subset] == pytest.approx(fitted.var())


@pytest.mark.parametrize("n_parts", [1, 3, 9])
def test_shares_add_up_and_are_not_negative(n_parts: int) -> None:
    covariance = random_covariance(4, n_parts)
    shares = equation.shapley(with_sum(covariance))
    assert shares.sum(axis=0) == pytest.approx(covariance.sum(axis=(1, 2)))
    assert (shares >= 0).all()


def test_random_orders_come_to_the_same_within_their_error() -> None:
    covariance = random_covariance(6, 9)
    exact = equation.shapley(with_sum(covariance))
    shares, error = equation.shapley_by_orders(with_sum(covariance), np.random.default_rng(1), 300)
    assert shares.sum(axis=0) == pytest.approx(covariance.sum(axis=(1, 2)))
    distance = (shares - exact).mean(axis=1) / error
    assert np.abs(distance).max() < 4
    assert error.max() < 0.05 * covariance.sum(axis=(1, 2)).mean()


def test_random_orders_are_exact_for_two() -> None:
    covariance = random_covariance(2, 2)
    shares, error = equation.shapley_by_orders(with_sum(covariance), np.random.default_rng(1), 3)
    assert shares == pytest.approx(equation.shapley(with_sum(covariance)))
    assert error == pytest.approx(np.zeros(2), abs=1e-12)


@pytest.mark.parametrize("by_moment", [False, True])
def test_attributed_scores_add_up_to_the_features(by_moment: bool) -> None:
    rng = np.random.default_rng(4)
    answered = (rng.random((4, 30, 3)) < 0.7).astype(float)
    answered[0] = 1
    score = rng.integers(0, 4, answered.shape) / 3 * answered
    position = rng.permuted(np.broadcast_to(np.arange(4)[:, None], (4, 30)), axis=0)
    position = position.astype(np.int16)
    intensity = memory.intensity(score, answered) if by_moment else None
    share = equation.attributions(score, answered, position, intensity)
    features = memory.moments(score, answered > 0, position, intensity)
    assert set(share) == set(features) == {"peak", "end", "first", "trend"}
    for name, feature in features.items():
        assert share[name].sum(axis=0) == pytest.approx(np.ones((30, 3)))
        assert (share[name] * score).sum(axis=0) == pytest.approx(feature), name
        assert (share[name][answered == 0] == 0).all()


def test_moments_that_tie_for_the_peak_share_it() -> None:
    score = np.array([0.5, 1.0, 1.0])[:, None, None]
    position = np.arange(3, dtype=np.int16)[:, None]
    share = equation.attributions(score, np.ones_like(score), position)
    assert share["peak"].ravel() == pytest.approx([0, 0.5, 0.5])


@pytest.mark.parametrize("df", [3.0, 5.0, 30.0])
def test_variance_of_numbers(df: float) -> None:
    zero = np.zeros(1)
    found = equation.number_variance(zero, np.array([1.7]), np.array([df]))
    assert found == pytest.approx(1.7**2 * stats.t(df).var())
    heavy = equation.number_variance(zero, zero + 1, np.array([2.0]))
    assert heavy == pytest.approx(3)  # as with three degrees of freedom


def test_variance_of_log_counts() -> None:
    """Of the gamma that has the mean and variance of the counts; of large counts themselves."""
    rng, n = np.random.default_rng(1), 400_000
    shape = 1 / (1 / 3.0 + 1 / 2.0)
    found = equation.count_variance(np.array(3.0), np.array(2.0))
    assert found == pytest.approx(np.log(rng.gamma(shape, size=n)).var(), rel=0.02)
    mean, dispersion = 40.0, 3.0
    counts = rng.poisson(rng.gamma(dispersion, mean / dispersion, n))
    found = equation.count_variance(np.array(mean), np.array(dispersion))
    assert found == pytest.approx(np.log(np.maximum(counts, 0.5)).var(), rel=0.1)
