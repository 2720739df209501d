"""Doing jobs in parallel: the tasks of their steps go to the next free process."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from emotion_models.errors import SamplingError
from emotion_models.inference.approximation.importance import weighed
from emotion_models.inference.board import Board
from emotion_models.inference.jobs import WORKERS, Job, Sampled, Settings
from emotion_models.inference.progress import Progress
from emotion_models.inference.steps import KEPT, Steps, Task, forget, run, steps_of

MINIMUM_PARTIAL: Final = 100
"""Kept draws per chain below which an interrupted chain is thrown away."""

GRACE: Final = 10.0
"""Seconds that chains have to hand over what they have after an interrupt."""


def sample(jobs: Mapping[str, Job], settings: Settings, progress: Progress) -> dict[str, Sampled]:
    """Sample jobs; an interrupt (Ctrl-C) keeps what is usable.

    Chains run in processes of their own, one thread each: in one process XLA's threads get in
    the chains' way. With one core they run here, one by one.

    Parameters
    ----------
    jobs : mapping of str to Job
        Most wanted first.
    settings : Settings
    progress : Progress

    Returns
    -------
    dict of str to Sampled
        All jobs; after an interrupt those that were complete, or else the first that is
        usable in part, or nothing.

    Raises
    ------
    SamplingError
        If a job could not be compiled or sampled.
    """
    first = {name: i * settings.chains for i, name in enumerate(jobs)}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        board = Board.create(Path(folder), settings.chains * len(jobs))

        def watch() -> None:
            for name, row in first.items():
                progress.chains(name, board.read(range(row, row + settings.chains)))

        courses = [
            _Course(steps_of(name, job, settings), first[name]) for name, job in jobs.items()
        ]
        if settings.cores == 1:
            _here(courses, board, watch)
        else:
            _in_processes(courses, settings.cores, board, watch)
    found = usable(
        {name: each.found or [] for name, each in zip(jobs, courses, strict=True)}, settings
    )
    if settings.method == "nuts":
        return found
    return {name: weighed(block, settings.seed) for name, block in found.items()}


def usable(finished: Mapping[str, list[Sampled]], settings: Settings) -> dict[str, Sampled]:
    """Join chains to blocks: the complete ones, or else the first that is usable in part.

    Parameters
    ----------
    finished : mapping of str to list of Sampled
        Chains of each block, most wanted block first.
    settings : Settings
    """
    complete = {
        name: _joined(chains)
        for name, chains in finished.items()
        if len(chains) == settings.chains and all(chain.complete for chain in chains)
    }
    if complete:
        return complete
    enough = min(MINIMUM_PARTIAL, settings.draws)
    for name, chains in finished.items():
        long = [chain for chain in chains if chain.posterior.sizes["draw"] >= enough]
        if len(long) >= min(2, settings.chains):
            return {name: replace(_joined(long), complete=False)}
    return {}


def _joined(chains: list[Sampled]) -> Sampled:
    """Put chains side by side, cut to a common length."""
    import xarray as xr

    shortest = min(chain.posterior.sizes["draw"] for chain in chains)
    number = {"chain": range(len(chains))}
    cut = [chain.posterior.isel(draw=slice(0, shortest)) for chain in chains]
    return Sampled(
        xr.concat(cut, dim="chain").assign_coords(number),
        xr.concat([chain.stats for chain in chains], dim="chain").assign_coords(number),
        {step: max(chain.seconds[step] for chain in chains) for step in chains[0].seconds},
        all(chain.complete for chain in chains),
        _people(chains, number),
    )


def _people(chains: list[Sampled], number: dict[str, Any]) -> Any:
    """People of all chains; None where they are among the other draws."""
    import xarray as xr

    people = [chain.people for chain in chains if chain.people is not None]
    return xr.concat(people, dim="chain").assign_coords(number) if people else None


@dataclass
class _Course:
    """A job on its way."""

    steps: Steps
    first: int
    """Its first row of the board."""
    tasks: list[Task] = field(default_factory=list)
    futures: dict[int, Future[Any]] = field(default_factory=dict)
    """Of the tasks that were started, by their place."""
    found: list[Sampled] | None = None
    """Its chains, at the end."""

    def move(self, results: list[Any] | None) -> bool:
        """Go to the next step; whether there is one."""
        self.futures = {}
        try:
            self.tasks = next(self.steps) if results is None else self.steps.send(results)
        except StopIteration as end:
            self.found = end.value
            return False
        return True

    def row(self, task: Task) -> int:
        """Row of the board of a task."""
        return self.first + task.number

    def next(self, *, prepares: bool) -> int | None:
        """Place of the first task that was not started; one that prepares, or that does not."""
        for place, task in enumerate(self.tasks):
            if place not in self.futures and task.prepares == prepares:
                return place
        return None

    def results(self) -> list[Any] | None:
        """Results of the step; None while some are missing."""
        if len(self.futures) < len(self.tasks):
            return None
        futures = [self.futures[place] for place in range(len(self.tasks))]
        return [each.result() for each in futures] if all(e.done() for e in futures) else None

    def keep(self, results: list[Any]) -> None:
        """Keep what an interrupt leaves of a step."""
        self.found = [each for each in results if isinstance(each, Sampled)]


def _here(courses: list[_Course], board: Board, watch: Callable[[], None]) -> None:
    """Do all jobs in this process, one after the other."""
    forget()
    try:
        for course in courses:
            results = None
            while course.move(results):
                results = []
                for task in course.tasks:
                    try:
                        results.append(run(task, board, course.row(task), watch))
                    except KeyboardInterrupt:
                        board.stop()
                    if board.stopped or _cut_short(results[-1:]):
                        course.keep(results)
                        return
    finally:
        forget()


def _cut_short(results: list[Any]) -> bool:
    """Whether a chain among them was interrupted."""
    return any(isinstance(each, Sampled) and not each.complete for each in results)


def _in_processes(
    courses: list[_Course], cores: int, board: Board, watch: Callable[[], None]
) -> None:
    """Do the jobs in as many processes as there are cores, some side by side."""
    from loky import ProcessPoolExecutor
    from loky.process_executor import BrokenProcessPool

    pool = ProcessPoolExecutor(cores, env=WORKERS)
    waiting, active = list(courses), list[_Course]()
    try:
        with _children_ignore_interrupts():
            pool.submit(int).result()  # starts the processes, which inherit it
        while waiting or active:
            while waiting and len(active) < KEPT:
                active.append(waiting.pop(0))
                active[-1].move(None)
            _start(active, cores, lambda task, row: pool.submit(run, task, board, row))
            _await([each for course in active for each in course.futures.values()], watch)
            for course in list(active):
                results = course.results()
                if results is not None and not course.move(results):
                    active.remove(course)
    except KeyboardInterrupt:
        board.stop()
        wait([each for course in active for each in course.futures.values()], timeout=GRACE)
        for course in active:
            futures = [course.futures[place] for place in sorted(course.futures)]
            course.keep([each.result() for each in futures if each.done() and not each.exception()])
    except BrokenProcessPool as error:
        raise SamplingError(
            f"a sampling process ended by itself, perhaps for want of memory ({error}); "
            "sample fewer chains at a time: set LOKY_MAX_CPU_COUNT=1 in the environment"
        ) from error
    finally:
        board.stop()
        pool.shutdown(kill_workers=True)


def _start(active: list[_Course], cores: int, submit: Callable[[Task, int], Future[Any]]) -> None:
    """Give free processes something to do: what chains wait for, then chains of the first jobs."""
    busy = sum(not each.done() for course in active for each in course.futures.values())
    for prepares in (True, False):
        for course in active:
            place = course.next(prepares=prepares)
            while place is not None and busy < cores:
                task = course.tasks[place]
                course.futures[place] = submit(task, course.row(task))
                busy += 1
                place = course.next(prepares=prepares)


def _await(futures: list[Future[Any]], watch: Callable[[], None]) -> None:
    """Wait a while for one of them, telling how far they are; raise the first error."""
    pending = {each for each in futures if not each.done()}
    wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
    watch()
    for each in futures:
        if each.done():
            each.result()


@contextmanager
def _children_ignore_interrupts() -> Iterator[None]:
    """Processes started here leave Ctrl-C to this one, which tells them what to do."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread: interrupts never come here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
