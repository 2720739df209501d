"""Scores of all rivals laid side by side, with their differences to ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from proper_scores import (
    calibration_error,
    log_score,
    mean_and_error,
    pit_distance,
    ranked_probability_score,
    reliability,
    thresholds,
)
from task import Task

Floats = NDArray[np.floating[Any]]
ALL: Final = "all"


@dataclass(frozen=True)
class Scored:
    """One rival's scores of the answers to some outcomes, one after the other.

    Parameters
    ----------
    log, rps : array, shape (N,)
    person : int array, shape (N,)
    given, happened : array, shape (N x thresholds,)
    pit : float
        The largest of the outcomes' distances.
    """

    log: Floats
    rps: Floats
    person: NDArray[np.int64]
    given: Floats
    happened: Floats
    pit: float


def scored(task: Task, probability: Mapping[str, Floats], name: str) -> Scored:
    """Score what was answered to one outcome."""
    answer = task.answers().of(name).astype(np.int64)
    there = answer >= 0
    p, y = probability[name][there], answer[there]
    given, happened = thresholds(p, y)
    return Scored(
        log_score(p, y),
        ranked_probability_score(p, y),
        task.respondents()[there],
        given.ravel(),
        happened.ravel(),
        pit_distance(p, y),
    )


def pooled(parts: list[Scored]) -> Scored:
    """Scores of several outcomes as those of one."""
    return Scored(
        np.concatenate([part.log for part in parts]),
        np.concatenate([part.rps for part in parts]),
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.given for part in parts]),
        np.concatenate([part.happened for part in parts]),
        max(part.pit for part in parts),
    )


def table_of(task: Task, found: Mapping[str, Mapping[str, Floats]], ours: str) -> pd.DataFrame:
    """A row a rival and outcome, `ALL` outcomes together first.

    Parameters
    ----------
    task : Task
    found : mapping of str to mapping of str to array
        Rival, outcome, probabilities (J, K); ours among the rivals.
    ours : str

    Returns
    -------
    DataFrame
        ``log_lead`` is our mean log score less theirs, ``rps_lead`` their ranked probability
        score less ours: above 0 where ours predicts better.
    """
    each = {
        rival: {name: scored(task, probability, name) for name in task.targets}
        for rival, probability in found.items()
    }
    rows = []
    for outcome in (ALL, *task.targets) if len(task.targets) > 1 else task.targets:
        names = task.targets if outcome == ALL else (outcome,)
        parts = {rival: pooled([own[name] for name in names]) for rival, own in each.items()}
        for rival, part in parts.items():
            rows.append({"data": task.name, "outcome": outcome, "model": rival})
            rows[-1] |= _row(part, parts[ours], same=rival == ours)
    return pd.DataFrame(rows)


def _row(part: Scored, ours: Scored, *, same: bool) -> dict[str, Any]:
    """Scores of a rival, and our lead."""
    nothing = (float("nan"), float("nan"))
    log_lead = nothing if same else mean_and_error(ours.log - part.log, part.person)
    rps_lead = nothing if same else mean_and_error(part.rps - ours.rps, part.person)
    return {
        "answers": part.log.size,
        "people": np.unique(part.person).size,
        "log_score": float(part.log.mean()),
        "rps": float(part.rps.mean()),
        "calibration": calibration_error(part.given, part.happened),
        "pit": part.pit,
        "log_lead": log_lead[0],
        "log_lead_se": log_lead[1],
        "rps_lead": rps_lead[0],
        "rps_lead_se": rps_lead[1],
    }


def reliability_of(task: Task, probability: Mapping[str, Floats], rival: str) -> pd.DataFrame:
    """Predicted and observed shares, bin by bin, over all outcomes."""
    part = pooled([scored(task, probability, name) for name in task.targets])
    rows = reliability(part.given, part.happened)
    table = pd.DataFrame(rows, columns=["thresholds", "predicted", "happened"])
    return table.assign(data=task.name, model=rival)[["data", "model", *table.columns]]


def rmse(task: Task, probability: Mapping[str, Floats]) -> dict[str, float]:
    """Root mean squared error of the expected answer, in points of the scale."""
    found = {}
    for name in task.targets:
        answer = task.answers().of(name)
        there = answer >= 0
        p = probability[name][there]
        found[name] = float(np.sqrt(((p @ np.arange(p.shape[1]) - answer[there]) ** 2).mean()))
    return found


def rmse_of_numbers(task: Task, shown: pd.DataFrame) -> dict[str, float]:
    """The same of numbers that were predicted as such."""
    apart = shown[list(task.targets)] - task.numbers[list(task.targets)]
    return {name: float(np.sqrt((apart[name] ** 2).mean())) for name in task.targets}
