"""A change held against a fit: valid, in the model's own indices and units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems
from emotion_models.models.exposures import coded_columns
from emotion_models.simulation.change import Change
from emotion_models.simulation.moments import EmotionMove, Journey, Moment, observed, rebuilt
from emotion_models.simulation.reached import Mask, reached
from emotion_models.simulation.steps import Rebuild, Step
from emotion_models.simulation.validity import limits, problems_of
from emotion_models.small_groups import THRESHOLD

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey.parts import Lever

Floats = NDArray[np.float64]
MANY_MISSING: Final = 0.05
"""Share of ratings from which orders suffer; at 0.3 half of a difference is left, see
experiments/estimands."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What changes at each moment of the journeys.

    Parameters
    ----------
    journey : tuple of Moment
        After all steps.
    exposure : dict of moment to array, shape (J, L)
        Change of the lever columns, where they change.
    emotions : dict of moment to tuple of EmotionMove
    rebuilt : bool
        Whether touchpoints left, came, or happen in another order.
    warnings : tuple of str
        Extrapolations beyond what was observed, and assumptions.
    """

    journey: Journey
    exposure: dict[int, Floats]
    emotions: dict[int, tuple[EmotionMove, ...]]
    rebuilt: bool
    warnings: tuple[str, ...]

    def some(self, which: NDArray[np.int64]) -> Plan:
        """The same plan for some of the journeys."""
        journey = tuple(moment.some(which) for moment in self.journey)
        return replace(
            self,
            journey=journey,
            exposure={p: change[which] for p, change in self.exposure.items()},
            emotions={p: journey[p].moves for p in self.emotions},
        )


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
    before = journey = observed(fit)
    problems, warnings = [], []
    for number, step in enumerate(change.steps, start=1):
        found = problems_of(fit, journey, step, f"step {number} ({step})")
        problems += found
        if not found:
            journey, said = _applied(fit, journey, step)
            warnings += said
    if problems:
        raise InputProblems("change", problems)
    exposure = {
        p: moved
        for p, moment in enumerate(journey)
        if (moment.touched or p >= len(before)) and (moved := _exposure_change(fit, moment)).any()
    }
    emotions = {p: moment.moves for p, moment in enumerate(journey) if moment.moves}
    other = len(journey) > len(before) or any(
        new.merged
        or not np.array_equal(new.present, old.present)
        or not np.array_equal(new.position, old.position)
        for new, old in zip(journey, before, strict=False)
    )
    warnings += _gaps(fit, change)
    return Plan(journey, exposure, emotions, other, tuple(dict.fromkeys(warnings)))


def _gaps(fit: Fit, change: Change) -> list[str]:
    """Whether too many ratings are missing for changes of the order."""
    moved = any(isinstance(s, Rebuild) and s.kind in ("move", "reorder") for s in change.steps)
    if not moved or fit.model.missing == "impute":
        return []
    ratings = fit.design.ratings
    missing = float((ratings.answered[ratings.position >= 0] == 0).mean())
    if missing <= MANY_MISSING:
        return []
    return [
        f"{missing:.0%} of the ratings at visited touchpoints are missing: the last and the "
        "strongest answered moment stand for the last and the strongest, so that a change of the "
        "order looks smaller than it is; a fit with missing='impute' allows for it"
    ]


def _applied(fit: Fit, journey: Journey, step: Step | Rebuild) -> tuple[Journey, list[str]]:
    """The journey after one more step, and what to warn of."""
    who = reached(fit, step.who)
    if isinstance(step, Rebuild):
        feels = {fit.design.emotions.index(name): _score(fit, name, at) for name, at in step.feels}
        return rebuilt(journey, step, who, feels), _assumed(step)
    p = [moment.name for moment in journey].index(step.touchpoint)
    if step.kind == "emotion":
        moment = replace(journey[p], moves=(*journey[p].moves, _emotion_move(fit, step, who)))
        said: list[str] = []
    else:
        moment, said = _lever_moved(fit, journey[p], step, who)
    return (*journey[:p], moment, *journey[p + 1 :]), said


def _assumed(step: Rebuild) -> list[str]:
    """What a rebuilt journey takes for granted."""
    match step.kind:
        case "add" if step.like:
            return [f"{step}: assumed to be felt as {step.like} is, and to count as much in memory"]
        case "add":
            return [f"{step}: assumed to count in memory as an average touchpoint does"]
        case "repeat":
            return [f"{step}: assumed to be felt the second time as the first"]
        case "merge":
            return [f"{step}: assumed to be felt as the average of the two"]
        case _:
            return [f"{step}: assumed that what remains is felt as before"]


def _lever_moved(fit: Fit, moment: Moment, step: Step, who: Mask) -> tuple[Moment, list[str]]:
    """The moment with a lever moved; and where that is new ground."""
    levers = fit.survey.codebook.levers
    index = [lever.name for lever in levers].index(step.name)
    values = moment.values.copy()
    values[index] = np.where(who, _moved(levers[index], step, values[index]), values[index])
    there = moment.present & who
    seen = fit.data["lever_value"].isel(touchpoint=moment.source, lever=index).to_numpy()
    was, now = moment.values[index][there], values[index][there]
    said = _new_ground(levers[index], step, seen[np.isfinite(seen)], was, now)
    return replace(moment, values=values, touched=True), said


def _moved(lever: Lever, step: Step, value: Floats) -> Floats:
    if lever.kind == "categorical":
        chosen = next(i for i, name in enumerate(lever.categories) if name == step.to)
        return np.full(value.shape, float(chosen))
    known = np.where(np.isnan(value), lever.centre if lever.kind == "numeric" else 0, value)
    if step.to is not None:
        return np.full(value.shape, float(step.to))
    moved = known * step.times if step.times is not None else known + float(step.by or 0)
    low, high = limits(lever)
    clipped: Floats = np.clip(moved, low, high)
    return clipped


def _new_ground(lever: Lever, step: Step, seen: Floats, was: Floats, now: Floats) -> list[str]:
    """Whether a lever goes where hardly anybody was; of fewer than ten people no value is said."""
    if seen.size == 0 or now.size == 0:
        return []
    if lever.kind == "categorical":
        known = bool(np.isin(now, seen).all())
        return [] if known else [f"{step}: never observed there, extrapolated"]
    if lever.kind == "binary":
        few = min(int((seen == value).sum()) for value in np.unique(now)) < THRESHOLD
        return [f"{step}: fewer than {THRESHOLD} people met that, extrapolated"] if few else []
    known_to = np.sort(seen)[[min(THRESHOLD, seen.size) - 1, -min(THRESHOLD, seen.size)]]
    low, high = known_to.min(), known_to.max()
    with np.errstate(invalid="ignore"):
        beyond = (now < low) & ~(was <= now) | (now > high) & ~(was >= now)
    if not beyond.any():
        return []
    return [
        f"{step.name} at {step.touchpoint} goes beyond {low:g} to {high:g}, where fewer than "
        f"{THRESHOLD} people were: extrapolated"
    ]


def _exposure_change(fit: Fit, moment: Moment) -> Floats:
    """Change of the coded lever columns (J, L) against the touchpoint it comes from."""
    before = fit.design.exposure.value
    if moment.source < 0 or not before.shape[-1]:
        return np.zeros((moment.present.size, before.shape[-1]))
    name = fit.design.touchpoints[moment.source]
    met = moment.present | (fit.design.ratings.position[moment.source] >= 0)
    columns = []
    for lever, raw in zip(fit.survey.codebook.levers, moment.values, strict=True):
        applies = not lever.at or name in lever.at
        for _, coded in coded_columns(lever, raw):
            columns.append(np.where(met & np.isfinite(coded) & applies, coded, 0.0))
    after = np.stack(columns, axis=-1)
    found: Floats = np.where(met[:, None], after - before[moment.source], 0.0)
    return found


def _score(fit: Fit, name: str, value: float | str | None) -> float:
    """Where a value of an emotion's scale stands, on 0..1."""
    codebook = fit.survey.codebook
    scale = codebook.scale_of(codebook.emotions[fit.design.emotions.index(name)])
    low, high = scale.span
    if scale.kind == "slider":
        return (float(value or 0) - low) / (high - low)
    return float(scale.values.index(value) / (scale.n_categories - 1))


def _emotion_move(fit: Fit, step: Step, who: Mask) -> EmotionMove:
    codebook, emotion = fit.survey.codebook, fit.design.emotions.index(step.name)
    low, high = codebook.scale_of(codebook.emotions[emotion]).span
    to = None if step.to is None else _score(fit, step.name, step.to)
    times = 1.0 if step.times is None else step.times
    return EmotionMove(emotion, to, float(step.by or 0), high - low, times, who)
