"""How fast is it, beside other programs and at larger sizes?

::

    python experiments/speed/run.py --rivals ours,pymc,bambi,brms --data ../shared/data
    python experiments/speed/run.py --parts wide --sizes 1000 10000
    python experiments/speed/run.py --quick   # a look whether everything runs; keeps no results

Every measured run is a process of its own. A part that is run replaces its own results; the
others stay.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import compared  # noqa: E402
import readme  # noqa: E402
import results  # noqa: E402
from launch import Cache, launched  # noqa: E402
from rivals import NAMES, Length, installed  # noqa: E402

PARTS: Final = ("verbagg", "posterior", "wide", "growth", "simulated", "everyday")
TWICE: Final = 2000
"""Journeys up to which a study is fitted twice: beyond, compiling is a small part."""
QUICK: Final = {"length": Length(50, 50), "long": 60, "sizes": [40]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are asked for, write the results, fill the README."""
    asked = _arguments(arguments)
    found = {} if asked.quick else results.read(HERE)
    with tempfile.TemporaryDirectory() as folder:
        for part in asked.parts:
            own = Path(folder) / part
            own.mkdir()
            before = machine()
            for figures in PART[part](asked, own, found.get(part)):
                machines = {**found.get("machines", {}), part: before}
                found = {**found, part: figures, "machines": machines}
                if not asked.quick:
                    results.write(HERE, found)
                    readme.fill(HERE / "README.md", results.tables(HERE))
    for name, table in results.tables_of(found).items():
        print(f"\n{name}\n{table.to_string(index=False)}")
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rivals", default=",".join(NAMES), help="some of " + ",".join(NAMES))
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000], help="journeys")
    parser.add_argument("--bambi-python", help="the Python that has Bambi; or BAMBI_PYTHON")
    parser.add_argument("--data", type=Path, default=HERE.parents[2] / "shared" / "data")
    parser.add_argument("--fit", type=Path, help="a saved fit of the hotel study")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    asked.rivals = asked.rivals.split(",")
    if unknown := set(asked.rivals) - set(NAMES):
        parser.error(f"no rival is called {', '.join(sorted(unknown))}")
    if asked.quick:
        asked.sizes = QUICK["sizes"]
    return asked


def verbagg(asked: argparse.Namespace, folder: Path, _: Any) -> Iterator[list[dict[str, Any]]]:
    """Everybody's speed, in one run."""
    length = QUICK["length"] if asked.quick else Length()
    yield compared.speed(_programs(asked), _data(asked), folder, length, tell)


def posterior(asked: argparse.Namespace, folder: Path, before: Any) -> Iterator[dict[str, Any]]:
    """Everybody's posterior; rivals that are not asked for keep what they had."""
    draws = QUICK["long"] if asked.quick else compared.LONG
    length = dataclasses.replace(Length(), draws=draws)
    found = compared.long_runs(_programs(asked), _data(asked), folder, length, tell)
    everybody = {**(before or {}), **found}
    yield {name: everybody[name] for name in NAMES if name in everybody}


def wide(asked: argparse.Namespace, folder: Path, before: Any) -> Iterator[list[dict[str, Any]]]:
    """The wide study at every size, with an empty cache and, where it matters, with a full one.

    What is known after each fit is handed on: the largest takes an hour, and may fail.
    """
    script, quick = HERE / "wide.py", ["--quick"] if asked.quick else []
    rows = [row for row in before or [] if row["journeys"] not in asked.sizes]
    for size in asked.sizes:
        cache, drawn = Cache(folder / f"cache-{size}"), folder / f"{size}.nc"
        own = folder / f"{size}"
        launched([sys.executable, script, "draw", drawn, own, str(size)], own, cache.environment())
        for state in ("empty", "full") if size <= TWICE else ("empty",):
            fit = [sys.executable, script, "fit", drawn, own, *quick]
            row = launched(fit, own, cache.environment())
            rows.append({"journeys": size, "cache": state, **row})
            tell(f"{size} journeys, cache {state}: {row['total s']:.3g} s, {row['status']}")
            yield sorted(rows, key=lambda row: row["journeys"])


def growth(asked: argparse.Namespace, folder: Path, before: Any) -> Iterator[list[dict[str, Any]]]:
    """What a gradient of the wide study takes at every size, and the memory of having it."""
    script, rows = HERE / "wide.py", []
    for size in asked.sizes:
        cache, drawn = Cache(folder / f"cache-{size}"), folder / f"{size}.nc"
        own = folder / f"{size}"
        launched([sys.executable, script, "draw", drawn, own, str(size)], own, cache.environment())
        command = [sys.executable, script, "gradients", drawn, own]
        rows.append({"journeys": size, **launched(command, own, cache.environment())})
        tell(f"{size} journeys: {rows[-1]}")
        kept = [row for row in before or [] if row["journeys"] not in asked.sizes]
        yield sorted([*kept, *rows], key=lambda row: row["journeys"])


def simulated(asked: argparse.Namespace, folder: Path, before: Any) -> Iterator[list[Any]]:
    """A change simulated for the journeys of a saved fit, drawn again to every size."""
    if not asked.fit:
        tell("simulated: left out, --fit names no saved fit of the hotel study")
        return
    rows = [row for row in before or [] if row["journeys"] not in asked.sizes]
    for size in asked.sizes:
        own = folder / f"{size}"
        command = [sys.executable, HERE / "simulated.py", asked.fit, str(size), own]
        row = launched(command, own, {"PYTHONPATH": str(HERE.parents[1])})
        rows.append({"journeys": size, **row})
        tell(f"{size} journeys: {row}")
        yield sorted(rows, key=lambda row: row["journeys"])


def everyday(asked: argparse.Namespace, folder: Path, _: Any) -> Iterator[dict[str, Any]]:
    """Starting, fitting the demo, asking it, reporting."""
    command = [sys.executable, HERE / "everyday.py", folder]
    command += ["--fit", asked.fit] if asked.fit else []
    command += ["--quick"] if asked.quick else []
    # The user's own cache: what is measured is an ordinary day.
    yield launched(command, folder, {"PYTHONPATH": str(HERE.parents[1])})


PART: Final[dict[str, Callable[[argparse.Namespace, Path, Any], Iterator[Any]]]] = {
    "verbagg": verbagg,
    "posterior": posterior,
    "wide": wide,
    "growth": growth,
    "simulated": simulated,
    "everyday": everyday,
}


def _programs(asked: argparse.Namespace) -> dict[str, str | None]:
    found = installed(asked.bambi_python)
    return {name: found[name] for name in NAMES if name in asked.rivals}


def _data(asked: argparse.Namespace) -> Path:
    path: Path = asked.data / "verbagg" / "verbagg.csv"
    if not path.is_file():
        raise SystemExit(f"{path} is not there: see README.md for where VerbAgg comes from")
    return path


def machine() -> dict[str, Any]:
    """What a part is about to be measured on, and what else runs there."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def tell(text: str) -> None:
    """Say how far it is."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
