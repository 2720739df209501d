"""The commands that prepare decisions, on the stored fit with the values of another codebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import emotion_models as em
from emotion_models.cli import main
from emotion_models.inference import Fit
from tests.data.make_tiny_fit import TINY
from tests.decisions.test_optimise import FILE
from tests.decisions.valued import book_of


@pytest.fixture
def book(tiny: Fit, tmp_path: Path) -> str:
    path = tmp_path / "stays.toml"
    path.write_text(book_of(tiny, {"currency": "EUR", "journeys": 1000}).to_toml(), "utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main([arguments[0], str(TINY), *arguments[1:]]) == code
    found = capsys.readouterr()
    return found.err if code else found.out


def test_worth(book: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ("worth", "--set", "room.upgrade=1", "--codebook", book, "--cost", "2")
    text = said(capsys, *line)
    assert "upgrade at room set to 1" in text
    assert "after costs" in text
    tables = json.loads(said(capsys, *line, "--json", "--csv", str(tmp_path / "w.csv")))
    assert set(tables) == {"worth", "balance"}
    assert (tmp_path / "w.csv").read_text("utf-8").startswith("outcome,segment,before")
    assert "no behaviour of the fit has one" in said(
        capsys, "worth", "--set", "room.upgrade=1", code=2
    )


def test_optimise(book: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options, out = tmp_path / "options.toml", tmp_path / "best.toml"
    options.write_text(FILE, "utf-8")
    line = ("optimise", str(options), "--codebook", book, "--budget", "3")
    text = said(capsys, *line, "--out", str(out), "--learn")
    assert "for at most 3 a journey" in text
    assert "Worth of knowing more before choosing" in text
    assert em.Change.from_toml(out).steps
    tables = json.loads(said(capsys, *line, "--json", "--learn"))
    assert set(tables) == {"choices", "frontier", "information"}


def test_sequence(capsys: pytest.CaptureFixture[str]) -> None:
    line = ("sequence", "--objective", "return", "--before", "check-in:room", "--json")
    rows = json.loads(said(capsys, *line))
    places = [row["order"].split(", ") for row in rows]
    assert all(order.index("check-in") < order.index("room") for order in places)
    assert "FIRST:SECOND" in said(capsys, "sequence", "--before", "room", code=2)
    assert "no touchpoint 'lobby'" in said(
        capsys, "sequence", "--objective", "return", "--fixed", "lobby", code=2
    )


def test_priorities(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Where to act for return" in said(capsys, "priorities", "--on", "return")
    assert "did you mean 'return'" in said(capsys, "priorities", "--on", "retrun", code=2)
