"""The counts of the faults: of each part a slice that takes seconds, and the page."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.scripts import ROOT, load

FOLDER = ROOT / "experiments" / "faults"


@pytest.fixture(scope="module")
def parts() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        for folder in (FOLDER.parent, FOLDER):
            patch.syspath_prepend(str(folder))
        names = ("corrupted", "fuzzed", "killed", "soaked", "tally")
        found = {name: importlib.import_module(name) for name in names}
        yield found | {"run": load("experiments/faults/run.py")}


def test_damaged_fits(parts: dict[str, ModuleType]) -> None:
    for tally in parts["corrupted"].corrupted(4, seed=2):
        assert tally.tried == 4
        assert tally.wrong == []


def test_spoilt_files(parts: dict[str, ModuleType]) -> None:
    for tally in parts["fuzzed"].fuzzed(0.1, seed=2):
        assert tally.tried > 2
        assert tally.wrong == []


@pytest.mark.slow
def test_killed_while_saving(parts: dict[str, ModuleType], tmp_path: Path) -> None:
    tally = parts["killed"]._saving(tmp_path, 2, np.random.default_rng(1))
    assert tally.seen == {"whole": 2}


@pytest.mark.slow
def test_clicks(parts: dict[str, ModuleType]) -> None:
    (requests, _), figures = parts["soaked"].soaked(0.1, rate=10)
    assert requests.wrong == []
    assert requests.tried > 10
    assert figures["median ms"] > 0


def test_what_came_otherwise_is_counted(parts: dict[str, ModuleType]) -> None:
    tally = parts["tally"].Tally("fault", "nothing")
    tally.well("well")
    tally.well("well")
    tally.amiss("x" * 500)
    row = tally.row()
    assert (row["tried"], row["otherwise"], row["came out"]) == (3, 1, "well 2")
    assert len(row["for example"]) == parts["tally"].SHOWN
    assert parts["run"]._claim(row)["holds"] is False


def test_the_page_is_made_of_the_results(parts: dict[str, ModuleType]) -> None:
    run = parts["run"]
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert run.readme.render(page, run.tables(run.counts())) == page
