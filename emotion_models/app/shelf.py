"""`Shelf`: scenarios as files in a folder beside the fit.

A scenario is a change in TOML, with a few facts about it in comments above, so that
``emotion-models simulate FIT SCENARIO.toml`` reads the same file. Every edit is saved at once, to
a temporary name that then becomes the file. Edits are numbered: a browser tab that works on an
older number than the file has is told so, and neither version is lost.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock

from emotion_models.app.scenario_file import (
    MAX_STEPS,
    Scenario,
    clean_name,
    scenario_from,
    scenario_text,
)
from emotion_models.errors import EmotionModelsError, InputProblems
from emotion_models.files import write_text
from emotion_models.simulation import Change

MAX_SCENARIOS: Final = 200
MAX_BYTES: Final = 64 * 1024
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DELETED: Final = ".deleted"


class ShelfError(EmotionModelsError):
    """A scenario cannot be read or written; the message says why and what to do."""


class Conflict(ShelfError):
    """Somebody else saved the scenario meanwhile."""


@dataclass(frozen=True)
class Unreadable:
    """A file in the folder that is no scenario, and why."""

    id: str
    why: str


@dataclass
class Shelf:
    """All scenarios of a fit.

    Parameters
    ----------
    folder : Path
    fit : str
        Hash of the data of the fit.
    """

    folder: Path
    fit: str = ""
    _seen: dict[str, tuple[tuple[int, int], Scenario]] = field(default_factory=dict)

    def ids(self) -> list[str]:
        """Names of all scenario files, alphabetically; nothing else in the folder counts."""
        if not self.folder.is_dir():
            return []
        stems = [path.stem for path in self.folder.glob("*.toml") if path.is_file()]
        return sorted(stem for stem in stems if _ID.fullmatch(stem))[:MAX_SCENARIOS]

    def every(self) -> list[Scenario | Unreadable]:
        """All scenarios, last saved first; files that are none come last, with the reason."""
        good: list[Scenario] = []
        bad: list[Unreadable] = []
        for id_ in self.ids():
            try:
                good.append(self.read(id_))
            except ShelfError as error:
                bad.append(Unreadable(id_, str(error)))
        return [*sorted(good, key=lambda one: one.saved, reverse=True), *bad]

    def read(self, id_: str) -> Scenario:
        """Read one scenario.

        Raises
        ------
        ShelfError
            If there is none of this name, or the file cannot be read.
        """
        path = self._path(id_)
        try:
            stat = path.stat()
            if stat.st_size > MAX_BYTES:
                raise ShelfError(f"'{path.name}' is larger than {MAX_BYTES // 1024} kB")
            mark = (stat.st_mtime_ns, stat.st_size)
            if id_ not in self._seen or self._seen[id_][0] != mark:
                text = path.read_text(encoding="utf-8")
                self._seen[id_] = mark, scenario_from(text, id_)
        except OSError as error:
            raise ShelfError(f"There is no scenario '{id_}' (any more).") from error
        except UnicodeDecodeError as error:
            raise ShelfError(f"'{path.name}' is not UTF-8 text.") from error
        except InputProblems as error:
            raise ShelfError(f"'{path.name}' cannot be read. {_all(error)}") from error
        return self._seen[id_][1]

    def create(self, name: str, change: Change, *, fit: str | None = None) -> Scenario:
        """Put a new scenario on the shelf; its name is made unlike the others'."""
        with self._locked():
            ids = self.ids()
            if len(ids) >= MAX_SCENARIOS:
                raise ShelfError(f"There are {MAX_SCENARIOS} scenarios; delete some first.")
            own = self.fit if fit is None else fit
            scenario = Scenario(self._free(name, ids), clean_name(name), change, own)
            return self._write(scenario)

    def save(self, wanted: Scenario, *, version: int, tab: str) -> Scenario:
        """Save an edited scenario.

        Parameters
        ----------
        wanted : Scenario
        version : int
            The version that was edited.
        tab : str
            Who edits.

        Returns
        -------
        Scenario
            As saved, with its new version.

        Raises
        ------
        Conflict
            If somebody else saved another version meanwhile.
        """
        with self._locked():
            there = self.read(wanted.id)
            if there.version != version and there.tab != tab:
                raise Conflict(
                    f"\u201c{there.name}\u201d was changed elsewhere, in another tab perhaps."
                )
            return self._write(replace(wanted, version=there.version, tab=tab))

    def delete(self, id_: str) -> str:
        """Take a scenario off the shelf; the file is kept under another name, which is returned."""
        with self._locked():
            path = self._path(id_)
            bin_ = self.folder / _DELETED
            bin_.mkdir(exist_ok=True)
            kept = f"{id_[:50]}-{secrets.token_hex(4)}"
            try:
                path.replace(bin_ / f"{kept}.toml")
            except OSError as error:
                raise ShelfError(f"There is no scenario '{id_}' (any more).") from error
            return kept

    def restore(self, kept: str) -> Scenario:
        """Put a deleted scenario back."""
        if not _ID.fullmatch(kept):
            raise ShelfError("There is no such deleted scenario.")
        path = self.folder / _DELETED / f"{kept}.toml"
        try:
            old = scenario_from(path.read_text(encoding="utf-8"), kept)
        except (OSError, UnicodeDecodeError, InputProblems) as error:
            raise ShelfError("There is no such deleted scenario.") from error
        back = self.create(old.name, old.change, fit=old.fit)
        path.unlink(missing_ok=True)
        return back

    def _path(self, id_: str) -> Path:
        """Where a scenario is; only names of our own form reach the disk."""
        if not _ID.fullmatch(id_):
            raise ShelfError("There is no scenario of that name.")
        return self.folder / f"{id_}.toml"

    def _free(self, name: str, taken: list[str]) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "scenario"
        found, count = slug, 2
        while found in taken:
            found, count = f"{slug}-{count}", count + 1
        return found

    def _write(self, scenario: Scenario) -> Scenario:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        scenario = replace(scenario, version=scenario.version + 1, saved=now)
        text = scenario_text(scenario)
        if len(text.encode()) > MAX_BYTES or len(scenario.change.steps) > MAX_STEPS:
            raise ShelfError(f"A scenario has at most {MAX_STEPS} steps.")
        try:
            write_text(self._path(scenario.id), text)
        except OSError as error:
            why = error.strerror or str(error)
            raise ShelfError(f"Not saved: {why} ({self.folder}). The page still has it.") from error
        return scenario

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder: two servers may serve it."""
        try:
            self.folder.mkdir(exist_ok=True)
            lock = FileLock(self.folder / ".lock")
        except OSError as error:
            raise ShelfError(f"{self.folder}: {error.strerror}") from error
        with lock:
            yield


def _all(error: InputProblems) -> str:
    return " ".join(f"{problem}." for problem in error.problems[:5])
