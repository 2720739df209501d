"""Leave-one-out: closed forms, a dense grid, and the likelihood by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from emotion_models.inference import Fit, quadrature
from emotion_models.inference.comparison import stacking_weights
from emotion_models.inference.loo import Loo, journey_log_likelihood, loo
from emotion_models.inference.quadrature import log_normal, nodes_for
from tests import oracle

# --- PSIS-LOO --------------------------------------------------------------------------------


def test_normal_mean_in_closed_form() -> None:
    """Known variance, flat prior: p(y_i | others) is Normal(mean of others, 1 + 1/(n-1))."""
    rng = np.random.default_rng(4)
    y = rng.normal(0.3, 1, 30)
    y[0] = 3.5  # an outlier: the sign of the importance weights shows
    mean = rng.normal(y.mean(), 1 / np.sqrt(y.size), 4000)
    result = loo(stats.norm.logpdf(y, mean[:, None], 1))
    others = (y.sum() - y) / (y.size - 1)
    exact = stats.norm.logpdf(y, others, np.sqrt(1 + 1 / (y.size - 1)))
    assert result.elpd == pytest.approx(exact, abs=0.02)
    assert result.effective_parameters == pytest.approx(
        (stats.norm.logpdf(y, y.mean(), np.sqrt(1 + 1 / y.size)) - exact).sum(), abs=0.1
    )
    assert (result.k < result.threshold).all()


@pytest.mark.parametrize("answer", [0.0, 1e-12])
def test_a_journey_without_answers_tells_nothing(answer: float) -> None:
    """Its density is 1 in every draw: nothing to weigh, and the others are as they were."""
    rng = np.random.default_rng(1)
    others = rng.normal(-1, 0.2, (400, 3))
    silent = answer * rng.normal(size=(400, 1))
    result = loo(np.hstack([others, silent]))
    assert result.k[-1] == 0
    assert result.elpd[-1] == pytest.approx(0, abs=1e-9)
    assert result.elpd[:-1] == pytest.approx(loo(others).elpd)


@pytest.mark.parametrize(("n", "threshold"), [(100, 0.5), (1000, 2 / 3), (4000, 0.7)])
def test_threshold(n: int, threshold: float) -> None:
    nothing = np.zeros((n, 2))
    assert Loo(nothing[0], nothing[0], nothing).threshold == pytest.approx(threshold, abs=0.03)
    assert Loo(nothing[0], nothing[0], nothing).threshold <= 0.7


# --- quadrature ------------------------------------------------------------------------------


@pytest.mark.parametrize("n_latents", [1, 2, 3])
def test_quadrature_in_closed_form(n_latents: int) -> None:
    """z ~ Normal(0, I), y | z ~ Normal(z, s^2 I): y ~ Normal(0, (1 + s^2) I)."""
    rng, sd = np.random.default_rng(3), 0.8
    y = rng.normal(0, 1, (5, n_latents))
    shrink = 1 / (1 + sd**2)
    draws = rng.normal(y * shrink, sd * np.sqrt(shrink), (600, 5, n_latents))
    nodes = nodes_for(draws)
    inside = stats.norm.logpdf(y, nodes.value, sd).sum(axis=-1)
    prior = log_normal(nodes.value, np.ones(1))
    integral = logsumexp(inside + prior + nodes.log_mass, axis=0)
    exact = stats.norm.logpdf(y, 0, np.sqrt(1 + sd**2)).sum(axis=-1)
    assert integral == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize(("nodes", "tolerance"), [(7, 0.1), (41, 1e-4)])
def test_journeys_against_a_dense_grid(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch, nodes: int, tolerance: float
) -> None:
    """A few nodes laid where the residual's posterior lies come close; many are exact."""
    monkeypatch.setitem(quadrature.PER_DIMENSION, 1, nodes)
    found = journey_log_likelihood(
        tiny.model, tiny.design, tiny.parameters(1000), tiny.draws(1000)[1]
    )
    assert found.shape == (oracle.n_draws(tiny), 40)
    grid, errors = np.linspace(-6, 6, 61), []
    for s in (13, 47):
        draw = oracle.Draw(tiny, s)
        for j in range(0, 40, 5):
            each = np.array([by_hand(tiny, draw, j, residual) for residual in grid])
            exact = logsumexp(each + stats.norm.logpdf(grid)) + np.log(grid[1] - grid[0])
            errors.append(abs(found[s, j] - exact))
    assert max(errors) < tolerance
    assert np.mean(errors) < tolerance / 5


def by_hand(fit: Fit, draw: oracle.Draw, j: int, residual: float) -> float:
    """Log-likelihood of a journey's outcomes given its residual of trust."""
    journey = oracle.Journey(draw, j)
    memory = journey.remembered(oracle.ratings_of(fit, j))
    bond = journey.own("trust", memory) + residual
    total = 0.0
    for item, eta in _ordinal_predictors(journey, memory, bond).items():
        total += _ordinal(fit, draw, j, item, eta)
    answer = {
        str(name): float(fit.data["behaviour_value"].sel(behaviour=name)[j])
        for name in fit.data["behaviour"].values
    }
    for name in ("return", "complain", "spend: any"):
        eta = journey._behaviour(name, memory, bond) + draw.get("intercept", binary_row=name)
        value = answer[name.partition(":")[0]]
        total += stats.bernoulli.logpmf(int(value > 0), oracle.logistic(eta))
    items = fit.design.items
    level = draw.get("count_intercept") + float(items.others["count"].level[0])
    mean = np.exp(journey._behaviour("visits", memory, bond) + level)
    phi = draw.get("count_dispersion")
    total += stats.nbinom.logpmf(answer["visits"], phi, phi / (phi + mean))
    if answer["spend"] > 0:
        level = draw.get("amount_intercept") + float(items.others["amount"].centre[0])
        mean = journey._behaviour("spend: amount", memory, bond) + level
        total += stats.norm.logpdf(np.log(answer["spend"]), mean, draw.get("amount_sd"))
    return float(total)


def _ordinal_predictors(
    journey: oracle.Journey, memory: list[float], bond: float
) -> dict[str, float]:
    slope = journey.draw.get("remembered_slope")
    kept = journey.book.emotion_names.index("frustration")
    return {
        "overall": journey.own("overall", memory),
        "frustration_kept": slope * memory[kept] + journey._controls("frustration_kept"),
        "trust_1": bond,
        "trust_2": bond,
        "trust_3": bond,
        "recommend": journey._behaviour("recommend", memory, bond),
    }


def _ordinal(fit: Fit, draw: oracle.Draw, j: int, item: str, eta: float) -> float:
    names = list(fit.design.items.ordinal_names)
    category = int(fit.design.items.ordinal[j, names.index(item)])
    if category < 0:
        return 0.0
    top = int(fit.design.items.exists[names.index(item)].sum())
    kappa = [-np.inf, *draw.all("answer_cutpoint", item=item)[:top], np.inf]
    predictor = draw.get("item_loading", item=item) * eta
    below, upto = (stats.logistic.cdf(kappa[c] - predictor) for c in (category, category + 1))
    return float(np.log(upto - below))


# --- stacking --------------------------------------------------------------------------------


def test_stacking_weights_in_closed_form() -> None:
    """0.9 on 70 of 100 and 0.1 on the rest, against 0.5 everywhere: half and half."""
    first = np.log(np.where(np.arange(100) < 70, 0.9, 0.1))
    weights = stacking_weights(np.column_stack([first, np.full(100, np.log(0.5))]))
    assert weights == pytest.approx([0.5, 0.5], abs=1e-3)


def test_stacking_weights_at_the_edges() -> None:
    elpd = np.random.default_rng(1).normal(-800, 5, 60)
    assert stacking_weights(np.column_stack([elpd, elpd])) == pytest.approx([0.5, 0.5])
    assert stacking_weights(np.column_stack([elpd, elpd - 3])) == pytest.approx([1, 0], abs=1e-6)
    assert stacking_weights(elpd[:, None]) == pytest.approx([1.0])


def test_what_is_left_out_is_what_entered() -> None:
    """Exponent 1 is the default; a journey that did not enter is predicted as if new."""
    log_likelihood = np.random.default_rng(3).normal(-2, 0.3, (400, 4))
    same = loo(log_likelihood, np.ones(4))
    assert np.array_equal(same.elpd, loo(log_likelihood).elpd)
    entered = loo(log_likelihood, np.array([0.0, 1, 1, 1]))
    assert entered.elpd[0] == pytest.approx(np.log(np.exp(log_likelihood[:, 0]).mean()))
    assert entered.elpd[1:] == pytest.approx(same.elpd[1:])


@pytest.mark.parametrize("sd", [1e-6, 0.05, 0.8, 3.0])
@pytest.mark.parametrize(("n_answers", "plausible"), [(1, [1e-6, 0.05, 0.8, 3.0]), (30, [0.8, 3])])
def test_nodes_follow_the_prior_of_every_draw(
    sd: float, n_answers: int, plausible: list[float]
) -> None:
    """Draws in which people hardly differ beside draws in which they differ a lot."""
    rng = np.random.default_rng(n_answers)
    answer = rng.normal(1.0, 1.0, n_answers)
    spreads = rng.choice(plausible, 400)
    precision = n_answers + spreads**-2.0
    draws = answer.sum() / precision + rng.normal(size=400) / np.sqrt(precision)
    prior = np.append(spreads, sd)[:, None, None]
    laid = quadrature.conditional_nodes(draws[:, None, None], prior)
    each = [
        stats.norm.logpdf(answer, value[-1, 0, 0]).sum() + log_mass[-1, 0]
        for value, log_mass in laid
    ]
    covariance = np.eye(n_answers) + sd**2
    exact = stats.multivariate_normal.logpdf(answer, np.zeros(n_answers), covariance)
    assert logsumexp(each) == pytest.approx(exact, abs=0.02)


def test_nodes_of_correlated_latents() -> None:
    rng = np.random.default_rng(4)
    factor = np.array([[[0.7, 0], [-0.6, 0.2]], [[1.4, 0], [0.3, 0.5]]])
    answer, noise = np.array([0.8, -0.5]), np.eye(2) / 3
    covariance = factor @ np.swapaxes(factor, 1, 2)
    gain = covariance @ np.linalg.inv(covariance + noise)
    draws = np.concatenate(
        [
            rng.multivariate_normal(g @ answer, c - g @ c, 300)
            for g, c in zip(gain, covariance, strict=True)
        ]
    )
    laid = quadrature.conditional_nodes(draws[:, None], factor)
    each = [
        stats.multivariate_normal.logpdf(answer - value[:, 0], np.zeros(2), noise) + mass[:, 0]
        for value, mass in laid
    ]
    exact = [stats.multivariate_normal.logpdf(answer, np.zeros(2), c + noise) for c in covariance]
    assert logsumexp(each, axis=0) == pytest.approx(exact, abs=0.01)
