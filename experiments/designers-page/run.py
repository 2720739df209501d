"""From a key press to the redrawn figure, in a real browser; see README.md.

python experiments/designers-page/run.py --fit stays.fit
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

import readme  # noqa: E402
from grow import grown  # noqa: E402

import emotion_models as em  # noqa: E402

ROOT = HERE.parents[1]
SUMMARY = HERE / "results" / "summary.json"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENCE = 90
"""Seconds after which an answer is taken for lost."""
SERIES = {
    "a lever": ('input[name="l.2.0"]', ("ArrowLeft", "ArrowRight"), 12),
    "an emotion": ('input[name="e.2.5"]', ("ArrowLeft", "ArrowRight"), 4),
    "a station": ("#st-4 .grip", ("Alt+ArrowUp", "Alt+ArrowDown"), 2),
}
UNFOLD = """() => {
  document.querySelectorAll("#board .title[aria-expanded=false]").forEach((one) => one.click());
  document.querySelectorAll("details:not(.menu)").forEach((one) => { one.open = true; });
}"""
WATCH = """() => {
  window.presses = []; let start = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) start = performance.now();
  }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    const channel = new MessageChannel();  // a message after the frame is handled after its paint
    channel.port1.onmessage = () => window.presses.push(performance.now() - start);
    channel.port2.postMessage(0);
  })).observe(document.querySelector("#figure"), {childList: true});
}"""


class Served:
    """The page of a fit in a process of its own."""

    def __init__(self, fit: Path) -> None:
        self.start = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emotion_models.cli", "app", str(fit), "--no-browser"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+/", self.process.stdout.readline())
        assert found
        self.address = found[0]

    def first_answer(self) -> float:
        """Seconds from the command to its first page."""
        with urllib.request.urlopen(self.address) as reply:
            reply.read()
        return time.perf_counter() - self.start

    def ready(self) -> float:
        """Seconds from the command until sliders can be moved."""
        while True:
            with urllib.request.urlopen(self.address) as reply:
                if b'id="sketch"' in reply.read():
                    return time.perf_counter() - self.start
            time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End as by Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)


def renewed(page: Any, number: int) -> None:
    """Move another emotion, so that no answer that follows was given before."""
    other = f'input[name="e.{number % 2}.{number // 2 % 10}"]'
    page.focus(other)
    page.keyboard.press("ArrowRight" if number % 40 < 20 else "ArrowLeft")


def timed(
    page: Any, focus: str, keys: tuple[str, str], run: int, *, presses: int
) -> dict[str, float]:
    """Press keys and wait for the figure each time; milliseconds."""
    shares: list[tuple[float, float]] = []

    def heard(reply: Any) -> None:
        found = re.findall(r"dur=([\d.]+)", reply.headers.get("server-timing", ""))
        if found:
            shares.append((float(found[0]), float(found[1])))

    page.on("response", heard)
    taken: list[float] = []
    counted: list[tuple[float, float]] = []
    for number in range(presses + 3):
        if number % run == 0:
            settled = len(shares)
            renewed(page, number // run)
            deadline = time.monotonic() + PATIENCE
            while len(shares) == settled:
                assert time.monotonic() < deadline, (
                    f"nothing moved before press {number} on {focus}"
                )
                page.wait_for_timeout(20)
            page.wait_for_timeout(200)
            page.focus(focus)
        before = page.evaluate("window.presses.length")
        page.keyboard.press(keys[number // run % 2])
        heard_before, deadline = len(shares), time.monotonic() + PATIENCE
        while len(shares) == heard_before or page.evaluate("window.presses.length") == before:
            assert time.monotonic() < deadline, f"no answer to press {number} on {focus}"
            page.wait_for_timeout(10)
        page.wait_for_timeout(120)
        counted.append(shares[heard_before])
        taken.append(page.evaluate("window.presses[window.presses.length - 1]"))
    page.remove_listener("response", heard)
    times, parts = np.array(taken[3:]), np.array(counted[3:])
    fresh = parts[parts[:, 0] > 0]
    return {
        "presses": int(times.size),
        "median ms": float(np.median(times)),
        "95th percentile ms": float(np.quantile(times, 0.95)),
        "engine, median ms": float(np.median(fresh[:, 0])) if fresh.size else 0.0,
        "page on the server, median ms": float(np.median(parts[:, 1])),
        "remembered answers": int((parts[:, 0] == 0).sum()),
    }


def weighed(browser: Any, address: str) -> int:
    """Bytes of a first visit."""
    page, sizes = browser.new_page(), []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()))
    page.goto(address)
    page.wait_for_selector("#board[data-ready]")
    page.wait_for_load_state("networkidle")
    page.close()
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


def measured(fit: Path, presses: int) -> dict[str, Any]:
    """All of it."""
    from playwright.sync_api import sync_playwright

    starts = []
    for _ in range(3):
        with Served(fit) as server:
            starts.append(server.first_answer())
    with Served(fit) as server:
        ready = server.ready()
        time.sleep(12)  # what is asked ahead
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            weight = weighed(browser, server.address)
            page = browser.new_page(viewport={"width": 1360, "height": 900})
            page.goto(server.address)
            page.wait_for_selector("#board[data-ready]")
            page.evaluate(UNFOLD)
            page.wait_for_timeout(1000)
            page.evaluate(WATCH)
            series = {name: timed(page, *how, presses=presses) for name, how in SERIES.items()}
            browser.close()
    return {
        "key press to redrawn figure": series,
        "first answer, s": starts,
        "sliders ready, s": ready,
        "page weight, kB": weight / 1024,
        "load average": os.getloadavg()[0],
    }


def main() -> None:
    """Grow the fit, measure, keep the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", type=Path, required=True, help="a saved fit of hotel-stays")
    parser.add_argument("--journeys", type=int, default=1000)
    parser.add_argument("--presses", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grown.fit"
        fit = grown(em.load(given.fit), given.journeys)
        em.save(fit, path)
        sizes = fit.posterior["posterior"].sizes
        found = measured(path, given.presses)
    found["size"] = {
        "journeys": given.journeys,
        "draws": min(1000, int(sizes["chain"] * sizes["draw"])),
        "touchpoints": len(fit.design.touchpoints),
        "emotions": len(fit.design.emotions),
    }
    found["machine"] = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
    }
    found["claims"] = claims(found)
    SUMMARY.parent.mkdir(exist_ok=True)
    readme.write_json(SUMMARY, found)
    readme.fill(HERE / "README.md", tables(found))
    print(json.dumps(found, indent=1))


def claims(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What is asked of the page, beside what was measured."""
    pressed = found["key press to redrawn figure"]
    first, weight = float(np.median(found["first answer, s"])), float(found["page weight, kB"])
    rows = [
        (f"{name}: key press to redrawn figure, median ms", each["median ms"], 100.0)
        for name, each in pressed.items()
    ]
    rows += [(f"{name}: engine, median ms", each["engine, median ms"], 30.0)
             for name, each in pressed.items()]  # fmt: skip
    rows += [("first answer, median s", first, 2.0), ("page weight, kB", weight, 200.0)]
    return [readme.claim(name, value, f"<= {most:g}", value <= most) for name, value, most in rows]


def tables(found: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables of the README."""
    pressed = found["key press to redrawn figure"]
    rows = [{"pressed on": name, **each} for name, each in pressed.items()]
    once = {
        "first answer, s": " ".join(f"{each:.2f}" for each in found["first answer, s"]),
        "sliders ready, s": f"{found['sliders ready, s']:.1f}",
        "page weight, kB": f"{found['page weight, kB']:.0f}",
        "load average": f"{found['load average']:.1f}",
        **{name: str(value) for name, value in found["size"].items()},
        **{name: str(value) for name, value in found["machine"].items()},
    }
    return {
        "claims": readme.claims(found),
        "presses": pd.DataFrame(rows),
        "once": pd.DataFrame(once.items(), columns=["what", "value"]),
    }


if __name__ == "__main__":
    main()
