"""How much data overrules a wrong table of directions?

::

    python experiments/prior-sensitivity/run.py [--natures agrees ...] [--worlds 10] [--workers 1]

One line a study is added to results/NATURE.jsonl as soon as it is done: a run that was killed
goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any, Final

import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "recovery")]

import overruled  # noqa: E402
import readme  # noqa: E402
from beliefs import LITERATURE, MISLEADING, MISLED, SURELY, WEAK  # noqa: E402
from fits import replicate  # noqa: E402
from natures import AGREES, DIFFERS, NATURES, SIZES  # noqa: E402
from reached_chart import reached_by_size  # noqa: E402
from readme import claim, write_json  # noqa: E402

from emotion_models.files import write_bytes, write_text  # noqa: E402
from emotion_models.inference.versions import package_versions  # noqa: E402

ENOUGH: Final = 8
"""Worlds of a kind from which a claim is made."""
SMALL, LARGE = SIZES[0], SIZES[-1]


def collect(natures: Sequence[str], worlds: int, executor: Executor) -> None:
    """Run the studies that have no result yet, on any executor; results are kept one by one.

    Parameters
    ----------
    natures : sequence of str
        Of `NATURES`.
    worlds : int
        Of each kind.
    executor : concurrent.futures.Executor
        Of processes or of other machines (Dask, Ray).
    """
    for name in natures:
        path = RESULTS / f"{name}.jsonl"
        kept = rows(name)
        # A line that was cut off would spoil the next one.
        write_text(path, "".join(json.dumps(row) + "\n" for row in kept))
        done = {(row["seed"], row["journeys"]) for row in kept}
        asked = [(seed, size) for seed in range(1, worlds + 1) for size in SIZES]
        futures = [executor.submit(replicate, name, *each) for each in asked if each not in done]
        for future in as_completed(futures):
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(future.result()) + "\n")


def rows(nature: str) -> list[dict[str, Any]]:
    """Studies that were finished; a line that was cut off is none."""
    path, found = RESULTS / f"{nature}.jsonl", []
    if not path.is_file():
        return []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return sorted(found, key=lambda row: (row["seed"], row["journeys"]))


def tables(found: Sequence[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Tables of README.md, and what the figure and the claims are made of."""
    names = ("claims", "errors", "directions", "needed", "noticed", "nothing", "cost", "reached")
    if not found:
        return {name: pd.DataFrame() for name in names}
    each, fits = overruled.cells(found), overruled.studies(found)
    against = overruled.directions(each)
    shown = {
        "errors": overruled.errors(each, fits),
        "directions": against,
        "needed": overruled.needed(against),
        "noticed": overruled.noticed(each, fits),
        "nothing": overruled.nothing(each),
        "cost": fits.groupby("journeys")["cpu_seconds"].agg(["mean", "max"]).reset_index(),
        "reached": overruled.reached(each),
    }
    return {"claims": readme.claims({"claims": claims(shown)}), **shown}


def claims(shown: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """What is claimed; nothing from too few worlds. Targets are our choice."""
    worlds = shown["errors"].set_index(overruled.BY)["worlds"]

    def at(table: str, column: str, *place: Any) -> float:
        own = shown[table].set_index(overruled.BY)[column]
        return float(own.get(place, float("nan")))

    def made(words: str, figure: float, target: str, holds: bool, nature: str) -> dict[str, Any]:
        enough = worlds.get((nature, WEAK.name, SMALL), 0) >= ENOUGH and figure == figure
        return claim(words, figure, target, holds if enough else None)

    found = []
    for nature, belief, words in (
        (AGREES.name, LITERATURE.name, "a right table"),
        (AGREES.name, MISLEADING.name, "a table with every sign wrong"),
        (DIFFERS.name, LITERATURE.name, "a table half wrong"),
        (AGREES.name, MISLED.name, "a table with every sign wrong that is believed"),
    ):
        for size in (SMALL, LARGE):
            covered = at("errors", "in_90%", nature, belief, size)
            about = f"{words}, {size} journeys: share of 90% intervals that hold the truth"
            found.append(made(about, covered, ">= 0.85", covered >= 0.85, nature))
    weak, right = (
        at("errors", "rmse", AGREES.name, belief.name, SMALL) for belief in (WEAK, LITERATURE)
    )
    about = f"a right table, {SMALL} journeys: root mean squared error less that of weak priors"
    found.append(made(about, right - weak, "< 0", right < weak, AGREES.name))
    for right_one, wrong_one in ((LITERATURE, MISLEADING), (SURELY, MISLED)):
        words = f"{wrong_one.name}, {SMALL} journeys"
        wrong = at("directions", "table_stated", AGREES.name, wrong_one.name, SMALL)
        about = f"{words}: share of the table's wrong directions that are stated"
        found.append(made(about, wrong, "<= 0.05", wrong <= 0.05, AGREES.name))
        told = [
            at("noticed", "studies_not_passed", AGREES.name, belief.name, SMALL)
            for belief in (wrong_one, right_one)
        ]
        more = told[0] - told[1]
        about = f"{words}: share of studies that do not pass, less that with the table right"
        found.append(made(about, more, ">= 0.5", more >= 0.5, AGREES.name))
    shift = at("errors", "shift_from_weak_in_sd", AGREES.name, MISLEADING.name, LARGE)
    about = f"misleading, {LARGE} journeys: shift from weak priors in posterior sd"
    found.append(made(about, shift, "<= 0.25", shift <= 0.25, AGREES.name))
    return found


def published() -> None:
    """Fill README, summary and figure from all results."""
    found = [row for name in NATURES for row in rows(name)]
    shown = tables(found)
    seeds = sorted({row["seed"] for row in found})
    summary = {"claims": claims(shown) if found else [], "seeds": seeds}
    write_json(RESULTS / "summary.json", {**summary, "versions": dict(package_versions())})
    if found:
        write_bytes(RESULTS / "reached.svg", reached_by_size(shown["reached"]))
    readme.fill(HERE / "README.md", shown)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    from loky import get_reusable_executor

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--natures", nargs="+", choices=list(NATURES), default=list(NATURES))
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    collect(asked.natures, asked.worlds, get_reusable_executor(asked.workers))
    published()
    return 0


if __name__ == "__main__":
    sys.exit(main())
