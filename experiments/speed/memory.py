"""What a process and all it started use: memory at its largest, processor time (Linux).

Found by session, not by parent: some programs let go of what they start.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

EVERY: Final = 0.5
"""Seconds between looks."""


@dataclass
class Use:
    """What was seen.

    Parameters
    ----------
    gib : list of float
        Proportional set sizes of all processes together, one per look.
    seconds : dict of int to float
        Processor time of every process when it was last seen.
    """

    gib: list[float] = field(default_factory=list)
    seconds: dict[int, float] = field(default_factory=dict)

    @property
    def peak(self) -> float | None:
        """Most memory, GiB; None where the system does not tell."""
        return max(self.gib, default=0.0) or None

    @property
    def processor(self) -> float | None:
        """Processor seconds of all processes, but for what fell between two looks."""
        return sum(self.seconds.values()) or None


@contextlib.contextmanager
def watched(session: int) -> Iterator[Use]:
    """Watch the processes of a session while the block runs.

    Yields
    ------
    Use
        Fills while the block runs.
    """
    seen, done = Use(), threading.Event()

    def look() -> None:
        while not done.wait(EVERY):
            everyone = dict(members(session))
            seen.gib.append(sum(map(proportional, everyone)))
            seen.seconds |= everyone

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def members(session: int) -> Iterator[tuple[int, float]]:
    """Processes of a session, and their processor seconds so far."""
    tick = os.sysconf("SC_CLK_TCK")
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            # The name, in brackets, may hold anything; behind it come numbers.
            found = path.read_text().rpartition(")")[2].split()
            if int(found[3]) == session:
                yield int(path.parent.name), (int(found[11]) + int(found[12])) / tick


def proportional(process: int) -> float:
    """Proportional set size of a process, GiB, shared pages counted once; 0 once it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 2**20
    return 0.0
