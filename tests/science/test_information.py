"""Value of information against closed forms: two decisions with a normal difference."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from emotion_models.science.equations.information import (
    chances_of_best,
    explained_by,
    perfect,
    regret,
    sampled,
)


def loss(mean: float, sd: float) -> float:
    """E max(0, X) - max(0, mean) of a normal X: the unit normal loss integral, scaled."""
    return float(sd * norm.pdf(mean / sd) + mean * norm.cdf(mean / sd) - max(mean, 0))


def normal(n: int, p: int, seed: int = 1) -> np.ndarray:
    """Draws of independent standard normals, whitened so that their moments are exact."""
    x = np.random.default_rng(seed).normal(size=(n, p))
    x -= x.mean(axis=0)
    whitened: np.ndarray = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T, bias=True))).T
    return whitened


THETA = normal(20_000, 3)
VALUES = np.stack([np.zeros(len(THETA)), 0.3 + THETA[:, 0] + 0.5 * THETA[:, 1]], axis=1)


def test_perfect_information() -> None:
    assert perfect(VALUES) == pytest.approx(loss(0.3, np.sqrt(1.25)), rel=0.03)


@pytest.mark.parametrize(("which", "sd"), [([0], 1.0), ([1], 0.5), ([0, 1], np.sqrt(1.25))])
def test_of_some_parameters(which: list[int], sd: float) -> None:
    found = perfect(explained_by(VALUES, THETA[:, which]))
    assert found == pytest.approx(loss(0.3, sd), rel=0.04)


def test_what_has_nothing_to_do_with_it_is_worth_nothing() -> None:
    assert perfect(explained_by(VALUES, THETA[:, [2]])) == pytest.approx(0, abs=1e-4)
    assert perfect(explained_by(VALUES, np.ones((len(VALUES), 2)))) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("further", [5, 50, 500])
def test_sample_information_of_normal_means(further: int) -> None:
    """A posterior of n0 answers; n more: the posterior mean has variance n / (n + n0) of it."""
    sd = np.sqrt(1.25 * further / (further + 50))
    assert sampled(VALUES, further, 50) == pytest.approx(loss(0.3, sd), rel=0.05, abs=1e-4)


def test_sample_information_against_brute_force() -> None:
    """Data drawn, posterior updated, the better decision taken; over and over."""
    rng, n0, n, mean, sd = np.random.default_rng(3), 40, 60, 0.1, 2.0
    truth = rng.normal(mean, sd / np.sqrt(n0), size=400_000)
    data = rng.normal(truth, sd / np.sqrt(n))
    posterior = (n0 * mean + n * data) / (n0 + n)
    brute = np.maximum(posterior, 0).mean() - mean
    values = np.stack([np.zeros(len(truth)), truth - truth.mean() + mean], axis=1)
    assert sampled(values, n, n0) == pytest.approx(brute, rel=0.03)


def test_more_answers_are_worth_more_up_to_perfect() -> None:
    worth = [sampled(VALUES, n, 50) for n in (0, 10, 100, 1000, 10**7, np.inf)]
    assert worth == sorted(worth)
    assert worth[0] == pytest.approx(0, abs=1e-12)
    assert worth[-2] == pytest.approx(worth[-1], rel=1e-3)
    assert worth[-1] == pytest.approx(perfect(VALUES))


def test_many_parameters_and_few_draws_explain_no_noise() -> None:
    noise, values = normal(400, 150, seed=2), VALUES[:400]
    assert perfect(explained_by(values, noise)) < 0.1 * perfect(values)
    with_it = np.concatenate([noise[:, :30], THETA[:400, :2]], axis=1)
    assert perfect(explained_by(values, with_it)) > 0.7 * perfect(values)


def test_repeated_draws_do_not_predict_themselves() -> None:
    again = np.random.default_rng(4).integers(0, 60, 400)
    noise = normal(400, 200, seed=5)
    found = perfect(explained_by(VALUES[again], noise[again]))
    assert found < 0.35 * perfect(VALUES[again])


def test_regret_and_chances() -> None:
    values = np.array([[0.0, 1.0, -1.0], [0.0, -3.0, 2.0], [0.0, 0.0, -1.0]])
    assert regret(values).tolist() == pytest.approx([1.0, 5 / 3, 1.0])
    assert regret(values).min() == pytest.approx(perfect(values))
    assert chances_of_best(values).tolist() == pytest.approx([1 / 6, 0.5, 1 / 3])  # a tie is shared
