"""What many replicates of every case say together: tables, claims, and what fails unnoticed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import readme
from asked_fit import OF_SAMPLING
from deviations import DEVIATIONS, RIGHT

from emotion_models.inference.versions import package_versions

Found = Mapping[str, Sequence[dict[str, Any]]]
BAND: Final = (0.8, 1.0)
"""Share of 90% intervals that may cover: the dependent ones of a few studies stray this far."""
MORE: Final = 0.5
"""A check notices a world if it speaks up in so many more replicates than in the right one."""
SHOWN: Final = 0.25
ENOUGH: Final = 6
FEELINGS, JOURNEYS = "another feeling", "another journey"
ASKED: Final = {
    "emotion": FEELINGS,
    "emotion at a touchpoint": FEELINGS,
    "touchpoint removed": JOURNEYS,
    "order changed": JOURNEYS,
}
TARGET: Final = f"{BAND[0]:.0%} to {BAND[1]:.0%}"


@dataclass(frozen=True)
class Case:
    """A world and a way of analysing it.

    Parameters
    ----------
    world : str
    cleaned : bool
        Whether flagged journeys are left out.
    corrected : bool
        Whether intervals follow the clusters; then only effects are asked for.
    """

    world: str
    cleaned: bool = False
    corrected: bool = False


CASES: Final = {name: Case(name) for name in DEVIATIONS} | {
    "careless left out": Case("careless", cleaned=True),
    "clusters corrected": Case("clusters", corrected=True),
}


def lines(path: Path) -> list[dict[str, Any]]:
    """Replicates that were finished; a line that was cut off is none."""
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return sorted(found, key=lambda row: row["seed"])


def rows_of(found: Found) -> pd.DataFrame:
    """A row a case, replicate, question and outcome."""
    return pd.DataFrame(
        [
            {"case": case, "seed": each["seed"], "asked": ASKED[row["question"]]} | row
            for case, replicates in found.items()
            for each in replicates
            for row in each["rows"]
        ]
    )


def off(rows: pd.DataFrame) -> tuple[float, float]:
    """Bias along the truth's sign and root mean square error, as shares of the truth's size.

    Outcome by outcome, since they have scales of their own, and then averaged.
    """
    bias, rmse = [], []
    for _, own in rows.groupby("outcome"):
        true, error = own["true"], own["mean"] - own["true"]
        if true.abs().sum() > 0:
            bias.append((np.sign(true) * error).sum() / true.abs().sum())
            rmse.append(np.sqrt((error**2).sum() / (true**2).sum()))
    return (float(np.mean(bias)), float(np.mean(rmse))) if bias else (np.nan, np.nan)


def alarm_shares(found: Found) -> pd.DataFrame:
    """How often each check spoke up in a case, and in the right world."""
    share = {
        case: pd.Series([name for each in rows for name in each["alarms"]], dtype=str)
        .value_counts()
        .div(len(rows))
        for case, rows in found.items()
    }
    right = share.get(RIGHT, pd.Series(dtype=float))
    return pd.DataFrame(
        [
            {"case": case, "check": name, "share": own, "in_the_right_world": right.get(name, 0.0)}
            for case, shares in share.items()
            if case != RIGHT
            for name, own in sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        ],
        columns=["case", "check", "share", "in_the_right_world"],
    )


def noticed(found: Found) -> dict[str, list[str]]:
    """The checks that notice each case; none can be named without the right world.

    Checks of sampling do not: chains are short here, and longer ones would pass them.
    """
    table = alarm_shares(found) if RIGHT in found else alarm_shares({})
    loud = table[table["share"] - table["in_the_right_world"] >= MORE]
    loud = loud[~loud["check"].str.contains("|".join(OF_SAMPLING))]
    return {case: loud.loc[loud["case"] == case, "check"].tolist() for case in found}


def tables(found: Found) -> dict[str, pd.DataFrame]:
    """All tables of the page."""
    worlds = pd.DataFrame(
        [
            {"world": name, "about": each.about, "strength": each.strength, "source": each.source}
            for name, each in DEVIATIONS.items()
        ]
    )
    loud = alarm_shares(found)
    loud = loud[loud["share"] - loud["in_the_right_world"] >= SHOWN]
    return {
        "deviations": worlds,
        "worlds": _worlds(found),
        "checks": loud,
        "reports": pd.DataFrame([_report(case, rows) for case, rows in found.items()]),
        "causes": _causes(found),
        "failures": failures(found),
        "claims": readme.claims(summary(found)),
    }


def _worlds(found: Found) -> pd.DataFrame:
    by_whom, records = noticed(found), []
    table = rows_of(found)
    for case, replicates in found.items():
        own = table[table["case"] == case]
        feelings, journeys = (own[own["asked"] == asked] for asked in (FEELINGS, JOURNEYS))
        bias, rmse = off(feelings)
        records.append(
            {
                "case": case,
                "studies": len(replicates),
                "bias": bias,
                "error": rmse,
                "feelings_covered_50": feelings["covers 50%"].mean(),
                "feelings_covered_90": feelings["covers 90%"].mean(),
                "journeys_covered_90": journeys["covers 90%"].mean() if len(journeys) else np.nan,
                "best_found": float(np.mean([each["best"] for each in replicates])),
                "noticed_by": ", ".join(by_whom[case]),
            }
        )
    return pd.DataFrame(records)


def _report(case: str, replicates: Sequence[dict[str, Any]]) -> dict[str, Any]:
    reports = pd.DataFrame([each["report"] for each in replicates])
    effects = max(int(reports["effects"].sum()), 1)
    return {
        "case": case,
        "fits_failed": float(np.mean([each["status"] == "FAIL" for each in replicates])),
        "stated": float(reports["stated"].mean()),
        "withheld": float(reports["withheld"].mean()),
        "with_caveats": float(reports["with caveats"].mean()),
        "doubted_by_a_check": float(reports["doubted by a check"].mean()),
        "effects_missed": float(reports["missed"].sum()) / effects,
        "effects_reversed": float(reports["reversed"].sum()) / effects,
        "for_example": reports["says"].iloc[0],
    }


def _causes(found: Found) -> pd.DataFrame:
    """Unmeasured causes beside what was said to be needed, for effects said to be clear."""
    rows = pd.DataFrame(
        [
            {"case": case} | row
            for case, replicates in found.items()
            for each in replicates
            for row in each["cause"]
        ]
    )
    if rows.empty:
        return rows
    clear = rows[rows["to_unsure"] > 0]
    wrong = np.sign(clear["true"]) != clear["direction"].map({"+": 1, "-": -1})
    clear = clear.assign(stronger=clear["strength"] > clear["to_zero"], wrong=wrong)
    return (
        clear.groupby("case", sort=False)
        .agg(
            clear_effects=("true", "size"),
            of_emotion=("of emotion", "mean"),
            of_outcome=("of outcome", "mean"),
            strength=("strength", "mean"),
            needed_to_undo=("to_zero", "mean"),
            stronger_than_needed=("stronger", "mean"),
            wrong_sign=("wrong", "mean"),
        )
        .reset_index()
    )


def failures(found: Found) -> pd.DataFrame:
    """What fails without any check that notices, why, and what a user can do."""
    failed = [c["claim"].partition(":")[0] for c in summary(found)["claims"] if c["holds"] is False]
    return pd.DataFrame(
        [
            {"case": case, "why,_and_what_to_do": DEVIATIONS[CASES[case].world].advice}
            for case in dict.fromkeys(failed)
        ],
        columns=["case", "why,_and_what_to_do"],
    )


def summary(found: Found) -> dict[str, Any]:
    """Claims: intervals cover, or a check notices; of few studies nothing is claimed."""
    by_whom, table, claims = noticed(found), rows_of(found), []
    for case, replicates in found.items():
        for asked in (FEELINGS, JOURNEYS):
            own = table[(table["case"] == case) & (table["asked"] == asked)]
            if own.empty:
                continue
            share, right = float(own["covers 90%"].mean()), CASES[case].world == RIGHT
            holds = BAND[0] <= share <= BAND[1] or bool(by_whom[case])
            enough = min(len(replicates), len(found.get(RIGHT, ()))) >= ENOUGH
            words = f"{case}: share of 90% intervals that hold what {asked} truly does"
            target = TARGET if right else f"{TARGET}, or a check notices"
            claims.append(readme.claim(words, share, target, holds if enough else None))
    seeds = sorted({each["seed"] for rows in found.values() for each in rows})
    return {"claims": claims, "seeds": seeds, "versions": dict(package_versions())}
