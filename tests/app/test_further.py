"""Further answers on the page: why, what is remembered, who gains, where to act."""

from __future__ import annotations

import pytest

from tests.app.conftest import Page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("why", "Worry (room) → memory → return"),
        ("remembered", "How strongly each emotion is remembered"),
        ("winners", "Share of people whose expected"),
        ("priorities", "Where to act"),
    ],
)
def test_further_answers(page: Page, kind: str, words: str) -> None:
    id_ = str(page.get("/").url.path).rpartition("/")[2]
    text = page.open(id_)
    assert f'value="{kind}"' in text
    page.edit(id_, **{"e.1.3": "-1"})
    reply = page.get(f"/s/{id_}/further?kind={kind}&outcome=return")
    assert reply.status_code == 200
    assert words in reply.text
    assert "Read it as:" in reply.text
    assert "Checks of this fit FAIL" in reply.text
    assert "<th scope=" in reply.text


def test_nothing_to_say_yet(page: Page) -> None:
    id_ = str(page.get("/").url.path).rpartition("/")[2]
    reply = page.get(f"/s/{id_}/further?kind=why&outcome=return")
    assert "move something first" in reply.text


@pytest.mark.parametrize("asked", ["kind=how&outcome=return", "kind=why&outcome=retrun", "", "a=b"])
def test_no_such_question(page: Page, asked: str) -> None:
    id_ = str(page.get("/").url.path).rpartition("/")[2]
    reply = page.get(f"/s/{id_}/further?{asked}")
    assert 400 <= reply.status_code < 500
    assert page.get(f"/s/{id_}").status_code == 200
