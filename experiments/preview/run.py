"""How far off a preview is: means and spreads against NUTS, Pareto k, seconds; block by block.

::

    python experiments/preview/run.py [--fit stays.fit] [--only STUDY ...]

``--fit`` is a NUTS fit of the hotel study as it is now, saved before; without it that study is
sampled, which takes minutes. One core; run it with nothing else on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

os.environ["OMP_NUM_THREADS"] = "1"  # BLAS reads it once, when NumPy is imported

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "recovery"), str(HERE.parent)]

from emotion_models.inference.jobs import ONE_THREAD, Job, Settings  # noqa: E402

os.environ.update(ONE_THREAD)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import readme  # noqa: E402
import xarray as xr  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402
from study import Setting, draw_world  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.errors import SamplingError  # noqa: E402
from emotion_models.inference.approximation.approximator import Approximator  # noqa: E402
from emotion_models.inference.approximation.importance import (  # noqa: E402
    TRUSTED,
    drawn_again,
    smoothed,
)
from emotion_models.inference.diagnostics import flat, is_reported  # noqa: E402
from emotion_models.inference.fitting import jobs  # noqa: E402
from emotion_models.inference.parallel import sample  # noqa: E402
from emotion_models.inference.progress import Progress  # noqa: E402
from emotion_models.models.variables import PEOPLE  # noqa: E402

SUMMARY: Final = HERE / "results" / "summary.json"
SETTINGS: Final = Settings(draws=500, tune=400, chains=4, cores=1, seed=1)
APPROXIMATIONS: Final = ("pathfinder", "laplace")
N_JOURNEYS: Final = 500
SHOWN: Final = {
    "parameters": "parameters",
    "difference": "mean off, sd",
    "worst_difference": "95% of them within",
    "sd_ratio": "sd ratio",
    "low_sd_ratio": "5% below",
    "high_sd_ratio": "5% above",
    "pareto_k": "Pareto k",
    "seconds": "s",
    "nuts_seconds": "NUTS s",
}


@dataclass(frozen=True)
class Reference:
    """A block and its draws by NUTS.

    Parameters
    ----------
    study : str
    job : Job
    draws : xarray.Dataset
    seconds : float
        Of the slowest chain.
    """

    study: str
    job: Job
    draws: xr.Dataset
    seconds: float


def hotel(path: Path | None) -> Iterator[Reference]:
    """The demo study, all stages."""
    survey = em.load_dataset("hotel-stays")
    model = em.JourneyModel.for_survey(survey)
    fit = em.load(path) if path else em.fit(model, survey, seed=SETTINGS.seed)
    if fit.survey.hash != survey.hash or fit.model != model:
        raise SystemExit(f"{path} is no fit of datasets/hotel-stays as it is now")
    draws = fit.posterior["posterior"].to_dataset()
    for name, job in jobs(model, fit.design).items():
        yield Reference("hotel-stays", job, draws, fit.seconds[f"{name}: slowest chain"])


def recovery(name: str, *, constructs: bool) -> Iterator[Reference]:
    """A study drawn from the model; without constructs nothing is latent in its journeys."""
    scenario = SCENARIOS[name]
    tables = dict(scenario.setting.tables) | ({} if constructs else {"relationship": None})
    world = draw_world(scenario.model, Setting(tables), N_JOURNEYS, seed=1)
    job = Job(scenario.block, world.model, world.designs[scenario.block], 1)
    found = sample({name: job}, SETTINGS, Progress(shown=False))[name]
    called = f"{name}, {'with' if constructs else 'no'} construct"
    yield Reference(called, job, found.posterior, found.seconds["slowest chain"])


def approximated(reference: Reference, method: Any) -> dict[str, Any]:
    """Approximate a block and compare it with NUTS."""
    job, settings = reference.job, Settings(**{**vars(SETTINGS), "method": method})
    about = {"study": reference.study, "block": job.block, "method": method}
    about["nuts_seconds"] = reference.seconds
    try:
        own = Approximator(job, settings)
        about["parameters"] = own._target.program.start.size
        start = time.perf_counter()
        chains = [own.chain(c, lambda _: None, lambda: False) for c in range(settings.chains)]
    except SamplingError as error:
        return about | {"refused": str(error)}
    seconds = time.perf_counter() - start
    posterior = xr.concat([c.posterior for c in chains if c is not None], "chain")
    ratio = np.concatenate([c.stats["log_ratio"].to_numpy().ravel() for c in chains if c])
    k, weight = smoothed(ratio)
    again = drawn_again(weight, np.random.default_rng(1))
    plain, exact = together(posterior, reference.draws)
    weighed = compared(plain[again], exact)
    kept = weighed if k <= TRUSTED else compared(plain, exact)
    return about | {
        **kept,
        **{f"weighed_{name}": value for name, value in weighed.items()},
        "pareto_k": None if np.isnan(k) else k,
        "seconds": seconds,
    }


def together(left: xr.Dataset, right: xr.Dataset) -> tuple[Any, Any]:
    """Draws (draw, quantity) of what both report, in the same order."""
    names = [
        str(name)
        for name in left.data_vars
        if name in right and name not in PEOPLE and is_reported(str(name))
    ]
    whole = xr.concat([left[names], right[names]], "chain", join="override")
    values = flat(whole, names)
    n = left.sizes["chain"]
    return tuple(part.reshape((-1, values.shape[2])) for part in (values[:n], values[n:]))


def compared(draws: Any, exact: Any) -> dict[str, float]:
    """Differences of means in posterior standard deviations, and ratios of these."""
    sd = exact.std(axis=0)
    some = sd > 0
    off = np.abs(draws.mean(axis=0) - exact.mean(axis=0))[some] / sd[some]
    ratio = draws.std(axis=0)[some] / sd[some]
    return {
        "difference": float(np.median(off)),
        "worst_difference": float(np.quantile(off, 0.95)),
        "sd_ratio": float(np.median(ratio)),
        "low_sd_ratio": float(np.quantile(ratio, 0.05)),
        "high_sd_ratio": float(np.quantile(ratio, 0.95)),
    }


def tables() -> dict[str, pd.DataFrame]:
    """The tables of README.md."""
    rows = json.loads(SUMMARY.read_text())["rows"] if SUMMARY.is_file() else []
    if not rows:
        return {"preview": pd.DataFrame(), "weighed": pd.DataFrame(), "refused": pd.DataFrame()}
    table = pd.DataFrame(rows)
    head = ["study", "block", "method"]
    refused = table["refused"].notna()
    done = table[~refused]
    weighed = done[[*head, "pareto_k", "sd_ratio", "weighed_sd_ratio"]]
    return {
        "preview": done[[*head, *SHOWN]].rename(columns=SHOWN),
        "weighed": weighed.rename(
            columns={
                "pareto_k": "Pareto k",
                "sd_ratio": "sd ratio as shown",
                "weighed_sd_ratio": "sd ratio drawn by weight",
            }
        ),
        "refused": table[refused][[*head, "refused"]],
    }


def main() -> None:
    """Measure what is asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--only", nargs="+")
    asked = parser.parse_args()
    studies = {
        "hotel-stays": lambda: hotel(asked.fit),
        "default": lambda: recovery("default", constructs=False),
        "by-touchpoint": lambda: recovery("by-touchpoint", constructs=False),
        "latent": lambda: recovery("default", constructs=True),
    }
    rows = json.loads(SUMMARY.read_text())["rows"] if SUMMARY.is_file() else []
    machine = {"machine": platform.machine(), "python": platform.python_version()}
    for name in asked.only or studies:
        for reference in studies[name]():
            for method in APPROXIMATIONS:
                row = approximated(reference, method)
                same = ("study", "block", "method")
                rows = [r for r in rows if any(r[key] != row[key] for key in same)] + [row]
                print(row, flush=True)
                readme.write_json(SUMMARY, {**machine, "cores": os.cpu_count(), "rows": rows})
    readme.fill(HERE / "README.md", tables())


if __name__ == "__main__":
    main()
