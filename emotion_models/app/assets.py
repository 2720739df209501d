"""The page's own files, read once, each under an address that changes with its content."""

from __future__ import annotations

import functools
import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Final

KINDS: Final = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "Sortable.min.js": "text/javascript; charset=utf-8",
    "figtree.woff2": "font/woff2",
    "mark.svg": "image/svg+xml",
}
SQUEEZED: Final = frozenset(name for name in KINDS if not name.endswith(".woff2"))


@dataclass(frozen=True)
class Asset:
    """One file.

    Parameters
    ----------
    name, kind : str
    content : bytes
    squeezed : bytes or None
        With gzip, where that helps.
    """

    name: str
    kind: str
    content: bytes
    squeezed: bytes | None

    @property
    def address(self) -> str:
        """Where the page finds it; another content is another address."""
        return f"/static/{hashlib.sha256(self.content).hexdigest()[:12]}/{self.name}"


@functools.cache
def assets() -> dict[str, Asset]:
    """All files by name; no other file can be asked for."""
    folder = resources.files("emotion_models.app") / "static"
    found = {}
    for name, kind in KINDS.items():
        content = (folder / name).read_bytes()
        squeezed = gzip.compress(content, 9, mtime=0) if name in SQUEEZED else None
        found[name] = Asset(name, kind, content, squeezed)
    return found
