"""`criticise`: where the model and the answers disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from emotion_models.inference.asked import check_fit
from emotion_models.inference.criticism import Criticism
from emotion_models.inference.left_out import (
    Item,
    LeftOut,
    below_and_equal,
    category_probabilities,
    items_of,
    left_out,
)
from emotion_models.inference.loo import LEAST_DRAWS
from emotion_models.inference.reliability import Reliability, reliability
from emotion_models.inference.replicating import COLUMNS, outcome_rows, rating_rows, recall_rows

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

Floats = NDArray[np.floating[Any]]
BINS: Final = 10
_EVENT: Final = ["stage", "item", "event", "n", "base_rate"]


def criticise(fit: Fit) -> Criticism:
    """Compare every answer with what the fitted model predicts.

    Three questions: do replicated surveys look like this one (posterior predictive checks, by
    item and, for ratings, by touchpoint); do predicted probabilities of a left-out journey's
    answers mean what they say (calibration, CORP); are answers where their predictive
    distributions say (leave-one-out probability integral transform, randomised for discrete
    answers; Czado, Gneiting & Held 2009, known here from a secondary source).

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Criticism
    """
    check_fit("criticism", fit)
    rng = np.random.default_rng(fit.seed)
    rows: list[tuple[Any, ...]] = []
    if fit.model.elicitation:
        rows += rating_rows(fit, rng)
    if fit.model.recall:
        rows += recall_rows(fit, rng)
    calibration, curves, pit = [], [], []
    k: Floats = np.zeros(0)
    if fit.model.outcomes:
        rows += outcome_rows(fit, rng)
        at = left_out(fit)
        k = at.k
        if at.eta.shape[0] >= LEAST_DRAWS:
            for item in items_of(fit.design):
                if np.isfinite(item.answer).any():
                    scores, points, bins = _item(at, item, rng)
                    calibration += scores
                    curves += points
                    pit += bins
    brier = ["brier", "miscalibration", "discrimination", "uncertainty", "p"]
    band = ["predicted", "observed", "lower", "upper"]
    return Criticism(
        answers=pd.DataFrame(rows, columns=list(COLUMNS)),
        calibrated=pd.DataFrame(calibration, columns=[*_EVENT, *brier]),
        curves=pd.DataFrame(curves, columns=["stage", "item", "event", *band]),
        transforms=pd.DataFrame(
            pit, columns=["stage", "item", "n", "below", "share", "lower", "upper", "p"]
        ),
        k=k,
        caution=fit.caution,
    )


def _item(
    at: LeftOut, item: Item, rng: np.random.Generator
) -> tuple[list[Any], list[Any], list[Any]]:
    """Calibration and transform of one item, as far as its kind has them."""
    some = np.isfinite(item.answer)
    answer = item.answer[some]
    if item.likelihood.judged == "events by period":
        return [], [], []  # where somebody was last seen is no answer that the model predicts
    if item.likelihood.judged == "mean and spread":
        below, equal = (each[some] for each in below_and_equal(at, item, rng))
        return [], [], list(_histogram(item, below + rng.random(below.size) * equal))
    probability = category_probabilities(at, item)[some]
    scores, points = [], []
    for event, predicted, happened in _events(item, probability, answer):
        found = reliability(predicted, happened, rng)
        head = (item.stage, item.name, event)
        scores.append((*head, answer.size, float(happened.mean()), *_numbers(found)))
        points += [(*head, *point) for point in _points(found)]
    if item.kind != "ordinal":
        return scores, points, []
    each = np.arange(answer.size)
    chosen = answer.astype(int)
    below = probability.cumsum(axis=1)[each, chosen] - probability[each, chosen]
    transform = below + rng.random(answer.size) * probability[each, chosen]
    return scores, points, list(_histogram(item, transform))


def _events(
    item: Item, probability: Floats, answer: Floats
) -> Iterator[tuple[str, Floats, Floats]]:
    """Events of an item: a yes, or an answer of at least each category."""
    if item.kind != "ordinal":
        yield "yes", probability[:, 1], answer
        return
    above = probability[:, ::-1].cumsum(axis=1)[:, ::-1]
    for k in range(1, probability.shape[1]):
        yield f"at least {k}", np.minimum(above[:, k], 1), (answer >= k).astype(float)


def _numbers(found: Reliability) -> tuple[float, ...]:
    parts = (found.miscalibration, found.discrimination, found.uncertainty)
    return (found.brier, *parts, found.p)


def _points(found: Reliability) -> Iterator[tuple[float, ...]]:
    columns = (found.predicted, found.observed, found.lower, found.upper)
    for point in zip(*columns, strict=True):
        yield tuple(float(value) for value in point)


def _histogram(item: Item, transform: Floats) -> Iterator[tuple[Any, ...]]:
    """Shares of the transforms in equal bins, and what uniform ones would show."""
    from scipy.stats import binom

    from emotion_models.intervals import LOWER, UPPER

    n = transform.size
    edges = np.linspace(0, 1, BINS + 1)
    counts = np.histogram(np.clip(transform, 0, 1), edges)[0]
    distance = float(((counts - n / BINS) ** 2 / (n / BINS)).sum())
    p = float(chi2.sf(distance, BINS - 1))
    lower, upper = (float(binom.ppf(q, n, 1 / BINS)) / n for q in (LOWER, UPPER))
    for upto, count in zip(edges[1:], counts, strict=True):
        yield (item.stage, item.name, n, float(upto), float(count) / n, lower, upper, p)
