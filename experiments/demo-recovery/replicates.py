"""Coverage over several simulated studies of the same world; one result file per seed."""

from __future__ import annotations

import gc
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from comparison import POOLED, RANGE, most_outside, recovery, sampler_figures
from quantities import reported, simulated
from readme import claim, write_json
from scipy import stats
from truth import SCRIPT, make, true_fit

import emotion_models as em
from emotion_models.intervals import PROBABILITY

FOLDER: Final = Path(__file__).parent / "results" / "replicates"
COPIES: Final = 400
"""Identical true draws over which the latent noise of a true simulation is averaged."""


@dataclass(frozen=True)
class Sampling:
    """Settings of a fit."""

    seed: int
    draws: int
    tune: int
    chains: int

    def fit(self, survey: em.Survey) -> em.Fit:
        """Fit the journey model under these settings."""
        return em.fit(
            em.JourneyModel.for_survey(survey),
            survey,
            seed=self.seed,
            draws=self.draws,
            tune=self.tune,
            chains=self.chains,
        )


def run(seeds: range, sampling: Sampling) -> None:
    """Fit the seeds that have no result yet, under these settings and this world."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        path = FOLDER / f"seed-{seed:04d}.json"
        own = Sampling(seed, sampling.draws, sampling.tune, sampling.chains)
        if _finished(path, own):
            print(f"seed {seed}: already there")
            continue
        print(f"seed {seed}: fitting", flush=True)
        write_json(path, one(own))
        gc.collect()


def one(sampling: Sampling) -> dict[str, Any]:
    """Make a study, fit it, and count which intervals cover the truth."""
    data, known = make().simulate(sampling.seed)
    codebook = SCRIPT.parent / "codebook.toml"
    frame = make().to_frame(em.Codebook.load(codebook), data)
    survey = em.read_survey(frame, codebook=codebook)
    fit = sampling.fit(survey)
    true = [*reported(true_fit(survey, known)), simulated(true_fit(survey, known, copies=COPIES))]
    table = recovery([*reported(fit), simulated(fit)], true)
    return {
        "world": world(),
        "sampling": asdict(sampling),
        **{name: _plain(value) for name, value in sampler_figures(fit).items()},
        "status": fit.checks.status,
        "coverage": counts(table),
    }


def counts(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Quantities and covered truths per group, and over all effects by emotion."""
    by_emotion = table[table["group"].str.startswith("effect by emotion")]
    groups = [(POOLED, by_emotion), *table.groupby("group", sort=False)]
    return {
        str(name): {"n": len(part), "covered": int(part["covered"].sum())} for name, part in groups
    }


def results(sampling: Sampling) -> list[dict[str, Any]]:
    """Finished studies of this world, fitted with these settings."""
    paths = sorted(FOLDER.glob("seed-*.json"))
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    wanted = asdict(sampling)
    return [
        result
        for result in found
        if result["world"] == world()
        and result["sampling"] == {**wanted, "seed": result["sampling"]["seed"]}
    ]


def pooled(studies: list[dict[str, Any]]) -> pd.DataFrame:
    """Mean coverage over studies with its standard error between studies.

    Returns
    -------
    pandas.DataFrame
        group, n (quantities per study), studies, coverage, se, within (the nominal rate is in
        the t interval of the mean). Empty where there are fewer than two studies.
    """
    if len(studies) < 2:
        return pd.DataFrame()
    reach = stats.t.ppf((1 + RANGE) / 2, len(studies) - 1)
    rows = []
    for group in studies[0]["coverage"]:
        own = [study["coverage"][group] for study in studies]
        shares = np.array([count["covered"] / count["n"] for count in own])
        error = float(shares.std(ddof=1) / np.sqrt(len(shares)))
        rows.append(
            {
                "group": group,
                "n": own[0]["n"],
                "studies": len(shares),
                "coverage": float(shares.mean()),
                "se": error,
                "within": bool(abs(shares.mean() - PROBABILITY) <= reach * error),
            }
        )
    return pd.DataFrame(rows)


def claims(studies: list[dict[str, Any]], table: pd.DataFrame) -> list[dict[str, Any]]:
    """What is claimed of the studies together."""
    if table.empty:
        return []
    divergent = [study["divergences"] for study in studies]
    outside, most = int((~table["within"]).sum()), most_outside(len(table))
    # A study without the figure counts as one that has divergent transitions.
    bad = sum(figure is None or figure > 0 for figure in divergent)
    failed = sum(study["status"] == "FAIL" for study in studies)
    return [
        claim("studies", len(studies), "", None),
        claim("studies with divergent transitions", bad, "0", bad == 0),
        claim("studies with a check that is FAIL", failed, "0", failed == 0),
        claim(
            f"groups of {len(table)} whose mean coverage is not {PROBABILITY:.0%} within error",
            outside,
            f"<= {most}",
            outside <= most,
        ),
    ]


def world() -> str:
    """Fingerprint of what the studies are drawn from: results of another world are not pooled."""
    parts = (SCRIPT, SCRIPT.parent / "truth.toml", SCRIPT.parent / "codebook.toml")
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:16]


def _finished(path: Path, sampling: Sampling) -> bool:
    if not path.is_file():
        return False
    result = json.loads(path.read_text(encoding="utf-8"))
    return bool(result["world"] == world() and result["sampling"] == asdict(sampling))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
