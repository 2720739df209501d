"""What a `Measurement` says in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emotion_models.intervals import PROBABILITY
from emotion_models.measurement.by_group import MATTERS
from emotion_models.measurement.result import HTMT_LIMITS, RELIABLE
from emotion_models.summarised import as_text

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.measurement.result import Measurement, Part


def summary(result: Measurement) -> str:
    """Say how well each construct is measured, and which are hardly different.

    Parameters
    ----------
    result : Measurement

    Returns
    -------
    str
    """
    table, curves = result.table(), result.information()
    lines = [f"How well the items measure ({PROBABILITY:.0%} intervals):"]
    for part in result.parts:
        lines += _of_part(part, table[table["construct"] == part.name], curves)
    lines += _pairs(result.htmt())
    if "group" in result.draws.dims:
        lines += _differences(result.invariance())
    return as_text(lines, result.caution)


def _of_part(part: Part, table: pd.DataFrame, curves: pd.DataFrame) -> list[str]:
    if part.reason:
        return [f"{part.name}: {part.reason}"]
    whole = {str(row["quantity"]): row for _, row in table[table["item"] == ""].iterrows()}
    loadings = table[table["quantity"] == "loading"].sort_values("mean")
    lowest = loadings.iloc[0]
    sum_score = (
        "reliability of the sum of its answers "
        f"{_figure(whole['omega_ticked'])} (omega_ticked), {_figure(whole['alpha'])} (alpha)"
    )
    latent = (
        f"of its latent answers {_figure(whole['omega_latent'])} (omega_latent); "
        f"average variance extracted {_figure(whole['ave'])}"
    )
    lines = [f"{part.name} ({len(part.items)} items): {sum_score}", f"  {latent}"]
    lines.append(f"  weakest item {lowest['item']}: loading {_figure(lowest)}")
    lines.append(f"  {_range(curves[curves['construct'] == part.name])}")
    return lines


def _figure(row: pd.Series[Any]) -> str:
    if row["reason"]:
        return f"unknown ({row['reason']})"
    return f"{row['mean']:.2f} [{row['lower']:.2f}, {row['upper']:.2f}]"


def _range(curves: pd.DataFrame) -> str:
    """Where on the construct people are measured with the conventional reliability."""
    whole = curves[curves["item"] == "(all)"]
    reliable = whole[whole["reliability"] >= RELIABLE]["level"]
    if reliable.empty:
        return f"nobody is measured with a reliability of {RELIABLE:.2f}"
    return (
        f"people are measured with a reliability of {RELIABLE:.2f} or more between "
        f"{reliable.min():+.1f} and {reliable.max():+.1f} sd of the construct"
    )


def _pairs(htmt: pd.DataFrame) -> list[str]:
    """The pairs of constructs that may be one."""
    known = htmt[htmt["mean"].notna()].sort_values("mean", ascending=False)
    if known.empty:
        return []
    close = known[known["p_above_085"] >= 0.05]
    if close.empty:
        return [f"No two constructs are close to one (HTMT below {HTMT_LIMITS[0]:.2f} in all)."]
    return [
        f"{row['construct']} and {row['with_construct']}: HTMT {row['mean']:.2f} "
        f"[{row['lower']:.2f}, {row['upper']:.2f}], above {HTMT_LIMITS[0]:.2f} with probability "
        f"{row['p_above_085']:.0%}: they may be one construct to those who answered"
        for row in close.to_dict("records")
    ]


def _differences(table: pd.DataFrame) -> list[str]:
    """The items that groups use differently, more likely than not."""
    known = table[table["p_matters"].notna()].sort_values("p_matters", ascending=False)
    likely = known[known["p_matters"] > 0.5]
    if likely.empty:
        most = known["p_matters"].max()
        return [f"No item is likely to mean something else to a group (at most {most:.0%})."]
    words = {"shift": "ticked {:+.2f} sd", "stretch": "log loading {:+.2f}"}
    return [
        f"{row['item']} in group {row['group']}: {words[row['quantity']].format(row['mean'])} "
        f"[{row['lower']:+.2f}, {row['upper']:+.2f}] beside the average group at the same "
        f"{row['construct']}; beyond {MATTERS:g} with probability {row['p_matters']:.0%}"
        for row in likely.to_dict("records")
    ]
