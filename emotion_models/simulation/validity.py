"""What is wrong with a step of a change, held against a fit and the journey so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from emotion_models.errors import Problem, did_you_mean
from emotion_models.simulation.reached import problems_of_who
from emotion_models.simulation.steps import Rebuild, Step

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation.moments import Journey
    from emotion_models.survey.parts import Lever

MOST_MOMENTS = 60
LONGEST_NAME = 80


def problems_of(fit: Fit, journey: Journey, step: Step | Rebuild, where: str) -> list[Problem]:
    """Everything wrong with one step.

    Parameters
    ----------
    fit : Fit
    journey : Journey
        After the steps before it.
    step : Step or Rebuild
    where : str

    Returns
    -------
    list of Problem
    """
    names = [moment.name for moment in journey if moment.present.any()]
    found = problems_of_who(fit, step.who, where)
    if isinstance(step, Rebuild):
        return found + _problems_of_building(fit, names, step, where)
    return found + _problems_of_setting(fit, journey, names, step, where)


def _missing(name: str, names: Sequence[str], where: str) -> list[Problem]:
    if name in names:
        return []
    return [Problem(where, f"no touchpoint '{name}'", did_you_mean(name, names))]


def _problems_of_building(
    fit: Fit, names: Sequence[str], step: Rebuild, where: str
) -> list[Problem]:
    if step.kind == "reorder":
        problems = [each for name in step.order for each in _missing(name, names, where)]
        if len(set(step.order)) < len(step.order):
            problems.append(Problem(where, "a touchpoint twice", "name each once"))
        if len(step.order) < 2:
            problems.append(Problem(where, "fewer than two touchpoints", "name two or more"))
        return problems
    needed = [step.beside] if step.kind == "add" else [step.touchpoint, step.beside]
    needed += [step.like] if step.like else []
    problems = [each for name in needed if name for each in _missing(name, names, where)]
    if step.kind in ("move", "merge") and step.touchpoint == step.beside:
        problems.append(Problem(where, "the same touchpoint twice", "name another one"))
    if step.kind == "remove" and len(names) < 2:
        problems.append(Problem(where, "it is the last touchpoint", "leave one"))
    if step.kind in ("repeat", "add") and len(names) >= MOST_MOMENTS:
        problems.append(Problem(where, f"over {MOST_MOMENTS} touchpoints", "add fewer"))
    return problems + (_problems_of_new(fit, names, step, where) if step.kind == "add" else [])


def _problems_of_new(fit: Fit, names: Sequence[str], step: Rebuild, where: str) -> list[Problem]:
    problems = []
    if step.touchpoint in (*names, *fit.design.touchpoints):
        problems.append(Problem(where, f"there is a touchpoint '{step.touchpoint}'", "rename it"))
    if not step.touchpoint.strip() or len(step.touchpoint) > LONGEST_NAME:
        problems.append(Problem(where, "its name", f"use 1 to {LONGEST_NAME} characters"))
    for name, value in step.feels:
        described = Step("emotion", step.touchpoint, name, to=value)
        problems += _problems_of_emotion(fit, described, where)
    return problems


def _problems_of_setting(
    fit: Fit, journey: Journey, names: Sequence[str], step: Step, where: str
) -> list[Problem]:
    problems = _missing(step.touchpoint, names, where)
    if step.kind == "emotion":
        return problems + _problems_of_emotion(fit, step, where)
    levers = {lever.name: lever for lever in fit.survey.codebook.levers}
    if step.name not in levers:
        fix = did_you_mean(step.name, list(levers))
        return [*problems, Problem(where, f"no lever '{step.name}'", fix)]
    lever = levers[step.name]
    if not fit.model.elicitation:
        problems.append(Problem(where, "the fit has no stage 1", "fit with elicitation=True"))
    places = fit.survey.codebook.lever_sites(lever)
    moment = next((each for each in journey if each.name == step.touchpoint), None)
    if moment is not None and moment.present.any():
        source = fit.design.touchpoints[moment.source] if moment.source >= 0 else ""
        if source not in places:
            fix = f"it exists at {', '.join(places)}"
            problems.append(Problem(where, f"'{lever.name}' is not at '{step.touchpoint}'", fix))
    return problems + _not_a_value(lever, step, where)


def _problems_of_emotion(fit: Fit, step: Step, where: str) -> list[Problem]:
    if step.name not in fit.design.emotions:
        fix = did_you_mean(step.name, fit.design.emotions)
        return [Problem(where, f"no emotion '{step.name}'", fix)]
    return _not_on_scale(fit, step, where)


def _not_on_scale(fit: Fit, step: Step, where: str) -> list[Problem]:
    if step.times is not None:
        good = _is_number(step.times) and step.times >= 0
        return [] if good else [_not_a_factor(step.times, where)]
    if step.to is None:
        return [] if _is_number(step.by) else [_not_a_number(step.by, where)]
    codebook = fit.survey.codebook
    scale = codebook.scale_of(next(e for e in codebook.emotions if e.name == step.name))
    values, (low, high) = scale.values, scale.span
    if scale.kind == "slider":
        if _is_number(step.to) and low <= float(step.to) <= high:
            return []
        return [Problem(where, f"{step.to} is not on the slider", f"it is {low:g} to {high:g}")]
    if step.to in values:
        return []
    shown = ", ".join(str(value) for value in values)
    return [Problem(where, f"{step.to} is not on the scale", f"its values are {shown}")]


def _not_a_value(lever: Lever, step: Step, where: str) -> list[Problem]:
    if lever.kind == "categorical":
        if step.to is None:
            return [Problem(where, "a category cannot be moved by an amount", "use to=")]
        if step.to not in lever.categories:
            names = [str(category) for category in lever.categories]
            return [Problem(where, f"no category '{step.to}'", did_you_mean(str(step.to), names))]
        return []
    value = next((each for each in (step.to, step.by, step.times) if each is not None), None)
    if not _is_number(value):
        return [_not_a_number(value, where)]
    if lever.kind == "binary":
        problem = Problem(where, "a yes/no lever is set to 0 or 1", "use to=0 or to=1")
        return [] if step.to in (0, 1) else [problem]
    low, high = limits(lever)
    if step.to is not None and not low <= float(step.to) <= high:
        fix = f"the codebook says {low:g} to {high:g}"
        return [Problem(where, f"{step.to} is not possible", fix)]
    return []


def limits(lever: Lever) -> tuple[float, float]:
    """Smallest and largest possible value of a numeric lever.

    Parameters
    ----------
    lever : Lever

    Returns
    -------
    low, high : float
    """
    low = -np.inf if lever.minimum is None else lever.minimum
    return low, np.inf if lever.maximum is None else lever.maximum


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    return math.isfinite(value)


def _not_a_number(value: object, where: str) -> Problem:
    return Problem(where, f"'{value}' is not a number", "give a number")


def _not_a_factor(value: object, where: str) -> Problem:
    return Problem(where, f"'{value}' is not a factor", "give a number, 0 or more")
