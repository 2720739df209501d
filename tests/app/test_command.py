"""The command: what it refuses, what it prints, how soon it answers, how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from emotion_models.cli import main
from tests.data.make_tiny_fit import TINY


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.fit"], "no fit in progress"),
        (["{fit}", "--scenarios", "no/such/folder"], "does not exist"),
        (["{fit}", "--port", "70000"], "70000"),
    ],
)
def test_bad_input_is_refused_at_once(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [one.format(fit=TINY) for one in arguments]
    assert main(["app", *given]) == 2
    assert words in capfd.readouterr().err


@pytest.mark.slow
def test_it_answers_at_once_and_ends_with_130(tmp_path: Path) -> None:
    fit = tmp_path / "tiny.fit"
    fit.write_bytes(TINY.read_bytes())
    process = subprocess.Popen(
        [sys.executable, "-m", "emotion_models.cli", "app", str(fit), "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert address
        with urllib.request.urlopen(address[0], timeout=60) as reply:
            assert "Opening the fit" in reply.read().decode()  # before anything heavy is loaded
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            with urllib.request.urlopen(address[0], timeout=60) as reply:
                if "Tiny stays" in reply.read().decode():
                    break
            time.sleep(0.3)
        assert (tmp_path / "tiny.scenarios" / "first-idea.toml").is_file()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "interrupted" in said
        assert "Traceback" not in said
    finally:
        process.kill()
        process.communicate()
