"""`effects`: one more scale point of an emotion, by ``do()``, on every outcome.

The ratings of one emotion are raised by one point (up to the top of the scale), at one
touchpoint or at all, for the people of the survey; memory, relationship and behaviour follow.

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

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.effects.answers import Effects
from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.models.changes_of_memory import MemoryChange
from emotion_models.models.response import Response, outcomes_of, respond

if TYPE_CHECKING:
    from emotion_models.inference import Fit

Floats = NDArray[np.float64]
By = Literal["emotion", "touchpoint", "segment"]
Path = Literal["total", "direct", "via relationship", "via memory"]
PATHS: Final[tuple[Path, ...]] = ("total", "direct", "via relationship", "via memory")
EVERYWHERE: Final = "(all)"
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
    outcomes = _chosen(fit, on)
    draws, people = fit.draws(DRAWS[by])
    known = fit.parameters(DRAWS[by])
    groups = {name: people[name].to_numpy().astype(float) for name in people.data_vars}
    response = respond(fit.model, fit.design, known, groups)
    change = MemoryChange(fit.model, fit.design, known)
    places = (EVERYWHERE, *(fit.design.touchpoints if by == "touchpoint" else ()))
    averages = _averages(fit, by)
    values = np.zeros(
        (
            len(outcomes),
            len(PATHS),
            len(fit.design.emotions),
            len(places),
            len(averages),
            known.n_draws,
        )
    )
    base = {outcome: response.observed(outcome) for outcome in outcomes}
    weights = np.stack(list(averages.values()), axis=1)
    for e in range(len(fit.design.emotions)):
        for p, place in enumerate(places):
            score = raised(fit, e, place)
            felt = change.of(e, score), change.plain(e, score)
            for o, outcome in enumerate(outcomes):
                one = _paths(response, outcome, e, felt, base[outcome])
                values[o, :, e, p] = np.stack([(path @ weights).T for path in one])
    return Effects(
        values,
        outcomes,
        PATHS,
        fit.design.emotions,
        places,
        tuple(averages),
        units(fit),
        dict(zip(fit.design.emotions, fit.design.valence.tolist(), strict=True)),
        claim(fit),
    )


def raised(fit: Fit, emotion: int, place: str) -> Floats:
    """Scores (T, J) of an emotion after one more point at a touchpoint, or everywhere."""
    ratings = fit.design.ratings
    score = ratings.score[:, :, emotion]
    point = 1 / ratings.exists[emotion].sum()
    where = np.ones((len(fit.design.touchpoints), 1), dtype=bool)
    if place != EVERYWHERE:
        where = (np.array(fit.design.touchpoints) == place)[:, None]
    return np.where(where, np.minimum(score + point, 1.0), score)


def _paths(
    response: Response, outcome: str, emotion: int, felt: tuple[Floats, Floats], base: Floats
) -> tuple[Floats, ...]:
    """Differences (S, J) of an outcome along each path."""
    remembered, plain = felt
    total_coefficient = response.coefficient(response.total, emotion)
    total = _difference(response, outcome, remembered, total_coefficient, base)
    as_averaged = _difference(response, outcome, plain, total_coefficient, base)
    direct = total
    if any(response.design.rows[row].stage == "behaviour" for row in response.rows(outcome)):
        direct_coefficient = response.coefficient(response.direct, emotion)
        direct = _difference(response, outcome, remembered, direct_coefficient, base)
    return total, direct, total - direct, total - as_averaged


def _difference(
    response: Response, outcome: str, felt: Floats, coefficient: Floats, base: Floats
) -> Floats:
    """Change (S, J) of an outcome when what is remembered changes by `felt`."""
    eta = response.eta
    return (
        response.mean(outcome, lambda row: eta[:, :, row] + felt * coefficient[:, :, row]) - base
    )


def _chosen(fit: Fit, on: str | None) -> tuple[str, ...]:
    if not fit.model.outcomes:
        raise InputProblems(
            "effects", [Problem("fit", "has no outcomes", "describe outcomes in the codebook")]
        )
    every = outcomes_of(fit.design)
    if on is None:
        return every
    if on not in every:
        raise InputProblems(
            "effects", [Problem(f"outcome '{on}'", "not in the fit", did_you_mean(on, every))]
        )
    return (on,)


def _averages(fit: Fit, by: By) -> dict[str, Floats]:
    """Weights over journeys of every average that is reported; each sums to 1."""
    weight = fit.design.weight
    averages = {EVERYWHERE: weight / weight.sum()}
    if by == "segment" and len(fit.design.segments) > 1:
        for g, segment in enumerate(fit.design.segments):
            own = weight * fit.design.membership[:, g]
            if own.sum() > 0:
                averages[segment] = own / own.sum()
    return averages


def units(fit: Fit) -> dict[str, str]:
    """Unit of every outcome's response scale."""
    named = {behaviour.name: behaviour for behaviour in fit.survey.codebook.behaviours}
    words = {}
    for row in fit.design.rows:
        match row.likelihood:
            case "binary" if row.name == row.outcome:
                words[row.outcome] = "probability"
            case "ordinal":
                words[row.outcome] = "scale points"
            case "count":
                words[row.outcome] = "count"
            case _:
                words[row.outcome] = named[row.outcome].unit or "units"
    return words


def claim(fit: Fit) -> str:
    """Claim level of an effect: adjusted when there are controls, else association."""
    return "adjusted" if fit.design.control_names else "association"
