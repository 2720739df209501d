"""`effects`: one more scale point of an emotion, by ``do()``, on every outcome.

The ratings of one emotion (each of its items) are raised by one point, up to the top of the
scale, at one touchpoint or at all, for the people of the survey; memory, relationship and
behaviour follow. A point of a slider is the width of one of its categories.

total
    everything responds.
direct
    the relationship is held; for a behaviour, what emotion does not through the bond.
via relationship
    total minus direct.
via memory
    total minus the effect the same points would have if every moment counted equally: what
    the peak, the end, the first moment and the salience of touchpoints add.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.answers import Effects
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.estimands import ALL, averaged, averages, claim, units
from emotion_models.models.changes_of_memory import MemoryChange, Scores
from emotion_models.models.response import Response, outcomes_of

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.floating[Any]]
By = Literal["emotion", "touchpoint", "segment"]
Path = Literal["total", "direct", "via relationship", "via memory"]
PATHS: Final[tuple[Path, ...]] = ("total", "direct", "via relationship", "via memory")
DRAWS: Final[dict[By, int]] = {"emotion": 1000, "segment": 1000, "touchpoint": 400}
"""Draws used; effects at single touchpoints are many, and 400 independent draws suffice."""


def effects(fit: Fit, *, on: str | None = None, by: By = "emotion") -> Effects:
    """Estimate what one more scale point of each emotion does.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all.
    by : {"emotion", "touchpoint", "segment"}
        Whether the point is added everywhere, also at each touchpoint alone, or averaged also
        within each segment.

    Returns
    -------
    Effects

    Raises
    ------
    InputProblems
        If there is no such outcome, or the fit has none.
    """
    outcomes = chosen(fit, on, by)
    if fit.completed:
        most = -(-DRAWS[by] // len(fit.completed))
        found = [_effects(part, outcomes, by, most) for part in fit.completed]
        values = np.concatenate([each.values for each in found], axis=-1)
        return replace(found[0], values=values)
    return _effects(fit, outcomes, by, DRAWS[by])


def _effects(fit: Fit, outcomes: tuple[str, ...], by: By, most: int) -> Effects:
    """Effects from at most so many draws."""
    design = fit.design
    over = averages(fit, by_segment=by == "segment")
    places = places_of(fit, by)
    shape = (len(outcomes), len(PATHS), len(design.emotions), len(places), len(over))
    values: NDArray[np.float64] = np.zeros((*shape, 0))
    for e, p, found in by_journey(fit, outcomes, by, most):
        if not values.size:
            values = np.zeros((*shape, found[outcomes[0]][0].shape[0]))
        for o, outcome in enumerate(outcomes):
            values[o, :, e, p] = [averaged(path, [*over.values()]) for path in found[outcome]]
    return Effects(
        values,
        outcomes,
        PATHS,
        design.emotions,
        places,
        tuple(over),
        units(fit),
        dict(zip(design.emotions, design.valence.tolist(), strict=True)),
        claim(fit),
    )


def places_of(fit: Fit, by: By) -> tuple[str, ...]:
    """Where the point is added, `ALL` first."""
    return (ALL, *fit.design.touchpoints) if by == "touchpoint" else (ALL,)


def by_journey(
    fit: Fit, outcomes: tuple[str, ...], by: By, most: int
) -> Iterator[tuple[int, int, dict[str, tuple[Floats, ...]]]]:
    """Effects on every journey, one emotion and place at a time.

    Parameters
    ----------
    fit : Fit
    outcomes : tuple of str
    by : {"emotion", "touchpoint", "segment"}
    most : int
        Draws to use at most.

    Yields
    ------
    emotion, place : int
    found : dict of outcome to tuple of array, shape (S, J)
        One array for each of `PATHS`.
    """
    response = fit.response(most).in_single()
    memory = MemoryChange.for_design(fit.model, fit.design, response.known)
    before = {outcome: response.mean(outcome) for outcome in outcomes}
    for e in range(len(fit.design.emotions)):
        for p, place in enumerate(places_of(fit, by)):
            yield e, p, _paths(response, memory, {e: raised(memory, e, place)}, before)


def raised(memory: MemoryChange, emotion: int, place: str) -> dict[int, NDArray[np.float32]]:
    """Scores (S or 1, J) of an emotion after one more point, at one touchpoint or at all.

    Parameters
    ----------
    memory : MemoryChange
    emotion : int
    place : str
        A touchpoint, or `ALL`.

    Returns
    -------
    dict of touchpoint index to array, shape (S or 1, J)
    """
    return {
        t: memory.scoring.raised(t, emotion)
        for t, touchpoint in enumerate(memory.design.touchpoints)
        if place in (ALL, touchpoint)
    }


def _paths(
    response: Response,
    memory: MemoryChange,
    scores: Scores,
    before: dict[str, Floats],
) -> dict[str, tuple[Floats, ...]]:
    """Differences (S, J) of every outcome along each path."""
    felt, plain = memory.after(scores), memory.plain(scores)
    shifts = {
        "total": response.shift(response.total, felt),
        "direct": response.shift(response.direct, felt),
        "plain": response.shift(response.total, plain),
    }
    behaviours = {row.outcome for row in response.design.rows if row.stage == "behaviour"}
    found: dict[str, tuple[Floats, ...]] = {}
    for outcome, as_it_was in before.items():
        total, plain_total = (
            response.mean(outcome, shifts[way]) - as_it_was for way in ("total", "plain")
        )
        direct = total
        if outcome in behaviours:
            direct = response.mean(outcome, shifts["direct"]) - as_it_was
        found[outcome] = (total, direct, total - direct, total - plain_total)
    return found


def chosen(fit: Fit, on: str | None, by: By) -> tuple[str, ...]:
    """Outcomes to answer for; raises with everything wrong with the question.

    Parameters
    ----------
    fit : Fit
    on : str, optional
    by : {"emotion", "touchpoint", "segment"}

    Returns
    -------
    tuple of str
    """
    every = outcomes_of(fit.design) if fit.model.outcomes else ()
    problems = []
    if not every:
        problems.append(Problem("fit", "has no outcomes", "describe outcomes in the codebook"))
    elif on is not None and on not in every:
        problems.append(Problem(f"outcome '{on}'", "not in the fit", did_you_mean(on, every)))
    if by not in DRAWS:
        problems.append(Problem(f"by '{by}'", "unknown", did_you_mean(by, list(DRAWS))))
    if problems:
        raise InputProblems("effects", problems)
    return every if on is None else (on,)
