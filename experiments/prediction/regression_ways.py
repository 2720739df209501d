"""Rivals that share no code with the model: category shares, ordinal regression, boosting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from ordered_logit import maximum_likelihood
from task import Task, folds_of, standardised

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]
Way = Callable[[Whole, int, NDArray[np.bool_], Whole], Floats]
"""Answers (J,), categories, who is trained on (J,), respondents (J,) to probabilities (J, K)."""
NOTHING_KNOWN, BOOSTING = "nothing known", "gradient boosting"
ROUNDS, RATE, LEAVES, SMALLEST_LEAF = 150, 0.05, 4, 10
INNER: Final = 3


def ways_of(task: Task) -> dict[str, Way]:
    """Rivals of a task that are not a model of ours; boosting where it is installed."""
    found: dict[str, Way] = {NOTHING_KNOWN: shares}
    for name, table in task.regressions.items():
        found[name] = partial(regression, table)
    if has_boosting():
        found[BOOSTING] = partial(boosted, task.everything)
    return found


def has_boosting() -> bool:
    """Whether scikit-learn, which the project does not depend on, is installed."""
    return find_spec("sklearn") is not None


def shares(answer: Whole, n: int, train: NDArray[np.bool_], respondent: Whole) -> Floats:
    """The share of every category among those trained on, for everybody."""
    count = np.bincount(answer[train & (answer >= 0)], minlength=n)
    return softened(np.tile(count / count.sum(), (answer.size, 1)), int(count.sum()))


def regression(
    table: pd.DataFrame, answer: Whole, n: int, train: NDArray[np.bool_], respondent: Whole
) -> Floats:
    """Ordinal regression on columns by maximum likelihood."""
    own = train & (answer >= 0)
    x = standardised(table, own)
    fit = maximum_likelihood(x[own], answer[own], n)
    return softened(fit.probabilities(x), int(own.sum()))


def boosted(
    table: pd.DataFrame, answer: Whole, n: int, train: NDArray[np.bool_], respondent: Whole
) -> Floats:
    """Gradient boosted trees on the multinomial log loss (Friedman 2001; histograms, Ke 2017).

    The number of rounds is the one with the best log score in folds of respondents within
    those trained on.
    """
    own = np.flatnonzero(train & (answer >= 0))
    x = table.to_numpy(dtype=float)
    inner = folds_of(np.asarray(respondent[own], dtype=np.int64), INNER, seed=1)
    total = np.zeros(ROUNDS)
    for k in range(INNER):
        fitted, tested = own[inner != k], own[inner == k]
        if np.unique(answer[fitted]).size > 1:
            staged = _staged(x, answer, n, fitted, tested)
            total += [np.log(p[np.arange(tested.size), answer[tested]]).sum() for p in staged]
    rounds = int(total.argmax()) + 1
    return _staged(x, answer, n, own, np.arange(answer.size))[rounds - 1]


def _staged(x: Floats, answer: Whole, n: int, fitted: Whole, asked: Whole) -> list[Floats]:
    """Softened probabilities (asked, K) after every round."""
    ensemble: Any = import_module("sklearn.ensemble")
    model = ensemble.HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=SMALLEST_LEAF,
        early_stopping=False,
        random_state=1,
    )
    model.fit(x[fitted], answer[fitted])
    found = []
    for given in model.staged_predict_proba(x[asked]):
        full = np.zeros((asked.size, n))
        full[:, model.classes_.astype(int)] = given
        found.append(softened(full, fitted.size))
    return found


def softened(probability: Floats, n_trained: int) -> Floats:
    """Mix with one answer spread over all categories, so that none is impossible.

    ``(N p + 1 / K) / (N + 1)``: without it a category that nobody of the N had chosen costs a
    rival an infinite log score.
    """
    k = probability.shape[1]
    return np.asarray((n_trained * probability + 1 / k) / (n_trained + 1))
