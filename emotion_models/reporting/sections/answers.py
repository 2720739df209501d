"""The sections that answer questions: journey, drivers, memory, change."""

from __future__ import annotations

from typing import Any

import pandas as pd

from emotion_models.reporting import claims, other_claims
from emotion_models.reporting.anonymity import ALL, enough, notice, without
from emotion_models.reporting.blocks import Block, Findings, Paragraph, Section
from emotion_models.reporting.dependencies import Part
from emotion_models.reporting.findings import Finding
from emotion_models.reporting.inputs import Inputs, SimulationLike
from emotion_models.reporting.labelled import spoken
from emotion_models.reporting.numbers import digits_for, interval, number, signed, unbroken, unit
from emotion_models.reporting.sections import pictures
from emotion_models.reporting.sections.effect_tables import (
    paths_table,
    segments_table,
    specificity_table,
    top_table,
)
from emotion_models.reporting.tables import Column, Table

PLEASANT_KEY = (
    "Blue circles: pleasant emotions; orange squares: unpleasant; grey triangles: neutral."
)
CURVES_SHOWN = 10


def found(*findings: Finding | None) -> tuple[Findings, ...]:
    """A block of those findings that there are; none, no block."""
    items = tuple(finding for finding in findings if finding is not None)
    return (Findings(items),) if items else ()


def failed_for(inputs: Inputs, part: Part, outcome: str = "") -> tuple[str, ...]:
    """Names of failed checks that results of a part rest on: such results are not shown."""
    names = inputs.rests_on(part, outcome)
    return tuple(c.name for c in inputs.fit.checks if c.status == "FAIL" and c.name in names)


def held_back(what: str, failed: tuple[str, ...]) -> Paragraph:
    """Statement in place of results whose checks failed."""
    names = ", ".join(f"'{name}'" for name in failed)
    return Paragraph(f"Withheld: {what}. Failed: {names}. The section on checks says what to do.")


def journey_section(inputs: Inputs) -> Section:
    """How the journey feels, touchpoint by touchpoint, as observed."""
    curve = inputs.fit.emotion_curve()
    shown = enough(curve, curve, inputs.threshold)
    blocks: list[Block] = []
    if not shown.empty:
        rows = inputs.names.label(shown).dropna(subset=["mean"]).to_dict("records")
        top = max(rows, key=lambda row: float(row["mean"]))
        caption = (
            f"The journey as felt. Dots: mean ratings, {inputs.names.rating_words}; upright lines: "
            f"90% intervals. {PLEASANT_KEY}"
        )
        blocks += [
            Paragraph(
                f"The strongest feeling anywhere in the {inputs.names.journey} is {top['emotion']} "
                f"at {top['touchpoint']}, with a mean rating of {number(top['mean'], 1)}."
            ),
            pictures.journey_picture(inputs, shown, "journey", caption),
        ]
    if len(shown) < len(curve):
        text = f"Points with fewer than {inputs.threshold} respondents are not shown."
        blocks.append(Paragraph(text, quiet=True))
    return Section("The journey", tuple(blocks))


def drivers_section(inputs: Inputs) -> Section | None:
    """What drives each outcome; None without effects."""
    table = claims.totals(inputs)
    if inputs.effects is None or table.empty:
        return None
    failed = {o: failed_for(inputs, "effects", str(o)) for o in table["outcome"].unique()}
    clear = table[[not failed[outcome] for outcome in table["outcome"]]]
    title = "What drives each outcome"
    withheld = [
        held_back(f"effects on \u201c{inputs.names.outcomes.get(str(o), str(o))}\u201d", names)
        for o, names in failed.items()
        if names
    ]
    if clear.empty:
        return Section(title, tuple(withheld[:1]))
    note = (
        f"An effect is the change in the outcome for one more scale point of an emotion at every "
        f"touchpoint of the {inputs.names.journey}, all else kept as it was."
    )
    outcomes = [str(o) for o in clear["outcome"].unique()]
    drivers = [claims.top_driver(inputs, o) for o in inputs.names.focus if o in outcomes]
    drawn = _of_several(clear)
    left_out = clear["outcome"].nunique() - drawn["outcome"].nunique()
    caption = f"Total effect of each emotion on each outcome, with 90% intervals. {PLEASANT_KEY} "
    if left_out:
        many = "outcome" if left_out == 1 else "outcomes"
        caption += f"Not drawn: {left_out} {many} on which a single emotion acts. "
    blocks: tuple[Block, ...] = (
        Paragraph(note),
        *found(*drivers),
        top_table(inputs, clear),
        pictures.effects_picture(inputs, drawn, "effects", caption + pictures.FADED),
        *withheld,
    )
    parts = (
        _specific(inputs, outcomes),
        _where(inputs, outcomes),
        _paths(inputs, outcomes),
        _segments(inputs, outcomes),
    )
    return Section(title, blocks, tuple(part for part in parts if part is not None))


def _of_several(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects on outcomes on which several emotions act; all, if there is no such outcome."""
    acts = (effects["lower"] != 0) | (effects["upper"] != 0)
    several = acts.groupby(effects["outcome"]).transform("sum") > 1
    return effects[several] if several.any() else effects


def _specific(inputs: Inputs, outcomes: list[str]) -> Section | None:
    focus = [outcome for outcome in inputs.names.focus if outcome in outcomes]
    contrasts = [claims.same_tone_contrast(inputs, outcome) for outcome in focus]
    blocks: tuple[Block, ...] = found(other_claims.beyond_valence(inputs), *contrasts)
    table = specificity_table(inputs, outcomes)
    if table is not None:
        blocks = (*blocks, table)
    if not blocks:
        return None
    intro = Paragraph(
        "If emotions mattered only by how pleasant they are, all pleasant emotions would act "
        "alike, and one score of pleasantness would do. Where emotions of the same tone act "
        "differently, such a score misleads."
    )
    return Section("Specific, or merely positive?", (intro, *blocks))


def _where(inputs: Inputs, outcomes: list[str]) -> Section | None:
    assert inputs.effects is not None
    table = inputs.effect_table()
    cells = table[
        (table["path"] == "total") & (table["touchpoint"] != ALL) & (table["segment"] == ALL)
    ]
    cells = enough(cells, inputs.fit.emotion_curve(), inputs.threshold)
    blocks = [
        pictures.heatmap_picture(
            inputs,
            cells[cells["outcome"] == outcome],
            f"where-{index}",
            f"Where emotions matter for \u201c{inputs.names.outcomes.get(outcome, outcome)}\u201d: "
            "effect of one more scale point at one touchpoint. Blue raises, orange lowers; "
            "faded: the interval covers zero.",
        )
        for index, outcome in enumerate(inputs.names.focus, start=1)
        if outcome in outcomes and (cells["outcome"] == outcome).any()
    ]
    return Section("Where it matters", tuple(blocks)) if blocks else None


def _paths(inputs: Inputs, outcomes: list[str]) -> Section | None:
    tables = [paths_table(inputs, o) for o in inputs.names.focus if o in outcomes]
    blocks = tuple(table for table in tables if table is not None)
    return Section("Directly, or through memory and the relationship", blocks) if blocks else None


def _segments(inputs: Inputs, outcomes: list[str]) -> Section | None:
    tables = [segments_table(inputs, o) for o in inputs.names.focus if o in outcomes]
    blocks: list[Block] = [table for table in tables if table is not None]
    text = notice(inputs.hidden, inputs.names.segments, inputs.threshold)
    if text:
        blocks.append(Paragraph(text, quiet=True))
    return Section("By segment", tuple(blocks)) if blocks else None


def memory_section(inputs: Inputs) -> Section | None:
    """What is remembered of the journey."""
    weights, salience = inputs.fit.memory_weights(), inputs.fit.salience()
    failed = failed_for(inputs, "memory")
    title = "What is remembered"
    if weights.empty and salience.empty:
        return None
    if failed:
        return Section(title, (held_back("what is remembered", failed),))
    blocks: list[Block] = [
        *found(other_claims.what_is_kept(inputs), other_claims.salient_touchpoint(inputs))
    ]
    if not weights.empty:
        blocks.append(pictures.weights_picture(inputs, weights))
    if not salience.empty:
        blocks.append(pictures.salience_picture(inputs, salience))
    return Section(title, tuple(blocks))


def change_sections(inputs: Inputs) -> tuple[Section, ...]:
    """One section per simulated change."""
    return tuple(
        _change(inputs, simulation, index)
        for index, simulation in enumerate(inputs.simulations, start=1)
    )


def _change(inputs: Inputs, simulation: SimulationLike, index: int) -> Section:
    number_ = f" {index}" if len(inputs.simulations) > 1 else ""
    title = f"The simulated change{number_}"
    intro = Paragraph(f"What is changed: {spoken(simulation.change, inputs.names)}")
    table = simulation.table()
    failed = {o: failed_for(inputs, "simulation", str(o)) for o in table["outcome"].unique()}
    shown = without(table, inputs.hidden)
    shown = shown[[not failed[outcome] for outcome in shown["outcome"]]]
    if shown.empty:
        names = tuple(dict.fromkeys(name for names in failed.values() for name in names))
        return Section(title, (intro, held_back("the simulated change", names)))
    # An explicit order keeps "everyone" above its segments in every panel.
    everyone = shown[shown["segment"] == ALL]
    findings = found(*other_claims.simulated(inputs, simulation))
    blocks: list[Block] = [
        intro,
        *(findings or (Paragraph("It changes no outcome."),)),
        pictures.scenario_picture(
            inputs, shown, f"change-{index}",
            "Difference made by the change in each outcome, with 90% intervals. " + pictures.FADED,
        ),
        change_table(inputs, everyone),
    ]  # fmt: skip
    curve = _moved(enough(simulation.curve(), inputs.fit.emotion_curve(), inputs.threshold))
    if not curve.empty:
        caption = (
            "The journey before (grey, dashed, hollow) and after the change, for the emotions "
            "that move most."
        )
        blocks.append(pictures.journey_picture(inputs, curve, f"curve-{index}", caption))
    text = notice(inputs.hidden, inputs.names.segments, inputs.threshold)
    if text and table["segment"].nunique() > 1:
        blocks.append(Paragraph(text, quiet=True))
    return Section(title, tuple(blocks))


def _moved(curve: pd.DataFrame) -> pd.DataFrame:
    """Rows of the emotions that the change moves, at most `CURVES_SHOWN`, most moved first."""
    if curve.empty:
        return curve
    wide = curve.pivot_table(index=["emotion", "touchpoint"], columns="when", values="mean")
    reach = (wide["after"] - wide["before"]).abs().groupby("emotion").max()
    moved = reach[reach > 1e-9].sort_values(ascending=False).index[:CURVES_SHOWN]
    return curve[curve["emotion"].isin(list(moved))]


def change_table(inputs: Inputs, table: pd.DataFrame) -> Table:
    """Before, after and difference of every outcome for everyone together."""
    return Table.from_records(
        "Outcomes before and after the change",
        (
            Column("outcome", "Outcome"),
            Column("before", "Before", "number"),
            Column("after", "After", "number"),
            Column("difference", "Difference (90% interval)"),
            Column("unit", "Unit of the difference"),
            Column("p_harm", "Chance of harm", "percent"),
        ),
        records=[_change_row(row) for row in inputs.names.label(table).to_dict("records")],
    )


def _change_row(row: dict[Any, Any]) -> dict[str, Any]:
    size = unit(str(row["unit"]))
    value = {
        key: float(row[key]) * size.factor
        for key in ("before", "after", "difference", "lower", "upper")
    }
    digits = max(size.digits or 0, digits_for(value["difference"]))
    percent_sign = "%" if size.level == "%" else ""
    between = interval(value["lower"], value["upper"], digits)
    return {
        "outcome": row["outcome"],
        "before": number(value["before"], digits) + percent_sign,
        "after": number(value["after"], digits) + percent_sign,
        "difference": f"{signed(value['difference'], digits)} ({unbroken(between)})",
        "unit": size.change.strip(),
        "p_harm": float(row["p_harm"]),
    }
