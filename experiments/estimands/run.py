"""Do intervals of what people ask hold the truth, in all kinds of studies?

::

    python experiments/estimands/run.py [--cells base ...] [--replicates N] [--workers 2]

One line a study is added to results/CELL.jsonl as soon as it is done: a run that was killed goes on
where it was.
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

import readme  # noqa: E402
from cells import CELLS  # noqa: E402
from coverage_chart import coverage  # noqa: E402
from covered import (  # noqa: E402
    BAND,
    ENOUGH,
    SURE,
    Rows,
    brier,
    chances,
    gaps,
    noticed,
    recovered,
    reliability,
)
from readme import claim, write_json  # noqa: E402
from replicate import replicate  # noqa: E402

from emotion_models.files import write_bytes, write_text  # noqa: E402
from emotion_models.inference.versions import package_versions  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; fill the README from all results."""
    from loky import get_reusable_executor

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cells", nargs="+", choices=list(CELLS), default=list(CELLS))
    parser.add_argument("--replicates", type=int, help="of every cell; default: its own number")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    if asked.replicates != 0:
        estimate(asked.cells, asked.replicates, get_reusable_executor(asked.workers))
    publish({name: rows(RESULTS / f"{name}.jsonl") for name in CELLS})
    return 0


def estimate(names: Sequence[str], replicates: int | None, executor: Executor) -> None:
    """Run the studies that have no result yet, on any executor; results are kept one by one.

    Parameters
    ----------
    names : sequence of str
        Of `CELLS`.
    replicates : int or None
        None: as many as each cell says.
    executor : concurrent.futures.Executor
    """
    for name in names:
        path = RESULTS / f"{name}.jsonl"
        kept = rows(path)
        # A line that was cut off would spoil the next one.
        write_text(path, "".join(json.dumps(row) + "\n" for row in kept))
        done = {row["seed"] for row in kept}
        count = CELLS[name].studies if replicates is None else replicates
        asked = [seed for seed in range(count) if seed not in done]
        for future in as_completed([executor.submit(replicate, name, seed) for seed in asked]):
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(future.result()) + "\n")


def rows(path: Path) -> list[dict[str, Any]]:
    """Studies that were finished; a line that was cut off is none."""
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return sorted(found, key=lambda row: row["seed"])


def publish(found: Rows) -> None:
    """Fill README, summary and figure."""
    write_json(RESULTS / "summary.json", summary(found))
    table = recovered(found)
    if not table.empty:
        write_bytes(RESULTS / "coverage.svg", coverage(table))
    readme.fill(HERE / "README.md", tables(found))


def tables(found: Rows) -> dict[str, pd.DataFrame]:
    """Tables of the README."""
    table = recovered(found)
    if table.empty:
        names = ("claims", "recovered", "coverage", "gaps", "noticed", "brier", "reliability")
        return dict.fromkeys(names, table)
    errors = ["cell", "estimand", "studies", "quantities", "bias", "rmse", "sd"]
    shares = [f"{what} {level}" for level in ("50%", "80%", "95%") for what in ("in", "se")]
    known = chances(found)
    return {
        "claims": readme.claims(summary(found)),
        "recovered": table[errors],
        "coverage": table[["cell", "estimand", *shares, "low", "high", "meets"]],
        "gaps": gaps(found),
        "noticed": noticed(found),
        "brier": brier(known),
        "reliability": reliability(promised(known)),
    }


def promised(known: pd.DataFrame) -> pd.DataFrame:
    """The probabilities of cells in which they are promised to be right."""
    return known[known["cell"].map(lambda name: CELLS[name].promised)]


def summary(found: Rows) -> dict[str, Any]:
    """Claims: coverage by cell, the estimand farthest from 95% as the figure; and ranks."""
    table = recovered(found)
    by_cell = table.groupby("cell", sort=False) if len(table) else ()
    claims = [_covered(str(name), own) for name, own in by_cell]
    known = promised(chances(found))
    if not known.empty:
        claims += _ranks(known)
    seeds = {name: " ".join(str(row["seed"]) for row in own) for name, own in found.items() if own}
    return {"claims": claims, "seeds": seeds, "versions": dict(package_versions())}


def _covered(name: str, own: pd.DataFrame) -> dict[str, Any]:
    cell = CELLS[name]
    worst = own.loc[(own["in 95%"] - 0.95).abs().idxmax()]
    holds = None if own["studies"].min() < ENOUGH else all(own["meets"])
    words = f"{cell.factor}: {cell.level}; " if cell.factor != "base" else "base; "
    words += f"{own['studies'].min()} studies: coverage of 95% intervals farthest from 95%"
    words += f" of {len(own)} estimands ({worst['estimand']})"
    words += "" if cell.promised else "; not promised"
    return claim(words, worst["in 95%"], f"{BAND[0]:.0%} to {BAND[1]:.0%}", holds)


def _ranks(known: pd.DataFrame) -> list[dict[str, Any]]:
    """That probabilities of the largest effect are right, and say more than equal ones."""
    groups, scores = reliability(known), brier(known)
    studies = known["study"].nunique()
    far = (groups["gap"].abs() / groups["se"]).max()
    worst = groups.loc[groups["gap"].abs().idxmax(), "gap"]
    least = scores.loc[(scores["gain"] - SURE * scores["se"]).idxmin()]
    enough = studies >= ENOUGH
    return [
        claim(
            "probability of the largest effect: share true less mean probability, worst group",
            worst,
            "no group beyond 3 standard errors",
            bool(far <= 3) if enough else None,
        ),
        claim(
            f"Brier score of the largest effect below that of equal chances: {least['cell']}",
            least["gain"],
            "> 0, 95% sure",
            bool(least["gain"] > SURE * least["se"]) if enough else None,
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
