"""`Desk`: the fit on the page; loaded behind the first request, asked one question at a time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from emotion_models.errors import EmotionModelsError, InputProblems, Problem

if TYPE_CHECKING:
    from emotion_models.app.study import Study
    from emotion_models.inference import Fit
    from emotion_models.simulation import Change, Simulation

DRAWS: Final = 1000
REMEMBERED: Final = 48
POLL: Final = 0.4
PAUSE: Final = 0.05
State = Literal["waiting", "loading", "ready", "failed"]


@dataclass(frozen=True)
class Loaded:
    """A fit and what the page shows of it.

    Parameters
    ----------
    fit : Fit
    study : Study
    mark : tuple of int
        Which file it was.
    """

    fit: Fit
    study: Study
    mark: tuple[int, int]


class Desk:
    """What the page works on.

    Parameters
    ----------
    path : Path
        Of the saved fit, which may not be there yet.
    draws : int
        Posterior draws to use at most.
    """

    def __init__(self, path: Path, *, draws: int = DRAWS) -> None:
        self.path, self.draws = path, draws
        self.state: State = "waiting"
        self.failure = ""
        self.seconds = 0.0  # that the last answer took
        self.loaded: Loaded | None = None
        self._lock = threading.Lock()
        self._asked: OrderedDict[Change, Simulation] = OrderedDict()
        self._stop = threading.Event()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="fit", daemon=True)

    def start(self) -> None:
        """Begin to load, or to wait for the file."""
        self._thread.start()

    def close(self, *, patience: float = 1.0) -> bool:
        """Stop waiting.

        Parameters
        ----------
        patience : float
            Seconds to let the loading thread end.

        Returns
        -------
        bool
            Whether it ended; what it does may be in the middle of compiled code.
        """
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(patience)
        return not self._thread.is_alive()

    def reload(self) -> None:
        """Load the file again."""
        self.state = "loading"
        self._again.set()

    @property
    def newer(self) -> bool:
        """Whether the file is another than the one that was loaded."""
        if self.loaded is None or self.state != "ready":
            return False
        mark = file_mark(self.path)
        return mark is not None and mark != self.loaded.mark

    @property
    def study(self) -> Study:
        """What the page shows of the fit; only when it is ready."""
        assert self.loaded is not None
        return self.loaded.study

    @property
    def fit(self) -> Fit:
        """The fit; only when it is ready."""
        assert self.loaded is not None
        return self.loaded.fit

    def simulate(self, change: Change) -> Simulation:
        """Ask the fit; the same question again is answered from memory.

        Raises
        ------
        InputProblems
            With every problem of the change.
        """
        from emotion_models.app.people import check_enough
        from emotion_models.simulation import simulate

        with self._lock:
            self.seconds = 0.0
            if change in self._asked:
                self._asked.move_to_end(change)
                return self._asked[change]
            start = time.perf_counter()
            check_enough(self.fit, change)
            found = simulate(self.fit, change, draws=self.draws)
            self.seconds = time.perf_counter() - start
            self._asked[change] = found
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
            return found

    def _warm(self, study: Study) -> None:
        """Ask ahead what somebody will ask first, while nobody waits."""
        for change in _first_move(study):
            if self._stop.wait(PAUSE):  # whoever waits for an answer goes first
                return
            with contextlib.suppress(EmotionModelsError):
                self.simulate(change)

    def _watch(self) -> None:
        """Wait for the file, load it, and load it again when asked to or when it failed."""
        while not self._stop.is_set():
            mark = file_mark(self.path)
            if mark is None:
                self.state = "waiting" if self.loaded is None else self.state
                self._stop.wait(POLL)
                continue
            self._load(mark)
            while not self._stop.wait(POLL):
                if self._again.is_set():
                    self._again.clear()
                    break
                if self.state == "failed" and file_mark(self.path) != mark:
                    break

    def _load(self, mark: tuple[int, int]) -> None:
        if self.loaded is None:
            self.state = "loading"
        try:
            from emotion_models.app.study import study_of
            from emotion_models.inference import load
            from emotion_models.simulation import Change

            fit = load(self.path)
            if not fit.model.outcomes:
                why = "was fitted without outcomes: nothing would follow from a change"
                raise InputProblems("page", [Problem(self.path.name, why, "fit it with outcomes")])
            study = study_of(fit)
            with self._lock:
                self._asked.clear()
                self.loaded = Loaded(fit, study, mark)
            self.simulate(Change())
            self.state = "ready"
            self._warm(study)
        except EmotionModelsError as error:
            self.state, self.failure = "failed", str(error)
        except Exception as error:  # noqa: BLE001  # a thread has nobody to tell; the page has
            self.state = "failed"
            self.failure = f"{type(error).__name__}: {error}. This was not foreseen."


def _first_move(study: Study) -> Iterator[Change]:
    """One move of a lever at every station: the first there takes longest."""
    from emotion_models.simulation import Change

    for station in study.stations:
        for dial in station.dials[:1]:
            value = dial.low if dial.kind == "numeric" else dial.options[-1][0]
            to = float(value) if dial.kind != "categorical" else value
            yield Change().at(station.name).lever(dial.name, to=to)


def file_mark(path: Path) -> tuple[int, int] | None:
    """What tells one version of a file from another; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
