"""VerbAgg by everybody in one run: speed, and whether the posteriors are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from launch import Cache
from rivals import ABOUT, Length, error_of_mean, fitted
from verbagg import REPORTED

WARM: Final = ("ours", "pymc", "bambi", "bambi-nutpie")
"""Those who keep compiled code on disk; brms compiles in every session."""
LONG: Final = 1000
"""Draws per chain of the runs whose posteriors are compared."""
FASTEST: Final = {"Bambi": ("bambi", "bambi-nutpie"), "brms": ("brms",)}

Tell = Callable[[str], None]
Summaries = dict[str, dict[str, list[float]]]
"""Draws, means, standard deviations and errors of means, by rival."""


def speed(
    programs: dict[str, str | None], data: Path, folder: Path, length: Length, tell: Tell
) -> list[dict[str, Any]]:
    """Time everybody, with an empty cache and then with what the first run left in it.

    Parameters
    ----------
    programs : dict of str to str or None
        None: not installed.
    data, folder : Path
    length : Length
    tell : callable
    """
    rows: list[dict[str, Any]] = []
    for rival, program in programs.items():
        about = {"rival": rival, "about": ABOUT[rival]}
        if program is None:
            rows.append({**about, "cache": "not installed"})
            continue
        cache = Cache(folder / f"{rival}-cache")
        for state in ("empty", "full") if rival in WARM else ("empty",):
            try:
                found = fitted(rival, program, data, folder / f"{rival}-{state}", cache, length)
            except RuntimeError as error:
                tell(str(error))
                rows.append({**about, "cache": "failed"})
                break
            found["posterior"] = summarised(found.pop("draws"))
            rows.append({**about, "cache": state, **found})
            tell(f"{rival}, cache {state}: {found['ESS/s']:.3g} ESS/s in {found['total s']:.3g} s")
    return rows


def posteriors(rows: Sequence[dict[str, Any]], longer: Summaries) -> Summaries:
    """Everybody's posterior: of a longer run, or else of the timed one."""
    timed = {row["rival"]: row["posterior"] for row in rows if "posterior" in row}
    return {name: (timed | longer)[name] for name in ABOUT if name in timed | longer}


def long_runs(
    programs: dict[str, str | None], data: Path, folder: Path, length: Length, tell: Tell
) -> Summaries:
    """Mean, standard deviation and Monte Carlo error of every parameter, by rival."""
    found: Summaries = {}
    for rival, program in programs.items():
        if program is None:
            continue
        own = Cache(folder / f"{rival}-cache")
        try:
            draws = fitted(rival, program, data, folder / f"{rival}-long", own, length)["draws"]
        except RuntimeError as error:
            tell(str(error))
            continue
        found[rival] = summarised(draws)
        tell(f"{rival}: {len(draws)} draws")
    return found


def summarised(draws: pd.DataFrame) -> dict[str, list[float]]:
    """Mean, standard deviation and error of the mean, in the order of `REPORTED`."""
    parameters = draws[list(REPORTED)]
    return {
        "draws": [float(len(draws))],
        "mean": parameters.mean().tolist(),
        "sd": parameters.std().tolist(),
        "error": error_of_mean(draws)[list(REPORTED)].tolist(),
    }


def apart(found: Summaries) -> dict[str, Any]:
    """How far each rival's means are from ours, in standard errors of the difference."""
    ours = found["ours"]
    return {
        rival: (np.array(ours["mean"]) - own["mean"]) / np.hypot(ours["error"], own["error"])
        for rival, own in found.items()
        if rival != "ours"
    }


def speed_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The rows with the ratio of our effective draws per second to each rival's."""
    ours = {r["cache"]: r.get("ESS/s") for r in rows if r["rival"] == "ours"}
    shown = []
    for row in rows:
        rate, own, used = row.get("ESS/s"), ours.get(row["cache"]), row.get("processor s")
        shown.append(
            {
                "rival": row["rival"],
                "cache": row["cache"],
                **{name: row.get(name) for name in ("total s", "compile s", "sampling s")},
                **{name: row.get(name) for name in ("smallest ESS", "ESS/s")},
                "ours / theirs": own / rate if own and rate and row["rival"] != "ours" else None,
                "s per 1000 gradients": row.get("s per 1000 gradients"),
                "processor s": used,
                "ESS / processor s": row["smallest ESS"] / used if used else None,
                "peak GiB": row.get("peak GiB"),
            }
        )
    return pd.DataFrame(shown)


def posterior_table(found: Summaries) -> pd.DataFrame:
    """Mean (standard deviation) of everybody, and how far each is from ours."""
    if "ours" not in found:
        return pd.DataFrame()
    table = pd.DataFrame({"parameter": REPORTED})
    for rival, own in found.items():
        pairs = zip(own["mean"], own["sd"], strict=True)
        table[f"{rival}, {own['draws'][0]:.0f} draws"] = [f"{m:.3f} ({s:.3f})" for m, s in pairs]
    for rival, distance in apart(found).items():
        table[f"ours - {rival}, in MCSE"] = distance
    return table


def ratio(rows: Sequence[dict[str, Any]], name: str, cache: str = "empty") -> float | None:
    """Our effective draws per second over those of a rival at its fastest; None if not run."""
    rate = {r["rival"]: r["ESS/s"] for r in rows if r["cache"] == cache and "ESS/s" in r}
    theirs = [rate[rival] for rival in FASTEST[name] if rival in rate]
    return rate["ours"] / max(theirs) if theirs and "ours" in rate else None
