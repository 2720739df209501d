"""One measured run: a process of its own, with a cache folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memory import watched

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Cache:
    """Where compiled code is kept: empty at first, full for whoever comes second.

    Parameters
    ----------
    folder : Path
    """

    folder: Path

    def environment(self) -> dict[str, str]:
        """Variables that let this project, PyTensor, Numba and JAX keep things there."""
        return {
            "XDG_CACHE_HOME": str(self.folder),
            "PYTENSOR_FLAGS": f"base_compiledir={self.folder / 'pytensor'}",
            "PYTHONPATH": str(ROOT),
        }


def launched(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Run a command that writes ``timing.json`` into a folder; its figures and what it used.

    Parameters
    ----------
    command : sequence of str
    folder : Path
        Also gets what the command says, as ``log.txt``.
    environment : mapping of str to str
        Added to that of this process.

    Raises
    ------
    RuntimeError
        If the command fails, with the end of what it said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log.txt"
    with log.open("w") as said:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        with watched(process.pid) as used:
            code = process.wait()
    if code:
        raise RuntimeError(f"{command[1]} failed:\n{log.read_text()[-3000:]}")
    found: dict[str, Any] = json.loads((folder / "timing.json").read_text(encoding="utf-8"))
    return {**found, "peak GiB": used.peak, "processor s": used.processor}
