"""What happens when something goes wrong? Counts.

::

    python experiments/faults/run.py [--parts corrupted killed crowded full fuzzed soaked]
                                     [--times 20] [--minutes 60] [--soak 10]

A part replaces its own counts and leaves the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
from corrupted import corrupted  # noqa: E402
from crowded import crowded  # noqa: E402
from full import full  # noqa: E402
from fuzzed import fuzzed  # noqa: E402
from killed import killed  # noqa: E402
from readme import claim, write_json  # noqa: E402
from soaked import soaked  # noqa: E402

from emotion_models.inference.versions import package_versions  # noqa: E402

PARTS: Final = ("corrupted", "killed", "crowded", "full", "fuzzed", "soaked")
A_FIT: Final = 100
"""A fit is damaged so many times as often as something is killed: it takes less time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked for, then fill the README."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--times", type=int, default=20, help="how often each is done")
    parser.add_argument("--minutes", type=float, default=60, help="of fuzzing")
    parser.add_argument("--soak", type=float, default=10, help="minutes of clicks")
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    for part in asked.parts:
        write_json(RESULTS / f"{part}.json", done(part, asked))
        print(part, flush=True)
    publish()
    return 0


def done(part: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Counts of one part, as they are kept."""
    figures: dict[str, Any] = {}
    if part == "soaked":
        tallies, figures = soaked(asked.soak)
    elif part == "fuzzed":
        tallies = fuzzed(asked.minutes)
    elif part == "corrupted":
        tallies = corrupted(A_FIT * asked.times)
    else:
        tallies = {"killed": killed, "crowded": crowded, "full": full}[part](asked.times)
    return {"rows": [tally.row() for tally in tallies], "figures": figures}


def publish() -> None:
    """Fill README and summary from all counts."""
    kept = counts()
    summary = {
        "claims": [_claim(row) for part in kept.values() for row in part["rows"]],
        "versions": dict(package_versions()),
    }
    write_json(RESULTS / "summary.json", summary)
    readme.fill(HERE / "README.md", tables(kept))


def counts() -> dict[str, Any]:
    """Kept counts, part by part."""
    paths = [RESULTS / f"{part}.json" for part in PARTS]
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()
    }


def tables(kept: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """All counts, and how the page fared."""
    figures = kept.get("soaked", {}).get("figures", {})
    fared = [{"what": name, "figure": x} for name, x in figures.items() if isinstance(x, float)]
    rows = [row for part in kept.values() for row in part["rows"]]
    return {"counts": pd.DataFrame(rows), "page": pd.DataFrame(fared)}


def _claim(row: dict[str, Any]) -> dict[str, Any]:
    words = f"{row['fault']} ({row['tried']} times): otherwise than {row['should']}"
    return claim(words, row["otherwise"], "0", row["otherwise"] == 0)


if __name__ == "__main__":
    sys.exit(main())
