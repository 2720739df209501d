"""What became of the truth, and of the table, in every study: from kept results to tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from beliefs import BELIEFS, WEAK
from natures import DIFFERS, EMOTIONS, OUTCOMES, POSITIVITY, PUBLISHED

from emotion_models.inference.sensitivity import DIAGNOSES, THRESHOLD

SURE_OF: Final = 0.95
"""Probability from which a direction is stated."""
BY: Final = ["nature", "belief", "journeys"]
PASSED: Final = "PASS"
MANY, HALF = 0.9, 0.5
COLUMNS: Final = ("mean", "sd", "lower", "upper", "above", "beyond_above", "sensitivity")


def cells(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """A row an effect, study and belief: truth, what is said, what the table in use says."""
    parts = []
    for row in rows:
        truth, weak = np.ravel(row["truth"]), row["beliefs"][WEAK.name]
        for belief, found in row["beliefs"].items():
            sign = np.ravel(PUBLISHED)
            part = {name: np.ravel(found[name]) for name in COLUMNS}
            part |= {name: row[name] for name in ("nature", "seed", "journeys")}
            part |= {"belief": belief, "truth": truth, "published": sign}
            part |= {"table": BELIEFS[belief].sign * sign}
            part |= {"shift": np.abs(part["mean"] - np.ravel(weak["mean"])) / np.ravel(weak["sd"])}
            part |= {"conflict": np.array(found["diagnosis"]) == DIAGNOSES["conflict"]}
            part |= {"emotion": np.repeat(EMOTIONS, len(OUTCOMES))}
            part |= {"outcome": np.tile(OUTCOMES, len(EMOTIONS))}
            parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True)
    right = np.sign(table["truth"])
    covered = (table["lower"] <= table["truth"]) & (table["truth"] <= table["upper"])
    return table.assign(
        error=table["mean"] - table["truth"],
        # Towards the true direction, so that shrinkage is negative whatever the sign.
        away=(table["mean"] - table["truth"]) * right,
        covered=covered,
        wrongly=_stated(table["above"], -right),
        rightly=_stated(table["above"], right),
        mean_right=np.sign(table["mean"]) == right,
        table_out=np.where(right > 0, table["lower"] > 0, table["upper"] < 0),
    )


def _stated(above: Any, sign: Any) -> Any:
    """Whether a direction is stated: its probability is at least `SURE_OF`."""
    return np.where(sign > 0, above, 1 - above) >= SURE_OF


def studies(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """A row a study and belief: log score, what its checks say, cost."""
    found = []
    for row in rows:
        for belief, own in row["beliefs"].items():
            said = {name: own[name] for name in ("status", "r_hat", "divergences", "cpu_seconds")}
            lost = 100 * (row["score_of_truth"] - own["score"])
            about = {name: row[name] for name in ("nature", "seed", "journeys")}
            found.append({**about, "belief": belief, **said, "lost": lost})
    return pd.DataFrame(found)


def errors(each: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Bias, error, coverage, statements and predictions of every kind of world and belief."""
    rows = []
    for key, part in each.groupby(BY, sort=False):
        own = part.groupby("seed")["covered"].mean()
        rows.append(
            {
                **dict(zip(BY, key, strict=True)),
                "worlds": len(own),
                "bias": part["away"].mean(),
                "rmse": (part["error"] ** 2).mean() ** 0.5,
                "in_90%": part["covered"].mean(),
                "se_90%": own.std(ddof=1) / len(own) ** 0.5 if len(own) > 1 else np.nan,
                "stated": (part["wrongly"] | part["rightly"]).mean(),
                "stated_wrongly": part["wrongly"].mean(),
                "shift_from_weak_in_sd": part["shift"].mean(),
            }
        )
    lost = fits.groupby(BY, sort=False)["lost"].mean().reset_index(name="lost_per_100_journeys")
    return pd.DataFrame(rows).merge(lost, on=BY)


def directions(each: pd.DataFrame) -> pd.DataFrame:
    """Effects whose direction the table in use has wrong: how often data overrule it.

    Beside it what data say without a table: weak priors at all effects with a direction.
    """
    truth, weak = np.sign(each["truth"]), each["belief"] == WEAK.name
    said = np.where(weak, -truth * np.abs(each["published"]), each["table"])
    rows = []
    for key, part in each[(said != 0) & (said == -truth)].groupby(BY, sort=False):
        rows.append(
            {
                **dict(zip(BY, key, strict=True)),
                "effects": len(part),
                "mean_right": part["mean_right"].mean(),
                "table_outside_90%": part["table_out"].mean(),
                "table_stated": part["wrongly"].mean(),
            }
        )
    return pd.DataFrame(rows)


def needed(overruled: pd.DataFrame) -> pd.DataFrame:
    """From how many journeys wrong directions are overruled; empty where never so far."""
    rows = []
    for key, part in overruled.groupby(BY[:2], sort=False):
        rows.append(
            {
                **dict(zip(BY[:2], key, strict=True)),
                "means_of_90%_right_from": _from(part, "mean_right", MANY),
                "half_outside_90%_from": _from(part, "table_outside_90%", HALF),
            }
        )
    return pd.DataFrame(rows)


def _from(part: pd.DataFrame, column: str, share: float) -> float | None:
    enough = part.loc[part[column] >= share, "journeys"]
    return None if enough.empty else float(enough.min())


def noticed(each: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Whether the check of a fit notices: over studies, and over effects with a direction."""
    known = each[each["published"] != 0].assign(flag=lambda t: t["sensitivity"] > THRESHOLD)
    by = known.groupby(BY, sort=False)
    found = by.agg(
        median_sensitivity=("sensitivity", "median"),
        effects_above_threshold=("flag", "mean"),
        effects_in_conflict=("conflict", "mean"),
    ).reset_index()
    own = fits.assign(review=fits["status"] != PASSED).groupby(BY, sort=False)
    checks = own.agg(studies_not_passed=("review", "mean"), largest_r_hat=("r_hat", "max"))
    checks["divergences"] = own["divergences"].sum()
    return found.merge(checks.reset_index(), on=BY)


def nothing(each: pd.DataFrame) -> pd.DataFrame:
    """Where positivity is all there is: how often an emotion's own effect is stated."""
    part = each[each["nature"] == POSITIVITY.name]
    own = part.assign(stated=_stated(part["beyond_above"], 1) | _stated(part["beyond_above"], -1))
    return own.groupby(BY[1:], sort=False)["stated"].mean().reset_index(name="stated_though_none")


def reached(each: pd.DataFrame) -> pd.DataFrame:
    """How far posterior means reach to the truth, world by world: 1 at truth, 0 nothing said.

    ``sum(mean truth) / sum(truth^2)`` over the effects with a published direction; where nature
    differs, over those that the table has wrong.
    """
    known = each[each["published"] != 0]
    known = known[
        (known["nature"] != DIFFERS.name) | (np.sign(known["truth"]) != known["published"])
    ]
    product = known.assign(up=known["mean"] * known["truth"], down=known["truth"] ** 2)
    sums = product.groupby([*BY, "seed"], sort=False)[["up", "down"]].sum()
    return (sums["up"] / sums["down"]).reset_index(name="reached")
