"""VerbAgg in Bambi, in the environment where Bambi is installed; it needs nothing of this project.

::

    PYTHON_WITH_BAMBI with_bambi.py verbagg.csv FOLDER --sampler pymc|nutpie
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bambi as bmb
import numpy as np
import pandas as pd

FORMULA = "resp ~ Anger + Gender + btype + situ + mode + (1|id) + (1|item)"
LEVELS = {
    "resp": ["no", "perhaps", "yes"],
    "Gender": ["F", "M"],
    "btype": ["curse", "scold", "shout"],
    "situ": ["other", "self"],
    "mode": ["do", "want"],
}
COMMON = ("Anger", "Gender", "btype", "situ", "mode")
VARIABLES = [*COMMON, "threshold", "1|id_sigma", "1|item_sigma"]
REPORTED = ["Anger", "GenderM", "btypescold", "btypeshout", "situself", "modedo"]
REPORTED += ["cut 1", "cut 2", "sd id", "sd item"]


def main() -> None:
    """Fit, and write draws.csv and timing.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sampler", choices=["pymc", "nutpie"], default="pymc")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--tune", type=int, default=500)
    parser.add_argument("--chains", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    table = read(asked.data)
    start = time.perf_counter()
    tree = model(table).fit(
        draws=asked.draws,
        tune=asked.tune,
        chains=asked.chains,
        cores=asked.chains,
        random_seed=asked.seed,
        inference_method=asked.sampler,
        progressbar=False,
        discard_tuned_samples=False,
        compute_convergence_checks=False,
    )
    total = time.perf_counter() - start
    reported(tree).to_csv(asked.folder / "draws.csv", index=False)
    found = {"total s": total, **sampling(tree)}
    names = ("bambi", "pymc", "pytensor", "nutpie", "numba")
    found["versions"] = {name: version(name) for name in names}
    (asked.folder / "timing.json").write_text(json.dumps(found), encoding="utf-8")


def read(path: Path) -> pd.DataFrame:
    """The data; Bambi sorts the levels of all but the ordered answers."""
    table = pd.read_csv(path)
    for name, levels in LEVELS.items():
        table[name] = pd.Categorical(table[name], levels, ordered=name == "resp")
    return table.assign(id=table["id"].astype(str))


def model(table: pd.DataFrame) -> bmb.Model:
    """The model with the priors of all rivals."""
    slope = bmb.Prior("Normal", mu=0, sigma=10)
    spread = bmb.Prior("Normal", mu=0, sigma=bmb.Prior("HalfStudentT", nu=3, sigma=2.5))
    cut = bmb.Prior("Normal", mu=np.array([-2.0, 2.0]), sigma=100)
    own = {**dict.fromkeys(COMMON, slope), "1|id": spread, "1|item": spread, "threshold": cut}
    return bmb.Model(FORMULA, table, family="cumulative", priors=own)


def reported(tree: Any) -> pd.DataFrame:
    """Draws of the reported parameters, one column each."""
    posterior = tree["posterior"].to_dataset()
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    columns = [posterior[name].to_numpy().reshape(chains * draws, -1) for name in VARIABLES]
    frame = pd.DataFrame(np.hstack(columns), columns=REPORTED)
    # Bambi sorts the levels, so that "do" is its reference and "want" has the slope.
    frame[["cut 1", "cut 2"]] = frame[["cut 1", "cut 2"]].sub(frame["modedo"], axis=0)
    frame["modedo"] = -frame["modedo"]
    frame.insert(0, "chain", np.repeat(np.arange(chains), draws))
    return frame


def sampling(tree: Any) -> dict[str, float | None]:
    """Seconds of warm-up and draws, and gradients of the busiest chain, where they are told."""
    seconds = tree["posterior"].attrs.get("sampling_time")
    groups = [tree[name] for name in ("sample_stats", "warmup_sample_stats") if name in tree]
    if seconds is None or len(groups) < 2:
        return {"sampling s": seconds, "gradients": None}
    counts = sum(group["n_steps"].sum("draw") for group in groups)
    return {"sampling s": float(seconds), "gradients": float(counts.max())}


if __name__ == "__main__":
    main()
