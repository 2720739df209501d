"""Writes TOML the way a person would: one table after the other, short lists on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, Any]) -> str:
    """Write nested tables, lists of tables and plain values.

    Parameters
    ----------
    document : mapping
        Of plain data; without None.

    Returns
    -------
    str
        TOML text that ``tomllib.loads`` reads back to the same data.
    """
    return "\n".join(_table(document, ())).strip("\n") + "\n"


def toml_value(value: Any) -> str:
    """Write one value on one line."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return tomli_w.dumps({"x": value})[len("x = ") :].rstrip("\n")


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {key: value for key, value in table.items() if _is_inner(value)}
    for key, value in table.items():
        if key not in inner:
            yield f"{_key(key)} = {toml_value(value)}"
    for key, value in inner.items():
        here = (*path, _key(key))
        if isinstance(value, Mapping):
            if not value or any(not _is_inner(item) for item in value.values()):
                yield f"\n[{'.'.join(here)}]"
            yield from _table(value, here)
        else:
            for item in value:
                yield f"\n[[{'.'.join(here)}]]"
                yield from _table(item, here)


def _is_inner(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_value(key)
