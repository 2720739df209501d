"""When the model is wrong: what estimates do, which check notices, what the report says.

::

    python experiments/wrong-models/run.py [--cases right ...] [--replicates 8] [--workers 2]

One line a replicate is added to results/CASE.jsonl as soon as it is done: a run that was killed
goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
from asked_fit import RIVALS, alarms, ask, confounded, found_best, judged, reported  # noqa: E402
from gathered import CASES, Case, lines, summary, tables  # noqa: E402
from readme import write_json  # noqa: E402
from true_worlds import draw, survey  # noqa: E402
from wrong_chart import coverages  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.files import write_bytes, write_text  # noqa: E402
from emotion_models.inference.jobs import ONE_THREAD  # noqa: E402

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


def collect(names: Sequence[str], replicates: int, executor: Executor) -> None:
    """Run the replicates that have no result yet, on any executor; results are kept one by one."""
    for name in names:
        path = _path(name)
        kept = lines(path)
        # A line that was cut off would spoil the next one.
        write_text(path, "".join(json.dumps(row) + "\n" for row in kept))
        asked = sorted(set(range(1, replicates + 1)) - {row["seed"] for row in kept})
        futures = [executor.submit(replicate, name, seed) for seed in asked]
        for future in as_completed(futures):
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(future.result()) + "\n")


def _path(name: str) -> Path:
    return RESULTS / f"{name.replace(' ', '-')}.jsonl"


def publish() -> None:
    """Fill README, summary and figure from all results."""
    found = {name: rows for name in CASES if (rows := lines(_path(name)))}
    write_json(RESULTS / "summary.json", summary(found))
    if found:
        write_bytes(RESULTS / "coverage.svg", coverages(tables(found)["worlds"]))
    readme.fill(HERE / "README.md", tables(found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    from loky import get_reusable_executor

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--replicates", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    collect(asked.cases, asked.replicates, get_reusable_executor(asked.workers))
    publish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
