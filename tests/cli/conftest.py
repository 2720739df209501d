from __future__ import annotations

import pytest

import emotion_models as em
from tests.cli.fakes import FakeChange, FakeModel, FakePackage

VERBS = (
    "compare", "criticise", "draft_codebook", "effects", "fit", "halo", "importance", "load",
    "load_dataset", "measure", "read_survey", "report", "robustness", "save", "simulate",
    "specificity",
)  # fmt: skip


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> FakePackage:
    """Replace the public verbs by stand-ins that write down how they were called."""
    fake = FakePackage()
    for name in VERBS:
        monkeypatch.setitem(em.__dict__, name, getattr(fake, name))
    monkeypatch.setitem(em.__dict__, "Change", FakeChange)
    monkeypatch.setitem(em.__dict__, "JourneyModel", FakeModel)
    return fake
