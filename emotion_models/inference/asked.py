"""What the verbs take: a fit, and names that exist. Refused here, in one way, if they do not."""

from __future__ import annotations

from typing import Final

from emotion_models.errors import Problem, did_you_mean, expected
from emotion_models.inference.result import Fit

UNITS: Final = ("journey", "respondent")
"""What predictions may leave out at a time."""


def check_fit(subject: str, fit: object) -> None:
    """Refuse what is not a fit.

    Parameters
    ----------
    subject : str
        What was asked for, e.g. ``"effects"``.
    fit : object

    Raises
    ------
    InputProblems
        If it is anything else.
    """
    fix = "give what em.fit(model, survey) or em.load('NAME.fit') returns"
    expected(subject, "fit", fit, Fit, fix)


def check_units(by: object) -> list[Problem]:
    """Name what is wrong with what is to be left out.

    Parameters
    ----------
    by : object

    Returns
    -------
    list of Problem
    """
    return [] if by in UNITS else [Problem(f"by '{by}'", "unknown", did_you_mean(by, UNITS))]
