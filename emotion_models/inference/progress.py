"""Telling the user what is happening: compiling, warm-up, sampling, checking."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from emotion_models.inference.board import ChainState, Phase

_WORDS = {
    Phase.WAITING: "waiting",
    Phase.COMPILING: "compiling",
    Phase.APPROXIMATING: "approximating",
    Phase.WARM_UP: "warm-up",
    Phase.SAMPLING: "sampling",
    Phase.WEIGHTING: "weighting",
    Phase.DONE: "sampled",
}


class Progress:
    """A line per stage on the terminal, rewritten as the fit proceeds; silent when not wanted.

    Parameters
    ----------
    shown : bool
    """

    def __init__(self, *, shown: bool) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._stages: dict[str, Any] = {}
        self._shown = shown

    @contextlib.contextmanager
    def running(self) -> Iterator[Progress]:
        """Show the lines while the block runs."""
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

    def remark(self, text: str) -> None:
        """Say something that stays above the lines."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)

    def chains(self, stage: str, chains: Sequence[ChainState]) -> None:
        """Show how far the chains of a stage are."""
        phases = {chain.phase for chain in chains}
        if self._bar is None or phases == {Phase.WAITING}:
            return
        if stage not in self._stages:
            self._stages[stage] = self._bar.add_task(stage, total=None)
        active = phases - {Phase.WAITING, Phase.DONE}
        phase = _WORDS[min(active or phases)]
        divergent = sum(chain.divergences for chain in chains)
        note = f", {divergent} divergences" if divergent else ""
        longest = max(chain.total for chain in chains)
        self._bar.update(
            self._stages[stage],
            description=f"{stage}: {phase}{note}",
            total=longest * len(chains) or None,
            completed=sum(chain.done for chain in chains),
        )
