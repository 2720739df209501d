"""What parallel chains tell and are told: a small table of numbers in a file they share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np


class Phase(IntEnum):
    """Where a chain is."""

    WAITING = 0
    COMPILING = 1
    APPROXIMATING = 2
    WARM_UP = 3
    SAMPLING = 4
    WEIGHTING = 5
    DONE = 6


@dataclass(frozen=True)
class ChainState:
    """How far one chain is.

    Parameters
    ----------
    phase : Phase
    done, total : int
        Steps, warm-up included; `total` is 0 while nobody knows it.
    divergences : int
        After warm-up.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    divergences: int = 0


class Board:
    """One row per chain, written by the process that samples it, and a stop sign for all.

    Parameters
    ----------
    path : Path
        Made by `create`; processes open it again by its path.
    n_chains : int
    """

    def __init__(self, path: Path, n_chains: int) -> None:
        self.path = path
        self.n_chains = n_chains
        self._rows = np.memmap(path, dtype=np.int64, mode="r+", shape=(n_chains + 1, 4))

    @classmethod
    def create(cls, folder: Path, n_chains: int) -> Board:
        """Make an empty board in a folder."""
        path = folder / "board"
        rows = np.zeros((n_chains + 1, 4), dtype=np.int64)
        rows[-1, 1] = os.getpid()
        rows.tofile(path)
        return cls(path, n_chains)

    def __reduce__(self) -> tuple[type[Board], tuple[Path, int]]:
        return Board, (self.path, self.n_chains)

    def write(self, row: int, state: ChainState) -> None:
        """Tell how far a chain is."""
        self._rows[row] = (state.phase, state.done, state.total, state.divergences)

    def read(self, rows: Sequence[int]) -> list[ChainState]:
        """See how far some chains are."""
        found = self._rows[list(rows)].tolist()
        return [ChainState(Phase(phase), *counts) for phase, *counts in found]

    def stop(self) -> None:
        """Ask every chain to stop with what it has."""
        self._rows[-1, 0] = 1

    @property
    def stopped(self) -> bool:
        """Whether chains were asked to stop, or the process that wanted them is gone."""
        asked, owner = self._rows[-1, :2].tolist()
        return bool(asked) or owner not in {os.getpid(), os.getppid()}
