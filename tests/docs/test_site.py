"""The built pages (`make docs`): no dead link, nothing from elsewhere, nothing for axe to find."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
CHROMIUM = Path("/usr/bin/chromium")
READ = ("index", "tutorials/scientist", "tutorials/designer", "guides/publish", "evidence/index")
PANDAS = {"empty-table-header": {"enabled": False}}
"""The head of a frame's index is empty; pandas writes it."""

pytestmark = pytest.mark.skipif(not SITE.exists(), reason="`make docs` has not been run here")


class Links(HTMLParser):
    """What a page points at, and what can be pointed at in it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.names: set[str] = set()
        self.loaded: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names.update(value for key, value in attrs if key in ("id", "name") and value)
        if tag == "a" and given.get("href"):
            self.targets.append(str(given["href"]))
        if tag in ("script", "img", "link", "iframe"):
            self.loaded.append(given.get("src") or given.get("href") or "")


@pytest.fixture(scope="module")
def pages() -> dict[Path, Links]:
    return {page: Links(page) for page in SITE.rglob("*.html") if "_static" not in page.parts}


def test_no_dead_link(pages: dict[Path, Links]) -> None:
    dead = []
    for page, links in pages.items():
        for target in links.targets:
            parts = urlsplit(target)
            if parts.scheme or target == "#":
                continue
            there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            named = pages[there].names if there in pages else {parts.fragment}
            if not there.exists() or (parts.fragment and parts.fragment not in named):
                dead.append(f"{page.relative_to(SITE)}: {target}")
    assert not dead


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Links]) -> None:
    loaded = {each for links in pages.values() for each in links.loaded}
    assert not [each for each in loaded if urlsplit(each).netloc]


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium (Debian's package chromium)")
@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", READ)
def test_axe_finds_nothing(name: str, look: Any) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with sync.sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = browser.new_page(color_scheme=look)
        page.goto((SITE / f"{name}.html").as_uri())
        found = axe.run(page, options={"rules": PANDAS}).response["violations"]
        browser.close()
    assert not [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
