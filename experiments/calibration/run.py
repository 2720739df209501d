"""Is the posterior what it says? Simulation-based calibration of every stage.

::

    python experiments/calibration/run.py [--cases outcomes ...] [--replicates 500] [--workers 2]

One line a replicate is added to results/CASE.jsonl as soon as it is done: a run that was killed
goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "recovery")]

import ranks  # noqa: E402
import readme  # noqa: E402
from cases import CASES, Case  # noqa: E402
from fitted import divergences, fit_block, true_draw, whole  # noqa: E402
from picture import differences  # noqa: E402
from readme import claim, write_json  # noqa: E402
from study import World, draw_world  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.files import write_bytes, write_text  # noqa: E402
from emotion_models.inference.jobs import Settings  # noqa: E402
from emotion_models.inference.likelihood import joint_log_likelihood  # noqa: E402
from emotion_models.inference.versions import package_versions  # noqa: E402
from emotion_models.models.forward import arrays_of  # noqa: E402
from emotion_models.models.variables import PEOPLE, is_part  # noqa: E402

CHAINS, STEPS, TUNE = 2, 250, 400
FAR: Final = 0.05
ENOUGH: Final = 200
"""Replicates from which a claim is made."""


def replicate(name: str, seed: int) -> dict[str, Any]:
    """Draw a study, fit it, rank the truth: quantity to rank."""
    case = CASES[name]
    world = draw_world(case.model, case.setting, case.journeys, seed)
    sampled = fit_block(world, case.block, Settings(STEPS, TUNE, CHAINS, 1, seed))
    drawn, truth = whole(world, {case.block: sampled}), whole(world, true_draw(world))
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    kept = np.linspace(0, CHAINS * STEPS - 1, ranks.DRAWS).round().astype(int)
    found = {}
    draws = dict(_quantities(drawn, world, case))
    for quantity, true in _quantities(truth, world, case):
        own = draws.get(quantity, true)  # answers are truth, too
        if np.ptp(own) > 0:
            own = own[kept]
            found[quantity] = ranks.rank(float(true[0]), own, rng)
    return {"seed": seed, "divergences": divergences(sampled), "ranks": found}


def _quantities(
    fit: em.Fit, world: World, case: Case
) -> Iterator[tuple[str, np.ndarray[Any, np.dtype[np.float64]]]]:
    """Draws of every parameter of a stage, and of the answers' likelihood."""
    posterior = fit.posterior["posterior"].to_dataset()
    for name in world.truth[case.block]:
        if is_part(name) or name in PEOPLE or name not in posterior:
            continue
        values = posterior[name].transpose("chain", "draw", ...).to_numpy()
        flat = values.reshape(values.shape[0] * values.shape[1], -1)
        for place in range(flat.shape[1]):
            yield (f"{name}[{place}]" if flat.shape[1] > 1 else name), flat[:, place]
    if case.block == "outcomes":
        most = posterior.sizes["chain"] * posterior.sizes["draw"]
        people = arrays_of(fit.draws(most)[1])
        known = fit.parameters(most)
        yield "log likelihood", joint_log_likelihood(fit.model, fit.design, known, people)


def calibrate(names: Sequence[str], replicates: int, executor: Executor) -> None:
    """Run the replicates that have no result yet, on any executor; results are kept one by one.

    Parameters
    ----------
    names : sequence of str
        Of `CASES`.
    replicates : int
    executor : concurrent.futures.Executor
        Of processes or of other machines (Dask, Ray).
    """
    for name in names:
        path = RESULTS / f"{name}.jsonl"
        kept = _rows(path)
        # A line that was cut off would spoil the next one.
        write_text(path, "".join(json.dumps(row) + "\n" for row in kept))
        done = {row["seed"] for row in kept}
        asked = [seed for seed in range(replicates) if seed not in done]
        futures = {executor.submit(replicate, name, seed): seed for seed in asked}
        for future in as_completed(futures):
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(future.result()) + "\n")


def _rows(path: Path) -> list[dict[str, Any]]:
    """Replicates that were finished; a line that was cut off is none."""
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return sorted(found, key=lambda row: row["seed"])


def published() -> None:
    """Fill README, summary and figure from all results."""
    rows, claims, tables = [], [], {}
    for name, case in CASES.items():
        found = _rows(RESULTS / f"{name}.jsonl")
        if not found:
            continue
        table = pd.DataFrame([row["ranks"] for row in found])
        judged = ranks.judged(table)
        worst = judged.loc[judged["p"].idxmin()]
        rows.append(_row(name, case, found, judged, worst))
        tables[name] = table
        words = f"{case.about}, {case.journeys} journeys: smallest p of {len(judged)} quantities"
        level = FAR / len(judged)
        holds = bool(worst["p"] > level) if len(found) >= ENOUGH else None
        claims.append(claim(words, float(worst["p"]), f"> {level:.2g}", holds))
    summary = {"claims": claims, "versions": dict(package_versions())}
    write_json(RESULTS / "summary.json", summary)
    if tables:
        write_bytes(RESULTS / "ecdf.svg", differences(tables))
    shown = {"calibration": pd.DataFrame(rows), "claims": readme.claims(summary)}
    readme.fill(HERE / "README.md", shown)


def _row(
    name: str, case: Case, found: list[dict[str, Any]], judged: pd.DataFrame, worst: Any
) -> dict[str, Any]:
    return {
        "case": name,
        "about": case.about,
        "journeys": case.journeys,
        "studies": len(found),
        "quantities": len(judged),
        **{f"in {level:.0%}": float(judged[f"in {level:.0%}"].mean()) for level in ranks.LEVELS},
        "share_with_p_below_5%": float((judged["p"] < FAR).mean()),
        "smallest_p": float(worst["p"]),
        "of": worst["quantity"],
        "divergences": sum(row["divergences"] for row in found),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    from loky import get_reusable_executor

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    calibrate(asked.cases, asked.replicates, get_reusable_executor(asked.workers))
    published()
    return 0


if __name__ == "__main__":
    sys.exit(main())
