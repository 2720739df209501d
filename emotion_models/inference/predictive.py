"""Predictive checks: whether simulated answers look like the answers.

For every item the discrepancy between answer counts and their expectation is computed for the
data and for replicated data at the same parameters (Gelman, Meng & Stern 1996); the posterior
predictive probability that the replicated one is larger should not be extreme. Of very many
journeys some, from all over the survey, stand for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.checks import Check, judge
from emotion_models.inference.elicited import predictor_at
from emotion_models.models.families import LIKELIHOODS, Judged, Likelihood
from emotion_models.models.forward import arrays_of, predictors
from emotion_models.models.some_journeys import (
    Journeys,
    some_journeys,
    some_people,
    spread_out,
)
from emotion_models.science.equations import ordinal

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 200
JOURNEYS: Final = 5000
"""Journeys that are replicated at most."""
PASSES: Final = 0.01
FAILS: Final = 0.001
ADVICE: Final = "the model does not reproduce these answers; do not interpret this outcome"


def posterior_predictive(fit: Fit) -> list[Check]:
    """Check every outcome, and the ratings of every emotion.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    list of Check
    """
    rng = np.random.default_rng(fit.seed)
    which = spread_out(fit.design, JOURNEYS)
    checks = []
    if fit.model.outcomes:
        checks += _outcomes(fit, which, rng)
    if fit.model.elicitation:
        checks += _ratings(fit, which, rng)
    return checks


def _outcomes(fit: Fit, which: NDArray[np.int64], rng: np.random.Generator) -> list[Check]:
    everybody = Journeys(fit.design, fit.parameters(DRAWS), fit.draws(DRAWS)[1])
    some = everybody.some(which)
    design, known = some.design, some.known
    eta = predictors(fit.model, design, known, arrays_of(some.people))
    items = design.items
    found = {
        name: _ordinal(rng, design, known, eta, q) for q, name in enumerate(items.ordinal_names)
    }
    for kind, others in items.others.items():
        for column, row in enumerate(others.row):
            answer = others.value[:, column] + others.centre[column]
            shapes = known.shapes_of(kind, column)
            likelihood = LIKELIHOODS[kind].over(others.within[column])
            tail = _CHECKS[likelihood.judged]
            found[design.rows[row].name] = tail(rng, likelihood, answer, eta[:, :, row], shapes)
    return [_judged(name, p, known.n_draws) for name, p in found.items()]


def _judged(name: str, p: float, n_draws: int) -> Check:
    # With S draws nothing below 1/S can be seen.
    return judge(
        f"posterior predictive: {name}",
        max(min(p, 1 - p), 1 / n_draws if n_draws < 1 / FAILS and 0 < p < 1 else 0.0),
        passes=PASSES,
        fails=FAILS,
        about="tail probability of the observed answers under the model",
        advice=ADVICE,
    )


def _ordinal(
    rng: np.random.Generator, design: Design, known: Parameters, eta: Floats, q: int
) -> float:
    items = design.items
    exists = items.exists[q]
    answered = items.ordinal[:, q] >= 0
    row = items.ordinal_row[q]
    predictor = known.item_predictor(design, q, eta[:, :, row])[:, answered]
    kappa = known.cutpoint[:, q, exists]
    p = ordinal.category_probabilities(predictor, kappa)
    return _discrepancy(rng, items.ordinal[answered, q], p)


def _categories(
    rng: np.random.Generator,
    likelihood: Likelihood,
    answer: Floats,
    eta: Floats,
    shapes: tuple[Floats, ...],
) -> float:
    """Tail probability of the number of noes and yeses."""
    answered = np.isfinite(answer)
    p = likelihood.mean(eta[:, answered], *shapes)
    return _discrepancy(rng, answer[answered].astype(int), np.stack([1 - p, p], axis=-1))


def _discrepancy(rng: np.random.Generator, answer: NDArray[np.int_], probability: Floats) -> float:
    """P(replicated chi-square >= observed), over draws.

    Parameters
    ----------
    answer : int array, shape (N,)
    probability : array, shape (S, N, categories)
    """
    n_categories = probability.shape[-1]
    expected = np.maximum(probability.sum(axis=1), 1e-9)
    observed = np.bincount(answer, minlength=n_categories)
    cumulative = probability.cumsum(axis=-1)[..., :-1]
    replicated = (rng.random(cumulative.shape[:2])[..., None] > cumulative).sum(axis=-1)
    counts = np.stack([(replicated == k).sum(axis=1) for k in range(n_categories)], axis=1)
    chi_observed = ((observed - expected) ** 2 / expected).sum(axis=1)
    chi_replicated = ((counts - expected) ** 2 / expected).sum(axis=1)
    return float((chi_replicated >= chi_observed).mean())


def _mean_and_spread(
    rng: np.random.Generator,
    likelihood: Likelihood,
    answer: Floats,
    eta: Floats,
    shapes: tuple[Floats, ...],
) -> float:
    """Tail probability of the mean or the standard deviation of the answers, the smaller."""
    replicated = likelihood.draw(rng, eta, *shapes)
    known = np.isfinite(answer)
    if known.sum() < 2:
        return 0.5
    shares = []
    for statistic in (np.mean, np.std):
        share = (statistic(replicated[:, known], axis=1) >= statistic(answer[known])).mean()
        shares.append(min(share, 1 - share))
    return float(min(shares))


def _events_by_period(
    rng: np.random.Generator,
    likelihood: Likelihood,
    answer: Floats,
    eta: Floats,
    shapes: tuple[Floats, ...],
) -> float:
    """Tail probability of the numbers of events, period by period among those at risk.

    Given who was at risk, so that when people were last seen needs no model.
    """
    observed, expected, replicated = [], [], []
    for period in range(1, shapes[0].shape[-1] + 1):
        at_risk = eta[:, answer >= period]
        before, now = (
            likelihood.log_probability(np.array(float(lasted)), at_risk, *shapes)
            for lasted in (period - 0.5, period)
        )
        p = np.exp(now - before)
        observed.append((answer == period).sum())
        expected.append(np.maximum(p.sum(axis=1), 1e-9))
        replicated.append((rng.random(p.shape) < p).sum(axis=1))
    mean = np.array(expected)
    chi_observed = ((np.array(observed)[:, None] - mean) ** 2 / mean).sum(axis=0)
    chi_replicated = ((np.array(replicated) - mean) ** 2 / mean).sum(axis=0)
    return float((chi_replicated >= chi_observed).mean())


_CHECKS: Final[Mapping[Judged, Callable[..., float]]] = {
    "categories": _categories,
    "mean and spread": _mean_and_spread,
    "events by period": _events_by_period,
}


def _ratings(fit: Fit, which: NDArray[np.int64], rng: np.random.Generator) -> list[Check]:
    """Ratings of every item of every emotion: the median over touchpoints."""
    draws, people = fit.draws(DRAWS)
    people = some_people(people, fit.design, which)
    design = some_journeys(fit.design, which)
    ratings = design.ratings
    names = ratings.names or design.emotions
    tails: dict[str, list[float]] = {name: [] for name in names}
    for t in range(len(design.touchpoints)):
        eta, kappa = predictor_at(design, draws, people, t)
        for e, name in enumerate(names):
            answered = ratings.category[t, :, e] >= 0
            if answered.any():
                p = ordinal.category_probabilities(
                    eta[:, answered, e], kappa[:, e, ratings.exists[e]]
                )
                tails[name].append(_discrepancy(rng, ratings.category[t, answered, e], p))
    return [
        _judged(f"ratings of {name}", float(np.median(values)), draws.sizes["sample"])
        for name, values in tails.items()
    ]
