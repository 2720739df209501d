"""One zip file of named members with a manifest that vouches for each of them.

The manifest lists every member with its size and SHA-256, and its own SHA-256. That finds damage
and careless edits. It is not a signature: somebody who recomputes the sums is not found out,
which is why nothing read here is ever executed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from emotion_models.errors import StoreError
from emotion_models.files import atomic_path

MANIFEST: Final = "manifest.json"
MAX_MEMBERS: Final = 64
MAX_BYTES: Final = 16 * 2**30
FREE_BYTES: Final = 256 * 2**20
MAX_RATIO: Final = 100

_MEMBER: Final = re.compile(r"[a-z][a-z0-9_]{0,63}\.(json|toml|nc)")
_COMPRESSION: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # a member's date says nothing: the manifest has `created`

_DAMAGE: Final = (  # what zipfile raises for a file that is not, or no longer, a good zip file
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    UnicodeDecodeError,
)


def write_archive(path: Path, members: Mapping[str, bytes], header: Mapping[str, Any]) -> None:
    """Write members and their manifest to one file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file; an existing one is replaced in one step.
    members : mapping of str to bytes
        Contents by name.
    header : mapping
        What the manifest says besides the list of members; plain JSON values.

    Raises
    ------
    StoreError
        The folder is missing or read-only, the disk is full, or a name or value does not fit;
        `path` is then as it was.
    """
    for name in members:
        if not _MEMBER.fullmatch(name):
            raise StoreError(f"cannot save a member named '{name}'")
    manifest = _with_own_sum({**header, "members": {n: _entry(c) for n, c in members.items()}})
    with _explained(path), atomic_path(path) as part, zipfile.ZipFile(part, "w") as archive:
        for name, content in {MANIFEST: manifest, **members}.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=1)


def read_archive(path: Path) -> tuple[dict[str, Any], Iterator[tuple[str, bytes]]]:
    """Read the manifest now and the checked members one by one.

    Parameters
    ----------
    path : Path
        A file that `write_archive` wrote.

    Returns
    -------
    manifest : dict
        With the key ``"members"``.
    members : iterator of (str, bytes)
        Each is checked against the manifest when it is reached.

    Raises
    ------
    StoreError
        Not such a file, truncated, changed since it was written, or unsafe to unpack.
    """
    manifest = _read_manifest(path)
    return manifest, _members(path, manifest["members"])


def _read_manifest(path: Path) -> dict[str, Any]:
    with _opened(path) as archive:
        if MANIFEST not in archive.namelist():
            raise StoreError(f"{path}: not a saved fit (it has no {MANIFEST})")
        content = _content(archive, MANIFEST)
    try:
        manifest = json.loads(content)
        intact = content == _with_own_sum({k: v for k, v in manifest.items() if k != "sha256"})
        intact = intact and isinstance(manifest["members"], dict)
    except (ValueError, AttributeError, KeyError):
        intact = False
    if not intact:
        raise StoreError(f"{path}: {_changed(MANIFEST)}")
    return dict(manifest)


def _members(path: Path, listed: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    with _opened(path) as archive:
        present = set(archive.namelist()) - {MANIFEST}
        if missing := sorted(set(listed) - present):
            raise StoreError(f"{path}: '{missing[0]}' is missing; save the fit again")
        if extra := sorted(present - set(listed)):
            raise StoreError(f"{path}: '{extra[0]}' is not in its manifest; it was changed")
        for name, entry in listed.items():
            content = _content(archive, name)
            if _entry(content) != entry:
                raise StoreError(f"{path}: {_changed(name)}")
            yield name, content


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file whose members are safe to unpack into memory."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_unsafe(path, archive)
            yield archive
    except FileNotFoundError as error:
        raise StoreError(f"{path}: there is no such file") from error
    except _DAMAGE as error:
        raise StoreError(f"{path}: not a saved fit, or cut short or damaged ({error})") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror or error})") from error


def _refuse_unsafe(path: Path, archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        raise StoreError(f"{path}: not a saved fit (too many members, or one of them twice)")
    for info in infos:
        plain = info.compress_type in _COMPRESSION and not info.flag_bits & 0x1
        if not _MEMBER.fullmatch(info.filename) or not plain:
            raise StoreError(f"{path}: not a saved fit (member '{info.filename}')")
    unpacked = sum(info.file_size for info in infos)
    allowed = min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * path.stat().st_size))
    if unpacked > allowed:
        raise StoreError(f"{path}: refused, it would unpack to {unpacked / 2**20:,.0f} MiB")


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack a member: its declared size at most, whatever the compressed data hold."""
    with archive.open(name) as member:
        return member.read(archive.getinfo(name).file_size)


def _entry(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _with_own_sum(manifest: Mapping[str, Any]) -> bytes:
    try:
        plain = json.dumps(manifest, indent=1, sort_keys=True, allow_nan=False)
        own = hashlib.sha256(plain.encode()).hexdigest()
        return json.dumps({**manifest, "sha256": own}, indent=1, sort_keys=True).encode()
    except (TypeError, ValueError) as error:
        raise StoreError(f"cannot save the manifest: {error}") from error


def _changed(name: str) -> str:
    return f"'{name}' was changed after the fit was saved; use the original or fit again"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say in words why a file could not be written."""
    try:
        yield
    except OSError as error:
        reason = {
            errno.ENOSPC: "the disk is full",
            errno.EDQUOT: "the disk quota is used up",
            errno.EROFS: "the folder is read-only",
            errno.EACCES: "the folder may not be written to",
            errno.EPERM: "the folder may not be written to",
            errno.ENOENT: f"the folder {path.parent} does not exist",
            errno.ENOTDIR: f"{path.parent} is not a folder",
            errno.EISDIR: "it is a folder",
        }.get(error.errno or 0, error.strerror or str(error))
        raise StoreError(f"{path}: not saved, {reason}; nothing was written") from error
