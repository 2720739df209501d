"""The fused ordinal likelihood: its forms against mpmath, differences, each other and PyMC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
import pytest

from emotion_models.models import likelihoods
from emotion_models.models.fused import dispatch, foreign, jax_form, kernel, op, reference
from emotion_models.science.equations import ordinal as equation
from tests.models.graphs import draws, evaluate, log_density

Form = Callable[..., tuple[Any, Any, Any]]
FORMS: dict[str, Form] = {
    "numpy": reference.value_and_slopes,
    "numba": kernel.value_and_slopes,
    "jax": jax.jit(jax_form.plain),
    "lent to jax": jax.jit(foreign.call),
}
assert dispatch  # sets JAX to double precision, as a fit does
KAPPA = np.array(
    [
        [-1.5, -0.5, 0.25, 2.0],
        [-0.75, 1.25, np.nan, np.nan],
        [0.5, np.nan, np.nan, np.nan],
        [-30.0, -2.0, 1.0, 45.0],
    ]
)
LENGTHS = np.array([4, 2, 1, 4])
EXISTS = np.arange(4) < LENGTHS[:, None]


@pytest.fixture(params=list(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def study(n_journeys: int = 300, n_places: int = 3, spread: float = 2.0) -> dict[str, Any]:
    """Answers on ragged scales with gaps: more journeys than the kernel's block."""
    rng = np.random.default_rng(1)
    shape = (n_places, len(LENGTHS), n_journeys)
    answers = rng.integers(0, LENGTHS[:, None] + 1, shape)
    return {
        "eta": rng.normal(0, spread, shape),
        "kappa": np.where(EXISTS, KAPPA, 0.0),
        "lengths": LENGTHS,
        "answers": np.where(rng.random(shape) < 0.25, -1, answers).astype("int8"),
        "weight": np.ones(1),
    }


def exact(eta: float, kappa: Any, answer: int) -> tuple[Any, Any, Any]:
    """Log-probability of an answer and its slopes by predictor and cutpoints, in many digits."""
    with mpmath.workdps(700):
        eta, cuts = mpmath.mpf(eta), [mpmath.mpf(float(cut)) for cut in kappa]
        below = [1 / (1 + mpmath.exp(eta - cut)) for cut in cuts]
        edges = [mpmath.mpf(0), *below, mpmath.mpf(1)]
        density = [mpmath.mpf(0), *(b * (1 - b) for b in below), mpmath.mpf(0)]
        p = edges[answer + 1] - edges[answer]
        d_kappa = [mpmath.mpf(0)] * len(cuts)
        if answer < len(cuts):
            d_kappa[answer] = density[answer + 1] / p
        if answer > 0:
            d_kappa[answer - 1] = -density[answer] / p
        return mpmath.log(p), (density[answer] - density[answer + 1]) / p, d_kappa


SCALES = {
    "two categories": [0.3],
    "usual": [-1.5, -0.5, 0.25, 2.0],
    "adjacent": [-0.5, -0.5 + 1e-8, 1.0, 1.0 + 1e-5],
    "wide": [-120.0, 0.0, 250.0],
    "extreme": [-650.0, 0.0, 640.0],
}


@pytest.mark.parametrize("scale", list(SCALES))
@pytest.mark.parametrize("eta", [-700.0, -330.0, -41.5, -40.0, -0.4, 0.0, 3.0, 39.0, 300.5, 700.0])
def test_one_answer_to_many_digits(form: Form, scale: str, eta: float) -> None:
    kappa = np.array([SCALES[scale]])
    for answer in range(kappa.size + 1):
        given = np.array([[[answer]]], dtype="int8")
        n = np.array([kappa.size])
        value, d_eta, d_kappa = form(np.full((1, 1, 1), eta), kappa, n, given, np.ones(1))
        expected = exact(eta, kappa[0], answer)
        close = {"rel": 1e-13, "abs": 1e-15}
        if scale == "adjacent":  # the given gap itself has few digits
            close = {"rel": 1e-12, "abs": 1e-15}
        assert float(value) == pytest.approx(float(expected[0]), **close)
        assert float(d_eta[0, 0, 0]) == pytest.approx(float(expected[1]), **close)
        assert np.asarray(d_kappa[0]) == pytest.approx(np.array(expected[2], float), **close)


@pytest.mark.parametrize("spread", [2.0, 60.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_forms_agree(form: Form, spread: float, weighted: bool) -> None:
    given = study(spread=spread)
    if weighted:
        given["weight"] = np.random.default_rng(2).gamma(2, 0.5, 300)
        given["weight"][:5] = 0.0
    expected = reference.value_and_slopes(**given)
    for ours, theirs in zip(form(*given.values()), expected, strict=True):
        assert np.asarray(ours) == pytest.approx(theirs, rel=1e-11, abs=1e-11)


def test_padding_and_gaps_have_no_influence(form: Form) -> None:
    given = study(40)
    expected = form(*given.values())
    assert np.all(np.asarray(expected[1])[given["answers"] < 0] == 0)
    assert np.all(np.asarray(expected[2])[~EXISTS] == 0)
    given["kappa"] = np.where(EXISTS, KAPPA, 7.0)
    given["eta"] = np.where(given["answers"] < 0, 900.0, given["eta"])
    for ours, theirs in zip(form(*given.values()), expected, strict=True):
        assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-14, abs=1e-14)


def test_slopes_are_differences(form: Form) -> None:
    given = study(5)
    _, *slopes = form(*given.values())
    for name, slope in zip(("eta", "kappa"), slopes, strict=True):
        for cell in np.ndindex(given[name].shape):
            step = np.zeros(given[name].shape)
            step[cell] = 1e-5
            high, low = (
                form(*(given | {name: given[name] + s}).values())[0] for s in (step, -step)
            )
            difference = (float(high) - float(low)) / 2e-5
            assert float(slope[cell]) == pytest.approx(difference, abs=2e-6), (name, cell)


def test_slopes_are_those_of_the_plain_expression(form: Form) -> None:
    """Differentiated by JAX: the logarithm of a difference of probabilities."""
    given = study(30)
    answers = given["answers"]
    given["kappa"][3] = [-4.0, -2.0, 1.0, 5.0]  # it has no more digits than that

    def plain(eta: Any, kappa: Any) -> Any:
        total = 0.0
        for q, n in enumerate(LENGTHS):
            below = jax.nn.sigmoid(kappa[q, :n, None, None] - eta[:, q])
            ends = jnp.zeros((1, *eta[:, q].shape))
            p = jnp.diff(jnp.concatenate([ends, below, ends + 1]), axis=0)
            for k in range(n + 1):
                total += jnp.where(answers[:, q] == k, jnp.log(p[k]), 0.0).sum()
        return total

    value, slopes = jax.value_and_grad(plain, (0, 1))(given["eta"], given["kappa"])
    for ours, theirs in zip(form(*given.values()), (value, *slopes), strict=True):
        assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-8, abs=1e-9)


def test_sums_the_log_probabilities_of_single_answers() -> None:
    """Those that cross-validation uses."""
    given = study()
    each = equation.log_probability(
        given["answers"].swapaxes(1, 2), given["eta"].swapaxes(1, 2), given["kappa"], EXISTS
    )
    assert kernel.value_and_slopes(*given.values())[0] == pytest.approx(each.sum(), rel=1e-12)


def test_any_memory_layout(form: Form) -> None:
    """Predictors of outcomes arrive transposed."""
    given = study(40)
    expected = form(*given.values())
    turned = given | {name: np.asfortranarray(given[name]) for name in ("eta", "kappa", "answers")}
    for ours, theirs in zip(form(*turned.values()), expected, strict=True):
        assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("backend", ["py", "numba", "jax"])
def test_gradient_on_every_back_end(backend: str) -> None:
    """PyTensor's gradient: the stored one times what arrives from above."""
    given = study(40)
    eta, kappa = pt.tensor3("eta"), pt.matrix("kappa")
    value = op.log_likelihood(eta, kappa, EXISTS, given["answers"])
    outputs = [value, *pytensor.grad(2 * value, [eta, kappa])]
    mode = pytensor.compile.mode.Mode(linker=backend, optimizer=None)
    found = pytensor.function([eta, kappa], outputs, mode=mode)(given["eta"], given["kappa"])
    expected = reference.value_and_slopes(**given)
    for ours, theirs, factor in zip(found, expected, (1, 2, 2), strict=True):
        assert np.asarray(ours) == pytest.approx(factor * theirs, rel=1e-11, abs=1e-11)


def test_gradient_by_jax() -> None:
    given = study(40)
    rest = [given[name] for name in ("lengths", "answers", "weight")]
    function = jax.value_and_grad(lambda *x: 3 * jax_form.value_and_slopes(*x, *rest)[0], (0, 1))
    value, slopes = function(given["eta"], given["kappa"])
    expected = reference.value_and_slopes(**given)
    for ours, theirs in zip((value, *slopes), expected, strict=True):
        assert np.asarray(ours) == pytest.approx(3 * theirs, rel=1e-11, abs=1e-11)


def test_jax_does_without_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    given = study(40)
    expected = jax.jit(jax_form.value_and_slopes)(*given.values())
    monkeypatch.setattr(foreign, "available", lambda: False)
    for ours, theirs in zip(jax_form.value_and_slopes(*given.values()), expected, strict=True):
        assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-11, abs=1e-11)


def test_answers_beyond_a_scale_read_nothing_beyond_the_table() -> None:
    given = study(40)
    highest = np.where(given["answers"] > 0, LENGTHS[:, None], given["answers"]).astype("int8")
    beyond = np.where(given["answers"] > 0, 127, given["answers"]).astype("int8")
    for ours, theirs in zip(
        kernel.value_and_slopes(*(given | {"answers": beyond}).values()),
        kernel.value_and_slopes(*(given | {"answers": highest}).values()),
        strict=True,
    ):
        assert np.array_equal(ours, theirs)


def test_second_derivatives_are_refused() -> None:
    given = study(4)
    eta = pt.as_tensor(given["eta"])
    value = op.log_likelihood(eta, given["kappa"], EXISTS, given["answers"])
    slope = pytensor.grad(value, eta)
    with pytest.raises(NotImplementedError, match="second derivatives"):
        pytensor.grad(slope.sum(), eta)
    rest = [given[name] for name in ("kappa", "lengths", "answers", "weight")]
    with pytest.raises(NotImplementedError, match="second derivatives"):
        jax.grad(lambda x: jax_form.value_and_slopes(x, *rest)[1].sum())(given["eta"])


def test_dimensions_are_checked() -> None:
    with pytest.raises(TypeError, match="3 dimensions"):
        op.log_likelihood(pt.vector(), pt.matrix(), EXISTS, pt.lvector())


def test_model_has_pymc_own_log_density() -> None:
    """A whole model with the fused likelihood and one with `pm.OrderedLogistic`."""
    answers = np.random.default_rng(3).integers(0, 4, 50)

    def model(fused: bool) -> pm.Model:
        with pm.Model() as built:
            person = pm.Normal("person", 0, 1, shape=50)
            kappa = pm.Normal("kappa", np.arange(3.0), 1, shape=3)
            if fused:
                exists = np.ones((1, 3), bool)
                likelihoods.ordinal("y", person[None], kappa[None], exists, answers[None])
            else:
                pm.OrderedLogistic("y", eta=person, cutpoints=kappa, observed=answers)
        return built

    point = {"person": np.linspace(-3, 3, 50), "kappa": np.array([-1.0, 0.5, 2.0])}
    ours, theirs = (log_density(model(fused), point) for fused in (True, False))
    assert ours == pytest.approx(theirs, rel=1e-12)


def test_free_answers_can_be_drawn() -> None:
    with pm.Model():
        eta = pt.as_tensor(np.random.default_rng(4).normal(size=(4, 20)))
        answer = likelihoods.ordinal("y", eta, pt.as_tensor(KAPPA), EXISTS, None)
    drawn = draws(answer, 30)
    assert drawn.shape == (30, 4, 20)
    assert drawn.dtype == np.int64
    assert np.all(drawn.max(axis=(0, 2)) <= LENGTHS)
    assert np.isfinite(evaluate(pm.logp(answer, drawn[0])))
