"""Posterior predictive checks as data: what was answered beside what the model would answer.

Replicated answers are drawn at the people's own posterior values (Gelman, Meng & Stern 1996):
every statistic of the answers stands beside its distribution over replicated surveys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.elicited import rating_predictor_at
from emotion_models.inference.left_out import Item, drawn, items_of
from emotion_models.inference.stage_scores import recall_predictor
from emotion_models.intervals import LOWER, UPPER
from emotion_models.models.forward import arrays_of, predictors
from emotion_models.science.equations import ordinal
from emotion_models.science.equations.families import binary_draw

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

Floats = NDArray[np.floating[Any]]
DRAWS: Final = 200
ZEROS: Final = "share of zeros"
COLUMNS: Final = (
    *("stage", "item", "touchpoint", "statistic", "n"),
    *("observed", "expected", "lower", "upper", "p"),
)
Row = tuple[Any, ...]


def outcome_rows(fit: Fit, rng: np.random.Generator) -> Iterator[Row]:
    """Compare the answers to every outcome item with replicated ones.

    Parameters
    ----------
    fit : Fit
    rng : Generator

    Yields
    ------
    tuple
        In the order of `COLUMNS`.
    """
    design, known = fit.design, fit.parameters(DRAWS)
    eta = predictors(fit.model, design, known, arrays_of(fit.draws(DRAWS)[1]))
    for item in items_of(design):
        answered = np.isfinite(item.answer)
        if item.likelihood.judged == "events by period":
            shapes = known.shapes_of(item.kind, item.column)
            yield from _periods(rng, item, eta[:, :, item.row], shapes)
        elif answered.any():
            replicated = drawn(known, design, item, eta[:, :, item.row], rng)[:, answered]
            for name, of in _statistics(fit, item).items():
                if name == ZEROS and not (replicated == 0).any():
                    continue
                found = _compared(of(item.answer[answered]), of(replicated))
                yield (item.stage, item.name, "", name, int(answered.sum()), *found)


def _periods(
    rng: np.random.Generator, item: Item, eta: Floats, shapes: tuple[Floats, ...]
) -> Iterator[Row]:
    """Share that leaves in each period among those at risk: when people were seen is given."""
    for period in range(1, shapes[0].shape[-1] + 1):
        at_risk = item.answer >= period
        if at_risk.any():
            before, now = (
                item.likelihood.log_probability(np.array(float(lasted)), eta[:, at_risk], *shapes)
                for lasted in (period - 0.5, period)
            )
            left = rng.random(now.shape) < np.exp(now - before)
            found = _compared((item.answer[at_risk] == period).mean(), left.mean(axis=1))
            name = f"share leaving in period {period}"
            yield (item.stage, item.name, "", name, int(at_risk.sum()), *found)


def rating_rows(fit: Fit, rng: np.random.Generator) -> Iterator[Row]:
    """Compare the ratings of every emotion at every touchpoint with replicated ones."""
    design, ratings = fit.design, fit.design.ratings
    for t, place in enumerate(design.touchpoints):
        eta, kappa = rating_predictor_at(fit, t, DRAWS)
        for e, name in enumerate(ratings.names or design.emotions):
            answer = ratings.category[t, :, e]
            some = answer >= 0
            if not some.any():
                continue
            cut = kappa[:, None, e, ratings.exists[e]]
            replicated = ordinal.item_draw(rng, eta[:, some, e], cut)
            for k in range(int(ratings.exists[e].sum()) + 1):
                share = _share(k)
                found = _compared(share(answer[some]), share(replicated))
                yield ("elicitation", name, place, f"share of {k}", int(some.sum()), *found)


def recall_rows(fit: Fit, rng: np.random.Generator) -> Iterator[Row]:
    """Compare recall of every touchpoint with replicated recall."""
    design, (draws, people) = fit.design, fit.draws(DRAWS)
    person = people["recall_person"].to_numpy()
    eta = recall_predictor(fit, DRAWS) + person[:, None, design.respondent]
    binary = design.recall_categories == 2
    if binary:
        replicated = binary_draw(rng, eta)
    else:
        replicated = ordinal.item_draw(rng, eta, draws["recall_cutpoint"].to_numpy()[:, None])
    for t, place in enumerate(design.touchpoints):
        some = design.recall[t] >= 0
        if some.any():
            for k in range(1 if binary else 0, design.recall_categories):
                share, name = _share(k), "share of yes" if binary else f"share of {k}"
                found = _compared(share(design.recall[t, some]), share(replicated[:, t, some]))
                yield ("recall", "recall", place, name, int(some.sum()), *found)


def _statistics(fit: Fit, item: Item) -> dict[str, Callable[[Any], Any]]:
    """What is compared of the answers (..., N) to an item."""
    if item.kind == "ordinal":
        top = int(fit.design.items.exists[item.column].sum())
        return {f"share of {k}": _share(k) for k in range(top + 1)}
    if item.likelihood.judged == "categories":
        return {"share of yes": _share(1)}
    return {
        "mean": lambda answer: answer.mean(axis=-1),
        "standard deviation": lambda answer: answer.std(axis=-1),
        ZEROS: _share(0),
        "90% quantile": lambda answer: np.quantile(answer, 0.9, axis=-1),
    }


def _share(value: float) -> Callable[[Any], Any]:
    return lambda answer: (answer == value).mean(axis=-1)


def _compared(observed: Any, replicated: Floats) -> tuple[float, ...]:
    """Observed, mean, interval of the replicated, and the smaller tail, ties counted half."""
    lower, upper = np.quantile(replicated, [LOWER, UPPER])
    above = float((replicated > observed).mean() + 0.5 * (replicated == observed).mean())
    tail = min(above, 1 - above)
    return (float(observed), float(replicated.mean()), float(lower), float(upper), tail)
