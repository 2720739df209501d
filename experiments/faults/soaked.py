"""Designers who do not stop: many requests a second for minutes; memory flat, no error."""

from __future__ import annotations

import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from tally import ROOT, TINY, Tally

TABS: Final = 4
GROWTH: Final = 1.05
"""Memory in the last quarter over that of the second quarter, at most."""


@dataclass
class Tab:
    """A browser tab of somebody who moves sliders."""

    address: str
    rng: np.random.Generator
    token: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    here: str = ""
    refused: list[str] = field(default_factory=list)

    def start(self, name: str) -> None:
        """Begin a scenario of one's own: two tabs in one are told so, as they should be."""
        self.read(self.ask("/")[1])
        text = self.ask("/new", urllib.parse.urlencode({"name": name}).encode())
        self.here = urllib.parse.urlparse(text[2]).path
        self.form["tab"] = f"{name:x>16}"
        self.read(text[1])

    def open(self) -> int:
        """Load the page again."""
        status, text, _ = self.ask(self.here)
        self.read(text)
        return status

    def read(self, text: str) -> None:
        """What a form sends: the sliders as they are, and which version they show."""
        if found := re.search(r'"x-page-token":"([^"]+)"', text):
            self.token = found[1]
        if found := re.search(r'id="version" value="(\d+)"', text):
            self.form["version"] = found[1]
        if stops := re.findall(r'name="stop" value="([^"]*)"', text):
            self.form["stop"] = stops

    def act(self) -> int:
        """One deed, drawn at random as designers do: mostly sliders."""
        deed = self.rng.random()
        if deed < 0.75:
            self.form[f"e.{self.rng.integers(3)}.{self.rng.integers(4)}"] = self.rng.integers(-2, 3)
            return self.post("edit", self.form)
        if deed < 0.8:
            return self.post("undo", self.form)
        if deed < 0.85:
            return self.ask(f"{self.here}/export.{self.rng.choice(['toml', 'svg', 'csv'])}")[0]
        if deed < 0.9:
            kind = self.rng.choice(["why", "remembered", "winners", "priorities"])
            return self.ask(f"{self.here}/further?kind={kind}&outcome=return")[0]
        if deed < 0.95:
            return self.ask("/compare")[0]
        return self.open()

    def post(self, deed: str, form: dict[str, Any]) -> int:
        """Send the form; what comes back is the newest version."""
        data = urllib.parse.urlencode(form, doseq=True).encode()
        status, text, _ = self.ask(f"{self.here}/{deed}", data)
        self.read(text)
        return status

    def ask(self, path: str, data: bytes | None = None) -> tuple[int, str, str]:
        """Status, text and address of an answer."""
        headers = {"x-page-token": self.token, "hx-request": "true"}
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read().decode("utf-8", "replace"), reply.url
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            words = " ".join(re.sub(r"<[^>]*>", " ", text).split())
            self.refused.append(f"{error.code} {path}: {words}")
            return error.code, text, self.address + path


def soaked(minutes: float, rate: float = 20.0) -> tuple[list[Tally], dict[str, Any]]:
    """Click for minutes at so many requests a second; tallies and figures."""
    with tempfile.TemporaryDirectory() as folder:
        fit = Path(folder) / "tiny.fit"
        shutil.copyfile(TINY, fit)
        command = [sys.executable, "-m", "emotion_models.cli", "app", str(fit), "--no-browser"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as process:
            try:
                return _clicked(process, minutes, rate)
            finally:
                process.send_signal(signal.SIGINT)


def _clicked(
    process: subprocess.Popen[str], minutes: float, rate: float
) -> tuple[list[Tally], dict[str, Any]]:
    assert process.stdout is not None
    found = re.search(r"http://[^/]+", process.stdout.readline())
    assert found
    tabs = [Tab(found[0], np.random.default_rng(seed)) for seed in range(TABS)]
    while 'id="sketch"' not in tabs[0].ask("/")[1]:
        time.sleep(0.3)
    for number, tab in enumerate(tabs):
        tab.start(f"idea{number}")
    end = time.monotonic() + 60 * minutes
    statuses: collections.Counter[int] = collections.Counter()
    seconds: list[float] = []
    threads = [
        threading.Thread(target=_clicks, args=(tab, end, TABS / rate, statuses, seconds))
        for tab in tabs
    ]
    for thread in threads:
        thread.start()
    memory = []
    while time.monotonic() < end:
        memory.append(_memory(process.pid))
        time.sleep(1)
    for thread in threads:
        thread.join()
    refused = [each for tab in tabs for each in tab.refused]
    return _judged(statuses, seconds, memory, refused)


def _clicks(
    tab: Tab,
    end: float,
    every: float,
    statuses: collections.Counter[int],
    seconds: list[float],
) -> None:
    due = time.monotonic()
    while (now := time.monotonic()) < end:
        if now < due:
            time.sleep(due - now)
        due = max(due + every, time.monotonic() - every)
        start = time.monotonic()
        try:
            statuses[tab.act()] += 1
        except OSError:
            statuses[0] += 1  # no answer
        seconds.append(time.monotonic() - start)


def _memory(pid: int) -> float:
    """Resident MiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]


def _judged(
    statuses: collections.Counter[int],
    seconds: list[float],
    memory: list[float],
    refused: list[str],
) -> tuple[list[Tally], dict[str, Any]]:
    requests = Tally("clicks on the page, minute after minute", "every request is answered")
    for _ in range(statuses[200]):
        requests.well("answered")
    for each in refused:
        requests.amiss(each)
    for _ in range(statuses[0]):
        requests.amiss("no answer")
    quarter = len(memory) // 4
    early, late = np.mean(memory[quarter : 2 * quarter]), np.mean(memory[-quarter:])
    flat = Tally("memory of the page under these clicks", "flat: at most 5% more")
    words = f"{early:.0f} MiB, then {late:.0f} MiB"
    flat.well(words) if late <= GROWTH * early else flat.amiss(words)
    figures = {
        "minutes": len(memory) / 60,
        "requests a second": len(seconds) / len(memory),
        "median ms": 1000 * float(np.median(seconds)),
        "99th percentile ms": 1000 * float(np.quantile(seconds, 0.99)),
        "memory MiB, every second": [
            round(each, 1) for each in memory[:: max(len(memory) // 60, 1)]
        ],
    }
    return [requests, flat], json.loads(json.dumps(figures))
