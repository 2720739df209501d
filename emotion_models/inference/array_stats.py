"""ArviZ's statistics of plain arrays, without what importing ArviZ brings along."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

WANTED: Final = "numpyro"


@cache
def array_stats() -> Any:
    """ArviZ's `array_stats`.

    Where NumPyro is not installed, importing ArviZ asks every module who is importing it, which
    loads JAX: seconds and memory that neither a check nor a report needs. An empty module in
    NumPyro's place, while ArviZ is imported, saves the question.

    Returns
    -------
    arviz_stats.base.array_stats
    """
    stand_in = "arviz_base" not in sys.modules and find_spec(WANTED) is None
    if stand_in:
        sys.modules[WANTED] = ModuleType(WANTED)
    try:
        from arviz_stats.base import array_stats as found
    finally:
        if stand_in:
            del sys.modules[WANTED]
    return found
