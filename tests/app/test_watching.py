"""A fit in progress tells beside its file how far it is, and the page says so."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

import emotion_models as em
from emotion_models.app.desk import Desk
from emotion_models.app.watching import in_words, watched
from emotion_models.fit_status import (
    Stage,
    Status,
    current_status,
    read_status,
    status_path,
    told_beside,
)
from emotion_models.inference import Fit
from emotion_models.inference.board import ChainState, Phase
from emotion_models.inference.progress import Progress
from tests.app.conftest import Page
from tests.data.make_tiny_fit import TINY


def test_progress_tells_the_file_what_it_tells_the_terminal(tmp_path: Path) -> None:
    out = tmp_path / "stays.fit"
    with told_beside(out):
        progress = Progress(shown=False)
        with progress.running():
            progress.step("starting")
            progress.remark("few rated worry")
            waiting = ChainState(Phase.WAITING)
            progress.chains("recall", [waiting, waiting])
            progress.chains("outcomes", [ChainState(Phase.SAMPLING, 30, 100, 1), waiting])
            time.sleep(0.55)
            progress.chains("outcomes", [ChainState(Phase.SAMPLING, 50, 100, 1), waiting])
        status = read_status(out)
        assert status is not None
        assert status.state == "running"
        assert status.stages == (Stage("outcomes", "sampling", 50, 200, 1),)
        assert status.remarks == ("few rated worry",)
        said = watched(Desk(out))
        assert said["stages"][0].words == "sampling, 25%, 1 divergences"
    assert not status_path(out).exists()
    assert current_status() is None


def test_a_fit_that_fails_says_why(tmp_path: Path) -> None:
    out = tmp_path / "stays.fit"
    with pytest.raises(ValueError, match="no good"), told_beside(out):
        raise ValueError("no good")
    status = read_status(out)
    assert status is not None
    assert (status.state, status.message) == ("failed", "no good")
    assert "no good" in in_words(status)["remarks"]
    with pytest.raises(KeyboardInterrupt), told_beside(out):
        raise KeyboardInterrupt
    again = read_status(out)
    assert again is not None
    assert again.state == "interrupted"


def test_a_killed_fit_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "stays.fit"
    with told_beside(out) as told:
        told.stage(Stage("outcomes", "sampling", 30, 200))
        told.step("sampling")
        text = status_path(out).read_text(encoding="utf-8")
    found = json.loads(text) | {"pid": 2**22 + 1}
    status_path(out).write_text(json.dumps(found), encoding="utf-8")
    status = read_status(out)
    assert status is not None
    assert status.state == "gone"
    assert "outcomes sampling, 15%" in in_words(status)["remarks"][0]
    found |= {"host": "elsewhere", "pid": os.getpid(), "updated": time.time()}
    status_path(out).write_text(json.dumps(found), encoding="utf-8")
    assert read_status(out) == Status(**(vars(status) | found_of(found)))


def found_of(found: dict[str, object]) -> dict[str, object]:
    return {
        "state": "running",
        "host": "elsewhere",
        "pid": found["pid"],
        "updated": found["updated"],
    }


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "x"}', "null", "[" * 90000])
def test_other_files_are_no_status(tmp_path: Path, text: str) -> None:
    status_path(tmp_path / "a.fit").write_text(text, encoding="utf-8")
    assert read_status(tmp_path / "a.fit") is None


def test_the_page_waits_loads_and_opens(page: Page, tmp_path: Path) -> None:
    page.desk.loaded, page.desk.state, page.desk.path = None, "waiting", tmp_path / "new.fit"
    assert "no such file yet" in page.get("/").text
    assert "hx-redirect" not in page.get("/status").headers
    assert page.post("/s/first-idea/edit").status_code == 503
    with told_beside(page.desk.path) as told:
        told.stage(Stage("outcomes", "warm-up", 30, 200))
        told.step("sampling")
        assert "A fit is in progress: sampling." in page.get("/").text
        assert "warm-up, 15%" in page.get("/status").text
    page.desk.path.write_bytes(TINY.read_bytes())
    page.desk.start()
    try:
        deadline = time.monotonic() + 60
        while page.desk.state != "ready" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert page.get("/status").headers["hx-redirect"] == "/"
        assert "Tiny stays" in page.get("/").text
        page.desk.path.touch()
        assert "A newer fit was saved" in page.get("/newer").text
        page.post("/reload")
        while page.desk.newer and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "A newer fit" not in page.get("/newer").text
    finally:
        page.desk.close()


def says_of(page: Page, path: Path) -> str:
    """What the page says of a fit that cannot be opened."""
    page.desk.loaded, page.desk.state, page.desk.path = None, "waiting", path
    page.desk.start()
    try:
        deadline = time.monotonic() + 30
        while page.desk.state != "failed" and time.monotonic() < deadline:
            time.sleep(0.05)
        return str(page.get("/").text)
    finally:
        page.desk.close()


def test_a_broken_fit_is_said(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "bad.fit"
    path.write_bytes(b"no zip")
    assert "not a saved fit" in says_of(page, path)


def test_a_fit_without_outcomes_is_said(page: Page, tiny: Fit, tmp_path: Path) -> None:
    path = tmp_path / "felt.fit"
    em.save(replace(tiny, model=tiny.model.model_copy(update={"outcomes": False})), path)
    assert "without outcomes: nothing would follow from a change" in says_of(page, path)
