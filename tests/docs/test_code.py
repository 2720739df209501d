"""All Python in the README and in docs/ runs, page by page, as a reader would type it.

Fitting is not what is tested here: `em.fit` gives a small fit of the hotel study, and verbs that
fit other models give an answer without.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

import emotion_models as em
from tests.data.make_hotel_fit import HOTEL

if TYPE_CHECKING:
    from emotion_models.inference import Fit

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = ("_build", "evidence", "jupyter_execute")
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted(DOCS.rglob("*.md")) if not set(GENERATED) & set(page.parts)),
]
BLOCK = re.compile(r"^```(?:python|\{code-cell\})[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?!https?:)([^)\s#]*)(#[^)]*)?\)")


def code(page: Path) -> list[str]:
    """Code of a page, block by block, without the directives of a cell."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    return ["\n".join(line for line in b.splitlines() if line[:2] != ":t") for b in blocks]


@pytest.fixture(scope="module")
def hotel() -> Fit:
    return em.load(HOTEL)


@pytest.fixture
def desk(hotel: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A folder with stays.csv, stays.toml, stays.fit, as the pages have it; the names so far."""
    monkeypatch.syspath_prepend(str(DOCS))
    monkeypatch.delitem(sys.modules, "generated_pages", raising=False)
    from generated_pages import lay_out  # type: ignore[import-not-found]

    monkeypatch.chdir(lay_out(tmp_path, fit=HOTEL))
    monkeypatch.setenv("EMOTION_MODELS_DESK", str(tmp_path))
    monkeypatch.setattr(em, "fit", lambda *_, **__: hotel)
    for verb in ("compare", "crossvalidate", "specificity"):  # these fit other models
        monkeypatch.setattr(em, verb, lambda *_, **__: em.memory(hotel))
    with mpl.rc_context({"backend": "Agg", "figure.max_open_warning": 0}):
        survey = em.load_dataset("hotel-stays")
        yield {"em": em, "fit": hotel, "model": hotel.model, "survey": survey}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_runs(page: Path, desk: dict[str, Any]) -> None:
    for number, block in enumerate(code(page), start=1):
        exec(compile(block, f"{page.name}, block {number}", "exec"), desk)  # noqa: S102


def test_there_is_code() -> None:
    assert sum(len(code(page)) for page in PAGES) > 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    made = (DOCS / "evidence", DOCS / "reference" / "commands.md")
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve()
        if made[0] in there.parents and there.stem != "index":  # generated from this
            there = ROOT / "experiments" / there.stem / "README.md"
        elif there.is_relative_to(made[0]) or there == made[1]:
            continue
        assert there.exists(), f"{page.name}: {target}"
