"""Telling the user what is happening: compiling, warm-up, sampling, checking."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from emotion_models.fit_status import Stage, current_status
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

    Whether shown or not, a file beside the fit is told the same where there is one (`fit_status`).

    Parameters
    ----------
    shown : bool
    """

    def __init__(self, *, shown: bool) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._stages: dict[str, Any] = {}
        self._shown = shown
        self._told = current_status()

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
        if self._told is not None:
            self._told.step(text)
        if self._bar is None:
            return
        if self._task is not None:
            self._bar.update(self._task, total=1, completed=1)
        self._task = self._bar.add_task(text, total=None)

    def remark(self, text: str) -> None:
        """Say something that stays above the lines."""
        if self._told is not None:
            self._told.remark(text)
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)

    def chains(self, stage: str, chains: Sequence[ChainState]) -> None:
        """Show how far the chains of a stage are."""
        phases = {chain.phase for chain in chains}
        if phases == {Phase.WAITING}:
            return
        active = phases - {Phase.WAITING, Phase.DONE}
        state = Stage(
            name=stage,
            phase=_WORDS[min(active or phases)],
            done=sum(chain.done for chain in chains),
            total=max(chain.total for chain in chains) * len(chains),
            divergences=sum(chain.divergences for chain in chains),
        )
        if self._told is not None:
            self._told.stage(state)
        if self._bar is not None:
            self._draw(state)

    def _draw(self, state: Stage) -> None:
        if state.name not in self._stages:
            self._stages[state.name] = self._bar.add_task(state.name, total=None)
        note = f", {state.divergences} divergences" if state.divergences else ""
        self._bar.update(
            self._stages[state.name],
            description=f"{state.name}: {state.phase}{note}",
            total=state.total or None,
            completed=state.done,
        )
