"""How long do the steps of the demo take, and how much memory?

::

    python experiments/speed-first/run.py                  # fits anew
    python experiments/speed-first/run.py --fit stays.fit  # reads a saved fit
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

HERE = Path(__file__).parent
RESULTS = HERE / "results"
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import readme  # noqa: E402
from memory import watched  # noqa: E402

import emotion_models as em  # noqa: E402

COMMANDS: Final = {
    "import emotion_models": "import emotion_models",
    "emotion-models --help": "from emotion_models.cli import main; main(['--help'])",
}
STARTS, SIMULATIONS = 10, 20
FIT_SECONDS, MEMORY_GIB, START_SECONDS, SIMULATE_SECONDS = 200.0, 3.0, 0.3, 0.1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results, fill the README."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fit", type=Path, help="a saved fit of the hotel study")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    starts = [start(name, code) for name, code in COMMANDS.items()]
    # Reading a saved fit says nothing about the memory that fitting takes.
    fit, memory = (em.load(asked.fit), None) if asked.fit else fresh(asked.seed)
    found = fitting(fit, memory) + starts + asking(fit)
    settings = {
        "machine": f"{os.cpu_count()} cores",
        "fit": "saved" if asked.fit else "fresh",
        "chains": fit.posterior["posterior"].sizes["chain"],
        "draws_per_chain": fit.posterior["posterior"].sizes["draw"],
        "journeys": fit.survey.n_journeys,
    }
    RESULTS.mkdir(exist_ok=True)
    readme.write_json(RESULTS / "summary.json", {**settings, "claims": found})
    readme.fill(HERE / "README.md", tables())
    print(readme.claims({"claims": found}).to_string(index=False))
    return 0


def tables() -> dict[str, pd.DataFrame]:
    """The tables of the README, from the result file; empty before the first run."""
    if not (RESULTS / "summary.json").is_file():
        return defaultdict(pd.DataFrame)
    summary = json.loads((RESULTS / "summary.json").read_text(encoding="utf-8"))
    settings = {k.replace("_", " "): v for k, v in summary.items() if k != "claims"}
    return {
        "settings": pd.DataFrame(settings.items(), columns=["setting", "value"]).astype(object),
        "figures": readme.claims(summary),
    }


def fresh(seed: int) -> tuple[em.Fit, float | None]:
    """Fit the hotel study with the settings of the demo; the memory that it took at most."""
    survey = em.load_dataset("hotel-stays")
    with watched() as sizes:
        fit = em.fit(em.JourneyModel.for_survey(survey), survey, seed=seed)
    return fit, max(sizes, default=0.0) or None


def fitting(fit: em.Fit, memory: float | None) -> list[dict[str, Any]]:
    """Seconds of the fit per block and step, and the memory of all its processes."""
    steps = {name: taken for name, taken in fit.seconds.items() if name != "all"}
    return [
        *(within(f"fit, {step} (s)", taken) for step, taken in steps.items()),
        within("fit, all stages and checks (s)", fit.seconds["all"], FIT_SECONDS),
        within("fit, peak memory of all processes (GiB)", memory, MEMORY_GIB),
    ]


def start(name: str, code: str) -> dict[str, Any]:
    """Wall time of a fresh interpreter that runs `code`: median of several."""
    one = partial(subprocess.run, [sys.executable, "-c", code], check=True, capture_output=True)
    # The first start reads the files from disk.
    times = [seconds(one) for _ in range(STARTS + 1)]
    return within(f"{name} (s)", statistics.median(times[1:]), START_SECONDS)


def asking(fit: em.Fit) -> list[dict[str, Any]]:
    """Seconds of effects, simulate and the report, one question after another to one fit."""
    effects = seconds(partial(em.effects, fit))
    touchpoints = seconds(partial(em.effects, fit, on="return", by="touchpoint"))
    first = seconds(partial(em.simulate, fit, change(1)))
    # Another change every time, so that no answer can be a remembered one.
    times = [seconds(partial(em.simulate, fit, change(n))) for n in range(2, SIMULATIONS + 2)]
    return [
        within("effects, all outcomes (s)", effects),
        within("effects at touchpoints, one outcome (s)", touchpoints),
        within("simulate, first (s)", first),
        within("simulate (s)", statistics.median(times), SIMULATE_SECONDS),
        within("report, PDF and HTML (s)", report(fit)),
        within("asking, peak memory (GiB)", peak_memory(), MEMORY_GIB),
    ]


def change(minutes: int) -> em.Change:
    """The demo's change, with another waiting time."""
    return em.Change().at("check-in").lever("wait_minutes", to=minutes).lever("room_ready", to=1)


def report(fit: em.Fit) -> float:
    """Seconds to write the report in both forms, with the effects it asks for."""
    simulation = em.simulate(fit, change(5))

    def save(folder: str) -> None:
        document = em.report(fit, simulation)
        for name in ("report.pdf", "report.html"):
            document.save(Path(folder) / name)

    with tempfile.TemporaryDirectory() as folder:
        return seconds(partial(save, folder))


def peak_memory() -> float:
    """Largest resident size of this process so far, GiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak * (1 if sys.platform == "darwin" else 1024)) / 2**30


def seconds(act: Callable[[], object]) -> float:
    """Wall time of a call."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def within(name: str, figure: float | None, most: float | None = None) -> dict[str, Any]:
    """A figure beside its target, where it has one."""
    holds = None if figure is None or most is None else figure <= most
    return readme.claim(name, figure, "" if most is None else f"<= {most:g}", holds)


if __name__ == "__main__":
    sys.exit(main())
