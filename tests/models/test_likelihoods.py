"""The flattened likelihoods against PyMC's own distributions, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
import pytest

from emotion_models.models import likelihoods
from emotion_models.science.equations import ordinal as equation
from tests.models.graphs import draws, evaluate

KAPPA = np.array([[-1.5, -0.5, 0.25, 2.0], [-0.75, 1.25, 1.25, 1.25], [0.5, 0.5, 0.5, 0.5]])
EXISTS = np.array([[True] * 4, [True, True, False, False], [True, False, False, False]])
GRID, CUBE = (9, 3), (2, 9, 3)


def node(build: Callable[[], Any]) -> Any:
    with pm.Model():
        return build()


def some_answers(shape: tuple[int, ...]) -> Any:
    """Answers on the three scales with gaps; the first item's category 3 stays unused."""
    rng = np.random.default_rng(1)
    ticked = rng.integers(0, EXISTS.sum(axis=1) + 1, shape)
    ticked[..., 0][ticked[..., 0] == 3] = 4
    return np.where(rng.random(shape) < 0.25, -1, ticked)


def ordinal_logp(eta: Any, kappa: Any, answers: Any) -> Any:
    people_last = pt.as_tensor(eta).swapaxes(-1, -2)
    build = lambda: likelihoods.ordinal("answer", people_last, kappa, EXISTS, None)  # noqa: E731
    return pm.logp(node(build), answers.swapaxes(-1, -2))


@pytest.mark.parametrize("shape", [GRID, CUBE])
def test_ordinal(shape: tuple[int, ...]) -> None:
    answers = some_answers(shape)
    eta = np.random.default_rng(2).normal(0, 2, shape)
    stock = []
    for q in range(3):
        known = answers[..., q] >= 0
        there = pm.OrderedLogistic.dist(eta=eta[..., q][known], cutpoints=KAPPA[q, EXISTS[q]])
        stock.append(pm.logp(there, answers[..., q][known]).sum())
    ours = ordinal_logp(pt.as_tensor(eta), pt.as_tensor(KAPPA), answers)
    got, expected = evaluate([ours, sum(stock)])
    assert got == pytest.approx(expected, rel=1e-10)
    assert got == pytest.approx(equation.log_probability(answers, eta, KAPPA, EXISTS).sum())


def test_ordinal_gradient() -> None:
    """Against central differences, padding included; padded cutpoints have no influence."""
    answers = some_answers(GRID)
    at = {"eta": np.random.default_rng(3).normal(0, 2, GRID), "kappa": KAPPA}
    eta, kappa = pt.matrix("eta"), pt.matrix("kappa")
    logp = ordinal_logp(eta, kappa, answers)
    slopes = evaluate(pytensor.grad(logp, [eta, kappa]), {eta: at["eta"], kappa: at["kappa"]})

    def value(**changed: Any) -> float:
        known = at | changed
        return equation.log_probability(answers, known["eta"], known["kappa"], EXISTS).sum()

    for name, slope in zip(at, slopes, strict=True):
        for cell in np.ndindex(slope.shape):
            step = np.zeros(slope.shape)
            step[cell] = 1e-5
            difference = value(**{name: at[name] + step}) - value(**{name: at[name] - step})
            assert slope[cell] == pytest.approx(difference / 2e-5, abs=1e-6), (name, cell)
    assert np.all(slopes[1][~EXISTS] == 0)


@pytest.mark.parametrize("distance", [-300.0, 300.0])
def test_ordinal_far_out(distance: float) -> None:
    """Value and gradient stay finite where a plain difference of probabilities is 0."""
    eta, kappa = pt.matrix("eta"), pt.matrix("kappa")
    answers = np.array([[2, 1, 0], [4, 0, 1], [0, 2, -1]])
    logp = ordinal_logp(eta, kappa, answers)
    point = {eta: np.full((3, 3), distance), kappa: KAPPA}
    value, *slopes = evaluate([logp, *pytensor.grad(logp, [eta, kappa])], point)
    assert value < -300
    assert all(np.isfinite(slope).all() for slope in slopes)


def test_ordinal_draws() -> None:
    n, level = 20_000, np.array([0.6, -0.4, 1.0])
    eta = pt.as_tensor(np.tile(level[:, None], n))
    answer = node(lambda: likelihoods.ordinal("y", eta, pt.as_tensor(KAPPA), EXISTS, None))
    drawn = draws(answer, 1)
    assert drawn.shape == (3, n)
    assert drawn.dtype == np.int64
    for q in range(3):
        expected = equation.category_probabilities(level[q : q + 1], KAPPA[q, EXISTS[q]])[0]
        share = np.bincount(drawn[q], minlength=len(expected)) / n
        assert share == pytest.approx(expected, abs=4 * np.sqrt(0.25 / n))


def test_ordinal_weights_are_exponents() -> None:
    """Weighted answers count as often as their journey's weight, cutpoints included."""
    answers = some_answers(GRID)
    eta = np.random.default_rng(2).normal(0, 2, GRID)
    weight = np.random.default_rng(3).gamma(2, 0.5, GRID[0])
    people_last = pt.as_tensor(eta.T)
    ours = node(
        lambda: likelihoods.ordinal(
            "y", people_last, pt.as_tensor(KAPPA), EXISTS, None, None, weight
        )
    )
    each = equation.log_probability(answers, eta, KAPPA, EXISTS)
    expected = (weight[:, None] * each).sum()
    assert evaluate(pm.logp(ours, answers.T)) == pytest.approx(expected, rel=1e-10)
