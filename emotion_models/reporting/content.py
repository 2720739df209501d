"""From a fit and its results to the content of a report; after this nothing is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from emotion_models.drawing.style import missing_characters
from emotion_models.reporting.blocks import (
    Bullets,
    Equation,
    Findings,
    Paragraph,
    ReportContent,
    Section,
    walk,
)
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.look import PLAIN, Look
from emotion_models.reporting.references import references_in
from emotion_models.reporting.sections import (
    answers,
    causes,
    evidence,
    further,
    methods,
    summary,
)

Part = Callable[[Inputs], Iterable[Section | None]]
PARTS: Final[dict[str, Part]] = {
    "journey": lambda inputs: [answers.journey_section(inputs)],
    "drivers": lambda inputs: [answers.drivers_section(inputs)],
    "memory": lambda inputs: [
        answers.memory_section(inputs) if inputs.fit.model.outcomes else None
    ],
    "changes": answers.change_sections,
    "further": further.further_sections,
    "causes": lambda inputs: [causes.causes_section(inputs)],
    "checks": lambda inputs: [evidence.checks_section(inputs)],
    "methods": lambda inputs: [methods.methods_section(inputs)],
    "audit": lambda inputs: [evidence.audit_section(inputs)],
    "limits": lambda inputs: [evidence.limits_section(inputs)],
}
"""Sections by name, in the order of a report, after the page that sums them up."""

AUDIENCES: Final[dict[str, tuple[str, ...]]] = {
    "board": ("changes", "further", "limits"),
    "team": ("journey", "drivers", "memory", "changes", "further", "causes", "limits"),
    "paper": tuple(PARTS),
}
"""What each audience is given."""


def build(
    inputs: Inputs,
    *,
    title: str | None = None,
    parts: Sequence[str] = tuple(PARTS),
    look: Look = PLAIN,
) -> ReportContent:
    """Build the first page and the sections asked for.

    Parameters
    ----------
    inputs : Inputs
    title : str, optional
        Default: the study's label.
    parts : sequence of str
        Names in `PARTS`; their order is that of `PARTS`.
    look : Look

    Returns
    -------
    ReportContent
    """
    study = inputs.fit.survey.codebook.study
    sections = (section for name in PARTS if name in parts for section in PARTS[name](inputs))
    content = ReportContent(
        title=title or study.label or study.name,
        subtitle=f"What emotions in the {inputs.names.journey} do: a report from the emotion model",
        facts=summary.facts(inputs),
        summary=summary.first_page(inputs),
        sections=tuple(section for section in sections if section is not None),
        notices=tuple(_notices(inputs, parts)),
        look=look,
    )
    cited = references_in(_texts(content))
    listed = Section("References", (Bullets(cited),)) if cited else None
    return replace(content, sections=(*content.sections, listed)) if listed else content


def _texts(content: ReportContent) -> list[str]:
    """All running text, to find the sources it cites."""
    texts: list[str] = []
    for block in (block for section in content.sections for block in walk(section)):
        match block:
            case Paragraph(text=text):
                texts.append(text)
            case Bullets(items=items):
                texts.extend(items)
            case Findings(items=findings):
                texts.extend(finding.claim for finding in findings)
            case Equation(alt=alt):
                texts.append(alt)
            case _:
                pass
    return texts


def _notices(inputs: Inputs, parts: Sequence[str]) -> list[str]:
    """What this report could not show, or was asked to leave out."""
    names, missing = inputs.names, []
    left_out = [name for name in PARTS if name not in parts]
    if left_out:
        missing.append(
            f"This edition leaves out: {', '.join(left_out)}. The full report of the same fit has "
            "them."
        )
    if inputs.effects is None:
        missing.append("The model has no outcomes, so nothing is said about what drives them.")
    if not inputs.simulations:
        missing.append("No change was simulated.")
    if inputs.comparison is None:
        missing.append("No models were compared.")
    labels = "".join(
        [*names.emotions.values(), *names.touchpoints.values(), *names.outcomes.values()]
    )
    unseen = missing_characters(labels + "".join(names.segments.values()))
    if unseen:
        missing.append(
            f"The fonts on this machine lack the characters {unseen}; figures show boxes in their "
            "place. Install a font that has them, such as one of the Noto family."
        )
    return missing
