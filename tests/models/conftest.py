"""No C compiler for the graphs that PyMC compiles by itself (starting points)."""

from __future__ import annotations

from collections.abc import Iterator

import pytensor
import pytest


@pytest.fixture(autouse=True, scope="module")
def _no_compiler() -> Iterator[None]:
    with pytensor.config.change_flags(cxx="", traceback__limit=0):
        yield
