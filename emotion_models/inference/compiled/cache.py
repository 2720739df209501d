"""Compiled blocks in the user's cache folder, one file each, shared by processes."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from emotion_models.files import cache_folder, write_bytes

_LOG: Final = logging.getLogger(__name__)

KEPT: Final = 200
"""Files, each of about 1 MB; those not used for longest go first."""


def folder() -> Path:
    """Where compiled blocks are kept."""
    return cache_folder("compiled")


def kept[T](key: str, load: Callable[[Any], T], make: Callable[[], tuple[Any, T]]) -> T:
    """Find what belongs to a key, or make and keep it.

    Processes that want the same thing wait for the first to make it. A file that cannot be
    loaded is made anew; a folder that cannot be written costs nothing but the time next time.

    Parameters
    ----------
    key : str
        A file name.
    load : callable
        Turns what was kept into what is wanted.
    make : callable
        Makes what is to be kept, and what is wanted.

    Returns
    -------
    object
    """
    path = folder() / f"{key}.bin"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
        lock.acquire()
    except OSError as error:
        _LOG.warning("compiled models cannot be kept in %s: %s", path.parent, error)
        return make()[1]
    try:
        found = _read(path, load)
        if found is None:
            content, found = make()
            _write(path, content)
    finally:
        lock.release()
    return found


def _read[T](path: Path, load: Callable[[Any], T]) -> T | None:
    try:
        content = pickle.loads(path.read_bytes())  # noqa: S301  the user's own folder
        found = load(content)
        os.utime(path)
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001  whatever is wrong with it, it can be made again
        _LOG.warning("a compiled model in %s is made anew: %s", path.parent, error)
        return None
    return found


def _write(path: Path, content: Any) -> None:
    """Write all or nothing, and let the oldest go."""
    try:
        write_bytes(path, pickle.dumps(content))
        files = sorted(path.parent.glob("*.bin"), key=lambda each: each.stat().st_mtime)
        for old in files[:-KEPT]:
            old.unlink(missing_ok=True)
            old.with_suffix(".lock").unlink(missing_ok=True)
    except OSError as error:
        _LOG.warning("a compiled model cannot be kept in %s: %s", path.parent, error)
