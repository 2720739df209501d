"""Run every experiment anew, or those that are named: what `make evidence` does.

::

    python experiments/every.py [--only speed ...] [--fit stays.fit] [--data ../shared/data]

Hours in all; most go on where they were stopped. An experiment whose data or fit is not there is
skipped with the reason; the exit status says whether any failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
DATA, FIT = "{data}", "{fit}"
COMMANDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "recovery": (("recovery/run.py",),),
    "demo-recovery": (("demo-recovery/run.py", "--fit", FIT),),
    "calibration": (("calibration/run.py",),),
    "estimands": (("estimands/run.py",),),
    "prior-sensitivity": (("prior-sensitivity/run.py", "--worlds", "10", "--workers", "2"),),
    "counterfactual": (("counterfactual/run.py", "--studies", "10"),),
    "decision-quality": (
        ("decision-quality/run.py", "--companies", "20"),
        ("decision-quality/run.py", "--hotel", FIT),
    ),
    "wrong-models": (("wrong-models/run.py",),),
    "decisions": (("decisions/run.py", "--fit", FIT),),
    "published-tables": (("published-tables/run.py", DATA),),
    "diary": (("diary/run.py", f"{DATA}/neubauer2024", "build/diary"), ("diary/tables.py",)),
    "prediction": (("prediction/run.py", "--data", DATA),),
    "preview": (("preview/run.py", "--fit", FIT),),
    "expansion": (("expansion/run.py",),),
    "integrated": (("integrated/run.py",),),
    "option-cost": (("option-cost/run.py",),),
    "speed": (
        ("speed/run.py", "--data", DATA, "--parts", "verbagg", "posterior"),
        ("speed/run.py", "--parts", "wide", "growth", "--sizes", "1000", "10000"),
        ("speed/run.py", "--parts", "everyday"),
        ("speed/run.py", "--parts", "simulated", "--fit", FIT, "--sizes", "1000", "100000"),
    ),
    "designers-page": (("designers-page/run.py", "--fit", FIT),),
    "faults": (("faults/run.py", "--minutes", "60", "--soak", "10"),),
}
"""Commands of every experiment, below this folder, in an order in which none waits for another."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=list(COMMANDS), default=list(COMMANDS))
    parser.add_argument("--fit", type=Path, default=ROOT / "demo-output" / "stays.fit")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    asked = parser.parse_args(arguments)
    given = {DATA: asked.data.absolute(), FIT: asked.fit.absolute()}
    lines = [_run(command, given) for name in asked.only for command in COMMANDS[name]]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    return int(any(line.startswith("failed") for line in lines))


def _run(command: tuple[str, ...], given: Mapping[str, Path]) -> str:
    """Run a command; how it came out, in a line."""
    shown = " ".join(command)
    for mark, path in given.items():
        if any(mark in part for part in command) and not path.exists():
            return f"skipped: {shown} ({path} is not there)"
    words = [command[0], *(_filled(part, given) for part in command[1:])]
    sys.stdout.write(f"\n== {shown}\n")
    sys.stdout.flush()
    start = time.perf_counter()
    code = subprocess.run(
        [sys.executable, str(HERE / words[0]), *words[1:]],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    ).returncode
    minutes = (time.perf_counter() - start) / 60
    return f"{'failed' if code else 'done'}: {shown} ({minutes:.0f} min)"


def _filled(part: str, given: Mapping[str, Path]) -> str:
    for mark, path in given.items():
        part = part.replace(mark, str(path))
    return part


if __name__ == "__main__":
    sys.exit(main())
