"""How a job is done, step by step: the tasks of a step run side by side, then comes the next.

A job is a generator: it hands out the tasks of a step, is sent their results, and returns its
chains. Who runs the tasks, here or in several processes, is `emotion_models.inference.parallel`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from emotion_models.inference.approximation.approximator import Approximator
from emotion_models.inference.board import Board, ChainState, Phase
from emotion_models.inference.expansion.expand import Expansion
from emotion_models.inference.expansion.sampler import ExpansionSampler, judged, trusted
from emotion_models.inference.jobs import Job, Sampled, Settings
from emotion_models.inference.sampling import Sampler

KEPT: Final = 4
"""Compiled jobs that a process keeps: tasks of a job follow each other, jobs may be many."""

Act = Literal["compile", "chain", "climb", "rows", "centre", "expanded chain"]
Steps = Generator[list["Task"], list[Any], list[Sampled]]
_compiled: dict[tuple[str, bool], Sampler | Approximator | ExpansionSampler] = {}


@dataclass(frozen=True)
class Task:
    """Something to do for a job.

    Parameters
    ----------
    act : str
        What.
    name : str
        Of the job.
    job : Job
    settings : Settings
    number : int
        Which of the step's tasks; of a chain its number.
    expansion : Expansion, optional
    """

    act: Act
    name: str
    job: Job
    settings: Settings
    number: int = 0
    expansion: Expansion | None = None

    @property
    def prepares(self) -> bool:
        """Whether chains wait for it."""
        return self.act not in ("chain", "expanded chain")


def steps_of(name: str, job: Job, settings: Settings) -> Steps:
    """Sample a job: through its expanded likelihood where that can be trusted.

    Parameters
    ----------
    name : str
    job : Job
    settings : Settings

    Returns
    -------
    generator
        Of lists of tasks; returns the chains.
    """
    if job.expand and settings.method == "nuts":
        found = yield from _expanded(name, job, settings)
        if found:
            return found
    task = Task("chain", name, job, settings)
    chains = [replace(task, number=k) for k in range(settings.chains)]
    # Jobs are compiled side by side, where chains of one would wait for each other.
    found = yield [replace(task, act="compile"), *chains]
    return _chains(found)


def _expanded(name: str, job: Job, settings: Settings) -> Steps:
    """Expand the likelihood, sample, weight; nothing where the weights cannot be trusted."""
    task = Task("climb", name, job, settings)
    (expansion,) = yield [task]
    for again in (True, False):
        if expansion is not None and not expansion.curved:
            expansion = yield from _curved(replace(task, act="rows", expansion=expansion))
        if expansion is None:
            return []
        if again:
            (moved,) = yield [replace(task, act="centre", expansion=expansion)]
            if moved is None:
                break
            expansion = moved
    task = replace(task, act="expanded chain", expansion=expansion)
    chains = _chains((yield [replace(task, number=k) for k in range(settings.chains)]))
    if len(chains) < settings.chains:
        return []
    chains = judged(chains)
    return chains if trusted(chains) else []


def _curved(task: Task) -> Generator[list[Task], list[Any], Expansion | None]:
    """Find the curvature of an expansion of first order, its rows side by side."""
    parts = yield [replace(task, number=k) for k in range(_parts(task))]
    if task.expansion is None or any(each is None for each in parts):
        return None
    rows, lean = (_interleaved(each) for each in zip(*parts, strict=True))
    return replace(task.expansion, curvature=(rows + rows.T) / 2, lean=lean)


def _parts(task: Task) -> int:
    """Tasks that the rows of a curvature are shared out to."""
    return min(task.settings.cores, task.settings.chains)


def _chains(results: list[Any]) -> list[Sampled]:
    return [each for each in results if isinstance(each, Sampled)]


def _interleaved(parts: tuple[Any, ...]) -> Any:
    """Put every so many-th rows together again."""
    found = np.empty((sum(map(len, parts)), *parts[0].shape[1:]))
    for k, each in enumerate(parts):
        found[k :: len(parts)] = each
    return found


def run(task: Task, board: Board, row: int, watch: Callable[[], None] | None = None) -> Any:
    """Do a task in this process, telling how it goes; None when stopped.

    Parameters
    ----------
    task : Task
    board : Board
    row : int
        Of the board.
    watch : callable, optional
        Called after everything told.

    Raises
    ------
    SamplingError
        If the job could not be compiled or sampled.
    """

    def tell(state: ChainState) -> None:
        board.write(row, state)
        if watch is not None:
            watch()

    def stopped() -> bool:
        return board.stopped

    if stopped():
        return None
    if _key(task) not in _compiled:
        tell(ChainState(Phase.COMPILING))
    compiled = _compile(task)
    if task.act == "compile":
        return None
    if isinstance(compiled, ExpansionSampler):
        found = _of_expansion(compiled, task, tell, stopped)
    else:
        found = compiled.chain(task.number, tell, stopped)
    if isinstance(found, Sampled):
        steps = task.settings.tune + task.settings.draws * task.job.thin
        divergent = found.stats.get("divergences")
        count = 0 if divergent is None else int(divergent.sum())
        tell(ChainState(Phase.DONE, steps, steps, count))
    return found


def forget() -> None:
    """Let go of all compiled jobs of this process."""
    _compiled.clear()


def _of_expansion(compiled: ExpansionSampler, task: Task, tell: Any, stopped: Any) -> Any:
    if task.expansion is None:
        return compiled.climb(tell, stopped)
    if task.act == "rows":
        return compiled.rows(task.expansion, task.number, _parts(task), tell, stopped)
    if task.act == "centre":
        return compiled.centred(task.expansion, tell, stopped)
    return compiled.chain(task.expansion, task.number, tell, stopped)


def _key(task: Task) -> tuple[str, bool]:
    return task.name, task.act not in ("compile", "chain")


def _compile(task: Task) -> Sampler | Approximator | ExpansionSampler:
    """Compile a task's job once in this process."""
    key = _key(task)
    if key not in _compiled:
        while len(_compiled) >= KEPT:
            _compiled.pop(next(iter(_compiled)))
        expand = key[1]
        plain = Sampler if task.settings.method == "nuts" else Approximator
        _compiled[key] = (ExpansionSampler if expand else plain)(task.job, task.settings)
    return _compiled[key]
