"""The wheel holds all that is needed: it works from a folder with nothing else of the project."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKED = """
import emotion_models as em
from pathlib import Path
assert "site" in em.__file__, em.__file__
survey = em.load_dataset("hotel-stays")
assert survey.data.sizes["journey"] == 600
assert (Path(em.__file__).parent / "app" / "static" / "page.js").is_file()
print(em.effects(em.load(FIT), on="return").plot().about())
"""


@pytest.mark.slow
def test_the_wheel_works_alone(tmp_path: Path) -> None:
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as held:
        names = held.namelist()
        held.extractall(site)
    assert not [name for name in names if name.startswith(("tests", "experiments", "docs"))]
    fit = str(ROOT / "tests" / "data" / "hotel.fit")
    asked = ASKED.replace("FIT", repr(fit))
    environment = {**os.environ, "PYTHONPATH": str(site)}
    given = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run([sys.executable, "-c", asked], check=False, **given)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    assert "Figure" in done.stdout
