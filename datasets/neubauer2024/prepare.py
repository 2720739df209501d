"""Turn the two diary files of Neubauer & Schmiedek (2024) into ratings and journeys.

A journey is a day of one person; its touchpoints are the five prompts of that day; what is
remembered, the bond with the degree programme and thoughts of quitting come from the evening
report. Run as a script to write ``ratings.csv``, ``journeys.csv`` and ``audit.csv``::

    python datasets/neubauer2024/prepare.py FOLDER_WITH_THE_TWO_FILES OUTPUT_FOLDER
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

EMOTIONS: Final = (
    "happy",
    "afraid",
    "sad",
    "balanced",
    "exhausted",
    "cheerful",
    "worried",
    "lively",
    "angry",
    "relaxed",
)
REMEMBERED: Final = tuple(f"{emotion}_daily" for emotion in EMOTIONS)
STUDY: Final = (
    "study_enjoy",
    "study_interesting",
    "study_satisfied",
    "study_identification",
    "study_expectations",
    "study_consider_quitting",
)
MIN_REPORTS: Final = 3
MISSING_CODE: Final = "-9"
DAY: Final = ["id", "day"]


@dataclass(frozen=True)
class Step:
    """One line of the audit: what was counted or dropped, how many, and why."""

    step: str
    unit: str
    count: int
    why: str = ""


@dataclass(frozen=True)
class Prepared:
    """The frames `read_survey` takes, and what was left out on the way.

    Parameters
    ----------
    ratings : DataFrame
        One row per answered prompt: ``journey``, ``respondent``, ``touchpoint`` (``beep-1`` ..
        ``beep-5``), ``order`` (1..5) and the ten emotions (1..7, missing allowed).
    journeys : DataFrame
        One row per day: ``journey``, ``respondent``, ``day`` (0..13), ``weekend`` (0 or 1),
        the ten remembered emotions and the six study items (1..7, missing allowed).
    audit : DataFrame
        Columns ``step``, ``unit``, ``count``, ``why``, in the order of the work.
    """

    ratings: pd.DataFrame
    journeys: pd.DataFrame
    audit: pd.DataFrame


def read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read ``momentary.csv`` and ``daily.csv``; the code -9 and empty cells become missing."""
    momentary = pd.read_csv(folder / "momentary.csv", na_values=[MISSING_CODE])
    daily = pd.read_csv(folder / "daily.csv", na_values=[MISSING_CODE])
    return momentary, daily


def prepare(momentary: pd.DataFrame, daily: pd.DataFrame) -> Prepared:
    """Select the usable days and lay them out as ratings and journeys.

    Parameters
    ----------
    momentary : DataFrame
        One row per prompt: ``id``, ``day``, ``beep``, ``toolate`` and the ten emotions.
    daily : DataFrame
        One row per evening report: ``id``, ``day``, ``date``, ``toolate``, the remembered
        emotions and the study items.

    Returns
    -------
    Prepared

    Raises
    ------
    ValueError
        If a prompt or an evening report occurs twice.
    """
    _refuse_duplicates(momentary, [*DAY, "beep"], "momentary.csv")
    _refuse_duplicates(daily, DAY, "daily.csv")
    reports, report_steps = _usable(momentary, EMOTIONS, "prompt")
    evenings, evening_steps = _usable(daily, REMEMBERED, "evening report")
    days, day_steps = _complete_days(reports, evenings)
    ratings = _ratings(reports.merge(days[DAY], on=DAY))
    journeys = _journeys(days)
    steps = [
        *report_steps,
        *evening_steps,
        *day_steps,
        Step("used", "day", len(journeys)),
        Step("used", "person", journeys["respondent"].nunique()),
        Step("used", "prompt", len(ratings)),
    ]
    return Prepared(ratings, journeys, pd.DataFrame(steps))


def _refuse_duplicates(frame: pd.DataFrame, keys: list[str], file: str) -> None:
    repeated = frame.loc[frame.duplicated(keys), keys]
    if len(repeated):
        first = ", ".join(f"{key} {repeated.iloc[0][key]}" for key in keys)
        raise ValueError(f"{file}: {len(repeated)} rows repeat a report, the first is {first}")


def _usable(
    frame: pd.DataFrame, answers: Sequence[str], unit: str
) -> tuple[pd.DataFrame, list[Step]]:
    """Drop reports given too late, then reports in which no emotion was answered."""
    in_time = frame[frame["toolate"] != 1]
    answered = in_time[in_time[list(answers)].notna().any(axis=1)]
    steps = [
        Step("read", unit, len(frame)),
        Step("dropped: late", unit, len(frame) - len(in_time), "answered after the prompt closed"),
        Step("dropped: blank", unit, len(in_time) - len(answered), "no emotion was answered"),
    ]
    return answered, steps


def _complete_days(
    reports: pd.DataFrame, evenings: pd.DataFrame
) -> tuple[pd.DataFrame, list[Step]]:
    """Keep days with an evening report and at least `MIN_REPORTS` answered prompts."""
    counts = reports.groupby(DAY).size().rename("n_reports").reset_index()
    days = counts.merge(evenings, on=DAY, how="outer", indicator="found")
    both = days[days["found"] == "both"]
    kept = both[both["n_reports"] >= MIN_REPORTS]
    steps = [
        Step("found", "day", len(days), "days with a usable prompt or a usable evening report"),
        Step("dropped: no evening report", "day", int((days["found"] == "left_only").sum())),
        Step("dropped: no prompt", "day", int((days["found"] == "right_only").sum())),
        Step(
            f"dropped: fewer than {MIN_REPORTS} prompts",
            "day",
            len(both) - len(kept),
            "peak, end and first need more than one or two moments",
        ),
    ]
    return kept, steps


def _journey_id(frame: pd.DataFrame) -> pd.Series[str]:
    return frame["id"].astype(str) + "-" + frame["day"].astype(int).astype(str).str.zfill(2)


def _ratings(reports: pd.DataFrame) -> pd.DataFrame:
    ordered = reports.sort_values([*DAY, "beep"])
    frame = pd.DataFrame({"journey": _journey_id(ordered), "respondent": ordered["id"]})
    frame["touchpoint"] = "beep-" + ordered["beep"].astype(str)
    frame["order"] = ordered["beep"].astype(int)
    frame[list(EMOTIONS)] = ordered[list(EMOTIONS)].astype("Int64")
    return frame.reset_index(drop=True)


def _journeys(days: pd.DataFrame) -> pd.DataFrame:
    ordered = days.sort_values(DAY)
    frame = pd.DataFrame({"journey": _journey_id(ordered), "respondent": ordered["id"]})
    frame["day"] = ordered["day"].astype(int)
    frame["weekend"] = (pd.to_datetime(ordered["date"]).dt.day_of_week >= 5).astype(int)
    columns = [*REMEMBERED, *STUDY]
    frame[columns] = ordered[columns].astype("Int64")
    return frame.reset_index(drop=True)


def write(prepared: Prepared, folder: Path) -> None:
    """Write the three frames as CSV into `folder`, which is made when absent."""
    folder.mkdir(parents=True, exist_ok=True)
    prepared.ratings.to_csv(folder / "ratings.csv", index=False)
    prepared.journeys.to_csv(folder / "journeys.csv", index=False)
    prepared.audit.to_csv(folder / "audit.csv", index=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the files of one folder into another and print the audit."""
    parser = argparse.ArgumentParser(description="Prepare the diary study of Neubauer (2024).")
    parser.add_argument("source", type=Path, help="folder with momentary.csv and daily.csv")
    parser.add_argument("output", type=Path, help="folder for ratings, journeys and audit")
    options = parser.parse_args(arguments)
    prepared = prepare(*read(options.source))
    write(prepared, options.output)
    print(prepared.audit.to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
