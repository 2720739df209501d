"""What every decision takes, a fit with outcomes and some draws, and what it may claim."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING

from emotion_models.causal import Level, weakest
from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference.asked import check_fit
from emotion_models.simulation.simulate import claims_of

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation import Change


def check_decision(subject: str, fit: Fit, draws: object) -> None:
    """Refuse what decisions cannot be made of.

    Parameters
    ----------
    subject : str
        What was asked for.
    fit : Fit
    draws : object

    Raises
    ------
    InputProblems
        If it is no fit, or one without outcomes, or draws are no number from 1.
    """
    check_fit(subject, fit)
    expected(subject, "draws", draws, Integral, "use a whole number")
    problems = []
    if not fit.model.outcomes:
        problems.append(Problem("fit", "has no outcomes", "describe some in the codebook"))
    if draws is True or int(draws) < 1:  # type: ignore[call-overload]
        problems.append(Problem("draws", f"is {draws}", "use 1 or more"))
    if problems:
        raise InputProblems(subject, problems)


def claim_of(fit: Fit, change: Change, outcomes: Sequence[str]) -> Level:
    """Say how far the effect of a change on some outcomes may be claimed: the weakest of all.

    Parameters
    ----------
    fit : Fit
    change : Change
    outcomes : sequence of str

    Returns
    -------
    {"association", "adjusted", "causal"}
    """
    return weakest(list(claims_of(fit, change, outcomes).values()))
