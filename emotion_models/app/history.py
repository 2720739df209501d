"""Undo and redo of every scenario, kept beside it so that they outlive the page and the server."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emotion_models.app.scenario_file import read_change
from emotion_models.errors import InputProblems
from emotion_models.files import write_text
from emotion_models.simulation import Change

MAX_PAST: Final = 60
MAX_BYTES: Final = 8 * 1024 * 1024
TOGETHER: Final = 1.2
"""Seconds within which the moves of one slider are one step to undo."""


@dataclass
class History:
    """What came before each scenario, and what was undone.

    Parameters
    ----------
    folder : Path
        That of the scenarios.
    """

    folder: Path

    def record(self, id_: str, before: Change, control: str, *, now: float | None = None) -> None:
        """Remember what a scenario was before an edit.

        Parameters
        ----------
        id_ : str
            Of a scenario that is on the shelf.
        before : Change
        control : str
            What was moved; moves of the same one in quick succession are one.
        now : float, optional
            Seconds.
        """
        kept, now = self._read(id_), time.time() if now is None else now
        quick = bool(control) and control == kept["control"] and now - kept["at"] < TOGETHER
        if not quick:
            kept["past"] = [*kept["past"], before.to_toml() if before.steps else ""][-MAX_PAST:]
        self._write(id_, {**kept, "future": [], "control": control, "at": now})

    def turn(self, id_: str, present: Change, *, back: bool) -> Change | None:
        """Go one step back, or forth again.

        Parameters
        ----------
        id_ : str
        present : Change
        back : bool

        Returns
        -------
        Change or None
            None where there is nothing to go to.
        """
        kept = self._read(id_)
        source, target = ("past", "future") if back else ("future", "past")
        while kept[source]:
            *rest, text = kept[source]
            kept = {**kept, source: rest, "control": "", "at": 0.0}
            with contextlib.suppress(InputProblems):
                found = read_change(text)
                kept[target] = [*kept[target], present.to_toml() if present.steps else ""]
                self._write(id_, kept)
                return found
        return None

    def depth(self, id_: str) -> tuple[int, int]:
        """How many steps can be undone, and redone."""
        kept = self._read(id_)
        return len(kept["past"]), len(kept["future"])

    def _path(self, id_: str) -> Path:
        return self.folder / f".{id_}.undo.json"

    def _read(self, id_: str) -> dict[str, Any]:
        """What is kept; a file that cannot be read is as none: undo is a comfort, no record."""
        empty: dict[str, Any] = {"past": [], "future": [], "control": "", "at": 0.0}
        path = self._path(id_)
        try:
            if path.stat().st_size > MAX_BYTES:
                return empty
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return empty
        good = isinstance(found, dict) and all(
            isinstance(found.get(key), list) and all(isinstance(one, str) for one in found[key])
            for key in ("past", "future")
        )
        good = good and isinstance(found.get("control"), str)
        return found if good and isinstance(found.get("at"), (int, float)) else empty

    def _write(self, id_: str, kept: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            write_text(self._path(id_), json.dumps(kept))
