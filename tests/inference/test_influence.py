"""Influence and design-based variance: against closed forms, and by coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import emotion_models as em
from emotion_models.effects.design_based import design_corrected
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit, influence
from emotion_models.inference.influence import Sampling
from emotion_models.inference.loo import journey_log_likelihood
from emotion_models.inference.loo_panel import given_other_journeys, of_respondents
from emotion_models.models.forward import own_predictor, remembered
from tests.inference import made

Floats = NDArray[np.float64]
CHAINS, DRAWS = 4, 2000


def regression(rng: np.random.Generator, x: Floats, y: Floats, n: int) -> tuple[Floats, Floats]:
    """Posterior draws (n, 2) of a regression with unit noise and flat prior; log-likelihoods."""
    precision = x.T @ x
    best = np.linalg.solve(precision, x.T @ y)
    draws = rng.multivariate_normal(best, np.linalg.inv(precision), n)
    return draws, -0.5 * (y - draws @ x.T) ** 2


def clustered(
    rng: np.random.Generator, clusters: int, size: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """A regressor and noise that clusters share in part: intra-cluster correlation 0.3."""
    unit = np.repeat(np.arange(clusters), size)
    x = rng.normal(size=clusters)[unit] * 0.8 + rng.normal(size=unit.size) * 0.6
    shared = rng.normal(size=clusters)[unit] * 0.3**0.5
    y = 0.5 * x + shared + rng.normal(size=unit.size) * 0.7**0.5
    return np.column_stack([np.ones(unit.size), x]), y, unit


def test_sandwich_of_a_regression() -> None:
    rng = np.random.default_rng(1)
    x, y, unit = clustered(rng, 30, 8)
    stratum = np.arange(30) % 3
    draws, likelihood = regression(rng, x, y, CHAINS * DRAWS)
    moved = influence.influence(draws, likelihood, np.repeat(np.arange(CHAINS), DRAWS))
    found = influence.sampling_variance(Sampling(unit, stratum, ""), moved)
    # Bread and meat by hand: scores summed over clusters, centred within strata.
    bread = np.linalg.inv(x.T @ x)
    score = x * (y - x @ bread @ x.T @ y)[:, None]
    total = np.stack([score[unit == c].sum(axis=0) for c in range(30)])
    meat = np.zeros((2, 2))
    for h in range(3):
        own = total[stratum == h] - total[stratum == h].mean(axis=0)
        meat += own.T @ own * 10 / 9
    assert found == pytest.approx((bread @ meat @ bread).diagonal(), rel=0.1)
    # What the model takes for it: the sum of squared scores of persons.
    assert influence.products(moved) == pytest.approx(
        (bread @ score.T @ score @ bread).diagonal(), rel=0.1
    )


def test_weighted_mean_in_closed_form() -> None:
    """A likelihood raised to weights: linearised variance and what the posterior takes for it."""
    rng = np.random.default_rng(4)
    y, w = rng.normal(size=60), rng.lognormal(sigma=0.7, size=60)
    w *= w.sum() / (w**2).sum()
    mean = (w @ y) / w.sum()
    draws = rng.normal(mean, w.sum() ** -0.5, (CHAINS * DRAWS, 1))
    likelihood = -0.5 * (y - draws) ** 2 * w
    moved = influence.influence(draws, likelihood, np.repeat(np.arange(CHAINS), DRAWS))
    found = influence.sampling_variance(
        Sampling(np.arange(60), np.zeros(60, dtype=np.int64), ""), moved
    )
    by_hand = 60 / 59 * (w**2 @ (y - mean) ** 2) / w.sum() ** 2
    assert found[0] == pytest.approx(by_hand, rel=0.1)
    taken = influence.model_variance(moved, w)
    assert taken[0] == pytest.approx((w @ (y - mean) ** 2) / w.sum() ** 2, rel=0.1)
    # Kish's scale makes the two agree where weights tell nothing of the answers.
    assert taken[0] == pytest.approx(found[0], rel=0.5)


def test_noise_of_covariances_does_not_add_up() -> None:
    """Nothing there to be found: with few draws, squares of one estimate would find much."""
    rng = np.random.default_rng(2)
    sampling = Sampling(np.arange(200), np.zeros(200, dtype=np.int64), "")
    chain = np.repeat(np.arange(4), 25)
    found, naive = [], []
    for _ in range(200):
        moved = influence.influence(rng.normal(size=(100, 1)), rng.normal(size=(100, 200)), chain)
        found.append(influence.sampling_variance(sampling, moved)[0])
        naive.append((moved.mean(axis=0) ** 2).sum())
    assert abs(np.mean(found)) < 4 * np.std(found) / 200**0.5
    assert np.mean(naive) > 1


def test_coverage_of_a_clustered_sample() -> None:
    """The model's 90% interval of a slope covers far less often; the corrected one about 90%."""
    rng = np.random.default_rng(3)
    hits = np.zeros(2)
    for _ in range(150):
        x, y, unit = clustered(rng, 30, 10)
        draws, likelihood = regression(rng, x, y, 400)
        moved = influence.influence(draws, likelihood, np.repeat(np.arange(4), 100))
        sampling = Sampling(unit, np.zeros(30, dtype=np.int64), "")
        own = draws.var(axis=0, ddof=1)
        added = influence.sampling_variance(sampling, moved) - influence.products(moved)
        miss = abs(draws.mean(axis=0)[1] - 0.5)
        hits += miss < 1.645 * own[1] ** 0.5, miss < 1.70 * (own + added)[1] ** 0.5
    naive, corrected = hits / 150
    assert naive < 0.75
    assert corrected > 0.82


def test_lonely_stratum_is_compared_with_all() -> None:
    moved = np.array([[[1.0], [3.0], [10.0]]] * 2)
    sampling = Sampling(np.arange(3), np.array([0, 0, 1]), "")
    assert sampling.lonely == 1
    # Stratum 0: 2 * (1 + 1); the lonely one against the mean of all, 14/3.
    found = influence.sampling_variance(sampling, moved)
    assert found == pytest.approx([4 + (10 - 14 / 3) ** 2])


def test_one_chain_is_halved() -> None:
    assert [b.tolist() for b in influence.batches(np.zeros(4, dtype=np.int64))] == [[0, 1], [2, 3]]


def test_respondents_sum_their_journeys(tiny: Fit) -> None:
    found = influence.respondent_log_likelihood(tiny, 50)
    each = journey_log_likelihood(tiny.model, tiny.design, tiny.parameters(50), tiny.draws(50)[1])
    by_hand = np.zeros_like(found)
    for j, i in enumerate(tiny.design.respondent):
        by_hand[:, i] += each[:, j]
    assert np.allclose(found, by_hand)


def test_respondent_effects_are_integrated(tiny: Fit) -> None:
    """With one journey each, what a respondent's journeys say is what the journey adds."""
    known, people = tiny.parameters(30), tiny.draws(30)[1]
    rng = np.random.default_rng(5)
    sd = np.full((30, len(tiny.design.rows)), 0.3)
    known = replace(known, person_sd=sd)
    # Nodes are laid over these draws, spread as the prior is.
    person = rng.normal(0, 0.3, (30, len(tiny.design.rows), 40))
    eta = own_predictor(tiny.design, known, remembered(tiny.model, tiny.design, known), np.zeros(1))
    residual = people["bond_residual"].to_numpy().astype(float)
    whole = of_respondents(tiny.design, known, eta, person, residual)
    added = given_other_journeys(tiny.design, known, eta, person, residual)
    # The few nodes in many dimensions miss a constant per person, which no covariance sees.
    whole, added = whole - whole.mean(axis=0), added - added.mean(axis=0)
    assert np.allclose(whole, added, atol=0.02)
    # Integrating is no mere conditioning: a spread of 0.3 costs or gains something.
    without = by_journey(tiny)
    assert np.abs(whole - without + without.mean(axis=0)).max() > 0.02


def by_journey(fit: Fit) -> Floats:
    known, people = fit.parameters(30), fit.draws(30)[1]
    return np.asarray(journey_log_likelihood(fit.model, fit.design, known, people))


def with_clusters(fit: Fit, cluster: NDArray[np.int64]) -> Fit:
    data = fit.data.assign(cluster=("journey", cluster))
    book = fit.survey.codebook.model_copy(update={"cluster": object()})
    return replace(fit, data=data, survey=replace(fit.survey, codebook=book))


def test_answer_without_clusters_hardly_changes(tiny: Fit) -> None:
    found = design_corrected(tiny, on="return")
    assert found.sampling.n_units == tiny.design.n_respondents
    assert found.deff == pytest.approx(1, abs=0.35)
    table = found.table()
    wide = table["upper"] - table["lower"]
    own = table["model_upper"] - table["model_lower"]
    assert np.allclose(wide, own * found.stretch.ravel())
    assert "40 respondents" in found.summary()
    assert "significant" not in found.summary()


def test_twins_in_clusters(tiny: Fit) -> None:
    """Clusters of persons who push alike widen intervals; of persons who cancel, narrow them."""
    most = 1000
    likelihood = influence.respondent_log_likelihood(tiny, most)
    effect = design_corrected(tiny, on="return")
    draws = effect.effects.values[0, 0, 0, 0, 0]
    moved = np.array([np.cov(draws, one)[0, 1] for one in likelihood.T])
    order = np.argsort(moved)
    alike = np.empty(40, dtype=np.int64)
    alike[order] = np.arange(40) // 4
    mixed = np.empty(40, dtype=np.int64)
    mixed[order] = np.minimum(np.arange(40), 39 - np.arange(40))
    wide = design_corrected(with_clusters(tiny, alike), on="return")
    narrow = design_corrected(with_clusters(tiny, mixed), on="return")
    assert wide.deff[0, 0, 0, 0, 0] > effect.deff[0, 0, 0, 0, 0] + 0.3
    assert narrow.deff[0, 0, 0, 0, 0] < effect.deff[0, 0, 0, 0, 0]
    assert "10 clusters" in wide.summary()
    assert "Few sampling units (9 degrees of freedom)" in wide.summary()


def test_refused(tiny: Fit) -> None:
    one = with_clusters(tiny, np.zeros(40, dtype=np.int64))
    with pytest.raises(InputProblems, match="one sampling unit"):
        design_corrected(one)
    with pytest.raises(InputProblems, match=r"outcome 'retrun'.*return"):
        design_corrected(tiny, on="retrun")


@pytest.mark.evidence
def test_clustered_survey_really() -> None:
    """Clusters share feelings and outcomes: positivity is known less well than the model says."""
    survey = made.survey(made.Made(n=300, clusters=15), 0)
    model = em.JourneyModel.for_survey(
        survey, memory="mean", elicitation=False, salience=False, specific=False
    )
    fit = em.fit(model, survey, seed=0, draws=200, tune=200, chains=4, progress=False)
    found = em.design_corrected(fit)
    assert found.sampling.n_units == 15
    assert np.median(found.deff[:, 0]) > 1.2
