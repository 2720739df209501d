"""Tables about effects: top emotions, specificity, paths, segments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from emotion_models.reporting import wording
from emotion_models.reporting.anonymity import ALL, without
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.numbers import digits_for, interval, signed, unbroken, unit
from emotion_models.reporting.other_claims import VALENCE_ONLY
from emotion_models.reporting.tables import Column, Table

TOP = 3
SEGMENT_ROWS = 5
PATH_COLUMNS = ("direct", "via relationship", "via memory", "total")


def effect_words(row: dict[Any, Any]) -> str:
    """An effect and its interval in one cell."""
    size = unit(str(row["unit"]))
    digits = size.digits
    if digits is None:
        digits = digits_for(row["upper"] - row["lower"])
    between = interval(row["lower"] * size.factor, row["upper"] * size.factor, digits)
    return f"{signed(row['mean'] * size.factor, digits)} ({unbroken(between)})"


def top_table(inputs: Inputs, effects: pd.DataFrame) -> Table:
    """The emotions most likely among the three strongest, per outcome, with probabilities."""
    assert inputs.effects is not None
    ranks = {
        (row["outcome"], row["emotion"]): row for row in inputs.effects.ranks().to_dict("records")
    }
    records: list[dict[str, Any]] = []
    for outcome, part in effects.groupby("outcome", sort=False):
        rows = []
        for row in part.to_dict("records"):
            if (outcome, row["emotion"]) not in ranks:  # the model lets it not act
                continue
            place = ranks[(outcome, row["emotion"])]
            rows.append({**row, "p_top1": float(place["p_top1"]), "p_top3": float(place["p_top3"])})
        rows.sort(key=lambda row: -row["p_top3"])
        for index, row in enumerate(rows[:TOP]):
            label = inputs.names.outcomes.get(str(outcome), str(outcome))
            words = unit(str(row["unit"])).change.strip()
            records.append(
                {
                    "outcome": label if index == 0 else "",
                    "unit": words if index == 0 else "",
                    "emotion": inputs.names.emotions.get(str(row["emotion"]), row["emotion"]),
                    "effect": effect_words(row),
                    "p_top1": row["p_top1"],
                    "p_top3": row["p_top3"],
                }
            )
    return Table.from_records(
        "Strongest emotions per outcome",
        (
            Column("outcome", "Outcome"),
            Column("emotion", "Emotion"),
            Column("effect", "Effect per point (90% interval)"),
            Column("unit", "Unit"),
            Column("p_top1", "Chance: strongest", "percent"),
            Column("p_top3", "Chance: top 3", "percent"),
        ),
        records=records,
        note=_claim_note(effects),
    )


def _claim_note(effects: pd.DataFrame) -> str:
    return f"Claim level: {wording.levels_in_words([str(name) for name in effects['claim']])}."


def specificity_table(inputs: Inputs, outcomes: list[str]) -> Table | None:
    """Pleasantness (mu) against what single emotions do beyond it (tau), per outcome."""
    table = inputs.fit.specificity()
    table = table[table["outcome"].astype(str).isin(outcomes)]
    if table.empty:
        return None
    gains = _gains(inputs)
    records = [
        {
            "outcome": row["outcome"],
            "mu": f"{signed(row['mu'], 2)} ({interval(row['mu_lower'], row['mu_upper'], 2)})",
            "tau": f"{signed(row['tau'], 2).lstrip('+')} "
            f"({interval(row['tau_lower'], row['tau_upper'], 2)})",
            "share": float(row["share"]),
            "gain": gains.get(str(name), ""),
        }
        for name, row in zip(
            table["outcome"], inputs.names.label(table).to_dict("records"), strict=True
        )
    ]
    gained = (Column("gain", "Predictive gain (standard error)"),) if gains else ()
    return Table.from_records(
        "What pleasantness does, and what single emotions do beyond it",
        (
            Column("outcome", "Outcome"),
            Column("mu", "Pleasantness \u03bc (90% interval)"),
            Column("tau", "Specific emotions \u03c4 (90% interval)"),
            Column("share", "Specific share", "percent"),
            *gained,
        ),
        records=records,
        note="Specific share: how much of the variation between the emotions' effects is not "
        "explained by how pleasant they are. \u03bc and \u03c4 are on the model's logit scale."
        + (
            " Predictive gain: elpd of each outcome by itself beyond that of the model that "
            "knows pleasantness alone."
            if gains
            else ""
        ),
    )


def _gains(inputs: Inputs) -> dict[str, str]:
    """What specific emotions add to the prediction of each outcome, where it was compared."""
    by_outcome = getattr(inputs.comparison, "by_outcome", None)
    if by_outcome is None:
        return {}
    table = by_outcome()
    rows = table[table["model"].astype(str) == VALENCE_ONLY]
    return {
        str(row["outcome"]): f"{signed(-row['difference'], 1)} ({row['se']:.1f})"
        for row in rows.to_dict("records")
    }


def paths_table(inputs: Inputs, outcome: str) -> Table | None:
    """Total effect of each emotion split by path, for one outcome."""
    assert inputs.effects is not None
    table = inputs.effect_table()
    rows = (table["touchpoint"] == ALL) & (table["segment"] == ALL) & (table["outcome"] == outcome)
    part = table[rows]
    acts = part[(part["lower"] != 0) | (part["upper"] != 0)]  # others the model has not
    paths = [path for path in PATH_COLUMNS if (acts["path"] == path).any()]
    if len(paths) < 3:
        return None
    cells = {(r["emotion"], r["path"]): effect_words(r) for r in part.to_dict("records")}
    records = [
        {"emotion": inputs.names.emotions.get(str(name), str(name))}
        | {path: cells.get((name, path), "") for path in paths}
        for name in dict.fromkeys(part["emotion"])
    ]
    unit_words = unit(str(part["unit"].iloc[0])).change.strip()
    label = inputs.names.outcomes.get(outcome, outcome)
    return Table.from_records(
        f"\u201c{label}\u201d: how the effect comes about"
        + (f" ({unit_words} per point)" if unit_words else ""),
        (
            Column("emotion", "Emotion"),
            *(Column(path, path[0].upper() + path[1:]) for path in paths),
        ),
        records=records,
        note="In brackets: 90% intervals.",
    )


def segments_table(inputs: Inputs, outcome: str) -> Table | None:
    """Effects of the strongest emotions on one outcome, segment by segment."""
    assert inputs.effects is not None
    table = inputs.effect_table()
    rows = (table["touchpoint"] == ALL) & (table["path"] == "total") & (table["outcome"] == outcome)
    part = without(table[rows], inputs.hidden)
    groups = [name for name in dict.fromkeys(part["segment"]) if name != ALL]
    if not groups:
        return None
    size = part[part["segment"] == ALL].set_index("emotion")["mean"].abs()
    strongest = [str(name) for name in size.sort_values(ascending=False).index[:SEGMENT_ROWS]]
    cells = {(r["emotion"], r["segment"]): effect_words(r) for r in part.to_dict("records")}
    records = [
        {"emotion": inputs.names.emotions.get(name, name)}
        | {str(group): cells.get((name, group), "") for group in [ALL, *groups]}
        for name in strongest
    ]
    label = inputs.names.outcomes.get(outcome, outcome)
    words = unit(str(part["unit"].iloc[0])).change.strip()
    return Table.from_records(
        f"\u201c{label}\u201d by segment" + (f" ({words} per point)" if words else ""),
        (
            Column("emotion", "Emotion"),
            Column(ALL, "Everyone"),
            *(Column(str(g), inputs.names.segments.get(str(g), str(g))) for g in groups),
        ),
        records=records,
        note="In brackets: 90% intervals.",
    )
