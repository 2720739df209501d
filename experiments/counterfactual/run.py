"""Do simulated changes cover what changed journeys truly do?

::

    python experiments/counterfactual/run.py --studies 10   # resumable; a minute or two a fit

One file per study and case; the README is filled from them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
from changes import CHANGES  # noqa: E402
from readme import claim, write_json  # noqa: E402
from world import World, expected, observed, study  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.inference.versions import package_versions  # noqa: E402

STAYS: Final = 300
FULL: Final = "mean+peak+end+first"
CASES: Final = {
    "the right model": ("four features", FULL, True),
    "the mean alone is fitted": ("four features", "mean", True),
    "memory truly decays": ("recency", FULL, True),
    "effects unlike their kind": ("four features", FULL, False),
}
"""The world's rule of memory, the fitted one, and whether effects are drawn as the model says."""
LEVELS: Final = (0.5, 0.9)
SAMPLING: Final = {"draws": 400, "tune": 400, "chains": 2}
NOMINAL: Final = (0.8, 1.0)
"""Share of 90% intervals that may cover: some hundred dependent ones stray this far."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit what has no result yet; fill the README."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--studies", type=int, default=10)
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    for seed in range(1, asked.studies + 1):
        for number, case in enumerate(CASES):
            path = RESULTS / f"study-{seed:02d}-{number}.json"
            if not path.exists():
                start = time.perf_counter()
                write_json(path, one(seed, case))
                print(f"study {seed}, {case}: {time.perf_counter() - start:.0f} s", flush=True)
    found = pd.DataFrame(
        [
            row
            for path in sorted(RESULTS.glob("study-*.json"))
            for row in json.loads(path.read_text(encoding="utf-8"))["rows"]
        ]
    )
    write_json(RESULTS / "summary.json", summary(found))
    readme.fill(HERE / "README.md", tables(found))
    return 0


def one(seed: int, case: str, n_stays: int = STAYS, **sampling: int) -> dict[str, Any]:
    """Simulate a study, fit it, and set every predicted difference beside the true one."""
    rule, memory, drawn = CASES[case]
    world = study(seed, n_stays, rule, drawn=drawn)
    model = em.JourneyModel.for_survey(world.survey, memory=memory)
    fit = em.fit(model, world.survey, seed=seed, progress=False, **(SAMPLING | sampling))
    return {
        "case": case,
        "seed": seed,
        "stays": n_stays,
        "sampling": SAMPLING | sampling,
        "status": fit.checks.status,
        "versions": dict(package_versions()),
        "rows": [{"case": case, "seed": seed} | row for row in judged(fit, world)],
    }


def judged(fit: em.Fit, world: World) -> list[dict[str, Any]]:
    """Predicted and true differences of every change in every outcome."""
    before, rows = expected(world, observed(world.design, world.known)), []
    for each in CHANGES:
        after = expected(world, each.truly(world))
        result = em.simulate(fit, each.change)
        for outcome in result.outcomes:
            draws, true = result.everybody(outcome), after[outcome] - before[outcome]
            row = {"change": each.name, "outcome": outcome, "true": true}
            row |= {"mean": float(draws.mean()), "sd": float(draws.std())}
            for level in LEVELS:
                low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
                row[f"covers {level:.0%}"] = bool(low <= true <= high)
            row["harm"] = float((np.sign(draws) != np.sign(true)).mean())
            rows.append(row)
    return rows


def tables(found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Coverage by case and change, and the claims."""
    if found.empty:
        return {"coverage": found, "claims": found}
    off = found.assign(off=(found["mean"] - found["true"]) / found["sd"], size=found["true"].abs())
    by = off.groupby(["case", "change"], sort=False)
    table = by.agg(
        intervals=("true", "size"),
        covers_50=("covers 50%", "mean"),
        covers_90=("covers 90%", "mean"),
        bias_in_sd=("off", "mean"),
    ).reset_index()
    right = by[["mean", "true"]].apply(lambda x: (np.sign(x["mean"]) == np.sign(x["true"])).mean())
    table["right_sign"] = right.to_numpy()
    return {"coverage": table, "claims": readme.claims(summary(found))}


def summary(found: pd.DataFrame) -> dict[str, Any]:
    """Claims with figures."""
    claims = []
    for case, part in found.groupby("case", sort=False):
        share = float(part["covers 90%"].mean())
        holds = NOMINAL[0] <= share <= NOMINAL[1]
        target = f"{NOMINAL[0]:.0%} to {NOMINAL[1]:.0%}"
        words = f"{case}: share of true differences within 90% intervals"
        claims.append(claim(words, share, target, holds))
    return {
        "claims": claims,
        "studies": int(found["seed"].nunique()),
        "versions": dict(package_versions()),
    }


if __name__ == "__main__":
    sys.exit(main())
