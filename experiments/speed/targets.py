"""What is to be reached, beside what was measured; nothing where nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import compared
import numpy as np
import readme

Found = Mapping[str, Any]
Claim = dict[str, Any]
APART = 4.0
"""Monte Carlo standard errors that means of the same posterior may be apart: of some dozens the
largest is about three."""


def claims(found: Found) -> list[Claim]:
    """Every row of the table of targets."""
    everyday = found.get("everyday", {}).get("figures", {})
    return [
        *_verbagg(found.get("verbagg", []), found.get("posterior", {})),
        *_wide(found.get("wide", [])),
        _not_run("1,000,000 journeys: fitted on a GPU, or by an approximation of known error"),
        _most("second fit of the same structure, compile (s)", _second(found), 3),
        *_simulate(found.get("wide", []), found.get("simulated", [])),
        _most("import emotion_models (s)", everyday.get("import emotion_models"), 0.3),
        _most("emotion-models --help (s)", everyday.get("emotion-models --help"), 0.3),
        _most("report of a saved fit, PDF and HTML (s)", everyday.get("report, PDF and HTML"), 10),
        _most("demo, all stages and checks (s)", everyday.get("fit, all stages and checks"), 200),
        _most("demo, peak memory of all processes (GiB)", everyday.get("fit, peak memory"), 3),
        _most("asking the demo, peak memory (GiB)", everyday.get("asking, peak memory"), 3),
    ]


def _verbagg(rows: list[dict[str, Any]], longer: Any) -> list[Claim]:
    found = [
        _least(
            f"VerbAgg, ESS/s over those of {name}, cache {cache}",
            compared.ratio(rows, name, cache),
            least,
        )
        for name, least, caches in (("Bambi", 10, ("empty", "full")), ("brms", 50, ("empty",)))
        for cache in caches
    ]
    posterior = compared.posteriors(rows, longer)
    distances = compared.apart(posterior) if "ours" in posterior else {}
    largest = max((float(np.abs(d).max()) for d in distances.values()), default=None)
    about = f"VerbAgg, largest distance of posterior means, {len(distances)} rivals (MCSE)"
    return [*found, _most(about, largest, APART)]


def _wide(rows: list[Found]) -> list[Claim]:
    def at(journeys: int, cache: str, name: str) -> Any:
        own = (r for r in rows if r["journeys"] == journeys and r["cache"] == cache)
        return next((row[name] for row in own), None)

    passed = [at(1000, cache, "status") for cache in ("empty", "full")]
    known = None if None in passed else float(sum(each == "PASS" for each in passed))
    taken = {n: at(n, "empty", "total s") for n in (1000, 10_000, 100_000)}

    def growth(small: int, large: int) -> float | None:
        if taken[small] is None or taken[large] is None:
            return None
        return taken[large] / taken[small] * small / large

    return [
        _most("wide, 1,000 journeys, cache empty (s)", at(1000, "empty", "total s"), 60),
        _most("wide, 1,000 journeys, cache full (s)", at(1000, "full", "total s"), 30),
        _least("wide, 1,000 journeys, fits of the two whose checks all PASS", known, 2),
        _most("wide, cost per journey at 10,000 over that at 1,000", growth(1000, 10_000), 1),
        _most("wide, cost per journey at 100,000 over that at 10,000", growth(10_000, 100_000), 1),
        _most("wide, 100,000 journeys (s)", taken[100_000], 900),
        _most("wide, 100,000 journeys, peak memory (GiB)", at(100_000, "empty", "peak GiB"), 6),
    ]


def _second(found: Found) -> float | None:
    """Compiling with a full cache: the slowest of all our fits."""
    rows = [*found.get("wide", []), *found.get("verbagg", [])]
    ours = [r for r in rows if r.get("rival", "ours") == "ours" and r["cache"] == "full"]
    return max((row["compile s"] for row in ours), default=None)


def _simulate(rows: list[Found], grown: list[Found]) -> list[Claim]:
    taken = {row["journeys"]: row["simulate s"] for row in rows if row["cache"] == "empty"}
    growth = taken[10000] / taken[1000] / 10 if {1000, 10000} <= taken.keys() else None
    one = 1000 * taken[1000] if 1000 in taken else None
    beyond = next((row["beyond GiB"] for row in grown if row["journeys"] == 1_000_000), None)
    return [
        _most("simulate a change, 1,000 draws x 1,000 journeys (ms)", one, 30),
        _most("simulate, cost per journey at 10,000 over that at 1,000", growth, 1),
        _most("simulate 1,000,000 journeys: memory beyond holding them (GiB)", beyond, 1),
    ]


def _most(about: str, figure: float | None, most: float) -> Claim:
    return _judged(about, figure, f"<= {most:g}", None if figure is None else figure <= most)


def _least(about: str, figure: float | None, least: float) -> Claim:
    return _judged(about, figure, f">= {least:g}", None if figure is None else figure >= least)


def _not_run(about: str) -> Claim:
    return _judged(about, None, "", None)


def _judged(about: str, figure: float | None, target: str, holds: bool | None) -> Claim:
    found = readme.claim(about, figure, target, holds)
    return {**found, "holds": "not run"} if holds is None else found
