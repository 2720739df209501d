"""The supplement: every finding, table and figure as a file, whole or not at all."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.errors import InputProblems
from emotion_models.reporting import Report, supplement
from emotion_models.reporting.blocks import every_block
from emotion_models.reporting.document import pictures
from emotion_models.reporting.table_writers import latex_text, to_latex
from emotion_models.reporting.tables import Column, Table

ESCAPED = re.compile(r"\\(text[a-z]+\{\}|[{}&%$#_])|\$-\$")


@pytest.fixture(scope="module")
def written(full: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return full.supplement(tmp_path_factory.mktemp("paper") / "supplement")


def test_everything_is_there_and_named(full: Report, written: Path) -> None:
    tables = {block for block in every_block(full.content) if isinstance(block, Table)}
    named = {picture.name for picture in pictures(full.content)}
    assert len(list((written / "tables").glob("*.csv"))) == len(tables)
    assert len(list((written / "tables").glob("*.tex"))) == len(tables)
    for ending, start in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        found = {path.stem: path for path in (written / "figures").glob(f"*.{ending}")}
        assert set(found) == named
        assert all(path.read_bytes().startswith(start) for path in found.values())
    said = (written / "CONTENTS.md").read_text(encoding="utf-8")
    files = {str(path.relative_to(written).with_suffix("")) for path in written.rglob("*.*")}
    assert all(name in said for name in files - {"CONTENTS", "report"})


def test_numbers_are_those_of_the_report(full: Report, written: Path) -> None:
    with (written / "findings.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(full.findings)
    for row, finding in zip(rows, full.findings, strict=True):
        assert row["level"] == (finding.level or "")
        if row["estimate"]:
            assert float(row["estimate"]) == pytest.approx(finding.estimate)
    data = json.loads((written / "report.json").read_text(encoding="utf-8"))
    assert len(data["findings"]) == len(rows)


def test_nothing_is_replaced(full: Report, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(InputProblems, match="exists already"):
        full.supplement(there)
    with pytest.raises(InputProblems, match="does not exist"):
        full.supplement(tmp_path / "no" / "supplement")


def test_a_failure_leaves_nothing(
    full: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(supplement, "figure_as", failing)
    with pytest.raises(OSError, match="disk full"):
        full.supplement(tmp_path / "supplement")
    assert not list(tmp_path.iterdir())


@given(st.text())
def test_latex_prints_any_text_as_it_is(text: str) -> None:
    bare = ESCAPED.sub("", latex_text(text))
    assert not set(bare) & set('\\{}~^<>|"&%$#_')
    assert "\n" not in bare


def test_a_latex_table() -> None:
    table = Table("A & B", (Column("a", "50%"), Column("b", "n", "number", 1)), (("[x]", 1.25),))
    assert to_latex(table, label="tab:1").splitlines() == [
        r"\begin{table}",
        r"\caption{A \& B}",
        r"\label{tab:1}",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"{}50\% & n \\",
        r"\midrule",
        r"{}[x] & 1.2 \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
