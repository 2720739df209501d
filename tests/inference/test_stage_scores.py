"""Ratings and recall of left-out journeys: Laplace and quadrature against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize
from scipy.special import logsumexp

from emotion_models.inference import Fit, stage_scores
from emotion_models.inference.laplace import Rated
from emotion_models.inference.loo_panel import integrated
from tests import oracle

LATENTS = 5  # style, mood, and the affect of three touchpoints


def log_joint(rated: Rated, s: int, j: int, latent: np.ndarray) -> float:
    """Log density of ratings and latents by hand."""
    total = stats.norm.logpdf(latent, 0, rated.sd[s]).sum()
    for t in range(rated.category.shape[0]):
        for e in range(rated.category.shape[2]):
            category, top = int(rated.category[t, j, e]), int(rated.exists[e].sum())
            if category >= 0:
                eta = rated.own[s, t, j, e] + rated.response[s, e] @ latent[[0, 1, 2 + t]]
                cut = [-np.inf, *rated.cutpoint[s, e, :top], np.inf]
                upto, below = (stats.logistic.cdf(cut[category + k] - eta) for k in (1, 0))
                total += np.log(upto - below)
    return float(total)


@pytest.mark.parametrize(("s", "j"), [(3, 0), (20, 11), (44, 30)])
def test_ratings_against_importance_sampling(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch, s: int, j: int
) -> None:
    seen: list[Rated] = []
    real = stage_scores.log_density
    monkeypatch.setattr(
        stage_scores, "log_density", lambda rated: (seen.append(rated), real(rated))[1]
    )
    found = stage_scores._ratings_density(tiny)[s, j]
    (rated,) = seen
    mode = minimize(lambda latent: -log_joint(rated, s, j, latent), np.zeros(LATENTS))
    factor = 1.3 * np.linalg.cholesky(mode.hess_inv)
    z = np.random.default_rng(1).standard_t(6, size=(1500, LATENTS))
    proposal = stats.t.logpdf(z, 6).sum(axis=1) - np.log(np.diag(factor)).sum()
    joint = np.array([log_joint(rated, s, j, mode.x + factor @ each) for each in z])
    exact = logsumexp(joint - proposal) - np.log(len(z))
    assert found == pytest.approx(exact, abs=0.08)


def test_ratings_are_predicted_from_levers_alone(
    tiny: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the latents the predictor is what levers and touchpoint do."""
    seen: list[Rated] = []
    monkeypatch.setattr(stage_scores, "log_density", lambda rated: (seen.append(rated), 0)[1])
    with pytest.raises(ValueError, match="zero-dimensional"):
        stage_scores._ratings_density(tiny)
    draw = oracle.Draw(tiny, 7)
    place = tiny.design.touchpoints[1]
    for j in (2, 9):
        journey = oracle.Journey(draw, j)
        for e, emotion in enumerate(tiny.design.emotions):
            levers = sum(
                value * journey.lever_effect(column, place, emotion)
                for column, value in journey.exposure(1).items()
            )
            base = draw.get("base", touchpoint=place, emotion=emotion)
            assert seen[0].own[7, 1, j, e] == pytest.approx(base + levers, abs=1e-4)


def test_recall_against_a_dense_grid(tiny: Fit) -> None:
    density = integrated(tiny.design, stage_scores._recall_nodes(tiny))
    eta = stage_scores.recall_predictor(tiny, stage_scores.DRAWS)
    sd = tiny.draws(stage_scores.DRAWS)[0]["recall_sd"].to_numpy()
    grid = np.linspace(-6, 6, 121)
    recall = tiny.design.recall
    errors = []
    for s in (5, 30):
        for j in range(0, 40, 7):
            sign = np.where(recall[:, j] == 1, 1, -1)[recall[:, j] >= 0]
            at = eta[s, recall[:, j] >= 0, j, None] + sd[s] * grid
            each = np.log(stats.logistic.cdf(sign[:, None] * at)).sum(axis=0)
            exact = logsumexp(each + stats.norm.logpdf(grid)) + np.log(grid[1] - grid[0])
            errors.append(abs(density[s, j] - exact))
    assert max(errors) < 0.02


def test_both_stages_are_scored_once_a_journey(tiny: Fit) -> None:
    ratings, recall = stage_scores.stage_scores(tiny, by="journey")
    assert (ratings.stage, recall.stage) == ("elicitation", "recall")
    again = stage_scores.stage_scores(tiny, by="respondent")
    assert again[0].elpd == pytest.approx(ratings.elpd)
    assert again[1].elpd == pytest.approx(recall.elpd)
    assert np.isfinite(ratings.elpd).all()
