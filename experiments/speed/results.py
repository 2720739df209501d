"""The results of the experiment as tables: what was measured beside what was wanted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import compared
import pandas as pd
import readme
import targets

Found = dict[str, Any]
STAGES = ("outcomes", "recall", "elicitation")


def read(here: Path) -> Found:
    """What was measured so far, by part."""
    path = here / "results" / "summary.json"
    found: Found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def write(here: Path, found: Found) -> None:
    """Keep the results, and what they say of the targets."""
    (here / "results").mkdir(exist_ok=True)
    whole = {**found, "claims": targets.claims(found)}
    readme.write_json(here / "results" / "summary.json", whole)


def tables(here: Path) -> Mapping[str, pd.DataFrame]:
    """The tables of the README, from the result file; empty before the first run."""
    empty: Mapping[str, pd.DataFrame] = defaultdict(pd.DataFrame)
    return tables_of(read(here)) if (here / "results" / "summary.json").is_file() else empty


def tables_of(found: Found) -> dict[str, pd.DataFrame]:
    """All tables."""
    everyday = found.get("everyday", {}).get("rows", [])
    return {
        "targets": readme.claims({"claims": targets.claims(found)}),
        "verbagg": compared.speed_table(found.get("verbagg", [])),
        "posterior": compared.posterior_table(
            compared.posteriors(found.get("verbagg", []), found.get("posterior", {}))
        ),
        "wide": wide(found.get("wide", [])),
        "stages": stages(found.get("wide", [])),
        "growth": growth(found.get("growth", [])),
        "simulated": simulated(found.get("simulated", [])),
        "everyday": pd.DataFrame(everyday, columns=["what", "figure"]),
        "machine": machine(found),
    }


def wide(rows: list[Found]) -> pd.DataFrame:
    """The wide study, one row per fit."""
    names = ("journeys", "cache", "total s", "compile s", "status", "not passed", "smallest ESS")
    shown = [
        {
            **{name: row[name] for name in names},
            "ESS/s": row["smallest ESS"] / row["total s"],
            "largest R-hat": row["largest R-hat"],
            "divergences": row["divergences"],
            "ms per journey": 1000 * row["total s"] / row["journeys"],
            "processor s": row["processor s"],
            "peak GiB": row["peak GiB"],
        }
        for row in rows
    ]
    return pd.DataFrame(shown)


def stages(rows: list[Found]) -> pd.DataFrame:
    """The stages of the wide study, one row per stage of a fit."""
    return pd.DataFrame(
        [
            {"journeys": row["journeys"], "cache": row["cache"], "stage": name, **stage}
            for row in rows
            for name, stage in row["stages"].items()
        ]
    )


def growth(rows: list[Found]) -> pd.DataFrame:
    """Time of gradients by size, one row a size; a fast one is linear in it."""
    shown = []
    for row in rows:
        took = {f"{name} ms": row[name] for name in STAGES}
        each = {f"{name} us a journey": 1000 * row[name] / row["journeys"] for name in STAGES}
        shown.append({"journeys": row["journeys"], **took, **each, "peak GiB": row["peak GiB"]})
    return pd.DataFrame(shown)


def simulated(rows: list[Found]) -> pd.DataFrame:
    """Time and memory of a simulation by size, one row a size."""
    names = ("journeys", "draws", "simulate s", "blocks", "holding it GiB", "beyond GiB")
    shown = []
    for row in rows:
        each = {"ns a draw and journey": 1e9 * row["simulate s"] / row["journeys"] / row["draws"]}
        shown.append({**{name: row[name] for name in names}, **each})
    return pd.DataFrame(shown)


def machine(found: Found) -> pd.DataFrame:
    """The machine of each part, and the versions of everything that took part."""
    shown = {
        part: ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
        for part, known in found.get("machines", {}).items()
    }
    for row in found.get("verbagg", []):
        if "versions" in row:
            text = ", ".join(f"{name} {value}" for name, value in row["versions"].items())
            shown[f"versions, {row['rival']}"] = text
    return pd.DataFrame(shown.items(), columns=["what", "value"]).astype(object)
