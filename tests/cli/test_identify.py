"""``identify`` on a real saved fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import emotion_models as em
from emotion_models import cli
from tests.data.make_tiny_fit import TINY

GOOD = 'randomised = ["upgrade"]\nconfounders = ["style"]\n'


@pytest.fixture
def assumptions(tmp_path: Path) -> Path:
    path = tmp_path / "assumptions.toml"
    path.write_text(GOOD)
    return path


def test_claims_in_words(assumptions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["identify", str(TINY), str(assumptions)]) == 0
    shown = capsys.readouterr().out
    assert "Assigned by chance: upgrade." in shown
    assert "upgrade on joy: upgrade was assigned by chance" in shown
    assert "independences that could be tested" in shown


def test_for_a_machine_and_saved(assumptions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = assumptions.with_name("assumed.fit")
    assert cli.main(["identify", str(TINY), str(assumptions), "--json", "--out", str(out)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {row["claim"] for row in shown["claims"]} == {"causal", "adjusted", "association"}
    assert {"first", "second", "p_beyond", "status"} <= set(shown["independences"][0])
    assert em.load(out).assumptions == em.Assumptions.from_toml(assumptions)


def test_every_fault_and_exit_code(assumptions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assumptions.write_text('randomised = ["upgrad"]\nedges = [["return", "joy"]]\n')
    assert cli.main(["identify", str(TINY), str(assumptions)]) == 2
    said = capsys.readouterr().err
    assert "did you mean 'upgrade'?" in said
    assert "circle, return \u2192 joy \u2192 return" in said
