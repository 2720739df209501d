"""What is assumed about causes, what follows, and what would undo it."""

from __future__ import annotations

from emotion_models.causal import Identification, Independences
from emotion_models.effects import Robustness
from emotion_models.reporting.blocks import Block, Bullets, Paragraph, Section
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.references import cite
from emotion_models.reporting.sections.answers import failed_for
from emotion_models.reporting.tables import Column, Table

MOST_DOUBTS = 8


def causes_section(inputs: Inputs) -> Section | None:
    """Assumptions in words, claims with reasons, tests of the diagram, robustness.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Section or None
        None when nothing was declared and there is nothing to say of robustness.
    """
    assumed, causes = inputs.fit.assumptions, inputs.causes
    blocks: list[Block] = []
    if assumed is not None:
        blocks = [
            Paragraph(
                "No data can show that these are true. Effects that are called causal are causal "
                "if they are."
            ),
            Bullets(assumed.sentences()),
        ]
    parts = []
    if causes.identification is not None:
        parts.append(_what_follows(causes.identification))
    if causes.independences is not None:
        parts.append(_held_against_data(causes.independences))
    if causes.robustness is not None:
        parts.append(_what_would_undo(inputs, causes.robustness))
    if not (blocks or parts):
        return None
    return Section("What is assumed about causes", tuple(blocks), tuple(parts))


def _what_follows(found: Identification) -> Section:
    """Claim levels with the reason of each, alike reasons once."""
    table = found.table()
    groups = table.groupby(["kind", "claim", "reason"], sort=False)
    records = [
        {"kind": kind, "claim": claim, "effects": len(part), "reason": reason}
        for (kind, claim, reason), part in groups
    ]
    text = (
        "An effect is causal when, by the diagram, what the model holds constant blocks every "
        f"back-door path between the two {cite('Pearl 2009')}."
    )
    columns = (
        Column("kind", "Effect of"),
        Column("claim", "Claim"),
        Column("effects", "Effects", "integer"),
        Column("reason", "Why"),
    )
    shown = Table.from_records("Claim levels and their reasons", columns, records=records)
    return Section("What follows", (Paragraph(text), shown))


def _held_against_data(tests: Independences) -> Section:
    blocks: list[Block] = [Paragraph(tests.summary().split("\n")[0])]
    table = tests.table()
    doubts = table[table["status"] != "PASS"].head(MOST_DOUBTS)
    if len(doubts):
        columns = (
            Column("first", "First"),
            Column("second", "Second"),
            Column("given", "Held constant"),
            Column("correlation", "Rank correlation", "signed", 2),
            Column("p_beyond", "Chance it is beyond 0.1", "percent"),
            Column("advice", "What it says"),
        )
        caption = "Independences that the diagram implies and the data doubt"
        blocks.append(Table.from_records(caption, columns, records=doubts.to_dict("records")))
    return Section("The diagram against the data", tuple(blocks))


def _what_would_undo(inputs: Inputs, found: Robustness) -> Section:
    table = found.table()
    names = inputs.names
    shown = [o for o in names.focus if not failed_for(inputs, "effects", o)]
    table = table[table["outcome"].isin(shown)]
    records = [
        {
            **row,
            "outcome": names.outcomes.get(row["outcome"], row["outcome"]),
            "emotion": names.emotions.get(row["emotion"], row["emotion"]),
        }
        for row in table.sort_values("to_unsure", ascending=False).to_dict("records")
    ]
    text = (
        "How strong a cause of both emotion and outcome that was not measured would have to be: "
        "the share it explains of what the measured variables leave of the one and of the other, "
        "on the model's own scale, to bring the effect to zero, and to make its sign uncertain "
        f"{cite('Cinelli & Hazlett 2020')}. Beside it the strongest control that was measured."
    )
    if not records:
        text = "Withheld: checks behind every effect failed; the section on checks says what to do."
        return Section("What would undo the effects", (Paragraph(text),))
    columns = (
        Column("outcome", "Outcome"),
        Column("emotion", "Emotion"),
        Column("direction", "Sign"),
        Column("to_zero", "To zero", "percent"),
        Column("to_unsure", "To uncertain", "percent"),
        Column("benchmark", "Measured"),
        Column("benchmark_strength", "Its strength", "percent"),
    )
    caption = "What would undo each total effect"
    shown_table = Table.from_records(caption, columns, records=records)
    return Section("What would undo the effects", (Paragraph(text), shown_table))
