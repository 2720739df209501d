"""The examples run as printed."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "data" / "tiny.fit"


def run(name: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")


def test_what_if(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run("what_if.py", str(TINY), monkeypatch=monkeypatch)
    printed = capsys.readouterr().out
    assert "chance of harm" in printed
    assert "feature" in printed


def test_what_to_change(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("what_to_change.py", str(TINY), monkeypatch=monkeypatch)
    printed = capsys.readouterr().out
    for words in ("Best for return", "Worth of knowing more", "Best order", "Where to act"):
        assert words in printed


@pytest.mark.slow
def test_own_survey(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hotel = ROOT / "datasets" / "hotel-stays"
    head = (hotel / "hotel-stays.csv").read_text(encoding="utf-8").splitlines()[:41]
    data, out = tmp_path / "stays.csv", tmp_path / "out.html"
    data.write_text("\n".join(head), encoding="utf-8")
    codebook = str(hotel / "codebook.toml")
    run("own_survey.py", str(data), codebook, str(out), "--quick", monkeypatch=monkeypatch)
    assert "40 stays" in capsys.readouterr().out
    assert out.stat().st_size > 10_000
