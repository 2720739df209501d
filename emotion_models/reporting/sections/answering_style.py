"""How much of the effects is shared answering style: with the control and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emotion_models.reporting.blocks import Paragraph, Section
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.references import cite
from emotion_models.reporting.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd


def halo_section(inputs: Inputs) -> tuple[Section, ...]:
    """Every effect with answering style held and without; nothing unless it was computed."""
    if inputs.halo is None:
        return ()
    table = inputs.halo.table()
    failed = {check.name for check in inputs.fit.checks if check.status == "FAIL"}
    held_back = [
        outcome
        for outcome in table["outcome"].unique()
        if failed & set(inputs.rests_on("effects", outcome))
    ]
    table = table[~table["outcome"].isin(held_back)]
    text = (
        "People who tick high everywhere make effects out of nothing "
        f"{cite('Van Vaerenbergh & Thomas 2013')}. The outcomes were therefore fitted with the "
        f"respondent's answering style as a control and without it.{_size(table)} A difference "
        "that is large beside its interval is style, not emotion; one near zero says that style "
        "did not make the effect, not that nothing else did."
    )
    if held_back:
        left = ", ".join(inputs.names.outcomes.get(name, name) for name in held_back)
        text += f" Not shown, because a check failed: {left}."
    if table.empty:
        return (Section("Shared answering style", (Paragraph(text),)),)
    shown = Table.from_records(
        "Effects with and without the control for answering style",
        (
            Column("outcome", "Outcome"),
            Column("emotion", "Emotion"),
            Column("held", "Style held", "signed"),
            Column("free", "Without control", "signed"),
            Column("difference", "Difference", "signed"),
            Column("lower", "Lower", "signed"),
            Column("upper", "Upper", "signed"),
            Column("unit", "Unit"),
        ),
        records=[_named(inputs, row) for row in table.to_dict("records")],
        note="One more scale point everywhere. Difference with its paired interval.",
    )
    return (Section("Shared answering style", (Paragraph(text), shown)),)


def _size(table: pd.DataFrame) -> str:
    """How far the control moves effects, relative to them; outcomes have units of their own."""
    shares = [
        own["difference"].abs().mean() / own["held"].abs().mean()
        for _, own in table.groupby("outcome")
        if own["held"].abs().mean() > 0
    ]
    if not shares:
        return ""
    return f" On average it moves effects by {sum(shares) / len(shares):.0%} of their size."


def _named(inputs: Inputs, row: dict[Any, Any]) -> dict[Any, Any]:
    names = inputs.names
    return {
        **row,
        "outcome": names.outcomes.get(row["outcome"], row["outcome"]),
        "emotion": names.emotions.get(row["emotion"], row["emotion"]),
    }
