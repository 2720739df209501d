"""Tests whose graphs PyMC compiles by itself do so without C, as `emotion_models` does.

A machine may have no BLAS, which PyTensor warns about, and every warning fails a test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytensor
import pytest


@pytest.fixture(autouse=True, scope="module")
def no_compiler() -> Iterator[None]:
    with pytensor.config.change_flags(cxx="", traceback__limit=0):
        yield
