"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path


@contextlib.contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target` that becomes `target` when the block succeeds.

    Parameters
    ----------
    target : Path
        The final file; replaced in one step, or left as it was when the block raises.

    Yields
    ------
    Path
        Where to write; on the same file system, so that the rename is atomic.
    """
    target = Path(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target` that becomes `target` when the block succeeds.

    Parameters
    ----------
    target : Path
        Must not exist, or be an empty folder.

    Yields
    ------
    Path
        Where to write; gone when the block raises.
    """
    target = Path(target)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def cache_folder(name: str) -> Path:
    """Where this user's system wants to have what can be made or fetched again."""
    import platformdirs

    return platformdirs.user_cache_path("emotion-models") / name


def hash_of_code(*folders: Path) -> str:
    """Hash of the modules in some folders: what was compiled from others is not theirs."""
    found = sha256()
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def write_text(target: Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_path(target) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(target: Path, content: bytes) -> None:
    """Write bytes atomically."""
    with atomic_path(target) as part:
        part.write_bytes(content)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
