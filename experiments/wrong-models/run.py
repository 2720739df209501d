"""When the model is wrong: what estimates do, which check notices, what the report says.

::

    python experiments/wrong-models/run.py [--cases right ...] [--replicates 8] [--workers 2]

One line a replicate is added to results/CASE.jsonl as soon as it is done: a run that was killed
goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
from gathered import CASES, lines, summary, tables  # noqa: E402
from one_study import replicate  # noqa: E402
from readme import write_json  # noqa: E402
from wrong_chart import coverages  # noqa: E402

from emotion_models.files import write_bytes, write_text  # noqa: E402


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
