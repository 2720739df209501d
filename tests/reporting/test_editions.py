"""Audiences, sections, the look, and answers that get a section of their own."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import fakes
import pandas as pd
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.reporting import Look, Report, report
from emotion_models.reporting.blocks import Picture, walk
from emotion_models.reporting.content import AUDIENCES, PARTS
from emotion_models.reporting.look import ACCENT, LEAST_CONTRAST, contrast
from emotion_models.reporting.sections.further import MOST_ROWS, TITLES, as_table
from emotion_models.reporting.tables import Table

if TYPE_CHECKING:
    from emotion_models.inference import Fit

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the writing of figures."""
    for home in ("pictures", "further"):
        name = f"emotion_models.reporting.sections.{home}.svg"
        monkeypatch.setattr(name, lambda _: b'<svg xmlns="http://www.w3.org/2000/svg"/>')


def titles(made: Report) -> list[str]:
    return [section.title for section in made.content.sections]


def results(study: fakes.FakeFit) -> tuple[fakes.FakeEffects, fakes.FakeSimulation]:
    return fakes.FakeEffects(study), fakes.FakeSimulation(study)


def test_each_audience_gets_more_than_the_one_before(study: fakes.FakeFit) -> None:
    found = {name: titles(report(study, *results(study), audience=name)) for name in AUDIENCES}  # type: ignore[arg-type]
    board, team, paper = (found[name] for name in ("board", "team", "paper"))
    assert board == ["The simulated change", "Limits", "References"]
    assert "What drives each outcome" in team
    assert "Methods" not in team
    assert set(board) < set(team) < set(paper)


def test_a_shorter_edition_says_what_it_leaves_out(study: fakes.FakeFit) -> None:
    made = report(study, *results(study), audience="board")
    assert any("leaves out: journey, drivers" in text for text in made.content.notices)
    assert made.content.summary == report(study, *results(study)).content.summary
    assert not [t for t in report(study, *results(study)).content.notices if "leaves out" in t]


def test_sections_by_name_in_the_order_of_a_report(study: fakes.FakeFit) -> None:
    made = report(study, *results(study), sections=["limits", "journey"])
    assert titles(made) == ["The journey", "Limits", "References"]


def test_every_problem_at_once(study: fakes.FakeFit) -> None:
    with pytest.raises(InputProblems) as raised:
        report(study, audience="bord", sections=["limit", "nothing"], smallest_group=3)  # type: ignore[arg-type]
    said = str(raised.value)
    for words in ("'bord'", "did you mean 'board'", "'limit'", "'nothing'", "3 is too small"):
        assert words in said


@pytest.mark.parametrize(("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0)])
def test_contrast_of_the_ends(colour: str, ratio: float) -> None:
    assert contrast(colour) == pytest.approx(ratio)


def test_contrast_of_a_grey_known_to_pass() -> None:
    """WCAG: #767676 is the lightest grey with 4.5:1 on white."""
    assert contrast("#767676") > LEAST_CONTRAST > contrast("#777777")
    assert contrast(ACCENT) > LEAST_CONTRAST


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        head = struct.pack(">I", len(data)) + kind + data
        return head + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x80\x20\x20" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_colour_and_logo_are_in_both_forms(study: fakes.FakeFit, tmp_path: Path, kind: str) -> None:
    logo = tmp_path / f"logo.{kind}"
    logo.write_bytes(LOGO.encode() if kind == "svg" else png(30, 10))
    look = Look(accent="#7A1F5C", logo=logo)
    made = report(study, *results(study), audience="board", look=look)
    page = made.save(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "--accent: #7A1F5C" in page
    assert 'class="logo"' in page
    assert "<script" not in page
    plain = report(study, *results(study), audience="board")
    with_logo, without = (each.save(tmp_path / "r.pdf").stat().st_size for each in (made, plain))
    assert with_logo != without
    assert 'class="logo"' not in plain.save(tmp_path / "p.html").read_text(encoding="utf-8")


def test_what_is_wrong_with_a_look(tmp_path: Path) -> None:
    text = tmp_path / "logo.svg"
    text.write_text("no drawing")
    with pytest.raises(InputProblems) as raised:
        Look(accent="#eeeeee", logo=text)
    assert "too light" in str(raised.value)
    assert "neither SVG nor PNG" in str(raised.value)
    with pytest.raises(InputProblems, match="is no colour"):
        Look(accent="red")
    with pytest.raises(InputProblems, match="is no file"):
        Look(logo=tmp_path / "none.png")
    big = tmp_path / "big.png"
    big.write_bytes(png(1, 1) + b"\0" * 600_000)
    with pytest.raises(InputProblems, match="too large"):
        Look(logo=big)


def passing(fit: Fit) -> Fit:
    good = tuple(replace(check, status="PASS") for check in fit.checks)
    return replace(fit, checks=type(fit.checks)(good))


def test_other_answers_have_sections(tiny: Fit) -> None:
    fit = passing(tiny)
    effects = em.effects(fit, on="return")
    given = (em.priorities(fit, "return"), em.importance(fit, on="return"), em.memory(fit))
    made = report(fit, effects, *given, sections=["further"])
    assert titles(made)[:3] == [
        "Where to act first", "What explains how outcomes differ", "What is kept of what was felt",
    ]  # fmt: skip
    first = made.content.sections[0]
    blocks = walk(first)
    assert any(isinstance(block, Picture) and "joy at check-in" in block.alt for block in blocks)
    table = next(block for block in blocks if isinstance(block, Table))
    frame = given[0].table()
    printed = dict(zip([c.key for c in table.columns], table.shown()[0], strict=True))
    assert printed["touchpoint"] == "check-in"
    assert printed["importance (90% interval)"].startswith(f"{100 * frame['importance'][0]:.1f} (")
    assert "Unit: percentage points" in table.note
    assert "Claim: adjusted" in table.note


def test_other_answers_of_a_failed_fit_are_withheld(tiny: Fit) -> None:
    made = report(tiny, em.effects(tiny, on="return"), em.memory(tiny), sections=["further"])
    said = str(made.content.sections[0].blocks)
    assert said.count("Withheld: what is kept") == 1
    assert "weights" not in said


def test_titles_are_of_classes_that_exist() -> None:
    from emotion_models.causal import identification  # noqa: F401
    from emotion_models.decisions import optimise, priorities, sequence, worth  # noqa: F401
    from emotion_models.effects import design_based, halo, remembering, shares  # noqa: F401
    from emotion_models.inference import criticism, crossvalidation  # noqa: F401
    from emotion_models.measurement import result  # noqa: F401
    from emotion_models.simulation import explained, kept, uncertain, winners  # noqa: F401
    from emotion_models.summarised import Summarised

    def below(kind: type) -> set[str]:
        return {kind.__name__}.union(*(below(each) for each in kind.__subclasses__()))

    assert set(TITLES) <= below(Summarised)
    assert set(PARTS) >= {"further"}


def test_long_tables_are_cut_and_say_so() -> None:
    frame = pd.DataFrame({"a": range(60), "kind": "x", "p_best": 0.25, "ok": True})
    table = as_table("Long", frame.assign(p_best=[i / 60 for i in range(60)]))
    assert len(table.rows) == MOST_ROWS
    assert table.note == "Kind: x; the first 40 of 60 rows."
    assert [c.label for c in table.columns] == ["A", "Chance: best"]
