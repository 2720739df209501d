"""ArviZ's statistics come without JAX, and leave nothing of the trick behind."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

ASKED = """
import sys
import numpy as np
from emotion_models.inference.array_stats import array_stats
draws = np.random.default_rng(1).normal(size=(2, 100))
assert 0.9 < float(array_stats().rhat(draws, chain_axis=0, draw_axis=1)) < 1.2
assert "numpyro" not in sys.modules
assert "jax._src" not in sys.modules
"""


@pytest.mark.skipif(find_spec("numpyro") is not None, reason="NumPyro brings JAX itself")
def test_neither_jax_nor_a_stand_in_is_loaded() -> None:
    subprocess.run([sys.executable, "-c", ASKED], check=True)
