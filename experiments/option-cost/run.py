"""What each option of the model costs: compiling, a gradient, and a thousand effective draws.

::

    python experiments/option-cost/run.py [--sizes 1000 10000] [--only NAME ...]

Studies and options are those of experiments/recovery; one is added that counts survey weights.
Two are measured at a time, one core each. Run it with nothing else on the machine; ratios to the
default in the same run are what counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
RECOVERY: Final = HERE.parent / "recovery"
sys.path[:0] = [str(RECOVERY), str(HERE.parent)]

from emotion_models.inference.jobs import ONE_THREAD, Job, Settings  # noqa: E402
from emotion_models.inference.sampling import Sampler  # noqa: E402

os.environ.update(ONE_THREAD)  # one core for every option, as a chain of a fit has

import arviz_stats  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import readme  # noqa: E402
from fitted import Scenario  # noqa: E402
from loky import ProcessPoolExecutor  # noqa: E402
from scenarios import SCENARIOS, outcomes  # noqa: E402
from study import World, draw_world  # noqa: E402

from emotion_models.inference.compiled import cache  # noqa: E402
from emotion_models.models.fused import foreign  # noqa: E402

CORES: Final = 2
CHAINS: Final = {1000: 2, 10000: 1}
STEPS: Final = {1000: 300, 10000: 150}
"""Steps of warming up, and as many draws, by journeys."""
GRADIENTS, REPEATS = 20, 5
DEFAULT: Final = {"outcomes": "default", "elicitation": "elicitation"}
OPTIONS: Final[dict[str, Scenario]] = {
    **{
        name: each
        for name, each in SCENARIOS.items()
        if each.block in DEFAULT and not each.answers and each.study is None
    },
    "weighted": Scenario("survey weights", outcomes(weighted=True), ("effect",)),
}


def measure(name: str, n_journeys: int) -> dict[str, Any]:
    """Compile, time gradients, sample: one option on one study."""
    scenario = OPTIONS[name]
    world = draw_world(scenario.model, scenario.setting, n_journeys, seed=1)
    if scenario.model.weighted:
        world = _weighted(world)
    job = Job(scenario.block, world.model, world.designs[scenario.block])
    length, n_chains = STEPS.get(n_journeys, 300), CHAINS.get(n_journeys, 1)
    settings = Settings(length, length, n_chains, 1, 1)
    foreign.available()  # compiled once per machine
    with tempfile.TemporaryDirectory() as folder:
        cache.folder = lambda: Path(folder)
        sampler, compiled = timed(lambda: Sampler(job, settings))
        sampler, again = timed(lambda: Sampler(job, settings))
    start = time.perf_counter()
    chains = [sampler.chain(k, lambda _: None, lambda: False) for k in range(n_chains)]
    sampled = time.perf_counter() - start
    draws = [chain.posterior for chain in chains if chain is not None]
    steps = [float(chain.stats["steps"].mean()) for chain in chains if chain is not None]
    return {
        "option": name,
        "block": scenario.block,
        "journeys": n_journeys,
        "compile s": compiled,
        "again s": again,
        "ms per gradient": milliseconds(sampler),
        "steps": np.mean(steps),
        "s per 1000 ESS": 1000 * sampled / smallest_ess(draws, scenario.variables),
    }


def timed(make: Callable[[], Sampler]) -> tuple[Sampler, float]:
    """What is made, and the seconds that it takes."""
    start = time.perf_counter()
    return make(), time.perf_counter() - start


def milliseconds(sampler: Sampler) -> float:
    """Time of one log density with its gradient, as the sampler asks: the median of repeats."""
    compiled = sampler._compiled
    function, at = compiled._make_logp_func(), np.full(compiled.n_dim, 0.1)
    function(at)
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for _ in range(GRADIENTS):
            function(at)
        found.append(1000 * (time.perf_counter() - start) / GRADIENTS)
    return float(np.median(found))


def _weighted(world: World) -> World:
    """The same study with survey weights that differ."""
    weight = np.random.default_rng(1).gamma(4, 0.25, world.designs["outcomes"].n_journeys)
    designs = {
        block: replace(design, weight=weight / weight.mean())
        for block, design in world.designs.items()
    }
    return replace(world, designs=designs)


def smallest_ess(draws: list[Any], variables: tuple[str, ...]) -> float:
    """Smallest bulk effective sample size of the reported variables."""
    import xarray as xr

    whole = xr.concat(draws, "chain", join="override")[list(variables)]
    found = arviz_stats.ess(whole, method="bulk")
    sizes = np.concatenate([np.ravel(found[name].to_numpy()) for name in variables])
    return float(np.nanmin(sizes))


def tables() -> dict[str, pd.DataFrame]:
    """The table of README.md: costs and their ratios to the default of the same block."""
    path = HERE / "results" / "costs.csv"
    if not path.is_file():
        return {"costs": pd.DataFrame()}
    costs = pd.read_csv(path)
    base = costs[costs["option"].isin(DEFAULT.values())].set_index(["block", "journeys"])
    for column in ("ms per gradient", "s per 1000 ESS"):
        own = [base.loc[(b, j), column] for b, j in zip(costs.block, costs.journeys, strict=True)]
        costs[f"{column}, ratio"] = costs[column] / own
    return {"costs": costs}


def main() -> None:
    """Measure what is asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 10000])
    parser.add_argument("--only", nargs="+", choices=list(OPTIONS), default=list(OPTIONS))
    options = parser.parse_args()
    path = HERE / "results" / "costs.csv"
    path.parent.mkdir(exist_ok=True)
    rows = pd.read_csv(path).to_dict("records") if path.is_file() else []
    with ProcessPoolExecutor(CORES) as pool:
        for size in options.sizes:
            rows = [r for r in rows if r["journeys"] != size or r["option"] not in options.only]
            for row in pool.map(measure, options.only, [size] * len(options.only)):
                rows.append(row)
                print(row, flush=True)
                readme.write_csv(path, pd.DataFrame(rows))
    machine = {"machine": platform.machine(), "python": platform.python_version()}
    readme.write_json(HERE / "results" / "machine.json", {**machine, "cores": os.cpu_count()})
    readme.fill(HERE / "README.md", tables())


if __name__ == "__main__":
    main()
