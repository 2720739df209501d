"""A tiny saved fit for every test that needs a posterior but no sampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from emotion_models.inference import Fit


@pytest.fixture(scope="session")
def tiny() -> Fit:
    from emotion_models.inference import load
    from tests.data.make_tiny_fit import TINY

    return load(TINY)
