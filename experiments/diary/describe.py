"""Describe the prepared days item by item: missing answers, floor, ceiling, person share.

::

    python experiments/diary/describe.py PREPARED_FOLDER RESULTS_FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd

KEYS = ["journey", "respondent", "touchpoint", "order", "day", "weekend"]
LOWEST, HIGHEST = 1, 7


def person_share(answers: pd.Series[float], person: pd.Series[str]) -> float:
    """Share of the variance that lies between people: ICC(1) of a one-way layout."""
    answered = answers.notna()
    y, group = answers[answered], person[answered]
    means, sizes = y.groupby(group).transform("mean"), y.groupby(group).size()
    n, people = len(y), len(sizes)
    within = float(((y - means) ** 2).sum()) / (n - people)
    between = float(((means - y.mean()) ** 2).sum()) / (people - 1)
    size = (n - float((sizes**2).sum()) / n) / (people - 1)
    variance = max((between - within) / size, 0.0)
    return variance / (variance + within)


def never_varies(answers: pd.Series[float], person: pd.Series[str]) -> float:
    """Share of people, of those with two answers or more, who always gave the same one."""
    by_person = answers.dropna().groupby(person)
    repeated = by_person.size() > 1
    return float((by_person.nunique()[repeated] == 1).mean())


def describe(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per item of a frame that has a ``respondent`` column."""
    rows = []
    for item in [name for name in frame.columns if name not in KEYS]:
        answers = frame[item].astype(float)
        given = answers.dropna()
        rows.append(
            {
                "item": item,
                "answers": len(given),
                "missing": int(answers.isna().sum()),
                "mean": round(float(given.mean()), 2),
                "floor": round(float((given == LOWEST).mean()), 3),
                "ceiling": round(float((given == HIGHEST).mean()), 3),
                "categories_used": given.nunique(),
                "person_share": round(person_share(answers, frame["respondent"]), 2),
                "people_never_varying": round(never_varies(answers, frame["respondent"]), 2),
            }
        )
    return pd.DataFrame(rows)


def main(prepared: Path, results: Path) -> None:
    journeys = pd.read_csv(prepared / "journeys.csv")
    ratings = pd.read_csv(prepared / "ratings.csv")
    table = pd.concat([describe(ratings), describe(journeys)])
    table.to_csv(results / "items.csv", index=False)
    days = journeys.groupby("respondent").size().rename("days").value_counts().sort_index()
    days.rename("people").to_csv(results / "days_per_person.csv")
    shutil.copyfile(prepared / "audit.csv", results / "audit.csv")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
