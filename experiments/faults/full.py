"""No room left while something is written: said, and what was there before is still there."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tally import ROOT, TINY, Tally

WRITTEN: Final = {
    "a fit": ("em.save(em.load(given), target)", "target.fit"),
    "a PDF": ("em.report(em.load(given), sections=['memory']).save(target)", "target.pdf"),
    "a page": ("em.report(em.load(given), sections=['memory']).save(target)", "target.html"),
    "a table": (
        "from emotion_models.cli import main; main(['effects', str(given), '--csv', str(target)]) "
        "and sys.exit(print('said') or 3)",
        "target.csv",
    ),
}
SCRIPT: Final = """
import sys
from pathlib import Path
import emotion_models as em
from emotion_models.errors import EmotionModelsError
given, target = map(Path, sys.argv[1:])
try:
    {what}
except (EmotionModelsError, OSError) as error:
    print(error)
    sys.exit(3)
"""
BEFORE: Final = b"what was there before"


def full(times: int) -> list[Tally]:
    """Write each with less and less room."""
    tally = Tally("no room on the disk", "said, and the older file is still there")
    with tempfile.TemporaryDirectory() as folder:
        for what, (code, name) in WRITTEN.items():
            target = Path(folder) / name
            for share in range(times):
                target.write_bytes(BEFORE)
                _write(code, target, room=64 + 150 * share, what=what, tally=tally)
                rest = [path for path in Path(folder).iterdir() if path != target]
                if rest:
                    tally.amiss(f"{what}: left {rest[0].name}")
                target.unlink()
    return [tally]


def _write(code: str, target: Path, *, room: int, what: str, tally: Tally) -> None:
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error of the write, as of a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(what=code), str(TINY), str(target)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        preexec_fn=limited,
    )
    same = target.read_bytes() == BEFORE
    if done.returncode == 3 and same and done.stdout.strip():
        tally.well("said")
    else:
        tally.amiss(f"{what}, {room} bytes: {done.returncode} {same} {done.stderr[-120:]}")
