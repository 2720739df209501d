"""A change held against a fit: valid, in the model's own indices and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.descriptions import lowest_value
from emotion_models.models.exposures import coded_columns
from emotion_models.simulation.change import Change, Step

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey.parts import Lever

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EmotionMove:
    """Ratings of an emotion: set to a category, or moved by categories."""

    emotion: int
    to: float | None
    by: float


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
    problems: list[Problem] = []
    warnings: list[str] = []
    values = fit.data["lever_value"].transpose("lever", "touchpoint", "journey").to_numpy().copy()
    emotions: dict[int, list[EmotionMove]] = {}
    touched: set[int] = set()
    for number, step in enumerate(change.steps, start=1):
        where = f"step {number} ({step})"
        found = _problems(fit, step, where)
        problems += found
        if found:
            continue
        t = fit.design.touchpoints.index(step.touchpoint)
        if step.kind == "lever":
            warnings += _move_lever(fit, step, values, t)
            touched.add(t)
        else:
            emotions.setdefault(t, []).append(_emotion_move(fit, step))
    if problems:
        raise InputProblems("change", problems)
    exposure = {t: _exposure_change(fit, values, t) for t in touched}
    return Plan(exposure, emotions, tuple(warnings))


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
            problems.append(Problem(where, f"no emotion '{step.name}'", fix))
        elif step.to is not None:
            problems += _not_on_scale(fit, step, where)
        return problems
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
    codebook = fit.survey.codebook
    name = next(part.scale for part in codebook.emotions if part.name == step.name)
    values = codebook.scales[name].values
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
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        return [Problem(where, f"'{value}' is not a number", "give a number")]
    if lever.kind == "binary" and (step.by is not None or value not in (0, 1)):
        return [Problem(where, "a yes/no lever is set to 0 or 1", "use to=0 or to=1")]
    return []


def _move_lever(fit: Fit, step: Step, values: Floats, t: int) -> list[str]:
    """Change the raw lever values of a touchpoint in place; say where that is new ground."""
    codebook = fit.survey.codebook
    index = [lever.name for lever in codebook.levers].index(step.name)
    lever = codebook.levers[index]
    column = values[index, t]
    observed = column[np.isfinite(column)]
    if lever.kind == "categorical":
        column[:] = lever.categories.index(step.to)  # type: ignore[arg-type]
        return []
    if lever.kind == "numeric":
        column[np.isnan(column)] = lever.centre
    else:
        column[np.isnan(column)] = 0
    if step.to is not None:
        column[:] = float(step.to)
    else:
        column += float(step.by or 0)
        if lever.minimum is not None or lever.maximum is not None:
            np.clip(column, lever.minimum, lever.maximum, out=column)
    if observed.size and (column.min() < observed.min() or column.max() > observed.max()):
        return [
            f"{step.name} at {step.touchpoint} goes beyond the {observed.min():g} to "
            f"{observed.max():g} that were observed: extrapolated"
        ]
    return []


def _exposure_change(fit: Fit, values: Floats, t: int) -> Floats:
    """Change of the coded lever columns at a touchpoint, (J, L); 0 where not visited."""
    design = fit.design
    columns = []
    for lever, value in zip(fit.survey.codebook.levers, values, strict=True):
        applies = t in [design.touchpoints.index(n) for n in fit.survey.codebook.lever_sites(lever)]
        for _, coded in coded_columns(lever, value[t]):
            columns.append(np.where(np.isfinite(coded) & applies, coded, 0.0))
    visited = design.ratings.position[t] >= 0
    after = np.stack(columns, axis=1) * visited[:, None]
    change: Floats = after - design.exposure.value[t]
    return change


def _emotion_move(fit: Fit, step: Step) -> EmotionMove:
    emotion = fit.design.emotions.index(step.name)
    codebook = fit.survey.codebook
    values = codebook.scales[codebook.emotions[emotion].scale].values
    if step.to is None:
        return EmotionMove(emotion, None, float(step.by or 0))
    start = lowest_value(values)
    place = values.index(step.to) if step.to in values else float(step.to) - start
    return EmotionMove(emotion, float(place), 0.0)
