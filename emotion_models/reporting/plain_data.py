"""The report as plain data: the JSON file, and what the Typst template is given."""

from __future__ import annotations

import math
from typing import Any, Final

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
from emotion_models.reporting.findings import Finding, uncertainty
from emotion_models.reporting.table_writers import to_data
from emotion_models.reporting.tables import Table

SCHEMA: Final = 1


def plain_data(content: ReportContent, *, svg: bool) -> dict[str, Any]:
    """Turn a report into dicts, lists, text and finite numbers.

    Parameters
    ----------
    content : ReportContent
    svg : bool
        Whether to include the look, and the figures besides their captions and alternative texts.

    Returns
    -------
    dict
    """
    look = {"look": {"accent": content.look.accent, "logo": content.look.drawing}} if svg else {}
    return look | {
        "schema": SCHEMA,
        "title": content.title,
        "subtitle": content.subtitle,
        "facts": list(content.facts),
        "notices": list(content.notices),
        "summary": [_block(block, svg) for block in content.summary],
        "sections": [_section(section, svg) for section in content.sections],
        "findings": [finding_data(finding) for finding in content.findings],
    }


def _section(section: Section, svg: bool) -> dict[str, Any]:
    return {
        "title": section.title,
        "blocks": [_block(block, svg) for block in section.blocks],
        "subsections": [_section(sub, svg) for sub in section.subsections],
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding; numbers that are not there are None."""
    return {
        "claim": finding.claim,
        "estimate": _number(finding.estimate),
        "lower": _number(finding.lower),
        "upper": _number(finding.upper),
        "unit": finding.unit,
        "probability": _number(finding.probability),
        "level": finding.level,
        "depends_on": list(finding.depends_on),
        "caveats": list(finding.caveats),
        "withheld": finding.withheld,
        "source": dict(finding.source),
        "uncertainty": uncertainty(finding),
    }


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _block(block: Block, svg: bool) -> dict[str, Any]:
    match block:
        case Paragraph(text=text, quiet=quiet):
            return {"kind": "paragraph", "text": text, "quiet": quiet}
        case Bullets(items=items):
            return {"kind": "bullets", "items": list(items)}
        case Findings(items=findings):
            return {"kind": "findings", "items": [finding_data(f) for f in findings]}
        case Picture(name=name, caption=caption, alt=alt):
            data = {"kind": "picture", "name": name, "caption": caption, "alt": alt}
            return {**data, "svg": block.svg.decode()} if svg else data
        case Equation(latex=latex, typst=typst, alt=alt):
            return {"kind": "equation", "latex": latex, "typst": typst, "alt": alt}
        case Terms(items=terms):
            return {"kind": "terms", "items": [list(term) for term in terms]}
        case Code(text=text):
            return {"kind": "code", "text": text}
        case Table():
            return {"kind": "table", **to_data(block)}
