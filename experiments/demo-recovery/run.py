"""Does a fit of the hotel study find the truth that made it?

::

    python experiments/demo-recovery/run.py                  # fits anew, minutes
    python experiments/demo-recovery/run.py --fit stays.fit  # reads a saved fit
    python experiments/demo-recovery/run.py --replicates 20  # new studies, resumable, hours
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).parent
RESULTS = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
import replicates  # noqa: E402
from comparison import claims, coverage, recovery, sampler_figures  # noqa: E402
from figure import recovery_figure  # noqa: E402
from quantities import reported, simulated  # noqa: E402
from replicates import COPIES, Sampling  # noqa: E402
from truth import make, true_fit  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.files import atomic_path  # noqa: E402

SHOWN = ("effect by emotion: total", "contrast of emotions", "simulated change")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison, or the replicates; fill the README."""
    asked = _arguments(arguments)
    sampling = Sampling(asked.seed, asked.draws, asked.tune, asked.chains)
    RESULTS.mkdir(exist_ok=True)
    if asked.replicates:
        repeat(asked.replicates, sampling)
    else:
        compare(asked.fit, sampling)
    readme.fill(HERE / "README.md", tables())
    return 0


def compare(path: Path | None, sampling: Sampling) -> None:
    """Compare one fit with the truth and write the results."""
    survey = em.load_dataset("hotel-stays")
    fit = em.load(path) if path else sampling.fit(survey)
    if fit.survey.hash != survey.hash:
        raise SystemExit(f"{path} was not fitted to datasets/hotel-stays as it is now")
    known = make().simulate()[1]
    estimated = [*reported(fit), simulated(fit)]
    true = [*reported(true_fit(survey, known)), simulated(true_fit(survey, known, copies=COPIES))]
    table = recovery(estimated, true)
    readme.write_csv(RESULTS / "recovery.csv", table)
    readme.write_csv(RESULTS / "coverage.csv", coverage(estimated, table))
    found = claims(fit, estimated, table)
    readme.write_json(RESULTS / "summary.json", {**_about(fit), "claims": found})
    with atomic_path(RESULTS / "recovery.png") as part:
        figure = recovery_figure(table)
        figure.savefig(part, format="png", dpi=160, metadata={"Software": None})
    print(readme.claims({"claims": found}).to_string(index=False))


def repeat(n_studies: int, sampling: Sampling) -> None:
    """Fit new studies and pool all that are finished."""
    replicates.run(range(1, n_studies + 1), sampling)
    studies = replicates.results(sampling)
    table = replicates.pooled(studies)
    if table.empty:
        raise SystemExit("pooling needs two studies: --replicates 2 or more")
    found = replicates.claims(studies, table)
    readme.write_csv(RESULTS / "replicates.csv", table)
    readme.write_json(RESULTS / "replicates.json", {"claims": found})
    print(readme.claims({"claims": found}).to_string(index=False))


def tables() -> dict[str, pd.DataFrame]:
    """The tables of the README, from the result files; empty before the first run."""
    if not (RESULTS / "summary.json").is_file():
        return defaultdict(pd.DataFrame)
    summary = json.loads((RESULTS / "summary.json").read_text(encoding="utf-8"))
    table = pd.read_csv(RESULTS / "recovery.csv")
    shown = {
        name.split(":")[0].replace(" ", "-"): table[table["group"] == name].drop(columns="group")
        for name in SHOWN
    }
    repeated = {"replicates": pd.DataFrame(), "replicates-claims": pd.DataFrame()}
    if (RESULTS / "replicates.json").is_file():
        pooled = json.loads((RESULTS / "replicates.json").read_text(encoding="utf-8"))
        repeated = {
            "replicates": pd.read_csv(RESULTS / "replicates.csv"),
            "replicates-claims": readme.claims(pooled),
        }
    return {
        "fit": pd.DataFrame(summary["fit"].items(), columns=["fit", "figure"]).astype(object),
        "claims": readme.claims(summary),
        "coverage": pd.read_csv(RESULTS / "coverage.csv"),
        **repeated,
        **shown,
    }


def _about(fit: em.Fit) -> dict[str, Any]:
    sizes = fit.posterior["posterior"].sizes
    figures = {
        name: round(value, 4) for name, value in sampler_figures(fit).items() if value == value
    }
    return {
        "fit": {
            "journeys": fit.survey.n_journeys,
            "chains": sizes["chain"],
            "draws per chain": sizes["draw"],
            "seed": fit.seed,
            "seconds": round(fit.seconds["all"]),
            "machine": f"{os.cpu_count()} cores",
            "checks": fit.checks.status,
        },
        **figures,
    }


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fit", type=Path, help="a saved fit of the hotel study")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--draws", type=int, default=500, help="kept draws per chain")
    parser.add_argument("--tune", type=int, default=400, help="warm-up steps per chain")
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument(
        "--replicates", type=int, default=0, metavar="N", help="instead fit N new studies"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
