"""Ratings with people integrated out: against a dense grid, differences, and each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
from scipy.special import logsumexp

from emotion_models.models.fused import reference
from emotion_models.models.integrated import dispatch, foreign, jax_form, kernel, people, rules

Form = Callable[..., tuple[Any, ...]]
FORMS: dict[str, Form] = {
    "numba": kernel.value_and_slopes,
    "jax": jax.jit(jax_form.plain),
    "lent to jax": jax.jit(foreign.call),
}
assert dispatch  # sets JAX to double precision, as a fit does
FINE = (*rules.around(121), *rules.along(25))
USUAL = (*rules.around(rules.AROUND), *rules.along(rules.ALONG))
NAMES = ("eta", "kappa", "lengths", "answers", "weight", "owner", "valence", "loading", "sd")


@pytest.fixture(params=list(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def study(
    each: int = 1, n_journeys: int = 12, sd: tuple[float, ...] = (0.6, 0.5, 0.9)
) -> dict[str, Any]:
    """Answers of respondents with `each` journeys, drawn from the model, some missing."""
    rng = np.random.default_rng(each)
    lengths = np.array([4, 2, 1])
    exists = np.arange(4) < lengths[:, None]
    kappa = np.where(exists, np.array([[-1.5, -0.4, 0.5, 1.6]] * 3), 0.0)
    valence, loading = np.array([1.2, -1.1, -0.3]), np.array([1.0, -1.3, 0.2])
    owner = np.arange(n_journeys) // each
    eta = rng.normal(0, 0.7, (2, 3, n_journeys))
    person = rng.normal(size=(2, owner.max() + 1))[:, owner]
    affect = rng.normal(size=(2, 1, n_journeys))
    felt = eta + sd[0] * person[0] + sd[1] * valence[:, None] * person[1]
    felt = felt + sd[2] * loading[:, None] * affect + rng.logistic(size=eta.shape)
    answers = ((felt[:, :, None] > kappa[:, :, None]) & exists[:, :, None]).sum(axis=2)
    answers = np.where(rng.random(answers.shape) < 0.15, -1, answers)
    values = (eta, kappa, lengths, answers.astype("int8"), np.ones(1), owner, valence, loading)
    return dict(zip(NAMES, (*values, np.array(sd)), strict=True))


def by_grid(given: dict[str, Any], n: int = 41, reach: float = 6.0) -> tuple[float, np.ndarray]:
    """Log-likelihood, and posterior means of the standardised latents (2 + T, J): trapezoids."""
    at = np.linspace(-reach, reach, n)
    log_mass = -0.5 * at**2 - np.log(np.exp(-0.5 * at**2).sum())
    s, m = np.meshgrid(at, at, indexing="ij")
    style, mood, affect = given["sd"]
    total, means = 0.0, np.zeros((2 + len(given["eta"]), len(given["owner"])))
    for person in np.unique(given["owner"]):
        own = np.flatnonzero(given["owner"] == person)
        joint = log_mass[:, None] + log_mass
        inner = {}
        for j in own:
            for t in range(len(given["eta"])):
                each = np.zeros((n, n, n))
                for q, answer in enumerate(given["answers"][t, :, j]):
                    eta = given["eta"][t, q, j] + style * s + given["valence"][q] * mood * m
                    felt = eta[..., None] + given["loading"][q] * affect * at
                    each += log_probability(given, q, answer, felt)
                inner[t, j] = each + log_mass
                joint = joint + logsumexp(inner[t, j], axis=-1)
        total += given["weight"][person % given["weight"].size] * logsumexp(joint)
        post = np.exp(joint - logsumexp(joint))
        means[:2, own] = [[(post * s).sum()], [(post * m).sum()]]
        for (t, j), each in inner.items():
            given_person = np.exp(each - logsumexp(each, axis=-1, keepdims=True)) @ at
            means[2 + t, j] = (post * given_person).sum()
    return float(total), means


def log_probability(given: dict[str, Any], q: int, answer: int, felt: np.ndarray) -> np.ndarray:
    if answer < 0:
        return np.zeros_like(felt)
    cuts = np.concatenate([[-np.inf], given["kappa"][q, : given["lengths"][q]], [np.inf]])
    upper, lower = (1 / (1 + np.exp(felt - cut)) for cut in (cuts[answer + 1], cuts[answer]))
    return np.log(upper - lower)


def value(
    given: dict[str, Any], nodes: tuple[Any, ...], form: Form = FORMS["numba"]
) -> tuple[Any, ...]:
    return form(*(given[name] for name in NAMES), *nodes)


@pytest.mark.parametrize("each", [1, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_equals_a_dense_grid(form: Form, each: int, weighted: bool) -> None:
    given = study(each)
    if weighted:
        given["weight"] = np.linspace(0.4, 1.8, 12 // each)
    exact = by_grid(given)[0]
    assert value(given, FINE, form)[0] == pytest.approx(exact, abs=1e-5)
    assert value(given, USUAL, form)[0] == pytest.approx(exact, abs=0.03)


@pytest.mark.parametrize("name", ["eta", "kappa", "loading", "sd"])
def test_derivatives_equal_differences(form: Form, name: str) -> None:
    given = study(2)
    place = ["eta", "kappa", "loading", "sd"].index(name)
    found = np.asarray(value(given, FINE, form)[1 + place])
    for index in list(np.ndindex(found.shape))[:: max(found.size // 7, 1)]:
        if name == "kappa" and index[1] >= given["lengths"][index[0]]:
            continue
        ends = []
        for step in (-1e-5, 1e-5):
            moved = given[name].copy()
            moved[index] += step
            ends.append(float(value(given | {name: moved}, FINE)[0]))
        assert found[index] == pytest.approx((ends[1] - ends[0]) / 2e-5, abs=2e-4)


def test_forms_agree_across_blocks(form: Form) -> None:
    given = study(3, 3 * 70)  # more journeys than a block holds
    want, found = value(given, USUAL), value(given, USUAL, form)
    for i, (a, b) in enumerate(zip(want, found, strict=True)):
        # By standard deviations the two take different, equally good identities.
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=3 if i == 4 else 1e-6)


def test_a_respondent_larger_than_a_block() -> None:
    large, small = study(100, 100), study(100, 100)
    small["owner"] = np.arange(100)
    assert np.isfinite(value(large, USUAL)[0])
    assert value(large, USUAL)[0] != pytest.approx(value(small, USUAL)[0])


def test_without_differences_it_is_the_plain_likelihood(form: Form) -> None:
    given = study(sd=(0.0, 0.0, 0.0))
    found = value(given, USUAL, form)
    plain = reference.value_and_slopes(*(given[name] for name in NAMES[:5]))
    for a, b in zip(found[:3], plain, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)
    np.testing.assert_allclose(found[4], 0.0, atol=1e-9)


def test_signs_of_the_spreads_do_not_matter() -> None:
    given = study(2)
    turned = given | {"sd": given["sd"] * [-1, 1, -1]}
    a, b = value(given, USUAL), value(turned, USUAL)
    assert a[0] == pytest.approx(float(b[0]))
    np.testing.assert_allclose(a[4], b[4] * [-1, 1, -1])


def test_a_journey_without_answers_counts_nothing() -> None:
    given = study()
    silent = given["answers"].copy()
    silent[..., 4] = -1
    others = np.arange(12) != 4
    fewer = {**given, "eta": given["eta"][..., others], "answers": given["answers"][..., others]}
    fewer["owner"] = np.arange(11)
    found = value(given | {"answers": silent}, USUAL)
    assert found[0] == pytest.approx(float(value(fewer, USUAL)[0]))
    np.testing.assert_allclose(found[1][..., 4], 0.0, atol=1e-12)


def test_far_out_is_finite() -> None:
    given = study()
    for shift in (-90.0, 90.0):
        found = value(given | {"eta": given["eta"] + shift}, USUAL)
        assert all(np.isfinite(np.asarray(each)).all() for each in found)


def test_nodes_without_weight_count_for_nothing(form: Form) -> None:
    """Coarse nodes lie in arrays with room for fine ones."""
    given, coarse = study(), rules.LEVELS["coarse"]
    padded = rules.at("coarse", True, True)
    assert [each.shape for each in padded] == [each.shape for each in rules.at("fine", True, True)]
    found = form(*given.values(), *padded)
    bare = form(*given.values(), *rules.around(coarse[0]), *rules.along(coarse[1]))
    for one, other in zip(found, bare, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-12, atol=1e-12)


def test_nodes_around_are_exact_to_the_fifth_degree() -> None:
    nodes, weights = rules.around(9)
    moment = {0: 1, 1: 0, 2: 1, 3: 0, 4: 3, 5: 0}
    for a in range(6):
        for b in range(6 - a):
            found = (weights * nodes[:, 0] ** a * nodes[:, 1] ** b).sum()
            assert found == pytest.approx(moment[a] * moment[b], abs=1e-12)


@pytest.mark.parametrize("each", [1, 3])
def test_people_are_drawn_from_their_posterior(each: int) -> None:
    given = study(each)
    exact = by_grid(given)[1] * np.repeat(given["sd"], [1, 1, 2])[:, None]
    rng, found = np.random.default_rng(0), []
    for _ in range(2000):
        noise = rng.standard_normal((people.STEPS, 4, 12)), rng.random((people.STEPS, 12))
        found.append(people.draw(*(given[name] for name in NAMES if name != "weight"), *noise))
    drawn = np.array(found)
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (abs(drawn.mean(axis=0) - exact) < 4.5 * error).all()
    one, other = drawn[:, 0, 0], drawn[:, 0, each - 1]
    np.testing.assert_array_equal(one, other)  # of the same respondent
