"""What may be asked of effects: outcomes, groupings, weights; all faults of a question at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.inference.asked import check_fit
from emotion_models.inference.estimands import ALL, WEIGHTS, Weight
from emotion_models.models.response import outcomes_of

if TYPE_CHECKING:
    from emotion_models.inference import Fit

By = Literal["emotion", "touchpoint", "segment", "identity", "value"]
DRAWS: Final[dict[By, int]] = {
    "emotion": 1000,
    "segment": 1000,
    "identity": 1000,
    "value": 1000,
    "touchpoint": 400,
}
"""Draws used; effects at single touchpoints are many, and 400 independent draws suffice."""


def chosen(fit: Fit, on: str | None, by: By, weight: Weight = "survey") -> tuple[str, ...]:
    """Outcomes to answer for.

    Parameters
    ----------
    fit : Fit
    on : str, optional
        One outcome; default: all.
    by : str
        A key of `DRAWS`.
    weight : {"survey", "value"}

    Returns
    -------
    tuple of str

    Raises
    ------
    InputProblems
        With everything wrong with the question.
    """
    check_fit("effects", fit)
    every = outcomes_of(fit.design) if fit.model.outcomes else ()
    problems = []
    if not every:
        problems.append(Problem("fit", "has no outcomes", "describe outcomes in the codebook"))
    elif on is not None and on not in every:
        problems.append(Problem(f"outcome '{on}'", "not in the fit", did_you_mean(on, every)))
    if by not in list(DRAWS):
        problems.append(Problem(f"by '{by}'", "unknown", did_you_mean(by, list(DRAWS))))
    elif by == "identity" and len(fit.design.segments) < 2:
        fix = "describe [segments] and fit with segments=True"
        problems.append(Problem("by 'identity'", "the model tells no identities apart", fix))
    if weight not in WEIGHTS:
        problems.append(Problem(f"weight '{weight}'", "unknown", did_you_mean(weight, WEIGHTS)))
    if problems:
        raise InputProblems("effects", problems)
    return every if on is None else (on,)


def places_of(fit: Fit, by: By) -> tuple[str, ...]:
    """Where the point is added, `ALL` first."""
    return (ALL, *fit.design.touchpoints) if by == "touchpoint" else (ALL,)
