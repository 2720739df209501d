"""The examples run as printed."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
from pathlib import Path

import pytest

from tests.data.make_hotel_fit import HOTEL

ROOT = Path(__file__).parents[2]
DIARY = ROOT.parent / "shared" / "data" / "neubauer2024"
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


def test_report_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("report_only.py", str(TINY), str(tmp_path / "made"), monkeypatch=monkeypatch)
    made = {path.name for path in (tmp_path / "made").iterdir()}
    assert made == {"board.pdf", "team.html", "paper.pdf", "supplement"}


@pytest.mark.slow
def test_airline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.html"
    run("airline.py", str(out), "--quick", monkeypatch=monkeypatch)
    printed = capsys.readouterr().out
    assert "60 flights" in printed
    assert "delay at gate" in printed
    assert out.stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.skipif(not DIARY.is_dir(), reason="no ../shared/data/neubauer2024 on this machine")
def test_diary(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run("diary.py", str(DIARY), "--quick", monkeypatch=monkeypatch)
    assert "What is remembered" in capsys.readouterr().out


@pytest.fixture
def hotel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's folder, with a small fit of the hotel study."""
    (tmp_path / "demo-output").mkdir()
    shutil.copyfile(HOTEL, tmp_path / "demo-output" / "stays.fit")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("hotel")
def test_notebook_of_jupyter() -> None:
    book = json.loads((ROOT / "examples" / "hotel.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 7
    for cell in cells:
        assert not cell["outputs"], "outputs are not kept: they would go stale"
        exec("".join(cell["source"]), names)  # noqa: S102


@pytest.mark.usefixtures("hotel")
def test_notebook_of_marimo() -> None:
    pytest.importorskip("marimo")
    runpy.run_path(str(ROOT / "examples" / "hotel_marimo.py"), run_name="__main__")


@pytest.mark.slow
def test_own_survey_from_spss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """SPSS knows no hyphens in names: the codebook says how the file writes a touchpoint."""
    import pandas as pd
    import pyreadstat

    hotel = ROOT / "datasets" / "hotel-stays"
    data, codebook, out = (tmp_path / name for name in ("stays.sav", "stays.toml", "out.html"))
    table = pd.read_csv(hotel / "hotel-stays.csv").head(40)
    pyreadstat.write_sav(table.rename(columns=lambda name: name.replace("-", "_")), str(data))
    text = (hotel / "codebook.toml").read_text(encoding="utf-8")
    for name in ("check-in", "check-out"):
        coded = f'name = "{name}"\ncode = "{name.replace("-", "_")}"\n'
        text = text.replace(f'name = "{name}"\n', coded)
    codebook.write_text(text, encoding="utf-8")
    arguments = (str(data), str(codebook), str(out), "--quick")
    run("own_survey.py", *arguments, monkeypatch=monkeypatch)
    assert "40 stays" in capsys.readouterr().out
    assert out.stat().st_size > 10_000
