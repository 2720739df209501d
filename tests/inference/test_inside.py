"""What the posterior of a fit holds, against its draws by another route."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate

import emotion_models as em
from emotion_models.models.prior import Prior, density
from tests.data.make_hotel_fit import HOTEL


@pytest.fixture(scope="module")
def fit() -> em.Fit:
    return em.load(HOTEL)


def test_paths_are_means_of_the_draws(fit: em.Fit) -> None:
    table = fit.table("paths").set_index(["kind", "source", "target"])
    draws = fit.posterior["posterior"]["effect"]
    for emotion in fit.design.emotions[:2]:
        own = draws.sel(emotion=emotion, row="return").to_numpy()
        row = table.loc[("emotion to outcome", emotion, "return")]
        assert row["mean"] == pytest.approx(own.mean())
        assert row["p_positive"] == pytest.approx((own > 0).mean())


def test_ranks_count_every_draw_once(fit: em.Fit) -> None:
    table = fit.table("ranks")
    sizes = fit.posterior["posterior"].sizes
    each = table.groupby(["quantity", "chain"])["count"].sum()
    assert set(each) == {sizes["draw"]}
    assert table.groupby("quantity")["below"].nunique().eq(20).all()
    worst = table["r_hat"].drop_duplicates()
    assert worst.is_monotonic_decreasing


def test_densities_of_parameters_integrate_to_one(fit: em.Fit) -> None:
    table = fit.table("priors")
    after = table[table["when"] == "posterior"]
    for _, own in after.groupby(["parameter", "element"]):
        assert integrate.trapezoid(own["density"], own["value"]) == pytest.approx(1, abs=0.05)
    assert (table.groupby("parameter")["when"].nunique() == 2).all()


@pytest.mark.parametrize(
    ("prior", "size"),
    [
        (Prior("normal", 2.0, 1.0), 1),
        (Prior("half-normal", 0.5), 1),
        (Prior("lognormal", 0.4, 0.5), 1),
        (Prior("gamma", 0.5, 2.0), 1),
        (Prior("zero-sum-normal", 1.0), 4),
        (Prior("dirichlet", 2.0), 5),
    ],
)
def test_marginal_density_of_a_prior_is_that_of_its_draws(prior: Prior, size: int) -> None:
    rng, n = np.random.default_rng(1), 100_000
    draws = {
        "normal": lambda: rng.normal(prior.location, prior.scale, n),
        "half-normal": lambda: np.abs(rng.normal(0, prior.scale, n)),
        "lognormal": lambda: rng.lognormal(prior.location, prior.scale, n),
        "gamma": lambda: rng.gamma(prior.location, 1 / prior.scale, n),
        "zero-sum-normal": lambda: _zero_sum(rng.normal(0, prior.scale, (n, size))),
        "dirichlet": lambda: rng.dirichlet(np.full(size, prior.scale), n)[:, 0],
    }[prior.family]()
    edges = np.quantile(draws, [0.2, 0.5, 0.8])
    for low, high, share in [(edges[0], edges[1], 0.3), (edges[1], edges[2], 0.3)]:
        value = np.linspace(low, high, 400)
        held = integrate.trapezoid(density(prior, value, size), value)
        assert held == pytest.approx(share, abs=0.01)


def _zero_sum(draws: np.ndarray) -> np.ndarray:
    return np.asarray((draws - draws.mean(axis=1, keepdims=True))[:, 0])


def test_a_correlation_has_no_density_of_one_element() -> None:
    with pytest.raises(ValueError, match="lkj"):
        density(Prior("lkj", 2.0), np.zeros(1))


def test_unknown_tables_are_refused_by_name(fit: em.Fit) -> None:
    with pytest.raises(em.InputProblems, match="path"):
        fit.table("path")
    with pytest.raises(em.InputProblems, match="ridge"):
        em.effects(fit, on="return").plot("ridge")
