"""How many processor cores there are to use."""

from __future__ import annotations

from functools import cache


@cache
def available_cores() -> int:
    """Cores that this process may use, limits of containers included."""
    from loky import cpu_count

    return int(cpu_count())
