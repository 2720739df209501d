"""One timed fit of VerbAgg by a model of `verbagg`, in a process that does nothing else.

::

    python experiments/speed/measure.py ours|pymc verbagg.csv FOLDER

Writes draws.csv and timing.json. The clock runs from the data to the draws; imports and the
start of processes are not in it. Where compiled code is kept, the environment says
(``XDG_CACHE_HOME``, ``PYTENSOR_FLAGS``).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE))

from emotion_models.inference.jobs import ONE_THREAD  # noqa: E402
from emotion_models.inference.sampling import TARGET_ACCEPT  # noqa: E402

OURS: Final = ("pymc", "pytensor", "nutpie", "jax", "numba")


@dataclass(frozen=True)
class Asked:
    """What to fit and for how long."""

    data: Path
    draws: int
    tune: int
    chains: int
    seed: int


def main() -> None:
    """Fit, and write what was drawn and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rival", choices=["ours", "pymc"])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    for name, default in {"draws": 500, "tune": 500, "chains": 2, "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    what = Asked(asked.data, asked.draws, asked.tune, asked.chains, asked.seed)
    table, found = {"ours": fit_ours, "pymc": fit_plain}[asked.rival](what)
    table.to_csv(asked.folder / "draws.csv", index=False)
    found["versions"] = {name: version(name) for name in OURS}
    (asked.folder / "timing.json").write_text(json.dumps(found), encoding="utf-8")


def fit_ours(asked: Asked) -> tuple[Any, dict[str, Any]]:
    """Chains in processes of their own, as `emotion_models.inference.parallel` has them."""
    import pandas as pd
    from loky import ProcessPoolExecutor

    with ProcessPoolExecutor(asked.chains, env=ONE_THREAD) as pool:
        for started in [pool.submit(imported, 2.0) for _ in range(asked.chains)]:
            started.result()
        start = time.perf_counter()
        chains = list(pool.map(chain, [asked] * asked.chains, range(asked.chains)))
        total = time.perf_counter() - start
    tables = [table.assign(chain=number) for number, (table, _) in enumerate(chains)]
    timings = [timing for _, timing in chains]
    slowest = max(timings, key=lambda each: each["sampling s"])
    found = {"total s": total, **slowest, "cpu s": sum(each["cpu s"] for each in timings)}
    return pd.concat(tables, ignore_index=True), found


def imported(wait: float) -> None:
    """Import what a chain needs; wait, so that every process of the pool gets such a task."""
    import jax.experimental.serialize_executable  # noqa: F401
    import nutpie.compiled_pyfunc  # noqa: F401
    import verbagg  # noqa: F401

    from emotion_models.inference.compiled import program  # noqa: F401

    time.sleep(wait)


def chain(asked: Asked, number: int) -> tuple[Any, dict[str, float]]:
    """Compile, or find compiled, and sample one chain."""
    import nutpie
    import verbagg

    from emotion_models.inference.compiled.program import compiled

    start, used = time.perf_counter(), time.process_time()
    code = compiled(verbagg.ours(verbagg.read(asked.data)))
    ready = time.perf_counter()
    tree = nutpie.sample(
        code,
        draws=asked.draws,
        tune=asked.tune,
        chains=1,
        cores=1,
        seed=asked.seed * 1000 + number,
        target_accept=TARGET_ACCEPT,
        save_warmup=True,
        progress_bar=False,
    )
    return verbagg.draws_table(tree["posterior"].to_dataset()), {
        "compile s": ready - start,
        "sampling s": time.perf_counter() - ready,
        "gradients": float(gradients(tree).max()),
        "cpu s": time.process_time() - used,
    }


def fit_plain(asked: Asked) -> tuple[Any, dict[str, Any]]:
    """Plain PyMC with nutpie's JAX back end, which compiles fastest; chains in threads."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    import numpy as np
    import nutpie
    import verbagg

    start, used = time.perf_counter(), time.process_time()
    code = nutpie.compile_pymc_model(verbagg.plain(verbagg.read(asked.data)), backend="jax")
    code._make_logp_func()(np.zeros(code.n_dim))  # JAX compiles at the first call
    ready = time.perf_counter()
    tree = nutpie.sample(
        code,
        draws=asked.draws,
        tune=asked.tune,
        chains=asked.chains,
        cores=asked.chains,
        seed=asked.seed,
        save_warmup=True,
        progress_bar=False,
    )
    end = time.perf_counter()
    return verbagg.draws_table(tree["posterior"].to_dataset()), {
        "total s": end - start,
        "compile s": ready - start,
        "sampling s": end - ready,
        "gradients": float(gradients(tree).max()),
        "cpu s": time.process_time() - used,
    }


def gradients(tree: Any) -> Any:
    """Gradients that every chain took, warm-up included."""
    groups = [tree["sample_stats"], tree["warmup_sample_stats"]]
    return sum(group["n_steps"].sum("draw") for group in groups)


if __name__ == "__main__":
    main()
