"""What customers are worth: as a weight in averages, and as groups to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem
from emotion_models.small_groups import THRESHOLD

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

Floats = NDArray[np.floating[Any]]
THIRDS: Final = ("low value", "middle value", "high value")


def customer_value(fit: Fit) -> Floats:
    """Value of the customer of every journey, as the codebook's `customer_value` says.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    array, shape (J,)
        In the unit of the codebook; NaN where unknown.

    Raises
    ------
    InputProblems
        If the survey does not say it of anybody, or everybody is worth nothing.
    """
    what, fix = "the survey has no customer value", "name its column in [customer_value]"
    if fit.survey.codebook.customer_value is None or "customer_value" not in fit.data:
        raise InputProblems("effects", [Problem("value", what, fix)])
    value = fit.data["customer_value"].to_numpy().astype(float)
    if not np.nansum(value * fit.design.weight) > 0:
        raise InputProblems("effects", [Problem("value", "known of nobody, or 0 for all", fix)])
    return value


def value_weight(fit: Fit) -> Floats:
    """Survey weight times customer value: what a journey counts in an average over money.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    array, shape (J,)
        Not negative; 0 where the value is unknown, so that those journeys leave the average.

    Raises
    ------
    InputProblems
        See `customer_value`.
    """
    weight: Floats = fit.design.weight * np.nan_to_num(customer_value(fit))
    return weight


def value_thirds(fit: Fit) -> dict[str, NDArray[np.bool_]]:
    """Journeys in the lower, middle and upper third of customer value.

    The borders are survey-weighted: each third stands for a third of those whose value is
    known, as far as equal values allow.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict of str to bool array, shape (J,)
        By `THIRDS`; nobody of unknown value.

    Raises
    ------
    InputProblems
        See `customer_value`; or if a third has fewer than `THRESHOLD` people.
    """
    value = customer_value(fit)
    known = np.flatnonzero(np.isfinite(value))
    order = known[np.argsort(value[known], kind="stable")]
    mass = np.cumsum(fit.design.weight[order])
    low, high = (value[order[np.searchsorted(mass, mass[-1] * k / 3 - 1e-9)]] for k in (1, 2))
    groups = (value <= low, (value > low) & (value <= high), value > high)
    found = dict(zip(THIRDS, groups, strict=True))
    people = {name: len(np.unique(fit.design.respondent[own])) for name, own in found.items()}
    problems = [
        Problem(name, f"{count} people: too few", f"thirds need {THRESHOLD} people each")
        for name, count in people.items()
        if count < THRESHOLD
    ]
    if problems:
        raise InputProblems("effects by value", problems)
    return found
