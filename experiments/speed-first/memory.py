"""Memory of a process and all it started, at its largest; shared pages count once (Linux)."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

EVERY: float = 0.5
"""Seconds between looks."""


@contextlib.contextmanager
def watched() -> Iterator[list[float]]:
    """Watch while the block runs.

    Yields
    ------
    list of float
        Its only item is the largest proportional set size so far, in GiB; NaN where the system
        does not tell.
    """
    peak, done = [float("nan")], threading.Event()

    def look() -> None:
        while not done.wait(EVERY):
            now = sum(proportional(process) for process in family(os.getpid()))
            if now > 0:
                peak[0] = max(now, 0.0 if peak[0] != peak[0] else peak[0])

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def family(process: int) -> list[int]:
    """A process and everything it started, directly or not."""
    found = [process]
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listed.read_text().split():
                found += family(int(child))
    return found


def proportional(process: int) -> float:
    """Proportional set size of a process, GiB; 0 once it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 2**20
    return 0.0
