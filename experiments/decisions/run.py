"""Decisions held against exact answers: every set simulated, every order, closed forms.

::

    python experiments/decisions/run.py --fit stays.fit

``--fit`` is any fit of the hotel study, a preview too: nothing here depends on how good it is.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import readme  # noqa: E402
from scipy.stats import beta, betabinom, norm  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.science.equations.information import (  # noqa: E402
    explained_by,
    perfect,
    sampled,
)
from emotion_models.science.equations.sequence import Moments, best_order, shape  # noqa: E402

SUMMARY: Final = HERE / "results" / "summary.json"
OPTIONS: Final = HERE / "options.toml"
WEIGHTS: Final = {
    "end": {"first": 0.0, "end": 1.0, "trend": 0.0},
    "end and trend": {"first": 0.0, "end": 0.5, "trend": 0.5},
    "first, end and trend": {"first": 0.06, "end": 0.49, "trend": 0.45},
    "first and end": {"first": 0.5, "end": 0.5, "trend": 0.0},
}
LENGTHS: Final = (3, 5, 7, 12)
DRAWS: Final = 40_000


def searched(path: Path) -> dict[str, Any]:
    """Time the search, and find the best of all sets by simulating every one."""
    fit, options = em.load(path), em.Options.from_toml(OPTIONS)
    book = em.load_dataset("hotel-stays").codebook
    seconds, processor = [], []
    for _ in range(4):  # the first also draws the noise behind the answers
        start, busy = time.perf_counter(), time.process_time()
        found = em.optimise(fit, options, codebook=book)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - busy)
    limit, best = options.budget or np.inf, (-np.inf, "")
    start, count = time.perf_counter(), 0
    for chosen in itertools.product(*[(None, *o.settings) for o in options.options]):
        taken = tuple(
            em.Option(o.name, (setting,))
            for o, setting in zip(options.options, chosen, strict=True)
            if setting is not None
        )
        change, cost = everything_of(fit, taken)
        if cost <= limit:
            gain = em.worth(fit, change, codebook=book, by="everybody").gained().mean()
            best, count = max(best, (float(gain) - cost, str(change))), count + 1
    net = float(found.scores[:, found.best].mean())
    return {
        "levers": len(options.options),
        "combinations": found.combinations,
        "within the budget": count,
        "simulated in full": len(found.labels),
        "first s": seconds[0],
        "first s of processor": processor[0],
        "then s": float(np.median(seconds[1:])),
        "then s of processor": float(np.median(processor[1:])),
        "all of them s": time.perf_counter() - start,
        "net EUR": net,
        "best of all EUR": best[0],
        "largest error of a guess": found.gap,
        "same set": str(found.change) == best[1],
    }


def everything_of(fit: Any, taken: tuple[em.Option, ...]) -> tuple[em.Change, float]:
    """All of some options as one change, and what it costs per journey."""
    from emotion_models.decisions.space import units_moved

    change, cost = em.Change(), 0.0
    for option in taken:
        (setting,) = option.settings
        change = change.then(setting.change)
        cost += setting.cost + setting.cost_per_unit * units_moved(fit, setting.change)
    return change, cost


def orders() -> Iterator[dict[str, Any]]:
    """Shapes of best orders under memory weights; for short journeys against all orders."""
    for name, weights in WEIGHTS.items():
        for n in LENGTHS:
            scores = np.random.default_rng(n).permutation(np.linspace(0.1, 0.9, n))
            moments = Moments.for_all(scores, **weights)
            start = time.perf_counter()
            order, worth = best_order(moments)
            took = time.perf_counter() - start
            of_all = None
            if n <= 7:
                of_all = max(moments.worth(one) for one in itertools.permutations(range(n)))
            lived = [float(scores[moment]) for moment in order]
            yield {
                "weight on": name,
                "moments": n,
                "shape": shape(lived),
                "ends with the best": bool(lived[-1] == scores.max()),
                "short of all orders": None if of_all is None else abs(of_all - worth),
                "s": took,
            }


def information() -> Iterator[dict[str, Any]]:
    """Values of information against closed forms and against every possible data set."""
    rng = np.random.default_rng(1)
    theta = rng.normal(size=(DRAWS, 2))
    theta = (theta - theta.mean(axis=0)) / theta.std(axis=0)
    values = np.stack([np.zeros(DRAWS), 0.3 + theta[:, 0] + 0.5 * theta[:, 1]], axis=1)
    sd = float(np.sqrt(1.25))
    yield row("normal: perfect", perfect(values), loss(0.3, sd))
    yield row("normal: of one part", perfect(explained_by(values, theta[:, :1])), loss(0.3, 1.0))
    for n in (10, 50, 250):
        exact = loss(0.3, sd * np.sqrt(n / (n + 50)))
        yield row(f"normal: {n} answers after 50", sampled(values, n, 50), exact)
    a, b, known = 12, 28, 0.35
    p = beta.ppf((np.arange(DRAWS) + 0.5) / DRAWS, a, b)
    chance = np.stack([np.full(DRAWS, known), p], axis=1)
    for n in (10, 40, 160):
        answers = np.arange(n + 1)
        posterior = (a + answers) / (a + b + n)
        better = np.maximum(posterior, known) @ betabinom.pmf(answers, n, a, b)
        exact = float(better - max(known, a / (a + b)))
        yield row(f"yes or no: {n} answers after {a + b}", sampled(chance, n, a + b), exact)


def loss(mean: float, sd: float) -> float:
    """E max(0, X) - max(0, mean) of a normal X."""
    return float(sd * norm.pdf(mean / sd) + mean * norm.cdf(mean / sd) - max(mean, 0))


def row(what: str, found: float, exact: float) -> dict[str, Any]:
    """One comparison."""
    return {"what": what, "found": found, "exact": exact, "ratio": found / exact}


def claims(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What is to be shown, and whether it holds."""
    search, shapes = result["search"], pd.DataFrame(result["orders"])
    normal = [each for each in result["information"] if each["what"].startswith("normal")]
    others = [each for each in result["information"] if each not in normal]
    ratio, coarse = (max(abs(x["ratio"] - 1) for x in each) for each in (normal, others))
    short = float(shapes["short of all orders"].max())
    both = shapes[shapes["weight on"] == "first, end and trend"].set_index("moments")["shape"]
    theory = both[min(LENGTHS)] == "crescendo" and both[max(LENGTHS)] == "U-shaped"
    rising = (shapes[shapes["weight on"] == "end and trend"]["shape"] == "crescendo").all()
    missed = search["best of all EUR"] - search["net EUR"]
    return [
        readme.claim(
            "six levers, first call, s", search["first s"], "<= 10", search["first s"] <= 10
        ),
        readme.claim("best of all sets, EUR missed", missed, "<= 0.01", missed <= 0.01),
        readme.claim("best order against all orders", short, "<= 1e-9", short <= 1e-9),
        readme.claim("weight on end and trend: crescendo", None, "always", bool(rising)),
        readme.claim("short rises, long is U-shaped", None, "same weights", bool(theory)),
        readme.claim("information, normal: ratio to exact - 1", ratio, "<= 0.02", ratio <= 0.02),
        readme.claim("information, yes or no: ratio to exact - 1", coarse, "shown", None),
    ]


def tables() -> dict[str, pd.DataFrame]:
    """The tables of the page."""
    result = json.loads(SUMMARY.read_text(encoding="utf-8"))
    search = pd.DataFrame([(k, v) for k, v in result["search"].items()], columns=["what", "figure"])
    return {
        "claims": readme.claims(result),
        "search": search.astype(object),
        "orders": pd.DataFrame(result["orders"]),
        "information": pd.DataFrame(result["information"]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", type=Path, required=True)
    options = parser.parse_args()
    fit = em.load(options.fit)
    result: dict[str, Any] = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "fit": {
            "method": fit.method,
            "journeys": fit.survey.n_journeys,
            "checks": fit.checks.status,
        },
        "search": searched(options.fit),
        "orders": list(orders()),
        "information": list(information()),
    }
    result["claims"] = claims(result)
    readme.write_json(SUMMARY, result)
    readme.fill(HERE / "README.md", tables())
    print(json.dumps(result["claims"], indent=1))


if __name__ == "__main__":
    main()
