"""One study of a case, from its people to its report; a module, so that other processes find it."""

from __future__ import annotations

import os
import time
from typing import Any, Final

from asked_fit import RIVALS, alarms, ask, confounded, found_best, judged, reported
from gathered import CASES, Case
from true_worlds import draw, survey

import emotion_models as em
from emotion_models.inference.jobs import ONE_THREAD

PEOPLE: Final = 300
SAMPLING: Final = {"draws": 400, "tune": 400, "chains": 2}


def replicate(name: str, seed: int, n: int = PEOPLE, **sampling: int) -> dict[str, Any]:
    """Draw a world, fit the model, ask it and its checks, and write its report."""
    os.environ.update(ONE_THREAD | {"LOKY_MAX_CPU_COUNT": "1"})  # replicates fill the cores
    start, case = time.perf_counter(), CASES[name]
    people = draw(case.world, seed, n)
    data = _seen(case, survey(people, seed))
    model = em.JourneyModel.for_survey(data, elicitation=False)
    fit = em.fit(model, data, seed=seed, progress=False, **(SAMPLING | sampling))
    answered = ask(fit, data, corrected=case.corrected)
    rivals = [model.with_options(options) for options in RIVALS.values()]
    comparison, criticism = em.compare(fit, *rivals, progress=False), em.criticise(fit)
    robustness = em.robustness(fit)
    cause = confounded(people, robustness.table()) if any(people.deviation.confounder) else []
    return {
        "seed": seed,
        "people": data.n_journeys,
        "status": fit.checks.status,
        "best": found_best(people, answered),
        "alarms": alarms(answered, comparison, criticism),
        "report": reported(people, answered, [comparison, criticism, robustness]),
        "cause": cause,
        "rows": judged(people, answered),
        "seconds": round(time.perf_counter() - start, 1),
    }


def _seen(case: Case, data: em.Survey) -> em.Survey:
    """The survey as it is analysed."""
    return em.without_flagged(data) if case.cleaned else data
