"""Kill -9 while a fit is saved, sampled or reported: the file is whole or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import numpy as np
from tally import HOTEL, ROOT, TINY, Tally

import emotion_models as em

MARK: Final = "FAULTS_OF"
SAVING: Final = """
import sys
import emotion_models as em
fit = em.load(sys.argv[1])
print("ready", flush=True)
while True:
    em.save(fit, sys.argv[2])
"""
FIT: Final = ("--draws", "20", "--tune", "40", "--chains", "2", "--quiet")
GONE: Final = 30.0
"""Seconds after which no worker of a killed process may be left."""


def killed(times: int, seed: int = 1) -> list[Tally]:
    """Kill each, so many times, at moments drawn anew; saving ten times as often."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        return [
            _saving(Path(folder), 10 * times, rng),
            _fitting(Path(folder), times, rng),
            _reporting(Path(folder), times, rng),
        ]


def _saving(folder: Path, times: int, rng: np.random.Generator) -> Tally:
    tally = Tally("kill -9 while a fit is saved over another", "the file is whole")
    target, whole = folder / "saved.fit", em.load(TINY)
    em.save(whole, target)
    command = [sys.executable, "-c", SAVING, str(TINY), str(target)]
    for _ in range(times):
        with _running(command) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.5))
        _same_or_amiss(target, whole, tally)
    return tally


def _same_or_amiss(target: Path, whole: em.Fit, tally: Tally) -> None:
    try:
        same = em.load(target).posterior.identical(whole.posterior)
    except Exception as error:  # noqa: BLE001
        tally.amiss(repr(error))
    else:
        tally.well("whole") if same else tally.amiss("another fit")


def _fitting(folder: Path, times: int, rng: np.random.Generator) -> Tally:
    tally = Tally("kill -9 during `fit`", "no file or a whole one; no process left; runs again")
    data, target = folder / "stays.csv", folder / "stays.fit"
    lines = (HOTEL / "hotel-stays.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    data.write_text("".join(lines[:41]), encoding="utf-8")
    given = [str(data), "--codebook", str(HOTEL / "codebook.toml"), "--out", str(target), *FIT]
    return _interrupted(tally, ["fit", *given], target, times, rng, lambda: em.load(target))


def _reporting(folder: Path, times: int, rng: np.random.Generator) -> Tally:
    tally = Tally("kill -9 during `report`", "no file or a whole one; runs again")
    target = folder / "report.pdf"

    def whole() -> None:
        assert target.read_bytes().rstrip().endswith(b"%%EOF")

    return _interrupted(
        tally, ["report", str(TINY), "--out", str(target)], target, times, rng, whole
    )


def _interrupted(
    tally: Tally,
    arguments: list[str],
    target: Path,
    times: int,
    rng: np.random.Generator,
    whole: Callable[[], object],
) -> Tally:
    """Measure a run, kill others within its time, look at what is left, and run it once more."""
    command = [sys.executable, "-m", "emotion_models.cli", *arguments]
    lasts = _run(command, target, tally)
    for _ in range(times):
        target.unlink(missing_ok=True)
        with _running(command) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(rng.uniform(0.2, lasts))
            of = process.pid
        left = _left(of)
        if left:
            tally.amiss(f"processes left: {left}")
        elif not target.exists():
            tally.well("no file")
        else:
            try:
                whole()
                tally.well("whole")
            except Exception as error:  # noqa: BLE001
                tally.amiss(repr(error))
    target.unlink(missing_ok=True)
    _run(command, target, tally)
    return tally


def _run(command: list[str], target: Path, tally: Tally) -> float:
    """Run undisturbed; seconds. A fit of few draws fails checks and ends with 1."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode not in (0, 1) or not target.exists():
        tally.amiss(f"undisturbed: {done.stderr[-150:]}")
    return time.perf_counter() - start


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that is killed at the end, with a mark that its children carry, too."""
    environment = {**os.environ, MARK: "us", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _left(of: int) -> list[int]:
    """Processes that a killed one has left behind."""
    deadline = time.monotonic() + GONE
    while left := [pid for pid in _marked() if pid != of]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.2)
    return []


def _marked() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                marked = f"{MARK}=us".encode() in (entry / "environ").read_bytes().split(b"\0")
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if marked and state != "Z":
                found.append(int(entry.name))
    return found
