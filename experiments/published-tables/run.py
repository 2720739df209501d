"""Fit published data sets and lay the numbers beside the published ones.

::

    python experiments/published-tables/run.py ../shared/data [--only NAME ...]
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Final

import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402

FOLDERS: Final = {
    "verbagg": "verbagg",
    "globalwarm": "globalwarm",
    "framing": "framing_brader2008",
    "pollack": "pollack_estress",
    "garcia": "garcia_protest",
    "mobi_ecsi": "mobi_ecsi",
    "corp_rep": "corp_rep",
}
"""Folder of each data set; its comparison is the module of that name."""


def tables() -> dict[str, pd.DataFrame]:
    """Tables of README.md, from results/."""
    found = {name: shown(name) for name in FOLDERS}
    fits = [RESULTS / f"{name}-fits.csv" for name in FOLDERS]
    there = [pd.read_csv(path) for path in fits if path.is_file()]
    found["fits"] = pd.concat(there, ignore_index=True) if there else pd.DataFrame()
    found["met"] = counted()
    return found


def results(name: str) -> pd.DataFrame:
    """Rows of a data set; empty before its first run."""
    path = RESULTS / f"{name}.csv"
    if not path.is_file():
        return pd.DataFrame()
    return pd.read_csv(path, keep_default_na=False, na_values=[""]).astype(
        {"met": object, "note": object}
    )


def shown(name: str) -> pd.DataFrame:
    """Rows of a data set as the page shows them: intervals in one cell."""
    table = results(name)
    if table.empty:
        return table

    def interval(low: str, high: str) -> list[str]:
        pairs = zip(table[low], table[high], strict=True)
        return ["" if a != a else f"{readme.cell(a)} to {readme.cell(b)}" for a, b in pairs]

    return pd.DataFrame(
        {
            "quantity": table["quantity"],
            "by": table["kind"],
            "theirs": table["theirs"],
            "95%": interval("their_lower", "their_upper"),
            "ours": table["ours"],
            "95% ": interval("lower", "upper"),
            "apart": table["apart"].round(2),
            "model": table["model"],
            "met": table["met"],
            "note": table["note"],
        }
    )


def counted() -> pd.DataFrame:
    """How many published quantities are met, by data set."""
    rows = []
    for name in FOLDERS:
        table = results(name)
        if not table.empty:
            judged = table[table["model"] != "other"]
            rows.append(
                {
                    "data": name,
                    "compared": len(table),
                    "the same or near": len(judged),
                    "met": int((judged["met"] == "yes").sum()),
                }
            )
    return pd.DataFrame(rows)


def main() -> None:
    """Run what is asked for, data set by data set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--only", nargs="+", choices=list(FOLDERS), default=list(FOLDERS))
    asked = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for name in asked.only:
        rows, fits = importlib.import_module(name).compare(asked.data / FOLDERS[name])
        readme.write_csv(RESULTS / f"{name}.csv", pd.DataFrame(rows))
        readme.write_csv(RESULTS / f"{name}-fits.csv", pd.DataFrame(fits))
        print(pd.DataFrame(rows).drop(columns="note").to_string(), flush=True)
        print(pd.DataFrame(fits).to_string(), flush=True)
    readme.fill(HERE / "README.md", tables())


if __name__ == "__main__":
    main()
