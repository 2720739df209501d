"""What an answer is about: over whom it is averaged, in which unit, how far it may be claimed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.causal import Identification, Level, identify, weakest
from emotion_models.inference.customer_value import value_thirds, value_weight
from emotion_models.models.families import FAMILIES

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.survey import Codebook
    from emotion_models.survey.base import Scale

Floats = NDArray[np.float64]
Claim = Level
Weight = Literal["survey", "value"]
WEIGHTS: Final[tuple[Weight, ...]] = ("survey", "value")
ALL: Final = "(all)"
"""Label of an average over everybody, or of a change everywhere."""


def averages(
    fit: Fit, *, by_segment: bool, by_value: bool = False, weight: Weight = "survey"
) -> dict[str, Floats]:
    """Weights over journeys of every average that is reported.

    Parameters
    ----------
    fit : Fit
    by_segment : bool
        Whether to average also within each segment that the model tells apart.
    by_value : bool
        Whether to average also within each third of customer value.
    weight : {"survey", "value"}
        Whether every journey counts by its survey weight, or by that times the value of the
        customer: what an average unit of value does, not what an average customer does.

    Returns
    -------
    dict of str to array, shape (J,)
        Weights; each sums to 1. Everybody first, under `ALL`.

    Raises
    ------
    InputProblems
        If customer value is asked for and not known.
    """
    design = fit.design
    base = design.weight if weight == "survey" else value_weight(fit)
    found = {ALL: base / base.sum()}
    if by_segment and len(design.segments) > 1:
        for segment, share in zip(design.segments, design.membership.T, strict=True):
            own = base * share
            if own.sum() > 0:
                found[segment] = own / own.sum()
    if by_value:
        for third, members in value_thirds(fit).items():
            own = base * members
            found[third] = own / own.sum()
    return found


def people_in_segments(fit: Fit) -> dict[str, int]:
    """How many people hold each segment that the model tells apart, at all.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict of segment to int
    """
    design = fit.design
    return {
        segment: int(np.unique(design.respondent[share > 0]).size)
        for segment, share in zip(design.segments, design.membership.T, strict=True)
    }


def averaged(values: NDArray[np.floating[Any]], weights: Sequence[Floats]) -> Floats:
    """Averages over journeys.

    Parameters
    ----------
    values : array, shape (S, J)
    weights : sequence of array, shape (J,)
        From `averages`.

    Returns
    -------
    array, shape (number of averages, S)
    """
    # einsum, not @: waking BLAS threads for so small a product costs more than the product.
    return np.array([np.einsum("sj,j->s", values, own) for own in weights])


def units(fit: Fit) -> dict[str, str]:
    """Unit of every outcome's response scale.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict of outcome to str
    """
    codebook = fit.survey.codebook
    words = {row.outcome: FAMILIES["ordinal"].unit for row in fit.design.rows}
    for behaviour in codebook.behaviours:
        words[behaviour.name] = FAMILIES[behaviour.family].unit or behaviour.unit or "units"
    for name, scale in _outcome_scales(codebook).items():
        if scale.kind == "slider":
            low, high = scale.span
            words[name] = f"steps of {(high - low) / (scale.n_categories - 1):g}"
    return words


def claim(fit: Fit, exposure: str | None = None, outcome: str | None = None) -> Claim:
    """Say how far an effect may be claimed.

    Without declared assumptions an effect is adjusted when there are controls, else an
    association. Under assumptions (`Fit.under`) it is what the diagram says; see `identify`.

    Parameters
    ----------
    fit : Fit
    exposure, outcome : str, optional
        Lever or emotion, and outcome (or emotion); default: the weakest claim of all.

    Returns
    -------
    {"association", "adjusted", "causal"}
    """
    if fit.assumptions is None:
        return claim_of_shares(fit)
    known = identification(fit)
    own = dict(known.diagram.variables.remembered).get(outcome or "")
    if own and exposure in known.diagram.variables.emotions:
        exposure = own  # other emotions do not act on a rating of this one
    return weakest(
        [
            one.level
            for one in known.claims
            if exposure in (None, one.exposure) and outcome in (None, one.outcome)
        ]
    )


def claim_of_shares(fit: Fit) -> Claim:
    """Say how far what goes along with an outcome may be claimed; no diagram makes it an effect.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    {"association", "adjusted"}
    """
    return "adjusted" if fit.design.control_names else "association"


def path_claim(fit: Fit, exposure: str, outcome: str, *, split: bool) -> Claim:
    """Say how far an effect of an emotion may be claimed along a path.

    Parameters
    ----------
    fit : Fit
    exposure, outcome : str
    split : bool
        Whether the effect is split at the relationship: then what the relationship does to the
        behaviour must be identified too.

    Returns
    -------
    {"association", "adjusted", "causal"}
    """
    total = claim(fit, exposure, outcome)
    codebook = fit.survey.codebook
    if fit.assumptions is None or not split or outcome not in codebook.behaviour_names:
        return total
    return weakest([total, *(claim(fit, name, outcome) for name in codebook.construct_names)])


def identification(fit: Fit) -> Identification:
    """How far each effect may be claimed under the fit's assumptions; asked once.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Identification
    """
    if "identification" not in fit.cache:
        fit.cache["identification"] = identify(fit)
    found: Identification = fit.cache["identification"]
    return found


def desirable(fit: Fit) -> dict[str, bool]:
    """Say whether more of each outcome is good; of a remembered negative emotion it is not.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict of outcome to bool
    """
    good = {behaviour.name: behaviour.desirable for behaviour in fit.survey.codebook.behaviours}
    for row in fit.design.rows:
        if row.emotion >= 0:
            good[row.outcome] = bool(fit.design.valence[row.emotion] >= 0)
    return {row.outcome: good.get(row.outcome, True) for row in fit.design.rows}


def outcome_starts(fit: Fit) -> dict[str, float]:
    """Lowest scale value of every ordinal outcome, 0 of others: levels print on their own scale.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict of outcome to float
    """
    scales = _outcome_scales(fit.survey.codebook)
    return {
        row.outcome: lowest_value(scales[row.outcome].values) if row.outcome in scales else 0.0
        for row in fit.design.rows
    }


def _outcome_scales(codebook: Codebook) -> dict[str, Scale]:
    """Scale of every ordinal outcome; of a construct that of its first item."""
    scales = {item.name: item.scale for item in codebook.remembered}
    scales |= {c.name: c.items[0].scale for c in codebook.relationship}
    scales |= {b.name: b.scale for b in codebook.behaviours if b.scale is not None}
    return {name: codebook.scales[scale] for name, scale in scales.items()}


def emotion_span(fit: Fit, emotion: str) -> tuple[float, float]:
    """Lowest and highest value of an emotion's scale; with several items, of the first one's.

    Parameters
    ----------
    fit : Fit
    emotion : str

    Returns
    -------
    low, high : float
        A score s on 0..1 is the rating ``low + s * (high - low)``.
    """
    codebook = fit.survey.codebook
    return codebook.scale_of(next(e for e in codebook.emotions if e.name == emotion)).span


def lowest_value(values: tuple[object, ...]) -> float:
    """First of consecutive whole numbers, else 0.

    Parameters
    ----------
    values : tuple
        Coded values of a scale, lowest first.

    Returns
    -------
    float
    """
    first = values[0]
    if isinstance(first, (int, float)) and list(values) == [first + k for k in range(len(values))]:
        return float(first)
    return 0.0
