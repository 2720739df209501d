"""What is left of chains that finished, were cut short, or never came."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from emotion_models.inference.board import Board, ChainState, Phase
from emotion_models.inference.jobs import Sampled, Settings
from emotion_models.inference.parallel import usable

SETTINGS = Settings(draws=300, tune=10, chains=2, cores=2, seed=1)


def chain(draws: int = 300, value: float = 0.0) -> Sampled:
    posterior = xr.Dataset({"x": (("chain", "draw"), np.full((1, draws), value))})
    stats = xr.Dataset({"divergences": ("chain", [0])})
    return Sampled(posterior, stats, {"compile": 1.0, "slowest chain": value}, draws == 300)


def test_complete_chains_are_joined_in_order() -> None:
    left = usable({"outcomes": [chain(value=1.0), chain(value=2.0)]}, SETTINGS)
    assert left["outcomes"].complete
    assert left["outcomes"].posterior["x"].values[:, 0].tolist() == [1, 2]
    assert left["outcomes"].posterior["chain"].values.tolist() == [0, 1]
    assert left["outcomes"].seconds == {"compile": 1.0, "slowest chain": 2.0}


def test_complete_blocks_win_over_an_earlier_part() -> None:
    left = usable({"outcomes": [chain(), chain(200)], "recall": [chain(), chain()]}, SETTINGS)
    assert list(left) == ["recall"]


def test_a_missing_chain_makes_a_part() -> None:
    four = replace(SETTINGS, chains=4)
    left = usable({"outcomes": [chain(), chain(), chain(130), chain(99)]}, four)
    assert not left["outcomes"].complete
    assert dict(left["outcomes"].posterior.sizes) == {"chain": 3, "draw": 130}


@pytest.mark.parametrize("chains", [[], [chain(99), chain(99)], [chain(), chain(99)]])
def test_too_little_is_nothing(chains: list[Sampled]) -> None:
    assert usable({"outcomes": chains}, SETTINGS) == {}


def test_the_board_is_seen_by_whoever_opens_it(tmp_path: Path) -> None:
    board = Board.create(tmp_path, 3)
    other = Board(board.path, 3)
    other.write(1, ChainState(Phase.SAMPLING, 5, 9, 1))
    assert board.read([0, 1]) == [ChainState(Phase.WAITING), ChainState(Phase.SAMPLING, 5, 9, 1)]
    assert not other.stopped
    board.stop()
    assert other.stopped


@pytest.mark.skipif(not hasattr(os, "fork"), reason="parents are not replaced here")
def test_chains_stop_when_nobody_wants_them(tmp_path: Path) -> None:
    """A process that is killed cannot say so: its children are given to another parent."""
    script = (
        "import os, sys, time; from pathlib import Path\n"
        "from emotion_models.inference.board import Board\n"
        "board = Board.create(Path(sys.argv[1]), 1)\n"
        "if os.fork(): os._exit(0)\n"
        "before = time.monotonic()\n"
        "while not board.stopped and time.monotonic() - before < 10: time.sleep(0.01)\n"
        "Path(sys.argv[1], 'heard').write_text(str(board.stopped))\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=60)
    heard = tmp_path / "heard"
    deadline = time.monotonic() + 30
    while not heard.exists() or not heard.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert heard.read_text() == "True"


SCRIPT = """
import os, signal
import emotion_models as em
from emotion_models.inference.progress import Progress
from tests.data import make_tiny_fit

# What a shell starts in the background is deaf to Ctrl-C, and so would be this.
signal.signal(signal.SIGINT, signal.default_int_handler)
shown = Progress.chains

def interrupt(self, stage, chains):
    shown(self, stage, chains)
    if stage == "outcomes" and min(chain.done for chain in chains) > 500:
        Progress.chains = shown
        os.killpg(0, signal.SIGINT)

Progress.chains = interrupt
survey = make_tiny_fit.survey()
fit = em.fit(em.JourneyModel.for_survey(survey), survey, draws=100_000, tune=50, chains=2)
print("kept", fit.posterior["sample_stats"]["block"].values.tolist(), fit.partial)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_keeps_a_usable_part_and_leaves_no_process_behind() -> None:
    """As a terminal does it: the whole group of processes gets the signal."""
    root = str(Path(__file__).parents[2])
    run = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env=os.environ | {"PYTHONPATH": root, "LOKY_MAX_CPU_COUNT": "2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out, err = run.communicate(timeout=300)
    assert "kept ['outcomes'] True" in out, err
    assert "Traceback" not in err
    assert gone(run.pid, seconds=20)


def gone(group: int, seconds: int) -> bool:
    """Whether all processes of a group have ended, soon."""
    for _ in range(10 * seconds):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
