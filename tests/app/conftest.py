"""The page of the tiny fit, asked without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from emotion_models.app.desk import Desk, Loaded
from emotion_models.app.guard import Guard
from emotion_models.app.routes import application
from emotion_models.app.study import Study, study_of
from emotion_models.inference import Fit
from tests.data.make_tiny_fit import TINY

TOKEN = "t" * 43
HOST = "127.0.0.1:8000"


@pytest.fixture(scope="session")
def study(tiny: Fit) -> Study:
    return study_of(tiny)


@dataclass
class Page:
    """A browser tab without a browser."""

    client: TestClient
    folder: Path
    desk: Desk
    study: Study
    tab: str = "a" * 16
    form: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        sent = {"x-page-token": TOKEN, "hx-request": "true", **headers}
        return self.client.post(path, data=data or {}, headers=sent, follow_redirects=False)

    def open(self, id_: str) -> str:
        """Read the page of a scenario as a tab does: its form and its version."""
        text = str(self.get(f"/s/{id_}").text)
        found = re.search(r'id="version" value="(\d+)"', text)
        stops = re.findall(r'name="stop" value="([^"]*)"', text)
        self.form = {"stop": stops, "version": found[1] if found else "0", "tab": self.tab}
        self.form["show"] = [str(f.index) for f in self.study.feelings]
        return text

    def edit(self, id_: str, **fields: Any) -> Any:
        self.form |= {key.replace("_at_", "."): value for key, value in fields.items()}
        reply = self.post(f"/s/{id_}/edit", self.form)
        found = re.search(r'id="version" value="(\d+)"', reply.text)
        if found:
            self.form["version"] = found[1]
        return reply

    def file(self, id_: str) -> str:
        return (self.folder / f"{id_}.toml").read_text(encoding="utf-8")


@pytest.fixture
def page(tiny: Fit, study: Study, tmp_path: Path) -> Page:
    return page_of(tiny, study, tmp_path / "tiny.scenarios")


def page_of(fit: Fit, study: Study, folder: Path) -> Page:
    desk = Desk(TINY, draws=20)
    desk.loaded, desk.state = Loaded(fit, study, (0, 0)), "ready"
    app = Guard(application(desk, folder, TOKEN), token=TOKEN, hosts={HOST})
    client = TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
    return Page(client, folder, desk, study)
