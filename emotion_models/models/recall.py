"""Stage 2's recall as a PyMC model: which touchpoints come to mind."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray

from emotion_models.models import likelihoods, priors
from emotion_models.models.at_nodes.nodes import add_marginal, add_nodes, yes_no
from emotion_models.models.at_nodes.op import OnScale
from emotion_models.models.cutpoints import add_cutpoints
from emotion_models.models.design import Design
from emotion_models.models.families import LIKELIHOODS
from emotion_models.models.people import by_variance, of_journey, people
from emotion_models.science.equations.memory import recalled

ORDER_TERMS: Final = ("first", "last", "delay")


def recall_terms(design: Design) -> list[str]:
    """Terms that the journeys can tell apart from the touchpoints' own levels.

    Where every journey starts (ends) at the same touchpoint, being first (last) is that
    touchpoint's level; a delay that does not vary is everybody's level.
    """
    order = recall_features(design)[2]
    visited = design.ratings.position >= 0
    varies = [
        any(np.ptp(order[t, visited[t], k]) > 0 for t in range(len(order)) if visited[t].any())
        for k in range(len(ORDER_TERMS))
    ]
    kept = [name for name, tells in zip(ORDER_TERMS, varies, strict=True) if tells]
    return ["intensity", "valence balance", *kept]


def recall_features(design: Design) -> tuple[NDArray[np.float64], ...]:
    """Intensity and valence balance (T, J) of each touchpoint, and its order terms (T, J, 3)."""
    score, answered = design.ratings.score, design.ratings.answered
    count = answered.sum(axis=2)
    intensity = score.sum(axis=2) / np.maximum(count, 1)
    balance = (score * design.valence).sum(axis=2) / np.maximum(count, 1)
    position = design.ratings.position
    last = position == position.max(axis=0)
    order = np.stack([position == 0, last & (position > 0), last & False], axis=-1).astype(float)
    order[..., 2] = design.delay
    return _centred(intensity, count > 0), _centred(balance, count > 0), order


def recall_regressors(design: Design) -> tuple[NDArray[np.float64], ...]:
    """Intensity and balance (T, J) of each touchpoint, and the order terms (T, J, kept).

    Only the order terms that `recall_terms` names are kept, in its order.
    """
    intensity, balance, order = recall_features(design)
    kept = [ORDER_TERMS.index(name) for name in recall_terms(design)[2:]]
    return intensity, balance, order[..., kept]


def recall_observed(design: Design) -> dict[str, NDArray[np.float64]]:
    """Values of every term of recall at the visited touchpoints, as the model reads them."""
    intensity, balance, order = recall_features(design)
    visited = design.ratings.position >= 0
    columns = {"intensity": intensity, "valence balance": balance}
    columns |= {name: order[..., k] for k, name in enumerate(ORDER_TERMS)}
    return {name: columns[name][visited] for name in recall_terms(design)}


def add_recall(design: Design, observed: Any, weight: Any = None, *, at_nodes: bool = False) -> Any:
    """Add recall of touchpoints to the model in context.

    A respondent effect keeps answers of one person from counting as independent.

    Parameters
    ----------
    design : Design
    observed : tensor or None, shape (T, J)
    weight : array, shape (J,), optional
        Exponent of each journey's likelihood.
    at_nodes : bool
        Whether what respondents bring is integrated out (`at_nodes`); for respondents of
        one journey each.

    Returns
    -------
    TensorVariable or None
        None where respondents are integrated out.
    """
    intensity, balance, order = recall_regressors(design)
    effects = priors.add("recall_effect", dims=("recall_term",))
    base = priors.add("recall_base", dims=("touchpoint",))
    eta = recalled(intensity, balance, base, order, effects)
    if at_nodes:
        return _marginal(design, observed, eta, weight)
    each = (design.recall >= 0).sum() / design.n_respondents
    person = people(design, "recall_person", priors.add("recall_sd"), answers=each)
    eta = eta + of_journey(design, person)
    dims = ("touchpoint", "journey")
    if design.recall_categories == 2:
        shown = None if observed is None else pt.maximum(observed, 0.0)
        counted = (design.recall >= 0) * (1.0 if weight is None else weight)
        yes_no = LIKELIHOODS["binary"]
        return likelihoods.answers(yes_no, eta, (), shown, counted, name="recall", dims=dims)
    exists = np.ones((1, design.recall_categories - 1), dtype=bool)
    kappa = add_cutpoints("recall", exists, "recall_item")
    shown = None if observed is None else observed[:, None]
    return likelihoods.ordinal("recall", eta[:, None], kappa, exists, shown, weight=weight)


def _marginal(design: Design, observed: Any, eta: Any, weight: Any) -> None:
    """Recall without what respondents bring; `eta` (T, J)."""
    nodes = add_nodes(design.n_journeys, 1)
    n_touchpoints = len(design.touchpoints)
    response = by_variance("recall_sd", priors.add_signed("recall_sd")) * pt.ones(
        (n_touchpoints, 1)
    )
    if design.recall_categories == 2:
        found = yes_no(eta, response, observed)
    else:
        exists = np.ones((n_touchpoints, design.recall_categories - 1), dtype=bool)
        kappa = pt.tile(add_cutpoints("recall", exists[:1], "recall_item"), (n_touchpoints, 1))
        found = OnScale(eta, response, kappa, exists, observed)
    add_marginal(nodes, [found], weight=weight)


def _centred(value: NDArray[np.float64], rated: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Centre over rated touchpoints; a touchpoint without ratings counts as average, not as 0."""
    return np.where(rated, value - value[rated].mean(), 0.0) if rated.any() else 0.0 * value
