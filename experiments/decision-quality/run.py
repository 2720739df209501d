"""Which way of choosing what to improve brings more guests back?

::

    python experiments/decision-quality/run.py --companies 20   # resumable
    python experiments/decision-quality/run.py --hotel stays.fit   # the hotel study, side by side

One line a company is added to results/companies.jsonl; the README is filled from it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "counterfactual")]

import readme  # noqa: E402
from chart import shares  # noqa: E402
from companies import KINDS, OUTCOME, Cell, Kind, answers, cells, company, gain  # noqa: E402
from readme import claim, write_json  # noqa: E402
from ways import RIVALS  # noqa: E402
from world import shipped  # noqa: E402

import emotion_models as em  # noqa: E402
from emotion_models.files import write_bytes  # noqa: E402
from emotion_models.inference.versions import package_versions  # noqa: E402

STAYS: Final = 300
DONE: Final = 3
"""How many cells a company improves."""
OURS: Final = "emotion_models"
SAMPLING: Final = {"draws": 300, "tune": 400, "chains": 2}
ENOUGH: Final = 10
RESAMPLES: Final = 4000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the companies that have no result yet; fill the README."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--companies", type=int, default=20)
    parser.add_argument("--hotel", type=Path, help="a saved fit of the hotel study")
    asked = parser.parse_args(arguments)
    RESULTS.mkdir(exist_ok=True)
    if asked.hotel is not None:
        write_json(RESULTS / "hotel.json", side_by_side(em.load(asked.hotel)))
        publish(rows(RESULTS / "companies.jsonl"))
        return 0
    path = RESULTS / "companies.jsonl"
    done = {(row["kind"], row["seed"]) for row in rows(path)}
    for seed in range(1, asked.companies + 1):
        for kind in KINDS:
            if (kind.about, seed) not in done:
                start = time.perf_counter()
                row = one(kind, seed)
                with path.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(row) + "\n")
                print(f"{kind.about}, {seed}: {time.perf_counter() - start:.0f} s", flush=True)
    publish(rows(path))
    return 0


def rows(path: Path) -> list[dict[str, Any]]:
    """Companies that were finished."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def one(kind: Kind, seed: int, n_stays: int = STAYS, **sampling: int) -> dict[str, Any]:
    """What each way of choosing brings one company, in guests of 100 who return."""
    world = company(kind, seed, n_stays)
    among = cells(world)
    seen = answers(world, among)
    scores = {name: score(seen) for name, score in RIVALS.items()}
    model = em.JourneyModel.for_survey(world.survey, elicitation=False)
    fit = em.fit(model, world.survey, seed=seed, progress=False, **(SAMPLING | sampling))
    scores[OURS] = ours(fit, among)
    alone = np.array([gain(world, [cell]) for cell in among])
    brought = {name: gain(world, best(among, score)) for name, score in scores.items()}
    return {
        "kind": kind.about,
        "seed": seed,
        "stays": n_stays,
        "status": fit.checks.status,
        "attainable": gain(world, best(among, alone)),
        "blind": float(alone.mean()) * DONE,
        "gain": brought,
        "first": {name: float(alone[np.argmax(score)]) for name, score in scores.items()},
    }


def side_by_side(fit: em.Fit) -> list[dict[str, Any]]:
    """What each way would improve in the hotel study, and what that truly brings."""
    world = shipped()
    if not np.array_equal(fit.design.ratings.category, world.design.ratings.category):
        sys.exit("this is not a fit of datasets/hotel-stays")
    among = cells(world)
    seen = answers(world, among)
    scores = {OURS: ours(fit, among)} | {name: score(seen) for name, score in RIVALS.items()}
    scores["the truth"] = np.array([gain(world, [cell]) for cell in among])
    label = dict(zip(range(DONE), ("first", "second", "third"), strict=True))
    found = []
    for way, score in scores.items():
        chosen = best(among, score)
        named = {label[k]: f"{cell.emotion} ({cell.touchpoint})" for k, cell in enumerate(chosen)}
        found.append({"way": way} | named | {"gain": gain(world, chosen)})
    return found


def ours(fit: em.Fit, among: Sequence[Cell]) -> np.ndarray[Any, Any]:
    """Expected difference in the outcome of every cell's change."""
    return np.array([em.simulate(fit, cell.change()).everybody(OUTCOME).mean() for cell in among])


def best(among: Sequence[Cell], score: np.ndarray[Any, Any]) -> list[Cell]:
    """The cells with the highest scores."""
    return [among[c] for c in np.argsort(-score, kind="stable")[:DONE]]


def publish(found: Sequence[dict[str, Any]]) -> None:
    """Fill README, summary and figure."""
    table = shared(found)
    write_json(RESULTS / "summary.json", summary(table))
    if not table.empty:
        write_bytes(RESULTS / "shares.svg", shares(table))
    readme.fill(HERE / "README.md", tables(table))


def shared(found: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """A row a company and way of choosing: share of what was attainable, and what is missed."""
    return pd.DataFrame(
        [
            {
                "kind": row["kind"],
                "seed": row["seed"],
                "way": way,
                "gain": brought,
                "share": brought / row["attainable"],
                "missed": row["attainable"] - brought,
            }
            for row in found
            for way, brought in (row["gain"] | {"any, blindly": row["blind"]}).items()
        ]
    )


def tables(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Gains by kind of company and way of choosing, and the claims."""
    path = RESULTS / "hotel.json"
    hotel = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    shown = {"hotel": pd.DataFrame(hotel)}
    if table.empty:
        return shown | {"ways": table, "claims": table}
    by = table.groupby(["kind", "way"], sort=False)
    ways = by.agg(
        companies=("gain", "size"),
        gain=("gain", "mean"),
        share_of_attainable=("share", "mean"),
        missed=("missed", "mean"),
        worst_share=("share", "min"),
    ).reset_index()
    ways["harmed"] = by["gain"].apply(lambda gain: float((gain < 0).mean())).to_numpy()
    return shown | {"ways": ways, "claims": readme.claims(summary(table))}


def summary(table: pd.DataFrame) -> dict[str, Any]:
    """Claims: by how much more guests return than by the best other way, kind by kind."""
    claims = []
    for kind, part in table.groupby("kind", sort=False) if len(table) else ():
        gains = part.pivot(index="seed", columns="way", values="gain")
        rival = gains.drop(columns=OURS).mean().idxmax()
        low, mean, _ = ahead((gains[OURS] - gains[rival]).to_numpy())
        words = f"{kind}: guests of 100 more than by the best other way ({rival})"
        holds = bool(low > 0) if len(gains) >= ENOUGH else None
        claims.append(claim(words, mean, "> 0, 95% sure", holds))
    return {"claims": claims, "versions": dict(package_versions())}


def ahead(difference: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    """Mean difference over companies with its 90% bootstrap interval."""
    rng = np.random.default_rng(1)
    means = rng.choice(difference, (RESAMPLES, difference.size)).mean(axis=1)
    low, high = np.quantile(means, [0.05, 0.95])
    return float(low), float(difference.mean()), float(high)


if __name__ == "__main__":
    sys.exit(main())
