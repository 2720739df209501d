"""Who fits VerbAgg, how each is started, and what its draws are worth."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats
from launch import Cache, launched

HERE: Final = Path(__file__).parent
NAMES: Final = ("ours", "pymc", "bambi", "bambi-nutpie", "brms")
ABOUT: Final = {
    "ours": "this project's likelihood and compiled path",
    "pymc": "pm.OrderedLogistic, nutpie with JAX",
    "bambi": "Bambi, its default sampler (PyMC's own)",
    "bambi-nutpie": "Bambi, inference_method='nutpie'",
    "brms": "brms, rstan",
}


@dataclass(frozen=True)
class Length:
    """How long to sample: the same for everybody."""

    draws: int = 500
    tune: int = 500
    chains: int = 2
    seed: int = 1

    def flags(self) -> list[str]:
        """As options of the scripts in Python."""
        return [word for name, n in vars(self).items() for word in (f"--{name}", str(n))]


def installed(bambi: str | None) -> dict[str, str | None]:
    """The program that runs each rival; None for those that are not installed.

    Parameters
    ----------
    bambi : str or None
        The Python that has Bambi.
    """
    python = bambi or os.environ.get("BAMBI_PYTHON")
    r = shutil.which("Rscript")
    if python and _fails([python, "-c", "import bambi"]):
        python = None
    if r and _fails([r, "-e", "quit(status = !requireNamespace('brms'))"]):
        r = None
    own = sys.executable
    return dict(zip(NAMES, (own, own, python, python, r), strict=True))


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


def command(rival: str, program: str, data: Path, folder: Path, length: Length) -> list[Any]:
    """What to start for a rival."""
    match rival:
        case "brms":
            numbers = [length.draws, length.tune, length.chains, length.seed]
            return [program, HERE / "with_brms.R", data, folder, *numbers]
        case "bambi" | "bambi-nutpie":
            sampler = ["--sampler", "nutpie" if rival.endswith("nutpie") else "pymc"]
            return [program, HERE / "with_bambi.py", data, folder, *sampler, *length.flags()]
    return [program, HERE / "measure.py", rival, data, folder, *length.flags()]


def fitted(
    rival: str, program: str, data: Path, folder: Path, cache: Cache, length: Length
) -> dict[str, Any]:
    """Run a rival once and score it.

    Returns
    -------
    dict
        Seconds, gradients, memory, and ``draws``: the table of reported parameters.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = launched(command(rival, program, data, folder, length), folder, cache.environment())
    draws = pd.read_csv(folder / "draws.csv")
    return {**found, "draws": draws, **scored(found, draws)}


def scored(found: Mapping[str, Any], draws: pd.DataFrame) -> dict[str, Any]:
    """Effective draws per second, and time per gradient."""
    smallest = effective(draws).min()
    total, sampling, gradients = found["total s"], found.get("sampling s"), found.get("gradients")
    known = sampling is not None and gradients
    return {
        "compile s": total - sampling if sampling is not None else None,
        "smallest ESS": float(smallest),
        "ESS/s": float(smallest / total),
        "s per 1000 gradients": 1000 * sampling / gradients if known else None,
    }


def effective(draws: pd.DataFrame) -> pd.Series:
    """Bulk effective sample size of every reported parameter."""
    return _each(draws, lambda x: array_stats.ess(x, chain_axis=0, draw_axis=1, method="bulk"))


def error_of_mean(draws: pd.DataFrame) -> pd.Series:
    """Monte Carlo standard error of every posterior mean."""
    return _each(draws, lambda x: array_stats.mcse(x, chain_axis=0, draw_axis=1, method="mean"))


def _each(draws: pd.DataFrame, ask: Any) -> pd.Series:
    chains = draws["chain"].nunique()
    parameters = draws.drop(columns="chain")
    return parameters.apply(lambda one: float(np.asarray(ask(one.to_numpy().reshape(chains, -1)))))
