"""From a fit and its results to the content of a report; after this nothing is computed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from emotion_models.drawing.style import missing_characters
from emotion_models.errors import InputProblems, Problem
from emotion_models.previews import REFIT, is_preview
from emotion_models.reporting.anonymity import hidden_groups
from emotion_models.reporting.blocks import (
    Bullets,
    Equation,
    Findings,
    Paragraph,
    ReportContent,
    Section,
    walk,
)
from emotion_models.reporting.causes import causes_of, unwarranted
from emotion_models.reporting.inputs import (
    ComparisonLike,
    EffectsLike,
    FitLike,
    HaloLike,
    Inputs,
    SimulationLike,
    segment_counts,
)
from emotion_models.reporting.names import Names
from emotion_models.reporting.references import references_in
from emotion_models.reporting.sections import answers, causes, evidence, methods, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

Result = EffectsLike | SimulationLike | ComparisonLike | HaloLike


def gather(fit: FitLike, results: Sequence[object], *, threshold: int) -> Inputs:
    """Sort results by kind and work out what must stay hidden.

    Parameters
    ----------
    fit : FitLike
    results : sequence of Effects, Simulation, Comparison or Halo
        In any order; of several effects the first is the main one. Effects are computed when
        none are given and the model has outcomes.
    threshold : int
        Smallest group that may be shown.

    Returns
    -------
    Inputs

    Raises
    ------
    InputProblems
        For a result of another kind or from a preview, or two comparisons or halos.
    """
    simulations: list[SimulationLike] = []
    effects: list[EffectsLike] = []
    comparisons: list[ComparisonLike] = []
    halos: list[HaloLike] = []
    problems: list[Problem] = []
    for index, result in enumerate(results, start=1):
        if isinstance(result, SimulationLike):
            simulations.append(result)
        elif isinstance(result, EffectsLike):
            effects.append(result)
        elif isinstance(result, ComparisonLike) and "elpd" in result.table():
            comparisons.append(result)
        elif isinstance(result, HaloLike) and "held" in result.table():
            halos.append(result)
        else:
            what = f"a {type(result).__name__} cannot be reported"
            fix = "give results of effects, simulate, compare or halo"
            problems.append(Problem(f"result {index}", what, fix))
    problems += [
        Problem(f"result {index}", "comes from a preview", REFIT)
        for index, result in enumerate(results, start=1)
        if is_preview(getattr(result, "caution", ""))
    ]
    problems += unwarranted(fit, [*simulations, *effects])
    problems += [
        Problem(name, f"given {len(found)} times", "give one")
        for name, found in (("comparison", comparisons), ("halo", halos))
        if len(found) > 1
    ]
    if problems:
        raise InputProblems("report", problems)
    names = Names.of(fit.survey.codebook)
    effects = effects or _effects_of(fit, names)
    return Inputs(
        fit=fit,
        names=names,
        effects=effects[0] if effects else None,
        closer=tuple(effects[1:]),
        simulations=tuple(simulations),
        comparison=comparisons[0] if comparisons else None,
        halo=halos[0] if halos else None,
        hidden=hidden_groups(segment_counts(fit), threshold),
        threshold=threshold,
        causes=causes_of(fit),
    )


def _effects_of(fit: FitLike, names: Names) -> list[EffectsLike]:
    """Effects on all outcomes, and a closer look at those the report is about."""
    if not fit.model.outcomes:
        return []
    from emotion_models.effects import effects

    # Only a real Fit comes here without effects of its own.
    compute = cast("Any", effects)
    found = [compute(fit)]
    # One kind after the other: a fit keeps what it found at one number of draws.
    for by in ("segment", "touchpoint") if fit.model.segments else ("touchpoint",):
        found += [compute(fit, on=outcome, by=by) for outcome in names.focus]
    return cast("list[EffectsLike]", found)


def build(inputs: Inputs, *, title: str | None, version: str) -> ReportContent:
    """Build all sections.

    Parameters
    ----------
    inputs : Inputs
    title : str, optional
        Default: the study's label.
    version : str
        Version of this package, for the reproducibility block.

    Returns
    -------
    ReportContent
    """
    study = inputs.fit.survey.codebook.study
    sections = [
        answers.journey_section(inputs),
        answers.drivers_section(inputs),
        answers.memory_section(inputs) if inputs.fit.model.outcomes else None,
        *answers.change_sections(inputs),
        causes.causes_section(inputs),
        evidence.checks_section(inputs),
        _with_last(
            methods.methods_section(inputs), evidence.reproducibility_section(inputs, version)
        ),
        evidence.audit_section(inputs),
        evidence.limits_section(inputs),
    ]
    content = ReportContent(
        title=title or study.label or study.name,
        subtitle=f"What emotions in the {inputs.names.journey} do: a report from the emotion model",
        facts=summary.facts(inputs),
        summary=summary.first_page(inputs),
        sections=tuple(section for section in sections if section is not None),
        notices=tuple(_notices(inputs)),
    )
    cited = references_in(_texts(content))
    listed = Section("References", (Bullets(cited),)) if cited else None
    return replace(content, sections=(*content.sections, listed)) if listed else content


def _with_last(section: Section, last: Section) -> Section:
    return replace(section, subsections=(*section.subsections, last))


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


def _notices(inputs: Inputs) -> list[str]:
    """What this report could not show."""
    names, missing = inputs.names, []
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
