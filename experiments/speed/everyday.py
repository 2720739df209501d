"""Starting, fitting the demo, asking it, reporting: one process.

::

    python experiments/speed/everyday.py FOLDER [--fit stays.fit]

Writes timing.json into the folder: ``figures`` that have targets, ``rows`` of all.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import emotion_models as em

COMMANDS: Final = {
    "import emotion_models": "import emotion_models",
    "emotion-models --help": "from emotion_models.cli import main; main(['--help'])",
}
STARTS, SIMULATIONS = 10, 20
SHORT: Final = {"draws": 30, "tune": 30, "chains": 2}
Figures = dict[str, float | None]


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fit", type=Path, help="a saved fit of the hotel study")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    found = {name: start(code) for name, code in COMMANDS.items()}
    if asked.fit:
        fit = em.load(asked.fit)
    else:
        fit, peak = fresh(asked.folder, SHORT if asked.quick else {})
        found |= {"fit, peak memory": peak}
        found |= {f"fit, {step}": taken for step, taken in fit.seconds.items() if step != "all"}
        found |= {"fit, all stages and checks": fit.seconds["all"]}
    found |= asking(fit)
    rows = [{"what": with_unit(name), "figure": figure} for name, figure in found.items()]
    content = {"figures": found, "rows": rows, "fit": "saved" if asked.fit else "fresh"}
    (asked.folder / "timing.json").write_text(json.dumps(content), encoding="utf-8")


def with_unit(name: str) -> str:
    """A name with its unit."""
    return f"{name} ({'GiB' if 'memory' in name else 's'})"


def start(code: str) -> float:
    """Wall time of a fresh interpreter that runs `code`: median of several."""
    one = partial(subprocess.run, [sys.executable, "-c", code], check=True, capture_output=True)
    # The first start reads the files from disk.
    times = [seconds(one) for _ in range(STARTS + 1)]
    return statistics.median(times[1:])


FIT: Final = """
import json, sys
import emotion_models as em
survey = em.load_dataset("hotel-stays")
model = em.JourneyModel.for_survey(survey)
fit = em.fit(model, survey, seed=7, progress=False, **json.loads(sys.argv[2]))
em.save(fit, sys.argv[1] + "/demo.fit")
json.dump({}, open(sys.argv[1] + "/timing.json", "w"))
"""


def fresh(folder: Path, settings: dict[str, Any]) -> tuple[em.Fit, float | None]:
    """Fit the hotel study as the demo does, apart, so that its memory is its own."""
    from launch import launched

    command: list[str | Path] = [sys.executable, "-c", FIT, folder / "demo", json.dumps(settings)]
    found = launched(command, folder / "demo", {})
    return em.load(folder / "demo" / "demo.fit"), found["peak GiB"]


def asking(fit: em.Fit) -> Figures:
    """Seconds of effects, simulate and the report, one question after another to one fit."""
    effects = seconds(partial(em.effects, fit))
    touchpoints = seconds(partial(em.effects, fit, on="return", by="touchpoint"))
    first = seconds(partial(em.simulate, fit, change(1)))
    # Another change every time, so that no answer can be a remembered one.
    times = [seconds(partial(em.simulate, fit, change(n))) for n in range(2, SIMULATIONS + 2)]
    return {
        "effects, all outcomes": effects,
        "effects at touchpoints, one outcome": touchpoints,
        "simulate, first": first,
        "simulate": statistics.median(times),
        "report, PDF and HTML": report(fit),
        "asking, peak memory": peak_memory(),
    }


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


if __name__ == "__main__":
    main()
