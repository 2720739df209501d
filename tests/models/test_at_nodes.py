"""Ordinal answers with latents summed over nodes: against plain sums, differences, dense grids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
from scipy.special import logsumexp

from emotion_models.models.at_nodes import dispatch, foreign, jax_form, kernel, nodes
from emotion_models.science.equations.ordinal import log_probability

Form = Callable[..., tuple[Any, ...]]
FORMS: dict[str, Form] = {
    "numba": kernel.value_and_slopes,
    "jax": jax.jit(jax_form.plain),
    "lent to jax": jax.jit(foreign.call),
}
assert dispatch  # sets JAX to double precision, as a fit does
LENGTHS = np.array([4, 1, 10, 2, 1])
EXISTS = np.arange(LENGTHS.max()) < LENGTHS[:, None]
DIFFERENTIATED = {0: 1, 1: 2, 2: 3, 6: 4}
"""Place of each derivative among the results, by the place of its input."""


@pytest.fixture(params=list(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def given(n_units: int = 70, n_latents: int = 2, spread: float = 1.0) -> list[Any]:
    """Answers of more units than a block holds, some missing."""
    rng = np.random.default_rng(5)
    n_items = len(LENGTHS)
    kappa = np.zeros(EXISTS.shape)
    for q, length in enumerate(LENGTHS):
        kappa[q, :length] = np.sort(rng.normal(0, 1.5, length))
    answers = (rng.random((n_items, n_units)) * (LENGTHS[:, None] + 1)).astype("int8")
    answers[rng.random(answers.shape) < 0.2] = -1
    value, mass = nodes.laid_out(
        rng.normal(0, spread, (n_units, n_latents)),
        np.broadcast_to(0.6 * np.eye(n_latents), (n_units, n_latents, n_latents)),
    )
    own, response = rng.normal(0, spread, (n_items, n_units)), rng.normal(size=(n_items, n_latents))
    return [own, response, kappa, LENGTHS, answers, value, mass, rng.random(n_units) + 0.5]


def plainly(inputs: list[Any]) -> float:
    """The sum as it is written."""
    own, response, kappa, _, answers, value, mass, weight = inputs
    eta = own + np.einsum("qc,nic->nqi", response, value)
    each = log_probability(answers.T, eta.swapaxes(1, 2), kappa, EXISTS)
    return float((weight * logsumexp(mass + each.sum(axis=2), axis=0)).sum())


@pytest.mark.parametrize("spread", [1.0, 8.0])
def test_the_value_is_the_sum_over_nodes(form: Form, spread: float) -> None:
    inputs = given(spread=spread)
    assert float(form(*inputs)[0]) == pytest.approx(plainly(inputs), rel=1e-12)


def test_nodes_left_over_count_for_nothing(form: Form) -> None:
    """Coarse nodes lie in arrays with room for fine ones."""
    inputs, centre = given(), np.random.default_rng(1).normal(size=(70, 2))
    factor = np.broadcast_to(0.6 * np.eye(2), (70, 2, 2))
    value, mass = nodes.laid_out(centre, factor, "coarse")
    n = nodes.COARSE[2] ** 2
    assert value.shape[0] == nodes.PER_LATENT[2] ** 2 > n
    padded = form(*inputs[:5], value, mass, inputs[7])
    bare = form(*inputs[:5], value[:n], mass[:n], inputs[7])
    for one, other in zip(padded[:4], bare[:4], strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(np.asarray(padded[4])[n:], 0.0)


def test_derivatives_are_differences(form: Form) -> None:
    inputs = given(n_units=6)
    found = form(*inputs)
    for place, at in DIFFERENTIATED.items():
        slope = np.asarray(found[at])
        for index in np.ndindex(slope.shape):
            if place == 2 and not EXISTS[index]:
                continue
            values = []
            for sign in (-1, 1):
                moved = [np.array(each) for each in inputs]
                moved[place][index] += sign * 1e-5
                values.append(plainly(moved))
            assert slope[index] == pytest.approx((values[1] - values[0]) / 2e-5, abs=2e-6)


def test_derivatives_by_mass_are_the_shares_of_the_nodes(form: Form) -> None:
    inputs = given()
    assert np.asarray(form(*inputs)[4]).sum(axis=0) == pytest.approx(inputs[-1])


def test_a_unit_without_answers_counts_for_its_nodes_alone(form: Form) -> None:
    inputs = given()
    inputs[4] = np.full_like(inputs[4], -1)
    mass, weight = inputs[6:]
    expected = (weight * logsumexp(mass, axis=0)).sum()
    assert float(form(*inputs)[0]) == pytest.approx(expected)


def test_predictors_far_out_stay_finite(form: Form) -> None:
    inputs = given()
    inputs[0] = 190 * np.sign(inputs[0])
    assert all(np.isfinite(np.asarray(each)).all() for each in form(*inputs))


@pytest.mark.parametrize("n_latents", list(nodes.PER_LATENT))
def test_nodes_integrate_what_is_nearly_normal(n_latents: int) -> None:
    """The mass of a normal posterior, and its prior by itself: 1."""
    centre, factor = np.full((1, n_latents), 0.4), 0.7 * np.eye(n_latents)[None]
    value, mass = nodes.laid_out(centre, factor)
    # Likelihood that makes the posterior N(centre, factor factor'), known in closed form.
    prior = -0.5 * (value**2).sum(axis=-1)
    posterior = -0.5 * (((value - centre) / 0.7) ** 2).sum(axis=-1)
    total = logsumexp(mass + posterior - prior, axis=0)
    assert float(total[0]) == pytest.approx(n_latents * np.log(0.7), abs=1e-10)
    over_prior = nodes.laid_out(np.zeros((1, n_latents)), np.eye(n_latents)[None])[1]
    assert logsumexp(over_prior) == pytest.approx(0, abs=1e-10)
