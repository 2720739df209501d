"""Telling the user what is happening: compiling, warm-up, sampling, checking."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Protocol


class ChainProgress(Protocol):
    """What the sampler says of one chain."""

    finished_draws: int
    total_draws: int
    divergences: int
    tuning: bool
    started: bool


class Progress:
    """One line on the terminal, rewritten as the fit proceeds; silent when not wanted.

    Parameters
    ----------
    shown : bool
    """

    def __init__(self, *, shown: bool) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._shown = shown

    @contextlib.contextmanager
    def running(self) -> Iterator[Progress]:
        """Show the line while the block runs."""
        if not self._shown:
            yield self
            return
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with Bar(*columns, console=Console(stderr=True)) as self._bar:
            yield self
        self._bar = None

    def step(self, text: str) -> None:
        """Start a step whose length is unknown."""
        if self._bar is None:
            return
        if self._task is not None:
            self._bar.update(self._task, total=1, completed=1)
        self._task = self._bar.add_task(text, total=None)

    def chains(self, stage: str, chains: Sequence[ChainProgress]) -> None:
        """Show how far the chains are."""
        if self._bar is None or not chains:
            return
        done = sum(chain.finished_draws for chain in chains)
        total = sum(chain.total_draws for chain in chains)
        phase = "warm-up" if any(c.tuning and c.started for c in chains) else "sampling"
        divergent = sum(chain.divergences for chain in chains if not chain.tuning)
        note = f", {divergent} divergences" if divergent else ""
        self._bar.update(
            self._task, description=f"{stage}: {phase}{note}", total=total, completed=done
        )
