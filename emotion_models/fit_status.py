"""A small file beside a fit in progress that says how far it is, for those who watch.

``emotion-models fit ... --out stays.fit`` keeps ``stays.fit.progress`` while it runs: written to
a temporary name and renamed, removed when the fit is there, and replaced by the reason when it
stops without one. Standard library only: who waits for a fit need not load what fits.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from emotion_models.files import write_text

FORMAT: Final = "emotion-models fit in progress"
ENDING: Final = ".progress"
MAX_BYTES: Final = 64 * 1024
MAX_REMARKS: Final = 20
OFTEN: Final = 0.5
SILENT: Final = 120.0
"""Seconds without a word after which a fit on another machine counts as gone."""
State = Literal["running", "failed", "interrupted", "gone"]


@dataclass(frozen=True)
class Stage:
    """How far a stage of the model is.

    Parameters
    ----------
    name, phase : str
    done, total : int
        Steps of all chains; `total` is 0 while nobody knows it.
    divergences : int
    """

    name: str
    phase: str
    done: int = 0
    total: int = 0
    divergences: int = 0


@dataclass(frozen=True)
class Status:
    """What a fit in progress says of itself.

    Parameters
    ----------
    state : {"running", "failed", "interrupted", "gone"}
        `gone`: it no longer runs and did not say why.
    step : str
        What it does, outside the stages.
    stages : tuple of Stage
    remarks : tuple of str
    message : str
        Why it failed.
    started, updated : float
        Seconds since 1970.
    pid : int
    host : str
    """

    state: State = "running"
    step: str = "starting"
    stages: tuple[Stage, ...] = ()
    remarks: tuple[str, ...] = ()
    message: str = ""
    started: float = 0.0
    updated: float = 0.0
    pid: int = 0
    host: str = ""


@dataclass
class StatusFile:
    """Writes the status of one fit.

    Parameters
    ----------
    path : Path
    status : Status
    """

    path: Path
    status: Status = field(default_factory=Status)
    _written: float = 0.0

    def step(self, text: str) -> None:
        """Say what is being done."""
        self._tell(replace(self.status, step=text), now=True)

    def remark(self, text: str) -> None:
        """Add a remark that stays."""
        remarks = (*self.status.remarks, text)[-MAX_REMARKS:]
        self._tell(replace(self.status, remarks=remarks), now=True)

    def stage(self, stage: Stage) -> None:
        """Say how far a stage is; written twice a second at most."""
        others = {one.name: one for one in self.status.stages}
        stages = tuple({**others, stage.name: stage}.values())
        self._tell(replace(self.status, stages=stages), now=False)

    def end(self, state: State, message: str) -> None:
        """Say that there will be no fit, and why."""
        self._tell(replace(self.status, state=state, message=message), now=True)

    def remove(self) -> None:
        """The fit is there."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _tell(self, status: Status, *, now: bool) -> None:
        self.status = replace(status, updated=time.time())
        if not now and time.monotonic() - self._written < OFTEN:
            return
        self._written = time.monotonic()
        # Nobody's fit may fail because its status could not be written.
        with contextlib.suppress(OSError):
            write_text(self.path, json.dumps({"format": FORMAT, **asdict(self.status)}))


_CURRENT: ContextVar[StatusFile | None] = ContextVar("fit_status", default=None)


def current_status() -> StatusFile | None:
    """The file to which a fit that starts now tells how far it is, if any."""
    return _CURRENT.get()


@contextlib.contextmanager
def told_beside(out: Path) -> Iterator[StatusFile]:
    """Let fits in this block tell how far they are, in a file beside their result.

    Parameters
    ----------
    out : Path
        Where the fit will be saved.

    Yields
    ------
    StatusFile
    """
    now = time.time()
    status = Status(started=now, pid=os.getpid(), host=socket.gethostname())
    told = StatusFile(status_path(out), status)
    told.step("reading the survey")
    token = _CURRENT.set(told)
    try:
        yield told
    except KeyboardInterrupt:
        told.end("interrupted", "The fit was interrupted before it was usable.")
        raise
    except BaseException as error:
        told.end("failed", f"{error}" or type(error).__name__)
        raise
    else:
        told.remove()
    finally:
        _CURRENT.reset(token)


def status_path(out: Path) -> Path:
    """The file beside a fit."""
    return out.with_name(out.name + ENDING)


def read_status(out: Path) -> Status | None:
    """Read what a fit in progress says.

    Parameters
    ----------
    out : Path
        Where the fit will be.

    Returns
    -------
    Status or None
        None where nothing is in progress, or the file is not one of ours.
    """
    path = status_path(out)
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
        status = _status(found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if status.state == "running" and not _alive(status):
        return replace(status, state="gone")
    return status


def _status(found: dict[str, Any]) -> Status:
    if found["format"] != FORMAT or found["state"] not in {"running", "failed", "interrupted"}:
        raise ValueError("not a status")
    return Status(
        state=found["state"],
        step=str(found["step"]),
        stages=tuple(
            Stage(
                str(one["name"]), str(one["phase"]),
                int(one["done"]), int(one["total"]), int(one["divergences"]),
            )
            for one in found["stages"]
        ),
        remarks=tuple(str(one) for one in found["remarks"]),
        message=str(found["message"]),
        started=float(found["started"]),
        updated=float(found["updated"]),
        pid=int(found["pid"]),
        host=str(found["host"]),
    )  # fmt: skip


def _alive(status: Status) -> bool:
    """Whether the process that writes is there; of another machine, whether it spoke lately."""
    if status.host != socket.gethostname():
        return time.time() - status.updated < SILENT
    try:
        os.kill(status.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
