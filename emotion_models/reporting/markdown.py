"""The report as Markdown; figures are files beside it."""

from __future__ import annotations

from emotion_models.reporting.blocks import (
    Block,
    Bullets,
    Code,
    Equation,
    Findings,
    Paragraph,
    Picture,
    ReportContent,
    Section,
    Terms,
)
from emotion_models.reporting.findings import uncertainty
from emotion_models.reporting.table_writers import markdown_text as plain
from emotion_models.reporting.table_writers import to_markdown
from emotion_models.reporting.tables import Table


def markdown(content: ReportContent, folder: str) -> str:
    """Write a report as Markdown.

    Parameters
    ----------
    content : ReportContent
    folder : str
        Where the figures lie, relative to the Markdown file; URL-safe.

    Returns
    -------
    str
    """
    parts = [
        f"# {plain(content.title)}",
        plain(content.subtitle),
        " · ".join(plain(fact) for fact in content.facts),
        "## What we found",
        *(_block(block, folder) for block in content.summary),
    ]
    if content.notices:
        parts.append("\n".join(f"> {plain(notice)}\n>" for notice in content.notices)[:-2])
    for section in content.sections:
        parts += _section(section, 2, folder)
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section, depth: int, folder: str) -> list[str]:
    parts = [f"{'#' * depth} {plain(section.title)}"]
    parts += [_block(block, folder) for block in section.blocks]
    for sub in section.subsections:
        parts += _section(sub, depth + 1, folder)
    return parts


def _block(block: Block, folder: str) -> str:
    match block:
        case Paragraph(text=text, quiet=quiet):
            return f"*{plain(text)}*" if quiet else plain(text)
        case Bullets(items=items):
            return "\n".join(f"- {plain(item)}" for item in items)
        case Findings(items=findings):
            return "\n".join(
                f"- **{plain(f.claim)}** {plain(uncertainty(f))}".rstrip() for f in findings
            )
        case Picture(name=name, caption=caption, alt=alt):
            return f"![{plain(alt)}]({folder}/{name}.svg)\n\n*{plain(caption)}*"
        case Equation(latex=latex):
            return f"$$\n{latex}\n$$"
        case Terms(items=terms):
            return "\n".join(f"- {plain(term)}: {plain(value)}" for term, value in terms)
        case Code(text=text):
            return "\n".join("    " + line for line in text.splitlines())
        case Table():
            return to_markdown(block)
