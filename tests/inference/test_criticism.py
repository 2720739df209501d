"""Criticism: calibration against closed forms, predictive distributions against dense grids."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import emotion_models as em
from emotion_models.drawing import criticism as figures
from emotion_models.inference import Fit
from emotion_models.inference.left_out import (
    below_and_equal,
    category_probabilities,
    items_of,
    left_out,
)
from emotion_models.inference.reliability import isotonic, reliability
from emotion_models.inference.replicating import COLUMNS, rating_rows
from tests.inference.stored import with_posterior


def brute_isotonic(predicted: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """The max-min formula of isotonic regression, predictions distinct and sorted."""
    n = predicted.size
    mean = [[happened[a : b + 1].mean() if b >= a else np.inf for b in range(n)] for a in range(n)]
    return np.array(
        [max(min(mean[a][b] for b in range(i, n)) for a in range(i + 1)) for i in range(n)]
    )


def test_isotonic_against_the_max_min_formula() -> None:
    rng = np.random.default_rng(1)
    predicted = np.sort(rng.random(25))
    happened = (rng.random(25) < predicted).astype(float)
    assert isotonic(predicted, happened) == pytest.approx(brute_isotonic(predicted, happened))


def test_equal_predictions_are_recalibrated_alike() -> None:
    found = isotonic(np.array([0.2, 0.2, 0.7, 0.7]), np.array([0.0, 1.0, 1.0, 0.0]))
    assert found == pytest.approx([0.5, 0.5, 0.5, 0.5])


def test_a_calibrated_forecaster_lies_inside_the_bands() -> None:
    rng = np.random.default_rng(2)
    inside, p = [], []
    for _ in range(30):
        predicted = rng.beta(2, 2, 300)
        found = reliability(predicted, (rng.random(300) < predicted).astype(float), rng)
        inside.append(((found.observed >= found.lower) & (found.observed <= found.upper)).mean())
        p.append(found.p)
        parts = found.miscalibration - found.discrimination + found.uncertainty
        assert found.brier == pytest.approx(parts)
        assert min(found.miscalibration, found.discrimination, found.uncertainty) >= -1e-12
    assert np.mean(inside) > 0.85
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_a_forecaster_too_sure_is_found_out() -> None:
    rng = np.random.default_rng(3)
    truth = rng.beta(2, 2, 400)
    said = 1 / (1 + (1 / truth - 1) ** 3)
    found = reliability(said, (rng.random(400) < truth).astype(float), rng)
    assert found.p < 0.01
    assert found.miscalibration > 0.01
    right = reliability(truth, (rng.random(400) < truth).astype(float), rng)
    assert right.discrimination == pytest.approx(found.discrimination, abs=0.02)


def test_left_out_probabilities_against_a_dense_grid(tiny: Fit) -> None:
    """P(category) = sum of weights times the integral over the journey's own residual."""
    at = left_out(tiny)
    assert at.weight.sum(axis=0) == pytest.approx(1)
    grid = np.linspace(-6, 6, 121)
    mass = stats.norm.pdf(grid) * (grid[1] - grid[0])
    items = {item.name: item for item in items_of(tiny.design)}
    trust, again = items["trust_1"], items["return"]
    cut = at.known.cutpoint[:, trust.column, tiny.design.items.exists[trust.column]]
    for j in (0, 7, 19):
        latent = at.known.loading[:, trust.column, None] * (at.eta[:, j, trust.row, None] + grid)
        below = stats.logistic.cdf(cut[:, :, None] - latent[:, None])
        upto = np.concatenate([0 * below[:, :1], below, 0 * below[:, :1] + 1], axis=1) @ mass
        exact = at.weight[:, j] @ np.diff(upto, axis=1)
        assert category_probabilities(at, trust)[j] == pytest.approx(exact, abs=1e-3)
        pull = at.known.bond_effect[:, 0, list(at.known.behaviour).index(again.row)]
        shifted = at.eta[:, j, again.row, None] + pull[:, None] * grid
        yes = at.weight[:, j] @ (stats.logistic.cdf(shifted) @ mass)
        assert category_probabilities(at, again)[j] == pytest.approx([1 - yes, yes], abs=1e-3)


@pytest.mark.parametrize("name", ["recommend", "trust_2", "complain"])
def test_replicates_have_the_probabilities_of_the_equation(tiny: Fit, name: str) -> None:
    at = left_out(tiny)
    item = next(item for item in items_of(tiny.design) if item.name == name)
    rng = np.random.default_rng(5)
    drawn = np.mean([below_and_equal(at, item, rng) for _ in range(150)], axis=0)
    probability = category_probabilities(at, item)
    each, answer = np.arange(40), item.answer.astype(int)
    below = probability.cumsum(axis=1)[each, answer] - probability[each, answer]
    assert drawn[0] == pytest.approx(below, abs=0.09)
    assert drawn[1] == pytest.approx(probability[each, answer], abs=0.09)


def test_criticism_of_the_stored_fit(tiny: Fit) -> None:
    result = em.criticise(tiny)
    table = result.table()
    assert list(table.columns) == list(COLUMNS)
    assert list(dict.fromkeys(table["stage"])) == [
        *("elicitation", "recall", "remembered", "relationship", "behaviour")
    ]
    shares = table[table["statistic"].str.startswith("share of ") & (table["item"] == "overall")]
    assert shares["observed"].sum() == pytest.approx(1)
    assert shares["expected"].sum() == pytest.approx(1)
    category = tiny.design.items.ordinal[:, tiny.design.items.ordinal_names.index("overall")]
    assert shares["observed"].to_numpy() == pytest.approx(np.bincount(category, minlength=5) / 40)
    pit = result.pit()
    assert set(pit["item"]) >= {"overall", "trust_1", "visits", "spend: amount"}
    assert pit.groupby("item")["share"].sum().to_numpy() == pytest.approx(1)
    curves = result.reliability()
    assert (curves.groupby(["item", "event"])["observed"].diff().dropna() >= -1e-12).all()
    for what in ("answers", "calibration", "transforms"):
        assert result.plot(what).axes
    assert "statistics of the answers lie outside" in repr(result)
    assert result._repr_html_().startswith("<pre>")
    assert "lie within the interval" in figures.alt_text(table)
    assert em.criticise(tiny).table().equals(table)


def test_a_wrong_model_is_criticised(tiny: Fit) -> None:
    wrong = with_posterior(tiny, answer_cutpoint=lambda value: value + 2.5)
    table, right = (
        em.criticise(fit).table().query("touchpoint == ''").set_index(["item", "statistic"])
        for fit in (wrong, tiny)
    )
    assert table.loc[("recommend", "share of 0"), "p"] < 0.01
    assert right.loc[("recommend", "share of 0"), "p"] > 0.05
    assert table.loc[("return", "share of yes"), "p"] > 0.05
    assert ", share of 0" in em.criticise(wrong).summary()


def test_ratings_are_held_against_their_own_touchpoint(tiny: Fit) -> None:
    rows = {row[1:4]: row for row in rating_rows(tiny, np.random.default_rng(1))}
    category = tiny.design.ratings.category
    observed = category[1, :, 0]
    assert rows["joy", "room", "share of 3"][5] == pytest.approx((observed == 3).sum() / 37)
    assert rows["joy", "room", "share of 3"][4] == (observed >= 0).sum()
