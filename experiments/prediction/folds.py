"""Every rival of a task on the same folds, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from kept import Prediction, file_of, read, write
from numpy.typing import NDArray
from regression_ways import Way, ways_of
from task import Task, folds_of, held_out
from unseen import Sampling, hidden, predicted

import emotion_models as em

Floats = NDArray[np.floating[Any]]
OURS: Final = "emotion_models"
SEED: Final = 7


@dataclass(frozen=True)
class Plan:
    """How a task is run.

    Parameters
    ----------
    folder : Path
        Of what is kept.
    n_folds : int
    sampling : Sampling
    """

    folder: Path
    n_folds: int
    sampling: Sampling


def rivals_of(task: Task) -> tuple[str, ...]:
    """Ours first, then its variants, then those of other kinds."""
    return (OURS, *task.variants, *ways_of(task))


def run(task: Task, plan: Plan) -> None:
    """Make whatever prediction of a task is not there yet."""
    fold = folds_of(task.respondents(), plan.n_folds, SEED)
    for k, test in held_out(task, fold):
        for rival, make in makers(task, plan, test):
            path = file_of(plan.folder, k, rival)
            if read(path) is None:
                found = make()
                write(path, found)
                seconds = found.facts["seconds"]
                print(f"{task.name}, fold {k}, {rival}: {seconds:.0f} s", flush=True)


def makers(
    task: Task, plan: Plan, test: NDArray[np.bool_]
) -> Iterator[tuple[str, Callable[[], Prediction]]]:
    """What makes the prediction of each rival: quick ones first."""
    for name, way in ways_of(task).items():
        yield name, partial(_by_way, task, way, test)
    models = {OURS: task.model}
    models |= {rival: task.model.variant(variant) for rival, variant in task.variants.items()}
    for name, model in models.items():
        yield name, partial(_by_model, task, model, test, plan.sampling)


def _by_model(
    task: Task, model: em.JourneyModel, test: NDArray[np.bool_], sampling: Sampling
) -> Prediction:
    """Probabilities of the held-out by a model of ours."""
    found = predicted(model, hidden(task.survey, task.targets, test), task.targets, sampling)
    facts = {
        "seconds": found.seconds,
        "largest_r_hat": found.largest_r_hat,
        "divergences": float(found.divergences),
    }
    return Prediction({name: p[test] for name, p in found.probability.items()}, facts)


def _by_way(task: Task, way: Way, test: NDArray[np.bool_]) -> Prediction:
    """Probabilities of the held-out, outcome by outcome."""
    start, answers, person = time.perf_counter(), task.answers(), task.respondents()
    found = {
        name: way(answers.of(name), answers.length(name), ~test, person)[test]
        for name in task.targets
    }
    return Prediction(found, {"seconds": time.perf_counter() - start})


def gathered(task: Task, plan: Plan, rival: str) -> dict[str, Floats] | None:
    """Probabilities (J, K) of all journeys, each from the fold that held it out."""
    fold = folds_of(task.respondents(), plan.n_folds, SEED)
    answers = task.answers()
    found: dict[str, Floats] = {
        name: np.zeros((fold.size, answers.length(name))) for name in task.targets
    }
    for k, test in held_out(task, fold):
        own = read(file_of(plan.folder, k, rival))
        if own is None:
            return None
        for name in task.targets:
            found[name][test] = own.probability[name]
    return found


def facts(task: Task, plan: Plan) -> list[dict[str, Any]]:
    """How long each rival took, and how our fits came out."""
    rows = []
    for rival in rivals_of(task):
        there = [read(file_of(plan.folder, k + 1, rival)) for k in range(plan.n_folds)]
        own = [each.facts for each in there if each is not None]
        if own:
            r_hat = [each["largest_r_hat"] for each in own if "largest_r_hat" in each]
            divergent = [each["divergences"] for each in own if "divergences" in each]
            rows.append(
                {
                    "data": task.name,
                    "model": rival,
                    "folds": len(own),
                    "seconds a fold": round(float(np.mean([each["seconds"] for each in own])), 1),
                    "largest R-hat": max(r_hat) if r_hat else None,
                    "divergences": str(int(sum(divergent))) if divergent else "",
                }
            )
    return rows
