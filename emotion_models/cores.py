"""Processor cores: how many there are to use, and using them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def available_cores() -> int:
    """Cores that this process may use, limits of containers included."""
    from loky import cpu_count

    return int(cpu_count())


def in_threads[T, R](function: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """Apply a function that leaves the interpreter alone to every part, a core each.

    Parameters
    ----------
    function : callable
    parts : sequence

    Returns
    -------
    list
        In the order of the parts.
    """
    if len(parts) < 2:
        return [function(part) for part in parts]
    with ThreadPoolExecutor(min(len(parts), available_cores())) as pool:
        return list(pool.map(function, parts))
