"""Whom a step of a change reaches: groups, conditions, shares, as one mask over journeys."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import Problem, did_you_mean
from emotion_models.inference.estimands import emotion_span
from emotion_models.models.design import membership_in
from emotion_models.simulation.who import Condition, Who, read_conditions

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Mask = NDArray[np.bool_]
_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
    "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_PLACE_IN_LINE: Final = 0x1157
_PLACE_IN_GROUP: Final = 0x1D


def problems_of_who(fit: Fit, who: Who, where: str) -> list[Problem]:
    """Everything wrong with whom a step is for.

    Parameters
    ----------
    fit : Fit
    who : Who
    where : str

    Returns
    -------
    list of Problem
    """
    problems = who.problems(where)
    groups = _groups(fit)
    if who.group and who.group not in groups:
        problems.append(Problem(where, f"no group '{who.group}'", did_you_mean(who.group, groups)))
    if problems or not who.where:
        return problems
    for condition in read_conditions(who.where):
        problems += _problems_of_condition(fit, condition, where)
    if not problems and not _met(fit, who).any():
        problems.append(Problem(where, f"nobody is there{who}", "widen the condition"))
    return problems


def reached(fit: Fit, who: Who) -> Mask:
    """Journeys that a step reaches.

    Every journey has its place in line from the fit's seed, so that a larger share reaches the
    same journeys and further ones.

    Parameters
    ----------
    fit : Fit
    who : Who
        Without problems.

    Returns
    -------
    bool array, shape (J,)
    """
    n = fit.design.n_journeys
    found = _met(fit, who) if who.where else np.ones(n, dtype=bool)
    if who.group:
        groups = _groups(fit)
        share = membership_in(len(groups), fit.data)[:, groups.index(who.group)]
        found &= _line(fit, _PLACE_IN_GROUP) < share
    if who.reach < 1:
        found &= _line(fit, _PLACE_IN_LINE) < who.reach
    return found


def _line(fit: Fit, salt: int) -> NDArray[np.float64]:
    """A place in 0..1 for every journey, evenly spread."""
    key = ("line", salt)
    if key not in fit.cache:
        n = fit.design.n_journeys
        rank = np.random.default_rng([fit.seed, salt]).permutation(n)
        fit.cache[key] = (rank + 0.5) / n
    place: NDArray[np.float64] = fit.cache[key]
    return place


def _groups(fit: Fit) -> list[str]:
    segments = fit.survey.codebook.segments
    return [str(category) for category in segments.categories] if segments else []


def _met(fit: Fit, who: Who) -> Mask:
    """Journeys that meet all conditions; not those of which it is not known."""
    found = np.ones(fit.design.n_journeys, dtype=bool)
    for condition in read_conditions(who.where):
        values, categories = _values(fit, condition)
        value: Any = categories.index(condition.value) if categories else float(condition.value)
        with np.errstate(invalid="ignore"):
            found &= np.isfinite(values) & _SIGNS[condition.sign](values, value)
    return found


def _values(fit: Fit, condition: Condition) -> tuple[NDArray[np.float64], list[str]]:
    """What a condition compares, and its categories if it has some."""
    codebook, name = fit.survey.codebook, condition.name
    if condition.touchpoint:
        t = fit.design.touchpoints.index(condition.touchpoint)
        if name in fit.design.emotions:
            e = fit.design.emotions.index(name)
            low, high = emotion_span(fit, name)
            score = low + (high - low) * fit.design.ratings.score[t, :, e]
            return np.where(fit.design.ratings.rated[t, :, e], score, np.nan), []
        levers = {lever.name: lever for lever in codebook.levers}
        raw = fit.data["lever_value"].isel(lever=list(levers).index(name), touchpoint=t).to_numpy()
        visited = fit.data["visited"].isel(touchpoint=t).to_numpy()
        return np.where(visited, raw, np.nan), _categories(levers[name])
    if name in ("customer_value", "delay"):
        return fit.data[name].to_numpy().astype(float), []
    controls = {control.name: control for control in codebook.controls}
    raw = (
        fit.data["control_value"].isel(control=list(controls).index(name)).to_numpy().astype(float)
    )
    return raw, _categories(controls[name])


def _categories(quantity: Any) -> list[str]:
    return [str(each) for each in quantity.categories] if quantity.kind == "categorical" else []


def _problems_of_condition(fit: Fit, condition: Condition, where: str) -> list[Problem]:
    codebook, name, place = fit.survey.codebook, condition.name, condition.touchpoint
    if place and place not in fit.design.touchpoints:
        fix = did_you_mean(place, fit.design.touchpoints)
        return [Problem(where, f"no touchpoint '{place}'", fix)]
    if place:
        known = [*fit.design.emotions, *(lever.name for lever in codebook.levers)]
    else:
        known = [control.name for control in codebook.controls]
        known += [name for name in ("customer_value", "delay") if name in fit.data]
    if name not in known:
        levers = [*fit.design.emotions, *(lever.name for lever in codebook.levers)]
        fix = "say 'at TOUCHPOINT'" if not place and name in levers else did_you_mean(name, known)
        return [Problem(where, f"no '{name}' to compare", fix)]
    _, categories = _values(fit, condition)
    if categories:
        if condition.value not in categories:
            fix = did_you_mean(condition.value, categories)
            return [Problem(where, f"no category '{condition.value}' of '{name}'", fix)]
        if condition.sign not in ("=", "!="):
            return [Problem(where, f"categories have no '{condition.sign}'", "use = or !=")]
        return []
    try:
        float(condition.value)
    except ValueError:
        return [Problem(where, f"'{condition.value}' is not a number", "give a number")]
    return []
