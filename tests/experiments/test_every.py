"""`make evidence` knows every experiment, and leaves out what it cannot run with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts import ROOT, load


def test_every_experiment_has_its_commands() -> None:
    every = load("experiments/every.py")
    folders = {readme.parent.name for readme in (ROOT / "experiments").glob("*/README.md")}
    assert set(every.COMMANDS) == folders
    for name, commands in every.COMMANDS.items():
        for script, *_ in commands:
            assert script.startswith(f"{name}/")
            assert (ROOT / "experiments" / script).is_file()


def test_what_is_not_there_is_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    every = load("experiments/every.py")
    asked = ["--only", "decisions", "prediction", "--fit", str(tmp_path / "no.fit")]
    assert every.main([*asked, "--data", str(tmp_path / "no")]) == 0
    said = capsys.readouterr().out.split()
    assert said.count("skipped:") == 2


def test_a_failure_is_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    every = load("experiments/every.py")
    fails = {"prediction": (("prediction/run.py", "--no-such-option"),)}
    monkeypatch.setattr(every, "COMMANDS", fails)
    assert every.main(["--data", str(tmp_path), "--only", "prediction"]) == 1
    assert "failed: prediction/run.py" in capsys.readouterr().out
