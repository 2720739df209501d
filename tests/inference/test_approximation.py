"""Approximations of densities that are known: normal ones exactly, others honestly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from emotion_models.inference.approximation import approximator, importance, pathfinder
from emotion_models.inference.approximation.fitted import Fitted, Stopped, ratios
from emotion_models.inference.approximation.mode import laplace
from emotion_models.inference.approximation.normal import dense, factored
from emotion_models.inference.approximation.path import Curvature, climb
from emotion_models.inference.jobs import Sampled

Floats = np.ndarray[Any, Any]
D = 12


def gaussian(size: int = D) -> tuple[Any, Floats, Floats]:
    """A correlated normal density without its constant, its mean and covariance."""
    rng = np.random.default_rng(3)
    mean, root = rng.normal(size=size), rng.normal(size=(size, size)) / 3 + np.eye(size)
    covariance = root @ root.T
    precision = np.linalg.inv(covariance)

    def density(point: Floats) -> tuple[float, Floats]:
        slope = precision @ (mean - point)
        return float(-0.5 * (point - mean) @ precision @ (point - mean)), slope

    return density, mean, covariance


def covariance_of(fitted: Fitted) -> Floats:
    """Exactly, from what draws are made of."""
    normal, size = fitted.normal, fitted.normal.mean.size
    root = normal.root
    if normal.basis is not None:
        Q = normal.basis
        root = np.eye(size) + Q @ (root - np.eye(root.shape[0])) @ Q.T
    return (normal.scale[:, None] * root) @ (normal.scale[:, None] * root).T


def go_on(*_: int) -> bool:
    return False


def test_laplace_is_exact_for_a_normal_density() -> None:
    density, mean, covariance = gaussian()
    found = laplace(density, np.zeros(D), np.random.default_rng(1), go_on)
    assert found is not None
    assert found.arrived
    assert found.normal.mean == pytest.approx(mean, abs=1e-4)
    assert covariance_of(found) == pytest.approx(covariance, rel=1e-4, abs=1e-5)
    _, ratio = ratios(found.normal, density, np.random.default_rng(2), 50)
    constant = 0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1]
    assert ratio == pytest.approx(constant, abs=1e-3)


def test_pathfinder_finds_a_normal_density() -> None:
    density, mean, covariance = gaussian()
    found = pathfinder.pathfinder(density, np.full(D, 2.0), np.random.default_rng(1), go_on)
    assert found is not None
    assert found.arrived
    assert found.normal.mean == pytest.approx(mean, abs=0.05)
    # The path ends before it has seen every direction; the weights make up for the rest.
    points, ratio = ratios(found.normal, density, np.random.default_rng(2), 4000)
    constant = 0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1]
    assert constant - 1.5 < ratio.mean() <= constant
    k, weight = importance.smoothed(ratio)
    assert k < importance.TRUSTED
    spread = np.sqrt(weight @ (points - mean) ** 2)
    assert spread == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.15)


def test_log_density_and_draws_of_a_factored_normal() -> None:
    rng = np.random.default_rng(5)
    diagonal, tall = rng.uniform(0.5, 2, D), rng.normal(size=(D, 4))
    normal = factored(np.zeros(D), np.zeros(D), diagonal, tall, np.eye(4))
    assert normal is not None
    covariance = np.diag(diagonal) + tall @ tall.T
    assert covariance_of(Fitted(normal, 0, True)) == pytest.approx(covariance)
    points, log_density = normal.draw(rng, 6)
    quadratic = np.einsum("nd,nd->n", points, np.linalg.solve(covariance, points.T).T)
    constant = np.linalg.slogdet(2 * np.pi * covariance)[1]
    assert log_density == pytest.approx(-0.5 * (quadratic + constant))


def test_curvature_is_that_of_bfgs() -> None:
    """The compact form gives what updating the matrix step by step gives."""
    rng, kept = np.random.default_rng(2), Curvature(D)
    hessian = gaussian()[2]
    pairs = [(step, hessian @ step) for step in rng.normal(size=(5, D))]
    for pair in pairs:
        kept.update(*pair)
    tall, small = kept.factors()
    expected = np.diag(kept.diagonal)
    for step, change in pairs:
        turn = np.eye(D) - np.outer(step, change) / (change @ step)
        expected = turn @ expected @ turn.T + np.outer(step, step) / (change @ step)
    assert np.diag(kept.diagonal) + tall @ small @ tall.T == pytest.approx(expected)
    before = kept.diagonal
    kept.update(np.ones(D), -np.ones(D))  # convex there: nothing is learned of a maximum
    assert kept.diagonal is before


def test_memory_stays_bounded_in_many_dimensions() -> None:
    size, scale = 8000, np.linspace(0.5, 2, 8000)

    def density(point: Floats) -> tuple[float, Floats]:
        return float(-0.5 * ((point / scale) ** 2).sum()), -point / scale**2

    found = pathfinder.pathfinder(density, np.ones(size), np.random.default_rng(1), go_on)
    assert found is not None
    assert found.normal.basis is not None
    assert found.normal.basis.size < 20 * size
    assert np.abs(found.normal.mean).max() < 0.1


def test_no_maximum_is_no_normal() -> None:
    def saddle(point: Floats) -> tuple[float, Floats]:
        return float(-(point[0] ** 2)), np.array([-2 * point[0], 0.0])

    assert laplace(saddle, np.ones(2), np.random.default_rng(1), go_on) is None
    assert "pathfinder" in approximator.no_normal("recall", "laplace")
    assert dense(np.zeros(2), np.diag([1.0, -1.0])) is None


@pytest.mark.parametrize("method", [laplace, pathfinder.pathfinder])
def test_stops_when_asked(method: Any) -> None:
    density = gaussian()[0]
    with pytest.raises(Stopped):
        method(density, np.ones(D), np.random.default_rng(1), lambda done, _: done >= 2)


def test_a_climb_may_be_ended() -> None:
    def visit(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise StopIteration

    count = 0
    end = climb(gaussian()[0], np.ones(D), visit)
    assert (end.arrived, end.steps) == (True, 2)


def test_draws_whose_density_cannot_be_computed_are_drawn_anew() -> None:
    def half(point: Floats) -> tuple[float, Floats]:
        return (0.0 if point[0] > 0 else float("nan")), point

    normal = dense(np.zeros(1), np.eye(1))
    assert normal is not None
    points, ratio = approximator.drawn(normal, half, np.random.default_rng(1), 40)
    assert (points > 0).all()
    assert np.isfinite(ratio).all()
    nowhere = dense(np.full(1, -50.0), np.eye(1))
    assert nowhere is not None
    with pytest.raises(RuntimeError, match="cannot be computed"):
        approximator.drawn(nowhere, half, np.random.default_rng(1), 4)


def block(log_ratio: Floats) -> Sampled:
    draws = np.arange(log_ratio.size).reshape(log_ratio.shape)
    posterior = xr.Dataset({"x": (("chain", "draw"), draws)}, {"draw": range(draws.shape[1])})
    stats = {"log_ratio": (("chain", "draw"), log_ratio), "arrived": ("chain", [1.0, 1.0])}
    return Sampled(posterior, xr.Dataset(stats), {})


def test_draws_are_weighed_where_that_can_be_trusted() -> None:
    mild = np.random.default_rng(1).normal(0, 0.3, (2, 400))
    found = importance.weighed(block(mild), 7)
    again = importance.weighed(block(mild), 7)
    assert found.posterior.identical(again.posterior)
    assert float(found.stats["pareto_k"]) < 0.7
    assert 600 < float(found.stats["effective_draws"]) < 800
    drawn = found.posterior["x"].to_numpy().ravel()
    expected = 800 * np.exp(mild.ravel()) / np.exp(mild).sum()
    assert np.abs(np.bincount(drawn, minlength=800) - expected).max() < 1.5


def test_draws_stay_as_they_are_where_weights_cannot_be_trusted() -> None:
    wild = np.random.default_rng(1).exponential(1.5, (2, 400))
    found = importance.weighed(block(wild), 7)
    assert found.posterior.identical(block(wild).posterior)
    assert float(found.stats["pareto_k"]) > 0.7
    assert np.isnan(float(found.stats["effective_draws"]))
    assert np.isnan(importance.weighed(block(wild[:, :9]), 7).stats["pareto_k"])
