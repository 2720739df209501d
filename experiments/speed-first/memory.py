"""Memory of a process and all it started, at its largest; shared pages count once (Linux)."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

EVERY: Final = 0.5
"""Seconds between looks."""


@contextlib.contextmanager
def watched() -> Iterator[list[float]]:
    """Watch while the block runs.

    Yields
    ------
    list of float
        Proportional set sizes, GiB, one per look; 0 where the system does not tell.
    """
    seen: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(EVERY):
            seen.append(sum(proportional(process) for process in family(os.getpid())))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
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
