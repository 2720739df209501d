"""Strength of an omitted cause: against its own bias, and against published figures."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from emotion_models.science.equations.causal import (
    bias_of_confounder,
    cohens_f,
    e_value,
    fisher_posterior,
    probability_beyond,
    robustness_value,
)


def regress(y: np.ndarray, *columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and residuals of least squares with an intercept."""
    matrix = np.column_stack([*columns, np.ones(len(y))])
    found = np.linalg.lstsq(matrix, y, rcond=None)[0]
    return found, y - matrix @ found


def test_bias_is_exactly_that_of_least_squares() -> None:
    """The formula against fitting with and without the cause, on data of any shape."""
    rng = np.random.default_rng(1)
    x, u = rng.normal(size=400), rng.exponential(size=400)
    d = 0.4 * x + np.sqrt(u) + rng.uniform(size=400)
    y = 0.7 * d - x + 0.9 * u**1.3 + rng.normal(size=400)
    with_u, long = regress(y, d, x, u)
    without, short = regress(y, d, x)
    d_left, d_rest = regress(d, x)[1], regress(d, x, u)[1]
    r2_d = 1 - d_rest.var() / d_left.var()
    r2_y = 1 - long.var() / short.var()
    unit = short.std() / d_left.std()
    bias = abs(without[0] - with_u[0])
    assert bias / unit == pytest.approx(bias_of_confounder(r2_d, r2_y))
    assert cohens_f(without[0], d_left.std(), short.std()) == pytest.approx(without[0] / unit)


@pytest.mark.parametrize("f", [0.0, 0.01, 0.3, 2.0])
def test_robustness_value_is_the_strength_whose_bias_is_the_effect(f: float) -> None:
    r = robustness_value(f)
    assert 0 <= r < 1
    assert bias_of_confounder(r, r) == pytest.approx(f)


def test_robustness_value_as_published_software_has_it() -> None:
    # t = 0.008/0.003 with 1080 degrees of freedom: 0.07791866 (documentation of edaphos).
    f = 0.008 / 0.003 / np.sqrt(1080)
    assert robustness_value(f) == pytest.approx(0.07791866, abs=1e-8)


def test_e_value_as_published_software_has_it() -> None:
    # Risk ratios 3.9 and 2.4 (documentation of rmorie, after the EValue package).
    assert e_value(0.1, 0.39) == pytest.approx(7.263034, abs=1e-6)
    assert e_value(0.24, 0.1) == pytest.approx(4.23303, abs=1e-5)
    assert e_value(0.3, 0.3) == 1


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_a_cause_of_that_strength_undoes_a_logit_effect(share: float) -> None:
    """No effect at all, a cause of equal strength on both sides, a yes-or-no answer."""
    rng, n = np.random.default_rng(7), 200_000
    u = rng.normal(size=n)
    d = np.sqrt(share) * u + np.sqrt(1 - share) * rng.normal(size=n)
    noise = rng.logistic(size=n)
    # u explains `share` of what d leaves of the answer's latent scale.
    g = np.sqrt(share / (1 - share) * np.pi**2 / 3 / (1 - share))
    yes = (g * u + noise > 0).astype(float)

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        eta = b[0] + b[1] * d
        return (np.logaddexp(0, eta) - yes * eta).mean(), np.array(
            [(special.expit(eta) - yes).mean(), ((special.expit(eta) - yes) * d).mean()]
        )

    b = optimize.minimize(loss, np.zeros(2), jac=True).x[1]
    found = robustness_value(cohens_f(b, d.std(), np.pi / np.sqrt(3)))
    assert found == pytest.approx(share, rel=0.05)


def test_probability_beyond() -> None:
    mean, sd = fisher_posterior(0.2, 103, 0)
    draws = np.tanh(np.random.default_rng(1).normal(mean, sd, 200_000))
    assert probability_beyond(mean, sd, 0.1) == pytest.approx(
        (np.abs(draws) > 0.1).mean(), abs=0.005
    )
    assert sd == 0.1
