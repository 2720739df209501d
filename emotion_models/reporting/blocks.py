"""What a report is made of. Every writer (PDF, HTML, Markdown, JSON) walks the same blocks."""

from __future__ import annotations

from dataclasses import dataclass

from emotion_models.reporting.findings import Finding
from emotion_models.reporting.look import PLAIN, Look
from emotion_models.reporting.tables import Table


@dataclass(frozen=True)
class Paragraph:
    """Plain text; `quiet` text is smaller: notes and how to read a figure."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of plain texts."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """A list of findings, each printed as its sentence and the line of its uncertainty."""

    items: tuple[Finding, ...]


@dataclass(frozen=True)
class Picture:
    """A figure as SVG, its caption, and the same in words for those who cannot see it.

    Parameters
    ----------
    name : str
        File name without ending, ASCII.
    svg : bytes
    caption, alt : str
    """

    name: str
    svg: bytes
    caption: str
    alt: str


@dataclass(frozen=True)
class Equation:
    """An equation in both notations, and read aloud."""

    latex: str
    typst: str
    alt: str


@dataclass(frozen=True)
class Terms:
    """Pairs of term and value, e.g. the reproducibility block."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Code:
    """Text to be copied as it is."""

    text: str


Block = Paragraph | Bullets | Findings | Picture | Equation | Terms | Code | Table


@dataclass(frozen=True)
class Section:
    """A heading and its blocks; subsections are one level deeper."""

    title: str
    blocks: tuple[Block, ...]
    subsections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class ReportContent:
    """Everything a report says; nothing is computed after this.

    Parameters
    ----------
    title, subtitle : str
    facts : tuple of str
        Short facts under the title: counts, checks.
    summary : tuple of Block
        The first page.
    sections : tuple of Section
    notices : tuple of str
        What is missing or was left out, and why.
    look : Look
    """

    title: str
    subtitle: str
    facts: tuple[str, ...]
    summary: tuple[Block, ...]
    sections: tuple[Section, ...]
    notices: tuple[str, ...] = ()
    look: Look = PLAIN

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of the report, each once, in order of appearance."""
        found = [
            finding
            for block in every_block(self)
            if isinstance(block, Findings)
            for finding in block.items
        ]
        return tuple(dict.fromkeys(found))


def every_block(content: ReportContent) -> list[Block]:
    """All blocks of a report, the summary's first."""
    return [*content.summary, *(block for each in content.sections for block in walk(each))]


def walk(section: Section) -> list[Block]:
    """All blocks of a section and its subsections, in order."""
    inner = [block for sub in section.subsections for block in walk(sub)]
    return [*section.blocks, *inner]
