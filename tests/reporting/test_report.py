from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import fakes
import pytest

from emotion_models.causal import Assumptions
from emotion_models.errors import InputProblems
from emotion_models.models.spec import JourneyModel
from emotion_models.reporting import Report, report
from emotion_models.reporting.blocks import Equation, walk
from emotion_models.reporting.claims import same_tone_contrast, top_driver
from emotion_models.reporting.document import pictures
from emotion_models.reporting.gathering import gather
from emotion_models.reporting.sections.evidence import limits_section
from emotion_models.reporting.typesetting import MissingGlyphWarning

HOSTILE = "<script>x</script> #evil *b* $y$ \\frac `c` ]["
FORBIDDEN = ("p-value", "p value", "significan", "confidence interval")


def text_of(made: Report) -> str:
    from emotion_models.reporting.plain_data import plain_data

    return json.dumps(plain_data(made.content, svg=False), ensure_ascii=False)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the writing of figures, for tests about words."""
    monkeypatch.setattr("emotion_models.reporting.sections.pictures.svg", lambda _: b"<svg/>")


def everything(study: fakes.FakeFit) -> Report:
    return report(
        study, fakes.FakeSimulation(study), fakes.FakeComparison(), fakes.FakeEffects(study)
    )


def test_sections_come_in_order(full: Report) -> None:
    titles = [section.title for section in full.content.sections]
    assert titles == [
        "The journey", "What drives each outcome", "What is remembered", "The simulated change",
        "Checks", "Methods", "Data audit", "Limits", "References",
    ]  # fmt: skip


@pytest.mark.usefixtures("undrawn")
def test_methods_say_how_it_was_sampled_and_compared(study: fakes.FakeFit) -> None:
    plain = text_of(report(study, fakes.FakeEffects(study)))
    assert "expanded to second order" not in plain
    assert "No other model was set beside this one." in plain
    k = replace(study.checks[0], name="Pareto k of the expansion: recall", status="PASS")
    expanded = text_of(report(replace(study, checks=(*study.checks, k)), fakes.FakeEffects(study)))
    assert "For recall it walked through the likelihood expanded to second order" in expanded


def test_plain_english(full: Report) -> None:
    text = text_of(full).lower()
    assert not [word for word in FORBIDDEN if word in text]
    assert "—" not in text


def test_says_that_same_tone_emotions_differ(full: Report) -> None:
    claims = [finding.claim for finding in full.findings]
    assert any("both pleasant but almost certainly not alike" in claim for claim in claims)
    assert any("knows only how pleasant" in claim for claim in claims)


def test_same_input_same_report_in_any_order(study: fakes.FakeFit, full: Report) -> None:
    assert everything(study).content == full.content


def test_limits_name_emotions_of_unknown_valence(study: fakes.FakeFit) -> None:
    said = "how pleasant these emotions are: saudade and awe."
    assert said not in str(limits_section(gather(study, [fakes.FakeEffects(study)], threshold=10)))
    emotions = (*fakes.EMOTIONS[:-2], "saudade", "awe")
    strange = replace(study.survey, codebook=fakes.codebook(emotions=emotions))
    other = replace(study, survey=strange)
    limits = limits_section(gather(other, [fakes.FakeEffects(study)], threshold=10))
    assert said in str(limits)


def test_wording_follows_the_claim_level(study: fakes.FakeFit) -> None:
    words = {"causal": "leads to", "adjusted": "other things measured being equal"}
    for level in ("association", "adjusted", "causal"):
        declared = replace(study, assumptions=Assumptions(confounders=["style"]))
        inputs = gather(declared, [fakes.FakeEffects(declared, claim=level)], threshold=10)
        finding = top_driver(inputs, "return")
        assert finding is not None
        assert finding.level == level
        said = {name for name, word in words.items() if word in finding.claim.lower()}
        assert said == {level} & set(words)


@pytest.mark.usefixtures("undrawn")
def test_failed_sampling_withholds_every_model_claim(study: fakes.FakeFit) -> None:
    made = everything(fakes.with_status(study, "R-hat", "FAIL"))
    assert made.findings
    assert all(finding.withheld for finding in made.findings)
    names = [picture.name for picture in pictures(made.content)]
    assert names == ["journey", "comparison"] or names == ["journey"]
    text = text_of(made)
    assert "5.6 percentage" not in text
    assert "run longer chains" in text


@pytest.mark.usefixtures("undrawn")
def test_failed_outcome_check_withholds_that_outcome_only(study: fakes.FakeFit) -> None:
    made = everything(fakes.with_status(study, "posterior predictive: return", "FAIL"))
    withheld = [f for f in made.findings if f.withheld]
    assert withheld
    # The comparison adds up all outcomes.
    assert all(re.search("Return within a year|pleasantness alone", f.claim) for f in withheld)
    assert any("Complain" in f.claim for f in made.findings if not f.withheld)
    table = next(b for s in made.content.sections for b in walk(s)
                 if getattr(b, "caption", "") == "Strongest emotions per outcome")  # fmt: skip
    assert "Return within a year" not in json.dumps(table.shown())  # type: ignore[union-attr]


@pytest.mark.usefixtures("undrawn")
def test_small_segment_is_not_shown(tmp_path: Path) -> None:
    made = everything(fakes.fit(business=9))
    text = text_of(made)
    assert "Not shown to protect respondents: Business, Leisure" in text
    assert '"business"' not in text.lower().replace("business, leisure", "")
    assert "business" not in " ".join(p.alt for p in pictures(made.content)).lower()


def test_group_size_cannot_be_lowered(study: fakes.FakeFit) -> None:
    with pytest.raises(InputProblems, match="too small"):
        report(study, fakes.FakeEffects(study), smallest_group=3)


def test_unknown_results_and_suffixes_are_clear(study: fakes.FakeFit, full: Report) -> None:
    with pytest.raises(InputProblems, match="a str cannot be reported"):
        report(study, "x")  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match=r"cannot write '\.docx'.*valid names|did you mean"):
        full.save("x.docx")
    with pytest.raises(InputProblems, match="no suffix"):
        full.save("x")
    with pytest.raises(InputProblems, match="folder does not exist"):
        full.save("/nowhere/at/all.pdf")


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_html(full: Report, tmp_path: Path) -> None:
    page = Page()
    text = full.save(tmp_path / "x.html").read_text()
    page.feed(text)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert "script" not in tags
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(images) == len(pictures(full.content))
    assert all(image.get("alt") and (image["src"] or "").startswith("data:") for image in images)
    sources = [v for _, attrs in page.tags for k, v in attrs.items() if k in ("src", "href") and v]
    assert all(v.startswith(("data:", "#", "https://doi.org/")) for v in sources)
    assert tags.count("math") >= sum(
        isinstance(block, Equation) for s in full.content.sections for block in walk(s)
    )


def test_pdf_is_accessible_and_its_summary_is_one_page(full: Report, tmp_path: Path) -> None:
    path = full.save(tmp_path / "x.pdf")
    raw = path.read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"pdfuaid:part" in raw
    assert path.read_bytes() == full.save(tmp_path / "y.pdf").read_bytes()
    assert page_of(path, "How to read this page") == 1
    assert page_of(path, "The journey as felt") == 2


def page_of(path: Path, words: str) -> int:
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext is not on this machine")
    done = subprocess.run([pdftotext, str(path), "-"], capture_output=True, text=True, check=True)
    pages = [re.sub(r"\s+", " ", page) for page in done.stdout.split("\f")]
    return next(index for index, page in enumerate(pages, start=1) if words in page)


def test_markdown_and_json(full: Report, tmp_path: Path) -> None:
    text = full.save(tmp_path / "my report.md").read_text()
    links = re.findall(r"\]\(([^)]+\.svg)\)", text)
    assert len(links) == len(pictures(full.content))
    for link in links:
        ET.parse(tmp_path / link)
    data = json.loads(full.save(tmp_path / "x.json").read_text())
    assert data["schema"] == 1
    assert data["findings"][0]["claim"]
    assert not list(tmp_path.glob(".*.part"))


def test_failed_save_leaves_the_old_file(
    full: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.pdf"
    target.write_text("old")
    monkeypatch.setattr("emotion_models.reporting.typesetting._compile", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        full.save(target)
    assert [path.name for path in tmp_path.iterdir()] == ["x.pdf"]
    assert target.read_text() == "old"


def test_hostile_and_long_labels(tmp_path: Path) -> None:
    touchpoints = [f"{i} " + "a touchpoint with a name of 40 letters" for i in range(6)] + [HOSTILE]
    emotions = [f"{i} an emotion with a name of 40 characters." for i in range(18)]
    study = fakes.fit(touchpoints, [*emotions, HOSTILE, "שמחה"], label=HOSTILE)
    made = everything(study)
    page = Page()
    page.feed(made.save(tmp_path / "x.html").read_text())
    assert "script" not in [tag for tag, _ in page.tags]
    path = made.save(tmp_path / "x.pdf")
    assert b"pdfuaid:part" in path.read_bytes()
    assert page_of(path, "How to read this page") == 1
    assert "<script" not in re.sub(r"\\<", "", made.save(tmp_path / "x.md").read_text())


def test_characters_without_a_font_do_not_stop_the_report(tmp_path: Path) -> None:
    strange = "\U00013000"  # an Egyptian hieroglyph
    study = fakes.fit(["booking", "room"], ["joy", strange])
    made = report(study, fakes.FakeEffects(study))
    assert strange in made.save(tmp_path / "x.html").read_text()
    if any(strange in notice for notice in made.content.notices):
        with pytest.warns(MissingGlyphWarning, match=strange):
            made.save(tmp_path / "x.pdf")
        assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_a_fit_without_outcomes_is_partly_reported(study: fakes.FakeFit, tmp_path: Path) -> None:
    bare = replace(study, model=JourneyModel(outcomes=False))
    made = report(bare)
    assert made.save(tmp_path / "x.pdf").stat().st_size > 1000
    assert any("no outcomes" in notice for notice in made.content.notices)
    assert "What is remembered" not in [section.title for section in made.content.sections]


def test_without_paired_draws_only_separate_intervals_count(study: fakes.FakeFit) -> None:
    class Plain:
        def __init__(self) -> None:
            effects = fakes.FakeEffects(study)
            self.table, self.ranks = effects.table, effects.ranks

    finding = same_tone_contrast(gather(study, [Plain()], threshold=10), "return")
    assert finding is not None
    assert finding.probability is None
    assert "almost certainly" not in finding.claim
