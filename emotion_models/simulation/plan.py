"""A change held against a fit: valid, in the model's own indices and units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.models.exposures import exposures
from emotion_models.simulation.change import Change, Step

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey.parts import Lever

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EmotionMove:
    """Ratings of an emotion: all its items set to a score, or moved by points.

    Parameters
    ----------
    emotion : int
    to : float, optional
        On 0..1.
    by : float
        In points of the emotion's scale, which has so many `points` from end to end.
    points : float
    """

    emotion: int
    to: float | None
    by: float
    points: float


@dataclass(frozen=True)
class Plan:
    """What changes at each touchpoint.

    Parameters
    ----------
    exposure : dict of touchpoint index to array, shape (J, L)
        Change of the lever columns.
    emotions : dict of touchpoint index to list of EmotionMove
    warnings : tuple of str
        Extrapolations beyond what was observed.
    """

    exposure: dict[int, Floats]
    emotions: dict[int, list[EmotionMove]]
    warnings: tuple[str, ...]

    @property
    def touchpoints(self) -> list[int]:
        """Touchpoints where anything changes, in order."""
        return sorted({*self.exposure, *self.emotions})


def make_plan(fit: Fit, change: Change) -> Plan:
    """Validate a change against a fit.

    Parameters
    ----------
    fit : Fit
    change : Change

    Returns
    -------
    Plan

    Raises
    ------
    InputProblems
        With every problem of the change.
    """
    problems = [
        problem
        for number, step in enumerate(change.steps, start=1)
        for problem in _problems(fit, step, f"step {number} ({step})")
    ]
    if problems:
        raise InputProblems("change", problems)
    warnings: list[str] = []
    values = fit.data["lever_value"].transpose("lever", "touchpoint", "journey").to_numpy().copy()
    emotions: dict[int, list[EmotionMove]] = {}
    touched: set[int] = set()
    for step in change.steps:
        t = fit.design.touchpoints.index(step.touchpoint)
        if step.kind == "lever":
            warnings += _move_lever(fit, step, values, t)
            touched.add(t)
        else:
            emotions.setdefault(t, []).append(_emotion_move(fit, step))
    return Plan(_exposure_changes(fit, values, touched), emotions, tuple(warnings))


def _problems(fit: Fit, step: Step, where: str) -> list[Problem]:
    """Everything wrong with one step."""
    design, codebook = fit.design, fit.survey.codebook
    problems = []
    if step.touchpoint not in design.touchpoints:
        fix = did_you_mean(step.touchpoint, design.touchpoints)
        problems.append(Problem(where, f"no touchpoint '{step.touchpoint}'", fix))
    if step.kind == "emotion":
        if step.name not in design.emotions:
            fix = did_you_mean(step.name, design.emotions)
            return [*problems, Problem(where, f"no emotion '{step.name}'", fix)]
        return problems + _not_on_scale(fit, step, where)
    levers = {lever.name: lever for lever in codebook.levers}
    if step.name not in levers:
        fix = did_you_mean(step.name, list(levers))
        return [*problems, Problem(where, f"no lever '{step.name}'", fix)]
    lever = levers[step.name]
    if not fit.model.elicitation:
        problems.append(Problem(where, "the fit has no stage 1", "fit with elicitation=True"))
    places = codebook.lever_sites(lever)
    if step.touchpoint in design.touchpoints and step.touchpoint not in places:
        fix = f"it exists at {', '.join(places)}"
        problems.append(Problem(where, f"'{lever.name}' is not at '{step.touchpoint}'", fix))
    return problems + _not_a_value(lever, step, where)


def _not_on_scale(fit: Fit, step: Step, where: str) -> list[Problem]:
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
        if step.by is not None:
            return [Problem(where, "a category cannot be moved by an amount", "use to=")]
        if step.to not in lever.categories:
            names = [str(category) for category in lever.categories]
            return [Problem(where, f"no category '{step.to}'", did_you_mean(str(step.to), names))]
        return []
    value = step.to if step.to is not None else step.by
    if not _is_number(value):
        return [_not_a_number(value, where)]
    if lever.kind == "binary":
        problem = Problem(where, "a yes/no lever is set to 0 or 1", "use to=0 or to=1")
        return [] if step.to in (0, 1) else [problem]
    low, high = _limits(lever)
    if step.to is not None and not low <= float(step.to) <= high:
        fix = f"the codebook says {low:g} to {high:g}"
        return [Problem(where, f"{step.to} is not possible", fix)]
    return []


def _limits(lever: Lever) -> tuple[float, float]:
    """Smallest and largest possible value of a numeric lever."""
    low = -np.inf if lever.minimum is None else lever.minimum
    return low, np.inf if lever.maximum is None else lever.maximum


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    return math.isfinite(value)


def _not_a_number(value: object, where: str) -> Problem:
    return Problem(where, f"'{value}' is not a number", "give a number")


def _move_lever(fit: Fit, step: Step, values: Floats, t: int) -> list[str]:
    """Change the raw lever values of a touchpoint in place; say where that is new ground."""
    levers = fit.survey.codebook.levers
    index = [lever.name for lever in levers].index(step.name)
    lever, column = levers[index], values[index, t]
    observed = fit.data["lever_value"].isel(touchpoint=t, lever=index).to_numpy()
    observed = observed[np.isfinite(observed)]
    if lever.kind == "categorical":
        column[:] = next(i for i, name in enumerate(lever.categories) if name == step.to)
        known = observed.size == 0 or column[0] in observed
        return [] if known else [f"{step}: never observed there, extrapolated"]
    column[np.isnan(column)] = lever.centre if lever.kind == "numeric" else 0  # as in the fit
    if step.to is not None:
        column[:] = float(step.to)
    else:
        column += float(step.by or 0)
        np.clip(column, *_limits(lever), out=column)
    reached = column[fit.data["visited"].isel(touchpoint=t).to_numpy()]
    if min(observed.size, reached.size) == 0 or (
        reached.min() >= observed.min() and reached.max() <= observed.max()
    ):
        return []
    low, high = observed.min(), observed.max()
    return [
        f"{step.name} at {step.touchpoint} goes beyond the {low:g} to {high:g} that were observed: "
        "extrapolated"
    ]


def _exposure_changes(fit: Fit, values: Floats, touched: set[int]) -> dict[int, Floats]:
    """Change of the coded lever columns (J, L) at every touched touchpoint."""
    if not touched:
        return {}
    changed = fit.data["lever_value"].transpose("lever", "touchpoint", "journey").copy(data=values)
    after = exposures(fit.survey.codebook, fit.data.assign(lever_value=changed)).value
    before = fit.design.exposure.value
    return {t: after[t] - before[t] for t in sorted(touched)}


def _emotion_move(fit: Fit, step: Step) -> EmotionMove:
    emotion = fit.design.emotions.index(step.name)
    codebook = fit.survey.codebook
    scale = codebook.scale_of(codebook.emotions[emotion])
    low, high = scale.span
    if step.to is None:
        return EmotionMove(emotion, None, float(step.by or 0), high - low)
    if scale.kind == "slider":
        return EmotionMove(emotion, (float(step.to) - low) / (high - low), 0.0, high - low)
    place = scale.values.index(step.to) / (scale.n_categories - 1)
    return EmotionMove(emotion, place, 0.0, high - low)
