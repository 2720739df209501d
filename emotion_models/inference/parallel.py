"""Sampling jobs in parallel: every chain of every job is a task for the next free process."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from emotion_models.errors import SamplingError
from emotion_models.inference.approximation.approximator import Approximator
from emotion_models.inference.approximation.importance import weighed
from emotion_models.inference.board import Board, ChainState, Phase
from emotion_models.inference.jobs import ONE_THREAD, Job, Sampled, Settings
from emotion_models.inference.progress import Progress
from emotion_models.inference.sampling import Sampler

MINIMUM_PARTIAL: Final = 100
"""Kept draws per chain below which an interrupted chain is thrown away."""

GRACE: Final = 10.0
"""Seconds that chains have to hand over what they have after an interrupt."""

KEPT_SAMPLERS: Final = 4
"""Compiled jobs that a process keeps: chains of a job follow each other, jobs may be many."""

Task = tuple[str, Job, Settings, int, Board, int]
Chains = dict[str, list[Sampled]]
_samplers: dict[str, Sampler | Approximator] = {}


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

        tasks: list[Task] = [
            (name, job, settings, chain, board, first[name] + chain)
            for name, job in jobs.items()
            for chain in range(settings.chains)
        ]
        if settings.cores == 1:
            finished = _here(tasks, board, watch)
        else:
            finished = _in_processes(tasks, settings.cores, board, watch)
    found = usable({name: finished.get(name, []) for name in jobs}, settings)
    if settings.method == "nuts":
        return found
    return {name: weighed(block, settings.seed) for name, block in found.items()}


def available_cores() -> int:
    """Cores that this process may use, limits of containers included."""
    from loky import cpu_count

    return int(cpu_count())


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
    )


def _chain(
    name: str,
    job: Job,
    settings: Settings,
    chain: int,
    board: Board,
    row: int,
    watch: Callable[[], None] | None = None,
) -> Sampled | None:
    """Sample one chain in this process, which compiles each job once."""

    def tell(state: ChainState) -> None:
        board.write(row, state)
        if watch is not None:
            watch()

    if board.stopped:
        return None
    if name not in _samplers:
        tell(ChainState(Phase.COMPILING))
    result = _sampler(name, job, settings).chain(chain, tell, lambda: board.stopped)
    if result is not None:
        steps = settings.tune + settings.draws * job.thin
        divergent = result.stats.get("divergences")
        count = 0 if divergent is None else int(divergent.sum())
        tell(ChainState(Phase.DONE, steps, steps, count))
    return result


def _sampler(name: str, job: Job, settings: Settings) -> Sampler | Approximator:
    """Compile a job once in this process."""
    if name not in _samplers:
        while len(_samplers) >= KEPT_SAMPLERS:
            _samplers.pop(next(iter(_samplers)))
        kind = Sampler if settings.method == "nuts" else Approximator
        _samplers[name] = kind(job, settings)
    return _samplers[name]


def _compile(name: str, job: Job, settings: Settings, _: int, board: Board, row: int) -> None:
    """Compile a job ahead of its chains."""
    if not board.stopped:
        board.write(row, ChainState(Phase.COMPILING))
        _sampler(name, job, settings)


def _here(tasks: list[Task], board: Board, watch: Callable[[], None]) -> Chains:
    """Run the tasks in this process, one after the other."""
    finished: Chains = {}
    _samplers.clear()
    try:
        for task in tasks:
            result = _chain(*task, watch)
            if result is not None:
                finished.setdefault(task[0], []).append(result)
            if result is None or not result.complete:
                break
    except KeyboardInterrupt:
        board.stop()
    finally:
        _samplers.clear()
    return finished


def _in_processes(tasks: list[Task], cores: int, board: Board, watch: Callable[[], None]) -> Chains:
    """Run the tasks in as many processes as there are cores."""
    from loky import ProcessPoolExecutor
    from loky.process_executor import BrokenProcessPool

    pool = ProcessPoolExecutor(min(cores, len(tasks)), env=ONE_THREAD)
    futures: dict[Future[Any], str] = {}
    try:
        with _children_ignore_interrupts():
            # Jobs are compiled side by side, where chains of one would wait for each other.
            first = [task for task in tasks if task[3] == 0][:KEPT_SAMPLERS]
            futures = {pool.submit(_compile, *task): task[0] for task in first}
            futures |= {pool.submit(_chain, *task): task[0] for task in tasks}
        try:
            _await(futures, watch)
        except KeyboardInterrupt:
            board.stop()
            wait(futures, timeout=GRACE)
        # In the order of the chains, whichever process was first.
        finished: Chains = {}
        for future, name in futures.items():
            result = future.result() if future.done() and not future.exception() else None
            if result is not None:
                finished.setdefault(name, []).append(result)
        return finished
    except BrokenProcessPool as error:
        raise SamplingError(
            f"a sampling process ended by itself, perhaps for want of memory ({error}); "
            "sample fewer chains at a time: set LOKY_MAX_CPU_COUNT=1 in the environment"
        ) from error
    finally:
        board.stop()
        pool.shutdown(kill_workers=True)


def _await(futures: Mapping[Future[Any], str], watch: Callable[[], None]) -> None:
    """Wait until all are done, telling how far they are; raise the first error."""
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=0.2, return_when=FIRST_EXCEPTION)
        watch()
        for future in done:
            future.result()


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
