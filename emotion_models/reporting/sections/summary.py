"""The first page: what was found, in plain words."""

from __future__ import annotations

from emotion_models.intervals import PROBABILITY
from emotion_models.reporting import claims, other_claims, wording
from emotion_models.reporting.blocks import Block, Findings, Paragraph
from emotion_models.reporting.findings import Finding
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.labelled import spoken
from emotion_models.reporting.numbers import plural
from emotion_models.reporting.sections import pictures
from emotion_models.reporting.sections.answers import failed_for

MOST_FINDINGS = 4
MOST_CHANGES = 2


def facts(inputs: Inputs) -> tuple[str, ...]:
    """Short facts for the line under the title."""
    survey, names = inputs.fit.survey, inputs.names
    people = (
        (plural(survey.n_respondents, "respondent"),)
        if survey.n_respondents != survey.n_journeys
        else ()
    )
    return (
        plural(survey.n_journeys, names.journey),
        *people,
        plural(len(names.touchpoints), "touchpoint"),
        plural(len(names.emotions), "emotion"),
        plural(len(names.outcomes), "outcome"),
        checks_in_words(inputs),
    )


def checks_in_words(inputs: Inputs) -> str:
    """``all 12 checks passed``, or how many failed or need a look."""
    states = [check.status for check in inputs.fit.checks]
    failed, review = states.count("FAIL"), states.count("REVIEW")
    if not states:
        return "no checks were run"
    if not failed and not review:
        return f"all {len(states)} checks passed"
    parts = [f"{failed} failed"] * bool(failed) + [f"{review} to review"] * bool(review)
    return f"checks: {', '.join(parts)} of {len(states)}"


def first_page(inputs: Inputs) -> tuple[Block, ...]:
    """Findings a board member can read, one figure, and what they do and do not mean."""
    found, changes = _chosen(inputs)
    blocks: list[Block] = [Findings(found)] if found else []
    if changes:
        change = spoken(inputs.simulations[0].change, inputs.names)
        blocks.append(Paragraph(f"The simulated change: {change}"))
        blocks.append(Findings(changes))
    if not blocks:
        blocks.append(Paragraph("This fit holds nothing that the summary could state."))
    effects = claims.totals(inputs)
    shown = [o for o in inputs.names.focus if not failed_for(inputs, "effects", o)]
    effects = effects[effects["outcome"].isin(shown)]
    if not effects.empty:
        caption = (
            "What one more point of each emotion goes with. Blue circles: pleasant; orange "
            "squares: unpleasant. Lines: 90% intervals; hollow: could be nothing."
        )
        blocks.append(pictures.effects_picture(inputs, effects, "summary", caption))
    blocks.append(Paragraph(_how_to_read((*found, *changes)), quiet=True))
    return tuple(blocks)


def _chosen(inputs: Inputs) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings for the first page, most important first, and those about the first change."""
    focus = inputs.names.focus
    contrasts = [claims.same_tone_contrast(inputs, outcome) for outcome in focus]
    drivers = [claims.top_driver(inputs, outcome) for outcome in focus]
    wanted = [
        other_claims.beyond_valence(inputs),
        *contrasts,
        *(d for d, c in zip(drivers, contrasts, strict=True) if c is None),
        other_claims.what_is_kept(inputs) if inputs.fit.model.outcomes else None,
    ]
    found = _without_repeats([finding for finding in wanted if finding is not None])
    changes = [
        finding
        for simulation in inputs.simulations[:1]
        for finding in _in_focus(inputs, other_claims.simulated(inputs, simulation))
    ]
    return tuple(found[:MOST_FINDINGS]), tuple(_without_repeats(changes[:MOST_CHANGES]))


def _in_focus(inputs: Inputs, findings: list[Finding]) -> list[Finding]:
    labels = [f"\u201c{inputs.names.outcomes.get(o, o)}\u201d" for o in inputs.names.focus]
    first = [f for f in findings if any(label in f.topic for label in labels)]
    return [*first, *(f for f in findings if f not in first)]


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    """Keep one withheld finding per set of failed checks, after those that are stated."""
    stated = [finding for finding in findings if not finding.withheld]
    withheld = {f.claim.partition(". ")[2]: f for f in reversed(findings) if f.withheld}
    return [*stated, *withheld.values()]


def _how_to_read(findings: tuple[Finding, ...]) -> str:
    levels = [f.level for f in findings if not f.withheld and f.level]
    meaning = "; ".join(wording.LEVEL_WORDS[name] for name in wording.LEVELS if name in levels)
    text = (
        f"How to read this page. A {PROBABILITY:.0%} interval holds the true value with that "
        "probability, given the data and the model. \u201cPer point\u201d means one more point on "
        "the rating scale at every touchpoint."
    )
    return f"{text} Kinds of claim: {meaning}." if meaning else text
