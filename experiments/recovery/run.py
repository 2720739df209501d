"""Draw studies, fit them, and see whether the truth lies where the intervals say.

::

    python experiments/recovery/run.py [--only NAME ...] [--replicates 20]

Results of a scenario that is already in results/ are kept unless it is named.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from loky import get_reusable_executor

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
from fitted import as_drawn  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402

from emotion_models.inference.jobs import Settings  # noqa: E402

SIZES: Final = (150, 600)
CHAINS, DRAWS, TUNE = 2, 300, 300
LEVELS: Final = (0.5, 0.9)
SUMS_TO_ZERO: Final = 1e-12
"""Smaller average errors are of quantities whose sum is fixed."""


def replicate(name: str, n_journeys: int, seed: int) -> pd.DataFrame:
    """Draw and fit one study: one row per quantity."""
    scenario = SCENARIOS[name]
    settings = Settings(DRAWS, TUNE, CHAINS, 1, seed)
    found = (scenario.study or as_drawn)(scenario, n_journeys, settings)
    rows = []
    for variable, true in found.truth.items():
        drawn = found.draws[variable].reshape(len(found.draws[variable]), -1)
        for index, value in enumerate(np.ravel(true)):
            own = drawn[:, index]
            rows.append((variable, index, value, own.mean(), own.std(), (own < value).mean()))
    table = pd.DataFrame(rows, columns=["variable", "index", "true", "mean", "sd", "rank"])
    return table.assign(
        scenario=name, journeys=n_journeys, seed=seed, divergences=found.divergences
    )


def summarise(table: pd.DataFrame) -> pd.DataFrame:
    """Bias, error and coverage of every variable of a scenario, by size of the study.

    Quantities of one study are not independent: the standard error of a coverage is that of the
    replicates' own coverages.
    """
    rows = []
    table = table[table["sd"] > 1e-9]  # what is zero by construction covers nothing
    for (journeys, variable), part in table.groupby(["journeys", "variable"], sort=False):
        error = part["mean"] - part["true"]
        row: dict[str, Any] = {"journeys": journeys, "variable": variable}
        row |= {"studies": part["seed"].nunique(), "quantities": len(part)}
        row |= {"bias": error.mean(), "rmse": (error**2).mean() ** 0.5, "sd": part["true"].std()}
        for level in LEVELS:
            inside = (part["rank"] - 0.5).abs() <= level / 2
            own = inside.groupby(part["seed"]).mean()
            row[f"in {level:.0%}"] = inside.mean()
            row[f"se {level:.0%}"] = own.std(ddof=1) / len(own) ** 0.5 if len(own) > 1 else np.nan
        row["divergences"] = int(part.groupby("seed")["divergences"].first().sum())
        rows.append(row)
    return pd.DataFrame(rows)


def tables() -> dict[str, pd.DataFrame]:
    """Tables of README.md, from results/."""
    found: dict[str, pd.DataFrame] = {}
    parts = []
    for name in SCENARIOS:
        path = HERE / "results" / f"{name}.csv"
        table = pd.read_csv(path) if path.is_file() else pd.DataFrame()
        if not table.empty:
            parts.append(table.assign(scenario=name))
    if not parts:
        return {"scenarios": pd.DataFrame(), "recovery": pd.DataFrame()}
    whole = pd.concat(parts, ignore_index=True)
    whole["bias"] = whole["bias"].where(whole["bias"].abs() > SUMS_TO_ZERO, 0.0)
    found["scenarios"] = overview(whole)
    first = ["scenario", "variable", "journeys", "studies", "quantities"]
    last = ["in 50%", "in 90%", "se 90%", "divergences"]
    found["recovery"] = whole[[*first, "bias", "rmse", "sd", *last]]
    return found


def overview(whole: pd.DataFrame) -> pd.DataFrame:
    """One row per scenario: coverage of all its quantities at both sizes."""
    rows = []
    for name, part in whole.groupby("scenario", sort=False):
        row: dict[str, Any] = {"scenario": name, "about": SCENARIOS[str(name)].about}
        for journeys, own in part.groupby("journeys", sort=True):
            share = own["quantities"] / own["quantities"].sum()
            row |= {
                f"{level} of {journeys}": float((own[level] * share).sum())
                for level in ("in 50%", "in 90%")
            }
        rows.append(row | {"divergences": int(part.groupby("journeys")["divergences"].max().sum())})
    return pd.DataFrame(rows)


def main() -> None:
    """Run what is asked for, scenario by scenario."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(SCENARIOS), default=None)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    (HERE / "results").mkdir(exist_ok=True)
    for name in options.only or SCENARIOS:
        path = HERE / "results" / f"{name}.csv"
        if path.is_file() and not options.only:
            continue
        pool = get_reusable_executor(options.jobs)
        tasks = [(name, size, seed) for size in SIZES for seed in range(options.replicates)]
        found = list(pool.map(replicate, *zip(*tasks, strict=True)))
        readme.write_csv(path, summarise(pd.concat(found)))
        print(f"{name}: {len(found)} studies", flush=True)
    readme.fill(HERE / "README.md", tables())


if __name__ == "__main__":
    main()
