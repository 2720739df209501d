"""Fit the model to the diary and write its results beside the mixed models'.

::

    python experiments/diary/run.py ../shared/data/neubauer2024 build/diary
    python experiments/diary/tables.py

The fit is saved to the second folder (it holds answers: keep it out of the repository); tables
without answers go to ``results/``. With a saved fit there, nothing is sampled again but the
rival models, whose results are kept one by one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import emotion_models as em

Rival = str | em.JourneyModel
RESULTS = Path(__file__).parent / "results"
RULES = ("mean-only", "peak-end", "end-only", "first-only", "trend-only", "with-trend")
RIVALS = ("valence-only", *RULES)
OPTIONS: dict[str, dict[str, Any]] = {
    "peak at the most intense moment": {"peak": "moment"},
    "asymmetric scores": {"scoring": "asymmetric"},
    "monotonic scores": {"scoring": "monotonic"},
    "effects by prompt": {"by_touchpoint": True},
    "equal salience": {"salience": False},
    "no halo correction": {"halo": False},
}
"""Options that apply to the diary; it has no segments, weights, waves, delays or values."""


def fitted(data: Path, folder: Path, seed: int) -> em.Fit:
    """The saved fit, or a new one."""
    path = folder / "diary.fit"
    if path.exists():
        return em.load(path)
    survey = em.load_dataset("neubauer2024", path=data)
    fit = em.fit(em.JourneyModel.for_survey(survey), survey, seed=seed)
    em.save(fit, path)
    return fit


def compared(fit: em.Fit, folder: Path, rivals: Mapping[str, Rival]) -> pd.DataFrame:
    """Rows of the rivals; each rival is fitted once and kept."""
    tables = []
    for name, rival in rivals.items():
        path = folder / f"compare-{name.replace(' ', '-')}.csv"
        if not path.exists():
            table = em.compare(fit, rival).table().drop(columns="weight")
            table.loc[table["model"] != "fitted", "model"] = name
            table.to_csv(path, index=False)
            print(table, flush=True)
        tables.append(pd.read_csv(path))
    return pd.concat(tables).drop_duplicates("model").reset_index(drop=True)


def summary(fit: em.Fit, comparison: pd.DataFrame) -> list[dict[str, object]]:
    """The claims of this experiment, with the figure and whether it holds."""
    ours = fit.memory_weights().pivot(index="emotion", columns="feature", values="mean")
    slopes = pd.read_csv(RESULTS / "lme4_slopes.csv")
    theirs = slopes[slopes["variant"] == "simplex"].pivot(
        index="emotion", columns="feature", values="weight"
    )
    distance = float((ours - theirs.loc[ours.index, ours.columns]).abs().to_numpy().max())
    rule = comparison.set_index("model")["difference"]
    checks = fit.checks.table()
    divergent = checks[checks["name"].str.startswith("divergences")]["figure"]
    claims = [
        claim("all checks pass", fit.checks.status, "PASS", fit.checks.status == "PASS"),
        claim(
            "divergences",
            int(divergent.sum()),
            "0",
            bool((divergent == 0).all()),
        ),
        claim(
            "largest distance of a memory weight from the simplex reference (ordinal::clmm)",
            round(distance, 3),
            "<= 0.2",
            distance <= 0.2,
        ),
    ]
    if {"peak-end", "mean-only"} <= set(rule.index):
        claims.append(
            claim(
                "peak and end without the mean predicts worse than the mean alone (elpd)",
                round(float(rule["peak-end"] - rule["mean-only"]), 1),
                "< 0",
                bool(rule["peak-end"] < rule["mean-only"]),
            )
        )
    return claims


def claim(what: str, figure: object, target: str, holds: bool) -> dict[str, object]:
    return {"claim": what, "figure": figure, "target": target, "holds": holds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rivals", nargs="*", default=list(RIVALS), choices=RIVALS)
    parser.add_argument("--options", nargs="*", default=list(OPTIONS), choices=list(OPTIONS))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    fit = fitted(options.data, options.folder, options.seed)
    comparison = compared(fit, options.folder, {name: name for name in options.rivals})
    others = {name: fit.model.with_options(OPTIONS[name]) for name in options.options}
    effects = em.effects(fit, on="consider_quitting")
    tables = {
        "model_weights": fit.memory_weights(),
        "model_salience": fit.salience(),
        "model_specificity": fit.specificity(),
        "model_checks": fit.checks.table(),
        "model_rules": comparison,
        "model_options": compared(fit, options.folder, others),
        "model_effects_on_quitting": effects.table(),
        "model_settings": settings(fit),
    }
    for name, table in tables.items():
        table.round(4).to_csv(RESULTS / f"{name}.csv", index=False, lineterminator="\n")
    text = json.dumps(summary(fit, comparison), indent=2)
    (RESULTS / "summary.json").write_text(text + "\n", encoding="utf-8")
    em.report(fit, effects).save(options.folder / "diary.pdf")


def settings(fit: em.Fit) -> pd.DataFrame:
    """How the fit was made."""
    sizes = fit.posterior["posterior"].sizes
    rows = {
        "journeys (days)": fit.survey.n_journeys,
        "respondents": fit.survey.n_respondents,
        "chains": sizes["chain"],
        "kept draws per chain": sizes["draw"],
        "seed": fit.seed,
        "seconds (2 cores)": round(fit.seconds["all"]),
        **{f"version of {name}": text for name, text in fit.versions.items()},
    }
    return pd.DataFrame({"setting": list(rows), "value": [str(value) for value in rows.values()]})


if __name__ == "__main__":
    main()
