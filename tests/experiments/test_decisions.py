"""The page of decisions shows what was measured, and its exact parts are right."""

from __future__ import annotations

import json

import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "decisions"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(FOLDER.parent))
    return load("experiments/decisions/run.py")


def test_the_page_shows_the_results(run) -> None:  # type: ignore[no-untyped-def]
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(text, run.tables()) == text


def test_every_claim_holds(run) -> None:  # type: ignore[no-untyped-def]
    summary = json.loads(run.SUMMARY.read_text(encoding="utf-8"))
    timeless = [claim for claim in summary["claims"] if not claim["claim"].endswith(", s")]
    assert len(timeless) == len(summary["claims"]) - 1
    assert all(claim["holds"] in (True, None) for claim in timeless)
    assert run.claims(summary) == summary["claims"]


def test_information_is_recomputed(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(run, "DRAWS", 4000)
    for found in run.information():
        assert found["ratio"] == pytest.approx(1, abs=0.15)
