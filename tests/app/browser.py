"""Debian's Chromium, and the page served to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from emotion_models.app.serve import Page, make_page, server_of
from tests.data.make_tiny_fit import TINY

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def needs_chromium() -> None:
    """Skip where there is no browser to drive."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM}: install Debian's chromium")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def served(folder: Path, *, port: int = 0, fit: Path = TINY, draws: int = 20) -> Iterator[Page]:
    """Serve the page of a fit from a thread, and wait until the fit is there."""
    page = make_page(fit, folder, port=port, draws=draws)
    server = server_of(page)
    thread = threading.Thread(target=server.run, args=([page.bound],), daemon=True)
    thread.start()
    page.desk.start()
    deadline = time.monotonic() + 60
    while page.desk.state != "ready" and fit.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield page
    finally:
        server.should_exit = True
        thread.join(10)
        page.desk.close()
        page.bound.close()
