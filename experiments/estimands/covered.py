"""Coverage of estimands over studies, which alone are independent, and how it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from cells import CELLS
from replicate import LEVELS

BAND: Final = (0.92, 0.97)
"""Where the share of 95% intervals that hold the truth should be."""
ENOUGH: Final = 30
"""Studies of a cell from which a claim is made."""
SURE: Final = 1.96
SUMS_TO_ZERO: Final = 1e-12
"""Smaller average errors are of quantities whose sum is fixed: memory weights."""
EDGES: Final = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)
"""Of the groups in which probabilities are held against what is true."""
Rows = Mapping[str, Sequence[dict[str, Any]]]


def recovered(rows: Rows) -> pd.DataFrame:
    """Bias, error and coverage: a row a cell and estimand.

    Parameters
    ----------
    rows : mapping of cell to list of dict
        Studies, as `replicate` gives them.

    Returns
    -------
    DataFrame
    """
    found = []
    for name, studies in rows.items():
        for estimand in studies[0]["estimands"] if studies else ():
            own = pd.DataFrame([study["estimands"][estimand] for study in studies])
            found.append({"cell": name, "estimand": estimand, **_recovered(own)})
    return pd.DataFrame(found)


def _recovered(own: pd.DataFrame) -> dict[str, Any]:
    """What studies (rows) say of an estimand; each counts by its quantities."""
    count = own["quantities"].to_numpy(float)
    mean = {name: float(np.average(own[name], weights=count)) for name in own}
    row: dict[str, Any] = {
        "studies": len(own),
        "quantities": int(count.sum()),
        "bias": mean["error"] if abs(mean["error"]) > SUMS_TO_ZERO else 0.0,
        "rmse": mean["error2"] ** 0.5,
        "sd": max(mean["true2"] - mean["true"] ** 2, 0.0) ** 0.5,
    }
    for level in LEVELS:
        share, error = clustered(own[f"in {level:.0%}"].to_numpy(), count)
        row |= {f"in {level:.0%}": share, f"se {level:.0%}": error}
    low, high = interval(row["in 95%"], row["se 95%"], len(own), int(count.sum()))
    return {**row, "low": low, "high": high, "meets": meets(low, high, len(own))}


def clustered(share: Any, count: Any) -> tuple[float, float]:
    """A share over all quantities, and its standard error over studies (a ratio's).

    Parameters
    ----------
    share, count : array
        Of each study; the quantities it is a share of.

    Returns
    -------
    float, float
    """
    share, count = np.asarray(share, float), np.asarray(count, float)
    mean, n = float(np.average(share, weights=count)), share.size
    if n < 2:
        return mean, float("nan")
    apart = count / count.mean() * (share - mean)
    return mean, float(np.sqrt((apart**2).sum() / (n * (n - 1))))


def interval(share: float, error: float, studies: int, quantities: int) -> tuple[float, float]:
    """95% interval of a share: Wilson's with as many trials as its standard error is worth.

    At most as many as there are quantities, and at least as many as there are studies, so that a
    share of all is not held to be certain.

    Parameters
    ----------
    share, error : float
    studies, quantities : int

    Returns
    -------
    float, float
    """
    known = error > 0
    trials = share * (1 - share) / error**2 if known else studies
    n = float(np.clip(trials, studies, quantities))
    middle = (share + SURE**2 / (2 * n)) / (1 + SURE**2 / n)
    spread = share * (1 - share) / n + SURE**2 / (4 * n**2)
    half = SURE * spread**0.5 / (1 + SURE**2 / n)
    return float(middle - half), float(middle + half)


def meets(low: float, high: float, studies: int) -> bool | None:
    """Whether an interval meets `BAND`; None where studies are too few to say."""
    if studies < ENOUGH:
        return None
    return bool(low <= BAND[1] and high >= BAND[0])


def noticed(rows: Rows) -> pd.DataFrame:
    """What cells are like, and the share of their studies in which each check says something."""
    kinds = sorted({one for studies in rows.values() for row in studies for one in row["noticed"]})
    found = []
    for name, studies in rows.items():
        if studies:
            row: dict[str, Any] = {"cell": name, "studies": len(studies)}
            row["correlation"] = float(np.mean([study["correlation"] for study in studies]))
            row["divergences"] = sum(study["divergences"] for study in studies)
            row |= {one: float(np.mean([one in s["noticed"] for s in studies])) for one in kinds}
            found.append(row)
    return pd.DataFrame(found)


def gaps(rows: Rows) -> pd.DataFrame:
    """How much of the truth is kept where all is known but the missing ratings, by estimand.

    Parameters
    ----------
    rows : mapping of cell to list of dict

    Returns
    -------
    DataFrame
        Mean over studies of the slope of answers at the true parameters, from available ratings,
        on the truth; its standard error.
    """
    found = []
    for name, studies in rows.items():
        for estimand in studies[0]["estimands"] if studies else ():
            kept = np.array([study["estimands"][estimand].get("kept", 1.0) for study in studies])
            if (kept == 1).all():  # a parameter, or no gaps
                continue
            error = kept.std(ddof=1) / kept.size**0.5 if kept.size > 1 else float("nan")
            row = {"cell": name, "estimand": estimand, "studies": kept.size}
            found.append(row | {"kept": float(kept.mean()), "se": float(error)})
    return pd.DataFrame(found)


def chances(rows: Rows) -> pd.DataFrame:
    """Every probability of being the largest effect, and whether it was: a row each."""
    found = [
        (name, f"{name} {study['seed']}", p, was, 1 / CELLS[name].emotions)
        for name, studies in rows.items()
        for study in studies
        for p, was in study["largest"]
    ]
    return pd.DataFrame(found, columns=["cell", "study", "p", "was", "blind"])


def brier(table: pd.DataFrame) -> pd.DataFrame:
    """Brier scores of `chances` beside those of giving all emotions the same chance, by cell.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    DataFrame
        ``gain`` is how much lower the score is; its standard error is that over studies.
    """
    found = []
    for name, own in table.groupby("cell", sort=False):
        scores = pd.DataFrame(
            {
                "study": own["study"],
                "brier": (own["p"] - own["was"]) ** 2,
                "blind": (own["blind"] - own["was"]) ** 2,
            }
        )
        mean = scores.groupby("study").mean()
        gain = mean["blind"] - mean["brier"]
        row = {"cell": name, "studies": len(mean), **mean.mean().to_dict(), "gain": gain.mean()}
        found.append({**row, "se": gain.std(ddof=1) / len(gain) ** 0.5})
    return pd.DataFrame(found)


def reliability(table: pd.DataFrame) -> pd.DataFrame:
    """Probabilities in groups: their mean, and the share of what was so, a group a row.

    Parameters
    ----------
    table : DataFrame
        From `chances`.

    Returns
    -------
    DataFrame
    """
    found = []
    group = np.clip(np.searchsorted(EDGES, table["p"], side="right") - 1, 0, len(EDGES) - 2)
    for k in range(len(EDGES) - 1):
        by_study = table[group == k].groupby("study")
        own = by_study.agg(p=("p", "mean"), was=("was", "mean"), n=("p", "size"))
        if own.empty:
            continue
        gap, error = clustered(own["was"] - own["p"], own["n"])
        share, said = (float(np.average(own[name], weights=own["n"])) for name in ("was", "p"))
        row = {"probability": f"{EDGES[k]:g} to {EDGES[k + 1]:g}", "answers": int(own["n"].sum())}
        found.append(row | {"mean probability": said, "share true": share, "gap": gap, "se": error})
    return pd.DataFrame(found)
