"""The page in a real browser: by mouse, by keys alone, in light and dark, small and printed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import emotion_models as em
from emotion_models.app.scenario_file import read_change
from emotion_models.app.serve import Page
from tests.app.browser import chromium, needs_chromium, served

WAIT = 'input[name="l.0.0"]'
WEIGHT = 200 * 1024


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    needs_chromium()
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def server(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with served(tmp_path_factory.mktemp("app") / "tiny.scenarios") as page:
        yield page


class Tab:
    """A tab that notes what goes wrong in it."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1300, "height": 900}, **options}
        )
        self.page = self.context.new_page()
        self.address, self.wrong, self.elsewhere, self.bytes = address.rstrip("/"), [], [], 0
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._came)
        self.expected = ""

    def _said(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.elsewhere.append(request.url)

    def _came(self, request: Any) -> None:
        sizes = request.sizes()
        self.bytes += sizes["responseBodySize"] + sizes["responseHeadersSize"]

    def open(self, path: str = "/") -> Any:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("#board[data-ready]")
        self.page.wait_for_timeout(100)
        return self.page

    def fresh(self, name: str) -> Any:
        """Start a scenario of its own, as a person would."""
        self.open()
        self.page.click("#scenarios > summary")
        self.page.fill("#scenarios form[action='/new'] input[name=name]", name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"h1:text-is('{name}')")
        self.page.wait_for_selector("#board[data-ready]")
        self.page.wait_for_timeout(100)
        return self.page

    def saved(self, server: Page) -> em.Change:
        id_ = self.page.url.rpartition("/")[2]
        return read_change((server_folder(server) / f"{id_}.toml").read_text(encoding="utf-8"))

    def close(self) -> None:
        self.context.close()
        unexpected = [one for one in self.wrong if not re.search(self.expected or "^$", one)]
        assert not unexpected
        assert not self.elsewhere


def until(page: Any, expression: str) -> None:
    """Wait; Playwright's own waiting evaluates text in the page, which its policy forbids."""
    deadline = time.monotonic() + 15
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def server_folder(server: Page) -> Path:
    return server.folder


@pytest.fixture
def tab(browser: Any, server: Page) -> Iterator[Tab]:
    found = Tab(browser, server.address)
    yield found
    found.close()


def version(page: Any) -> int:
    return int(page.input_value("#version"))


def wait_saved(page: Any, before: int) -> None:
    until(page, f"Number(document.querySelector('#version')?.value) > {before}")


def test_keys_move_a_lever_and_the_figure_follows(tab: Tab, server: Page) -> None:
    page = tab.fresh("Keys")
    picture, before = page.inner_html("#figure svg"), version(page)
    page.focus(WAIT)
    page.keyboard.press("ArrowLeft")
    wait_saved(page, before)
    assert page.evaluate("document.activeElement.name") == "l.0.0"
    assert page.is_checked('input[name="l.0.0.on"]')
    assert page.inner_html("#figure svg") != picture
    assert "of 100 stays" in page.inner_text("#outcomes")
    assert tab.saved(server).steps[0].name == "wait_minutes"
    page.click('input[name="l.0.0.on"]')
    wait_saved(page, version(page) - 1)
    until(page, "document.querySelector('#h-outcomes').textContent == 'Outcomes today'")


def test_no_key_press_is_lost(tab: Tab, server: Page) -> None:
    page = tab.fresh("Fast")
    page.focus(WAIT)
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    value = float(page.input_value(WAIT))
    until(
        page,
        f"document.querySelector('#figure .words')?.textContent.includes(' {value:g} minutes')",
    )
    assert tab.saved(server).steps[0].to == value


def test_stations_move_by_keys_and_are_announced(tab: Tab, server: Page) -> None:
    page = tab.fresh("Order")
    before = version(page)
    page.focus("#st-2 .grip")
    page.keyboard.press("Alt+ArrowUp")
    wait_saved(page, before)
    assert page.evaluate("document.activeElement.closest('.station').id") == "st-2"
    assert page.inner_text("#say") == "Check-out is now station 2 of 3."
    assert tab.saved(server).steps[0].order == ("check-in", "check-out", "room")
    page.focus("#st-0 .nudge[data-by='-1']")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#say').textContent.includes('already first')")


def test_stations_are_dragged(tab: Tab, server: Page) -> None:
    page = tab.fresh("Drag")
    page.click("#st-0 .title")  # closed, so that all stations are near each other
    before = version(page)
    start, end = (page.locator(f"{one} .grip").bounding_box() for one in ("#st-0", "#st-2"))
    page.mouse.move(start["x"] + 8, start["y"] + 20)
    page.mouse.down()
    for share in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0, 1.05):
        page.mouse.move(start["x"] + 8, start["y"] + 20 + share * (end["y"] - start["y"] + 20))
        page.wait_for_timeout(160)
    page.mouse.up()
    wait_saved(page, before)
    assert tab.saved(server).steps[0].order[-1] == "check-in"


def test_add_remove_repeat_undo_redo(tab: Tab, server: Page) -> None:
    page = tab.fresh("Stations")
    page.click("#add-box > summary")
    page.fill("input[name=add_name]", "Thank-you call")
    page.click("#add button")
    page.wait_for_selector("#st-x3")
    page.click("#st-1 .title")
    before = version(page)
    page.check('#st-1 input[name="off"]')
    wait_saved(page, before)
    page.click("#panel-0 button:text('Repeat it')")
    page.wait_for_selector("text=Check-in (2)")
    assert page.get_attribute("#panel-1", "hidden") is None  # what was open stays open
    kinds = [step.kind for step in tab.saved(server).steps]
    assert kinds == ["remove", "repeat", "add"]
    for left in (["remove", "add"], ["add"], []):
        before = version(page)
        page.keyboard.press("Control+z")
        wait_saved(page, before)
        assert [step.kind for step in tab.saved(server).steps] == left
    page.reload()
    before = version(page)
    page.click("#redo")
    wait_saved(page, before)
    page.wait_for_selector("#st-x3")
    before = version(page)
    page.click("#st-x3 .title")
    page.click("#st-x3 .drop")
    wait_saved(page, before)
    assert tab.saved(server).steps == ()


def test_everything_by_keys_alone(tab: Tab, server: Page) -> None:
    """From the skip link to a copy of the scenario, with nothing but Tab, Enter, Space, arrows."""
    page = tab.open()
    seen: list[str] = []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(120):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(e => e.name || e.id || e.className || e.textContent.trim().slice(0, 20))"
                "(document.activeElement)"
            )
        )
        if "theme" in seen[-1]:
            break
    for wanted in ("undo", "grip", "title", "nudge", "l.0.0", "show", "by_segment"):
        assert any(wanted in one for one in seen), wanted
    page.focus("#scenarios > summary")
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.name") != "name":
        page.keyboard.press("Tab")
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text-is('By keys')")
    page.wait_for_selector("#board[data-ready]")
    before = version(page)
    page.focus("#st-0 fieldset input, #st-1 .title")
    page.keyboard.press("Enter")
    page.focus('#st-1 input[name="l.1.2"] >> nth=0')
    page.keyboard.press("ArrowRight")
    wait_saved(page, before)
    assert str(tab.saved(server).steps[0]) == "upgrade at room set to 0.0"
    page.focus("#exports > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.get_attribute("#exports", "open") is None


def test_a_file_is_opened_and_exports_come(tab: Tab, tmp_path: Path) -> None:
    page = tab.open()
    path = tmp_path / "better room.toml"
    path.write_text(em.Change().at("room").lever("upgrade", to=1).to_toml(), encoding="utf-8")
    page.click("#scenarios > summary")
    page.set_input_files("input[type=file]", path)
    until(page, "document.querySelector('input[name=text]').value.length > 0")
    page.click("button:text-is('Open')")
    page.wait_for_selector("h1:text-is('better room')")
    for kind in ("toml", "csv", "png"):
        page.evaluate("document.querySelector('#exports').open = true")
        with page.expect_download() as download:
            page.click(f"#exports a[href$='export.{kind}']")
        assert download.value.suggested_filename == f"better-room.{kind}"


def test_bad_input_is_said_and_the_page_goes_on(tab: Tab, server: Page) -> None:
    tab.expected = "422"
    page = tab.fresh("Bad input")
    page.click("#whom-box > summary")
    page.focus('#st-0 input[name="l.0.0"]')
    page.keyboard.press("ArrowRight")
    page.fill("input[name=where]", "moon > 3")
    page.wait_for_selector("#notice:has-text('no \\'moon\\'')")
    page.fill("input[name=where]", "")
    until(page, "document.querySelector('#notice').childElementCount == 0")
    assert len(tab.saved(server).steps) == 1


def test_two_tabs(browser: Any, tab: Tab, server: Page) -> None:
    page = tab.fresh("Two tabs")
    other = Tab(browser, server.address)
    other.expected = "409"
    second = other.open(page.url.removeprefix(server.address.rstrip("/")))
    before = version(page)
    page.focus(WAIT)
    page.keyboard.press("ArrowLeft")
    wait_saved(page, before)
    mine = tab.saved(server)
    second.focus(WAIT)
    second.keyboard.press("ArrowRight")
    second.wait_for_selector("#notice:has-text('changed elsewhere')")
    assert tab.saved(server).steps == mine.steps
    second.click("button:text('Keep mine as a copy')")
    second.wait_for_selector("h1:text-is('Two tabs (mine)')")
    assert other.saved(server).steps != mine.steps
    other.close()


def test_a_server_that_is_gone_and_comes_back(browser: Any, tmp_path: Path) -> None:
    folder = tmp_path / "gone.scenarios"
    with served(folder) as page_of:
        tab, port = Tab(browser, page_of.address), page_of.bound.getsockname()[1]
        tab.expected = "ERR_|htmx:"
        page = tab.open()
    page.focus(WAIT)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#notice:has-text('does not answer')")
    value = float(page.input_value(WAIT))
    with served(folder, port=port):
        until(page, "document.querySelector('#notice').textContent === ''")
        until(page, "Number(document.querySelector('#version').value) > 1")
        steps = read_change((folder / "first-idea.toml").read_text(encoding="utf-8")).steps
        assert steps[0].to == value
    tab.close()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_axe_finds_nothing(browser: Any, server: Page, look: str) -> None:
    axe = axe_core()
    size = {"width": 360, "height": 740} if look == "narrow" else {"width": 1300, "height": 900}
    tab = Tab(browser, server.address, viewport=size, color_scheme=look.replace("narrow", "light"))
    page = tab.fresh(f"Axe {look}")
    before = version(page)
    page.focus(WAIT)
    page.keyboard.press("ArrowLeft")
    wait_saved(page, before)
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)")
    page.check("input[name=by_segment]")
    page.wait_for_selector(".groups")
    assert not violations(axe, page)
    for menu in ("#scenarios", "#exports"):
        page.evaluate(f"document.querySelector('{menu}').open = true")
        assert not violations(axe, page), menu
        page.evaluate(f"document.querySelector('{menu}').open = false")
    page.goto(f"{tab.address}/compare?s=first-idea&s=axe-{look}")
    assert not violations(axe, page)
    page.click("a:text-is('First idea')")
    page.click("#scenarios > summary")
    tab.close()


def axe_core() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def violations(axe: Any, page: Any) -> list[str]:
    found = axe.run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_further_answers_by_keys(tab: Tab) -> None:
    page = tab.fresh("further")
    page.focus(WAIT)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".outcome .sure")
    asked = {"Why?": "Why: ", "Who gains?": "Who gains: ", "Where to act?": "Where to act: "}
    for words, said in {**asked, "What is remembered?": "What is remembered"}.items():
        page.focus(f"#ask button:text-is('{words}')")
        page.keyboard.press("Enter")
        page.wait_for_function(
            "said => (document.querySelector('#h-further') || {}).textContent?.startsWith(said)",
            arg=said,
        )
        assert page.locator("#further tbody tr").count() > 1
    assert not violations(axe_core(), page)


def test_narrow_pages_do_not_scroll_sideways(browser: Any, server: Page) -> None:
    tab = Tab(browser, server.address, viewport={"width": 360, "height": 740})
    page = tab.fresh("Narrow and with a rather long name of a scenario")
    page.click("#st-1 .title")
    before = version(page)
    page.focus(WAIT)
    page.keyboard.press("ArrowLeft")
    wait_saved(page, before)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert int(page.get_attribute("#figure svg", "width")) < 340  # drawn for this width
    page.click("#scenarios > summary")
    box = page.locator("#scenarios .sheet").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    tab.close()


def test_print_shows_answers_not_controls(tab: Tab) -> None:
    page = tab.open()
    page.emulate_media(media="print")
    assert not page.is_visible(".rail")
    assert not page.is_visible("#tools")
    assert page.is_visible("#figure svg")
    assert page.is_visible(".caution")


def test_light_and_dark_are_kept(tab: Tab) -> None:
    page = tab.open()
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_page_is_light(browser: Any, server: Page) -> None:
    tab = Tab(browser, server.address)
    tab.open()
    tab.page.wait_for_load_state("networkidle")
    assert 20_000 < tab.bytes <= WEIGHT
    tab.close()


def test_a_fit_in_progress_is_watched(browser: Any, tmp_path: Path) -> None:
    from emotion_models.fit_status import Stage, told_beside
    from tests.data.make_tiny_fit import TINY

    fit = tmp_path / "soon.fit"
    with told_beside(fit) as told:
        told.stage(Stage("outcomes", "sampling", 30, 120))
        told.step("sampling")
        with served(tmp_path / "soon.scenarios", fit=fit) as page_of:
            tab = Tab(browser, page_of.address)
            tab.page.goto(page_of.address)
            tab.page.wait_for_selector("text=sampling, 25%")
            assert not violations(axe_core(), tab.page)
            told.stage(Stage("outcomes", "sampling", 60, 120))
            told.step("sampling")
            tab.page.wait_for_selector("text=sampling, 50%")
            fit.write_bytes(TINY.read_bytes())
            tab.page.wait_for_selector("#board[data-ready]", timeout=60_000)
            assert re.search("Tiny stays", tab.page.title())
            tab.close()
