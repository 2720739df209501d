"""Stage 1 with people integrated out against people sampled, and the error of the nodes.

::

    python experiments/integrated/run.py [--journeys 300] [--emotions 2 4 8]

Times are of the processor, of one thread. Ratios within a run are what counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "recovery"), str(HERE.parent)]

from emotion_models.inference.jobs import ONE_THREAD, Job, Settings  # noqa: E402

os.environ.update(ONE_THREAD)

import arviz_stats  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import readme  # noqa: E402
import xarray as xr  # noqa: E402
from scenarios import ONLY_RATINGS  # noqa: E402
from study import TABLES, Setting, World, draw_world  # noqa: E402

from emotion_models.files import write_text  # noqa: E402
from emotion_models.inference.sampling import Sampler  # noqa: E402
from emotion_models.models import people  # noqa: E402
from emotion_models.models.integrated import kernel, rules  # noqa: E402
from emotion_models.models.variables import PEOPLE, is_part  # noqa: E402

RESULTS: Final = HERE / "results"
NAMES: Final = (
    *("joy", "anger", "gratitude", "worry", "relief", "boredom", "confidence", "frustration"),
    *("contentment", "disappointment", "pride", "sadness"),
)
NODES: Final = ((1, 1), (1, 5), (9, 3), (9, 5), (9, 7), (25, 7))
EXACT: Final = (121, 15)
SHAPES: Final = {
    "4 touchpoints, 2 emotions of 5 categories": (1000, 4, 2, 5),
    "4 touchpoints, 4 emotions of 5 categories": (1000, 4, 4, 5),
    "4 touchpoints, 4 emotions ticked or not": (1000, 4, 4, 2),
    "6 touchpoints, 12 emotions of 5 categories": (1000, 6, 12, 5),
    "6 touchpoints, 12 emotions ticked or not": (1000, 6, 12, 2),
}
STEP: Final = 0.02
FORMS: Final = {"integrated": 10**6, "sampled": 0}
"""`people.FEW` that makes stage 1 take a form."""


def errors() -> pd.DataFrame:
    """Where the posterior of every spread would move by the error of the nodes, in its sds."""
    rows = []
    for shape, sizes in SHAPES.items():
        given = _ratings(*sizes)
        exact = {step: _values(given, step, EXACT) for step in (-1, 0, 1)}
        for around, along in NODES:
            start = time.thread_time()
            moved = moved_by(given, exact, (around, along))
            seconds = (time.thread_time() - start) / 6
            names = dict(zip(("style", "mood", "affect"), moved, strict=True))
            nodes = {"nodes of people": around, "nodes of affect": along}
            rows.append({"study": shape, **nodes, **names, "ms": 1000 * seconds})
    return pd.DataFrame(rows)


def moved_by(given: dict[str, Any], exact: dict[int, Any], nodes: tuple[int, int]) -> Any:
    """How far nodes move the posterior of each spread, in its standard deviations: (3,)."""
    found = {step: _values(given, step, nodes) for step in (-1, 1)}
    slope = ((found[1] - exact[1]) - (found[-1] - exact[-1])) / (2 * STEP)
    bend = (exact[1] - 2 * exact[0] + exact[-1]) / STEP**2
    return slope * (-bend) ** -0.5


def _ratings(n: int, n_touchpoints: int, n_emotions: int, n_categories: int) -> dict[str, Any]:
    """Draw ratings with known parameters."""
    rng = np.random.default_rng(1)
    valence = np.linspace(-1, 1, n_emotions) * 1.5
    sd = np.array([0.5, 0.5, 0.9])
    kappa = np.tile(np.linspace(-1.2, 1.8, n_categories - 1), (n_emotions, 1))
    eta = rng.normal(0, 0.5, (n_touchpoints, n_emotions, n))
    person, affect = rng.normal(size=(2, n)), rng.normal(size=(n_touchpoints, 1, n))
    felt = eta + sd[0] * person[0] + valence[:, None] * (sd[1] * person[1] + sd[2] * affect)
    felt = felt + rng.logistic(size=felt.shape)
    answers = (felt[:, :, None] > kappa[:, :, None]).sum(axis=2).astype(np.int8)
    return {
        "data": (eta, kappa, np.full(n_emotions, n_categories - 1), answers, np.ones(1)),
        "people": (np.arange(n), valence, valence.copy()),
        "sd": sd,
    }


def _values(given: dict[str, Any], step: int, nodes: tuple[int, int]) -> Any:
    """Log-likelihood with each of the spreads moved by a step in turn: (3,)."""
    found = []
    for k in range(3):
        sd = given["sd"].copy()
        sd[k] += step * STEP
        of = (*rules.around(nodes[0]), *rules.along(nodes[1]))
        found.append(float(kernel.value_and_slopes(*given["data"], *given["people"], sd, *of)[0]))
    return np.array(found)


def forms(journeys: int, emotions: list[int], draws: int) -> Iterator[dict[str, Any]]:
    """Sample both forms of the same studies."""
    for n in emotions:
        tables = {"emotions": [{"name": name, "scale": "felt"} for name in NAMES[:n]]}
        world = draw_world(ONLY_RATINGS, Setting({**TABLES, **tables}), journeys, 3)
        posterior: dict[str, pd.DataFrame] = {}
        for form, few in FORMS.items():
            people.FEW = few  # type: ignore[misc]
            row, posterior[form] = _sampled(world, draws)
            yield {"emotions": n, "form": form, **row, **_difference(posterior)}


def _sampled(world: World, draws: int) -> tuple[dict[str, Any], pd.DataFrame]:
    job = Job("elicitation", world.model, world.designs["elicitation"])
    sampler = Sampler(job, Settings(draws, draws, 2, 1, 1))
    start = time.process_time()
    chains = [sampler.chain(k, lambda _: None, lambda: False) for k in range(2)]
    seconds = time.process_time() - start
    assert all(chains)
    drawn = xr.concat([each.posterior for each in chains if each], "chain", join="override")
    table = _table(drawn)
    steps = np.mean([float(each.stats["steps"].mean()) for each in chains if each])
    least = table["ess"].min()
    return {
        "s": seconds,
        "steps": float(steps),
        "divergences": int(sum(int(c.stats["divergences"].sum()) for c in chains if c)),
        "smallest ESS": float(least),
        "of": str(table["ess"].idxmin()),
        "largest R-hat": float(table["rhat"].max()),
        "s per 1000 ESS": 1000 * seconds / float(least),
    }, table


def _table(drawn: xr.Dataset) -> pd.DataFrame:
    """Mean, sd and convergence of every number but people's."""
    rows = {}
    for name, value in drawn.data_vars.items():
        if name in PEOPLE or is_part(str(name)):
            continue
        flat = value.to_numpy().reshape(*value.shape[:2], -1)
        for i in range(flat.shape[2]):
            one = xr.DataArray(flat[:, :, i], dims=("chain", "draw"))
            if float(one.std()) > 1e-9:
                rows[f"{name}[{i}]"] = {
                    "mean": float(one.mean()),
                    "sd": float(one.std()),
                    "ess": float(arviz_stats.ess(one)),
                    "rhat": float(arviz_stats.rhat(one)),
                }
    return pd.DataFrame(rows).T


def _difference(posterior: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Posterior means of the two forms beside each other, in Monte Carlo standard errors."""
    if len(posterior) < len(FORMS):
        return {}
    a, b = posterior["integrated"].align(posterior["sampled"], join="inner", axis=0)
    error = np.sqrt(a["sd"] ** 2 / a["ess"] + b["sd"] ** 2 / b["ess"])
    apart = (a["mean"] - b["mean"]) / error
    return {
        "root mean square difference (MCSE)": float((apart**2).mean() ** 0.5),
        "largest": float(apart.abs().max()),
    }


def tables() -> dict[str, pd.DataFrame]:
    """What was measured, as the page shows it."""
    found = {}
    for name in ("errors", "forms"):
        path = RESULTS / f"{name}.csv"
        found[name] = pd.read_csv(path) if path.exists() else pd.DataFrame()
    return found


def main() -> None:
    """Measure, write the results and the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--journeys", type=int, default=300)
    parser.add_argument("--emotions", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--only", choices=("errors", "forms"))
    asked = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    if asked.only != "forms":
        write_text(RESULTS / "errors.csv", errors().to_csv(index=False))
    if asked.only != "errors":
        rows = []
        for row in forms(asked.journeys, asked.emotions, asked.draws):
            rows.append(row)
            print(row, flush=True)
            write_text(RESULTS / "forms.csv", pd.DataFrame(rows).to_csv(index=False))
    readme.fill(HERE / "README.md", tables())


if __name__ == "__main__":
    main()
