from __future__ import annotations

import sys
from pathlib import Path

import pytest

# Tests are imported by path (importlib mode); the made-up study lies beside them.
sys.path.insert(0, str(Path(__file__).parent))

import fakes

from emotion_models.reporting import Report, report


@pytest.fixture(scope="session")
def study() -> fakes.FakeFit:
    return fakes.fit()


@pytest.fixture(scope="session")
def full(study: fakes.FakeFit) -> Report:
    results = (fakes.FakeEffects(study), fakes.FakeSimulation(study), fakes.FakeComparison())
    return report(study, *results)
