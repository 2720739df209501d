"""Checks, data audit, limits and the reproducibility block."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from emotion_models.reporting import wording
from emotion_models.reporting.blocks import Block, Bullets, Paragraph, Section, Terms
from emotion_models.reporting.claims import totals
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.numbers import exact, listed, plural
from emotion_models.reporting.references import cite
from emotion_models.reporting.sections.summary import checks_in_words
from emotion_models.reporting.tables import Column, Table
from emotion_models.survey.taxonomies import without_valence


def checks_section(inputs: Inputs) -> Section:
    """Every check with its figure and threshold; advice for those that did not pass."""
    checks = list(inputs.fit.checks)
    order = {"FAIL": 0, "REVIEW": 1, "PASS": 2}
    checks.sort(key=lambda check: order.get(check.status, 0))
    text = checks_in_words(inputs)
    blocks: list[Block] = [
        Paragraph(
            f"{text[:1].upper()}{text[1:]}. A claim that rests on a failed check is withheld; a "
            "diagnostic that could not be computed counts as failed."
        )
    ]
    if checks:
        blocks.append(
            Table.from_records(
                "Checks",
                (
                    Column("name", "Check"),
                    Column("status", "Result"),
                    Column("figure", "Figure", "number"),
                    Column("threshold", "Threshold", "number"),
                    Column("about", "About"),
                ),
                records=[_row(check) for check in checks],
            )
        )
    advice = [f"{c.name}: {c.advice}" for c in checks if c.status != "PASS" and c.advice]
    if advice:
        blocks += [Paragraph("What to do:"), Bullets(tuple(advice))]
    return Section("Checks", tuple(blocks))


def _row(check: Any) -> dict[str, Any]:
    keys = ("name", "status", "figure", "threshold", "about")
    row = {key: getattr(check, key) for key in keys}
    # R-hat 1.004 against 1.01 needs more digits than an effect.
    return row | {key: exact(float(row[key])) for key in ("figure", "threshold")}


def audit_section(inputs: Inputs) -> Section:
    """What happened to the data on the way in."""
    table = inputs.fit.audit_table()
    study = inputs.fit.survey.codebook.study
    about = [
        ("Study", study.label or study.name),
        ("Description", study.description),
        ("Source", study.source),
        ("Licence", study.licence),
    ]
    blocks: list[Block] = [Terms(tuple((term, value) for term, value in about if value))]
    if not table.empty:
        blocks.append(
            Table.from_records(
                "From the file to the model",
                (
                    Column("step", "Step"),
                    Column("count", "Count", "integer"),
                    Column("note", "Note"),
                ),
                records=table.to_dict("records"),
            )
        )
    weights = inputs.fit.survey.codebook.weights
    if weights is not None:
        meaning = f" ({weights.meaning})" if weights.meaning else ""
        text = f"Averages use the survey weights in column '{weights.column}'{meaning}."
        blocks.append(Paragraph(text))
    return Section("Data audit", tuple(blocks))


def limits_section(inputs: Inputs) -> Section:
    """What this report cannot say."""
    table = totals(inputs)
    levels = [str(name) for name in table.get("claim", ())] or ["association"]
    items = [
        f"What an effect is to be read as: {wording.levels_in_words(levels)}.",
        "Emotions and outcomes were ticked by the same people on the same questionnaire; shared "
        "answering style can make them look more related than they are "
        f"{cite('Van Vaerenbergh & Thomas 2013')}. "
        + (
            "The model controls for it; a rest may remain."
            if inputs.fit.model.halo
            else "The model was told not to control for it."
        ),
        *_unplaced(inputs),
        "Journeys of people who did not answer are not in the data.",
        "A simulated change moves what the model knows; what it does not know stays as it was.",
        "Interval ends and probabilities hold under the model; a different model may disagree.",
    ]
    return Section("Limits", (Bullets(tuple(items)),))


def _unplaced(inputs: Inputs) -> list[str]:
    """Emotions of unknown valence: what cannot be said of them."""
    names = without_valence(inputs.fit.survey.codebook)
    if not names:
        return []
    return [
        f"No norm and no codebook says how pleasant these emotions are: {listed(list(names))}. "
        "Their effects are estimated without the help of positivity, and they do not count in the "
        "index of answering style."
    ]


def reproducibility_section(inputs: Inputs) -> Section:
    """Seed, hash and versions that lead to the same numbers again."""
    fit = inputs.fit
    items = [
        ("Random seed", str(fit.seed)),
        ("Data and codebook, SHA-256", fit.survey.hash),
        ("Journeys", plural(fit.survey.n_journeys, inputs.names.journey)),
        *((f"{name}", str(value)) for name, value in fit.versions.items()),
        ("Report written by", f"emotion-models {_version()}"),
    ]
    return Section("Step 6. Making it reproducible", (Terms(tuple(items)),))


def _version() -> str:
    try:
        return metadata.version("emotion-models")
    except metadata.PackageNotFoundError:
        return "(run from its source folder)"
