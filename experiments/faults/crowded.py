"""Two processes that start at once with the same empty cache."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from killed import FIT
from tally import HOTEL, ROOT, Tally

import emotion_models as em


def crowded(times: int) -> list[Tally]:
    """Fit the same survey twice at once, so many times, each time from an empty cache."""
    tally = Tally("two fits at once, one empty cache", "both run, and are the same")
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            _once(Path(name), tally)
    return [tally]


def _once(folder: Path, tally: Tally) -> None:
    data = folder / "stays.csv"
    lines = (HOTEL / "hotel-stays.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    data.write_text("".join(lines[:41]), encoding="utf-8")
    targets = [folder / f"{which}.fit" for which in ("one", "other")]
    started = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "emotion_models.cli", "fit", str(data), *FIT),
                *("--codebook", str(HOTEL / "codebook.toml"), "--out", str(target)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
        )
        for target in targets
    ]
    said = [process.communicate()[1] for process in started]
    if any(process.returncode not in (0, 1) for process in started):
        tally.amiss(" / ".join(each[-90:] for each in said))
        return
    one, other = (em.load(target).posterior["posterior"].to_dataset() for target in targets)
    tally.well("the same") if one.identical(other) else tally.amiss("not the same")
