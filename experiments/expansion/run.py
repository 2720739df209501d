"""Draws of an expanded likelihood, weighted, against draws of the likelihood itself.

::

    python experiments/expansion/run.py [--journeys 300 600 1200] [--blocks recall elicitation]

Seconds are of the clock, on as many cores as there are; ratios within a run are what counts.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "recovery"), str(HERE.parent / "speed"), str(HERE.parent)]

import arviz_stats  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import readme  # noqa: E402
import wide  # noqa: E402
import xarray as xr  # noqa: E402

from emotion_models.cores import available_cores  # noqa: E402
from emotion_models.files import write_text  # noqa: E402
from emotion_models.inference import steps  # noqa: E402
from emotion_models.inference.diagnostics import EXPANSION_K, EXPANSION_SHARE  # noqa: E402
from emotion_models.inference.fitting import jobs  # noqa: E402
from emotion_models.inference.jobs import Sampled, Settings  # noqa: E402
from emotion_models.inference.parallel import sample  # noqa: E402
from emotion_models.inference.progress import Progress  # noqa: E402
from emotion_models.models.design import make_design  # noqa: E402
from emotion_models.models.spec import JourneyModel  # noqa: E402

RESULTS: Final = HERE / "results"
BLOCKS: Final = ("recall", "elicitation", "outcomes")


def compared(journeys: int, block: str, draws: int) -> Iterator[dict[str, Any]]:
    """Sample a block of one study both ways."""
    model = JourneyModel(recall=True)
    data = wide.draw(journeys)
    job = jobs(model, make_design(model, wide.codebook(), data))[block]  # type: ignore[index]
    settings = Settings(draws, 400, 4, available_cores(), 1)
    both: dict[str, pd.DataFrame] = {}
    # Whatever the weights are, they are shown here.
    steps.trusted = lambda _: True
    for form in ("expanded", "exact"):
        start = time.perf_counter()
        found = sample(
            {block: replace(job, expand=form == "expanded")}, settings, Progress(shown=False)
        )[block]
        seconds = time.perf_counter() - start
        both[form] = table(found)
        yield {
            "stage": block,
            "journeys": journeys,
            "form": form,
            "s": seconds,
            **weights(found),
            "smallest ESS": both[form]["ess"].min(),
            "largest R-hat": both[form]["rhat"].max(),
            **difference(both),
        }


def weights(found: Sampled) -> dict[str, float]:
    """What the weights of the chains say; nothing of exact draws."""
    if EXPANSION_K not in found.stats:
        return {}
    return {
        "Pareto k": float(found.stats[EXPANSION_K].max()),
        "share of draws left": float(found.stats[EXPANSION_SHARE].min()),
    }


def table(found: Sampled) -> pd.DataFrame:
    """Mean, sd and convergence of every number."""
    from emotion_models.models.variables import PEOPLE

    rows = {}
    for name, value in found.posterior.data_vars.items():
        if name in PEOPLE:
            continue
        flat = value.to_numpy().reshape((*value.shape[:2], -1))
        for place in range(flat.shape[2]):
            own = xr.DataArray(flat[:, :, place], dims=("chain", "draw"))
            if float(own.std()) > 1e-9:
                mean_ess = float(arviz_stats.ess(own, method="mean"))
                rows[f"{name}[{place}]"] = {
                    "mean": float(own.mean()),
                    "sd": float(own.std()),
                    "mcse": float(own.std()) / mean_ess**0.5,
                    "ess": float(arviz_stats.ess(own)),
                    "rhat": float(arviz_stats.rhat(own)),
                }
    return pd.DataFrame(rows).T


def difference(both: dict[str, pd.DataFrame]) -> dict[str, float]:
    """Differences of means in their Monte Carlo standard errors; ratio of the spreads."""
    if len(both) < 2:
        return {}
    one, other = both["expanded"], both["exact"]
    z = (one["mean"] - other["mean"]) / np.hypot(one["mcse"], other["mcse"])
    return {
        "root mean square difference (MCSE)": float(np.sqrt((z**2).mean())),
        "largest": float(z.abs().max()),
        "median ratio of sds": float((one["sd"] / other["sd"]).median()),
    }


def tables() -> dict[str, pd.DataFrame]:
    """What was measured, as the page shows it."""
    path = RESULTS / "compared.csv"
    return {"compared": pd.read_csv(path) if path.exists() else pd.DataFrame()}


def main() -> None:
    """Measure, write the results and the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--journeys", type=int, nargs="+", default=[300, 600, 1200])
    parser.add_argument("--blocks", nargs="+", choices=BLOCKS, default=list(BLOCKS[:2]))
    parser.add_argument("--draws", type=int, default=500)
    asked = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    rows = []
    for block in asked.blocks:
        for journeys in asked.journeys:
            for row in compared(journeys, block, asked.draws):
                rows.append(row)
                print(row, flush=True)
                write_text(RESULTS / "compared.csv", pd.DataFrame(rows).to_csv(index=False))
    readme.fill(HERE / "README.md", tables())


if __name__ == "__main__":
    main()
