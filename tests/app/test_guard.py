"""Who may ask, how much, and what the page may load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emotion_models.app.assets import KINDS, assets
from emotion_models.app.guard import MAX_BODY
from emotion_models.app.serve import SECRET, PortTaken, make_page, token_in
from tests.app.conftest import TOKEN, Page

STATIC = Path(__file__).parents[2] / "emotion_models" / "app" / "static"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:9", "localhost:8000.x"])
def test_other_hosts_are_refused(page: Page, host: str) -> None:
    reply = page.client.get("/", headers={"host": host})
    assert reply.status_code == 421
    assert "content-security-policy" in reply.headers


def test_writes_need_the_token(page: Page) -> None:
    page.get("/")
    for headers in ({}, {"x-page-token": "wrong"}):
        reply = page.client.post("/new", data={"name": "x"}, headers=headers)
        assert reply.status_code == 403
        assert "Load it again" in reply.text
    assert page.client.post("/new", data={"name": "x", "token": TOKEN}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_sites_cannot_write(page: Page, headers: dict[str, str]) -> None:
    assert page.post("/new", {"name": "x"}, **headers).status_code == 403


def test_a_link_from_another_site_may_open_the_page(page: Page) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert page.client.get("/", headers=link).status_code == 200
    image = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert page.client.get("/", headers=image).status_code == 403


def test_large_and_strange_bodies(page: Page) -> None:
    page.open("first-idea" if page.get("/") else "")
    big = page.client.post("/new", content=b"a" * (MAX_BODY + 1), headers=form_headers())
    assert big.status_code == 413

    def pieces():  # type: ignore[no-untyped-def]
        for _ in range(MAX_BODY // 1000 + 2):
            yield b"a" * 1000

    assert page.client.post("/new", content=pieces(), headers=form_headers()).status_code == 413
    many = "&".join(f"a{i}=1" for i in range(5000)).encode()
    assert page.client.post("/new", content=many, headers=form_headers()).status_code == 400
    latin = page.client.post("/new", content=b"name=%ff%fe", headers=form_headers())
    assert latin.status_code == 400
    raw = page.client.post("/new", content="name=é".encode("latin-1"), headers=form_headers())
    assert raw.status_code == 400
    json = page.client.post("/new", json={"name": "x"}, headers={"x-page-token": TOKEN})
    assert json.status_code == 415
    lied = page.client.post(
        "/new", content=b"x=1", headers=form_headers() | {"content-length": "-1"}
    )
    assert lied.status_code == 413
    assert page.client.put("/new").status_code == 405
    assert page.client.get("/new").status_code == 405
    assert page.get("/").status_code == 200


def form_headers() -> dict[str, str]:
    return {"x-page-token": TOKEN, "content-type": "application/x-www-form-urlencoded"}


def test_policy_is_strict_everywhere(page: Page) -> None:
    for path in ("/", "/nowhere", "/status", next(iter(assets().values())).address):
        policy = page.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_nothing_points_elsewhere() -> None:
    for name in ("page.css", "page.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://", text), name
    for template in (STATIC.parent / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"https?://|<script>|\sstyle=|\son[a-z]+=|\|safe", text), template


def test_files_are_squeezed_and_kept(page: Page) -> None:
    asset = assets()["htmx.min.js"]
    reply = page.client.get(asset.address, headers={"accept-encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.content == asset.content
    assert "immutable" in reply.headers["cache-control"]
    assert set(KINDS) == set(assets())


def test_the_token_outlives_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "x.scenarios"
    token = token_in(folder)
    assert token_in(folder) == token
    assert (folder / SECRET).stat().st_mode & 0o077 == 0
    (folder / SECRET).write_text("short")
    assert token_in(folder) != "short"


def test_it_binds_this_machine_only(tmp_path: Path) -> None:
    page = make_page(tmp_path / "no.fit", tmp_path / "no.scenarios")
    try:
        host, port = page.bound.getsockname()
        assert host == "127.0.0.1"
        assert page.address == f"http://127.0.0.1:{port}/"
        with pytest.raises(PortTaken, match="cannot be used"):
            make_page(tmp_path / "no.fit", tmp_path / "no.scenarios", port=port)
    finally:
        page.bound.close()


def test_the_wheel_would_carry_the_page() -> None:
    """Templates, scripts and licences lie inside the package, which the wheel takes whole."""
    for name in ("page.js", "figtree.woff2", "licences/htmx.txt", "licences/sortablejs.txt"):
        assert (STATIC / name).is_file(), name
