"""Every family of the table against SciPy, against its own draws, and in the PyMC model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
import pytest
from scipy import stats

from emotion_models.inference.likelihood import log_probability
from emotion_models.models import likelihoods
from emotion_models.models.families import FAMILIES, LIKELIHOODS, Kind
from emotion_models.models.priors import PRIORS
from emotion_models.survey.parts import Family
from tests.models.graphs import draws, evaluate

N = 40_000
ETA = np.array([-1.2, 0.0, 0.4, 1.5])


@dataclass(frozen=True)
class Case:
    """One likelihood at known parameters: answers, and what SciPy says of them."""

    shapes: tuple[Any, ...]
    answers: Any
    expected: Any  # log-probability of each answer at its predictor in ETA
    by_hand: Any = None  # mean from the draws, where that is not their average


def _categories(cutpoint: Any, answers: Any) -> Any:
    below = stats.logistic.cdf(np.append(cutpoint, np.inf)[answers] - ETA)
    under = stats.logistic.cdf(np.append(-np.inf, cutpoint)[answers] - ETA)
    return np.log(below - under)


CUTPOINT = np.array([-1.0, 0.3, 1.1])
CASES: dict[Kind, Case] = {
    "ordinal": Case(
        (CUTPOINT,), np.array([0, 3, 1, 2]), _categories(CUTPOINT, np.array([0, 3, 1, 2]))
    ),
    "binary": Case(
        (), np.array([0.0, 1, 1, 0]), stats.bernoulli.logpmf([0, 1, 1, 0], 1 / (1 + np.exp(-ETA)))
    ),
    "count": Case(
        (1.7,),
        np.array([0.0, 3, 1, 12]),
        stats.nbinom.logpmf([0, 3, 1, 12], 1.7, 1.7 / (1.7 + np.exp(ETA))),
    ),
    "amount": Case(
        (0.6,),
        np.array([-2.0, 0.3, 0.1, 4.0]),
        stats.norm.logpdf([-2.0, 0.3, 0.1, 4.0], ETA, 0.6),
        by_hand=lambda drawn: np.exp(drawn),
    ),
}


BASELINE, WITHIN = np.array([-1.0, -0.4, -1.3, 7.0]), np.array([True, True, True, False])


def _lasting() -> Any:
    """Log-probability of leaving at once, in the third period, and of staying 2 and 3 periods."""
    h = 1 / (1 + np.exp(-ETA[:, None] - BASELINE))
    return np.log(
        [
            h[0, 0],
            (1 - h[1, 0]) * (1 - h[1, 1]) * h[1, 2],
            (1 - h[2, 0]) * (1 - h[2, 1]),
            (1 - h[3, 0]) * (1 - h[3, 1]) * (1 - h[3, 2]),
        ]
    )


CASES |= {
    "number": Case(
        (0.7, 5.0),
        np.array([-9.0, 0.2, 0.5, 1.4]),
        stats.t.logpdf([-9.0, 0.2, 0.5, 1.4], 5, ETA, 0.7),
    ),
    "duration": Case(
        (BASELINE,), np.array([1.0, 3, 2.5, 3.5]), _lasting(), by_hand=lambda drawn: drawn < 3.5
    ),
}


def declared(kind: Kind, rows: int = 0) -> Any:
    """The likelihood of one row, or of several equal ones."""
    return LIKELIHOODS[kind].over(np.tile(WITHIN, (rows, 1)) if rows else WITHIN)


def one_draw(case: Case) -> tuple[Any, ...]:
    """Parameters of one draw as posterior evaluation holds them: (S, 1, ...)."""
    return tuple(np.asarray(value)[None, None] for value in case.shapes)


def test_the_table_is_complete() -> None:
    assert set(FAMILIES) == set(get_args(Family))
    assert set(CASES) == set(LIKELIHOODS) == set(get_args(Kind))
    assert {kind for family in FAMILIES.values() for _, kind in family.rows} == set(LIKELIHOODS)
    for likelihood in LIKELIHOODS.values():
        if likelihood.name != "ordinal":  # its cutpoints follow from category probabilities
            assert set(likelihood.shapes) <= set(PRIORS)


@pytest.mark.parametrize("kind", CASES)
def test_log_probability(kind: Kind) -> None:
    case = CASES[kind]
    got = declared(kind).log_probability(case.answers, ETA[None], *one_draw(case))
    assert got[0] == pytest.approx(case.expected, rel=1e-10)


@pytest.mark.parametrize("kind", CASES)
def test_mean_is_that_of_the_draws(kind: Kind) -> None:
    case, likelihood = CASES[kind], declared(kind)
    eta = np.tile(ETA, (1, N))
    drawn = likelihood.draw(np.random.default_rng(1), eta, *one_draw(case)).reshape((N, -1))
    outcome = drawn if case.by_hand is None else case.by_hand(drawn)
    error = outcome.std(axis=0) / N**0.5
    mean = likelihood.mean(ETA[None], *one_draw(case))[0]
    assert np.abs(outcome.mean(axis=0) - mean) == pytest.approx(np.zeros(4), abs=5 * error.max())
    assert (np.diff(mean) > 0).all()


OTHERS = [kind for kind in CASES if kind != "ordinal"]


def node_of(kind: Kind, eta: Any, shapes: Any, counted: Any) -> Any:
    with pm.Model():
        return likelihoods.answers(declared(kind, counted.shape[1]), eta, shapes, None, counted)


def matrix(kind: Kind) -> tuple[Any, Any, list[Any]]:
    """Answers with a gap, predictors and parameters of three rows of four journeys."""
    case = CASES[kind]
    value = np.tile(case.answers[:, None], 3).astype(float)
    value[1, 2] = np.nan
    eta = np.tile(ETA[:, None], 3)
    return value, eta, [np.stack([np.asarray(shape)] * 3) for shape in case.shapes]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", OTHERS)
def test_pymc_has_the_same_likelihood(kind: Kind, *, weighted: bool) -> None:
    """Answers that are not there count nothing; others as often as their weight says."""
    value, eta, shapes = matrix(kind)
    weight = np.array([0.5, 2.0, 1.0, 0.1]) if weighted else np.ones(4)
    counted = np.isfinite(value) * weight[:, None]
    node = node_of(kind, pt.as_tensor(eta), [pt.as_tensor(x) for x in shapes], counted)
    got = evaluate(pm.logp(node, np.nan_to_num(value)))
    by_row = [
        log_probability(
            declared(kind), value[:, k], eta[None, :, k], tuple(x[None, None, k] for x in shapes)
        )
        for k in range(3)
    ]
    assert got == pytest.approx(np.sum(weight * np.sum(by_row, axis=0)), rel=1e-10)
    expected = weight * CASES[kind].expected
    assert got == pytest.approx(3 * expected.sum() - expected[1])


@pytest.mark.parametrize("kind", OTHERS)
def test_pymc_draws_around_the_same_mean(kind: Kind) -> None:
    case = CASES[kind]
    eta = np.tile(ETA, (N // 4, 1))
    shapes = [pt.as_tensor(np.stack([np.asarray(shape)] * 4)) for shape in case.shapes]
    drawn = draws(node_of(kind, pt.as_tensor(eta), shapes, np.ones(eta.shape)), 1)
    outcome = drawn if case.by_hand is None else case.by_hand(drawn)
    mean = declared(kind).mean(ETA[None], *one_draw(case))[0]
    error = outcome.std(axis=0) / (N / 4) ** 0.5
    assert (np.abs(outcome.mean(axis=0) - mean) < 5 * error).all()


@pytest.mark.parametrize("far", [-300.0, 300.0])
@pytest.mark.parametrize("kind", OTHERS)
def test_far_out_all_stays_finite(kind: Kind, far: float) -> None:
    """What separates perfectly or never happens gives finite values and gradients."""
    value, eta, shapes = matrix(kind)
    symbols = [pt.matrix("eta"), *(pt.as_tensor(shape).type() for shape in shapes)]
    node = node_of(kind, symbols[0], symbols[1:], np.isfinite(value).astype(float))
    logp = pm.logp(node, np.nan_to_num(value))
    point = dict(zip(symbols, [eta + far, *shapes], strict=True))
    for found in evaluate([logp, *pytensor.grad(logp, symbols)], point):
        assert np.isfinite(found).all()
