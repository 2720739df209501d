"""A change for a few people is not simulated: what it does to the average would be about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from emotion_models.errors import InputProblems, Problem
from emotion_models.reporting.anonymity import THRESHOLD
from emotion_models.simulation.reached import problems_of_who, reached

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation import Change
    from emotion_models.simulation.who import Who

FEW = f"fewer than {THRESHOLD} people, or all but so few"


def check_enough(fit: Fit, change: Change) -> None:
    """Refuse a change whose group, or the rest without it, is too small to be shown.

    Parameters
    ----------
    fit : Fit
    change : Change

    Raises
    ------
    InputProblems
        With every group that is too small.
    """
    problems = []
    for who in dict.fromkeys(step.who for step in change.steps):
        whole = replace(who, share=1.0, adherence=1.0)
        if whole.everybody or _faults(fit, whole):
            continue  # what is wrong with it is said by the simulation
        there = reached(fit, whole)
        people = [np.unique(fit.design.respondent[mask]).size for mask in (there, ~there)]
        if people[0] < THRESHOLD or 0 < people[1] < THRESHOLD:
            problems.append(Problem(f"for whom:{whole}", FEW, "widen the condition"))
    if problems:
        raise InputProblems("change", problems)


def _faults(fit: Fit, who: Who) -> list[Problem]:
    """What is wrong with whom a step is for, other than that nobody is there: as good as few."""
    found = problems_of_who(fit, who, "")
    return [problem for problem in found if "nobody is there" not in problem.what]
