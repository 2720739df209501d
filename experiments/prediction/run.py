"""How well are answers of people predicted whom the model has not seen, and by others?

::

    python experiments/prediction/run.py --data ../shared/data [--only NAME ...] [--folds 5]
    python experiments/prediction/run.py --data ../shared/data --quick   # a try, nothing published

Resumable: predictions are kept in ``build/prediction``, each under its name once it is whole.
Scores, which tell no answer, go to ``results/``; the README is filled from there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results"
KEPT: Final = HERE.parents[1] / "build" / "prediction"
sys.path[:0] = [str(HERE), str(HERE.parent)]

import readme  # noqa: E402
from folds import OURS, Plan, facts, gathered, rivals_of, run  # noqa: E402
from lead_chart import NORMAL, leads  # noqa: E402
from people_data import PLS, TASKS  # noqa: E402
from pls_paths import PUBLISHED, without  # noqa: E402
from readme import claim, write_csv, write_json  # noqa: E402
from regression_ways import BOOSTING, has_boosting  # noqa: E402
from score_tables import ALL, reliability_of, rmse, rmse_of_numbers, table_of  # noqa: E402
from task import Task, first_journeys, folds_of  # noqa: E402
from unseen import Sampling  # noqa: E402

from emotion_models.files import write_bytes  # noqa: E402
from emotion_models.inference.versions import package_versions  # noqa: E402

SEED: Final = 7
QUICK: Final = Sampling(chains=1, draws=50, tune=100)
QUICK_JOURNEYS: Final = 60
CALIBRATED: Final = 0.05
TABLES: Final = ("scores", "reliability", "rmse", "facts", "absent")


def main(arguments: Sequence[str] | None = None) -> int:
    """Predict what has not been predicted yet, score, and fill the README."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of the data sets")
    parser.add_argument("--only", nargs="+", choices=list(TASKS), default=list(TASKS))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--draws", type=int, default=Sampling.draws, help="kept, per chain")
    parser.add_argument("--chains", type=int, default=Sampling.chains)
    parser.add_argument("--quick", action="store_true", help="few people, draws and folds")
    asked = parser.parse_args(arguments)
    for name in asked.only if asked.data is not None else ():
        task = TASKS[name](asked.data)
        sampling = QUICK if asked.quick else Sampling(asked.chains, asked.draws)
        n_folds = 2 if asked.quick else asked.folds
        how = f"{n_folds}-folds-{sampling.chains}x{sampling.draws}"
        plan = Plan(KEPT / name / (f"quick-{how}" if asked.quick else how), n_folds, sampling)
        task = first_journeys(task, QUICK_JOURNEYS) if asked.quick else task
        run(task, plan)
        found = tables_of(task, plan)
        if asked.quick:
            print(found["scores"].to_string())
            continue
        for kind, table in found.items():
            write_csv(RESULTS / f"{name}-{kind}.csv", table)
        publish()
    if not asked.quick:
        publish()
    return 0


def tables_of(task: Task, plan: Plan) -> dict[str, pd.DataFrame]:
    """Tables of one task, of the rivals whose folds are all there."""
    given = {rival: gathered(task, plan, rival) for rival in rivals_of(task)}
    found = {rival: probability for rival, probability in given.items() if probability is not None}
    why = {**task.absent}
    if not has_boosting():
        why[BOOSTING] = "scikit-learn is not installed"
    own = [reliability_of(task, probability, rival) for rival, probability in found.items()]
    rows = [{"data": task.name, "model": rival, "why": text} for rival, text in why.items()]
    return {
        "scores": table_of(task, found, OURS),
        "reliability": pd.concat(own, ignore_index=True),
        "rmse": errors(task, plan, found),
        "facts": pd.DataFrame(facts(task, plan)),
        "absent": pd.DataFrame(rows, columns=["data", "model", "why"]),
    }


def errors(task: Task, plan: Plan, found: dict[str, Any]) -> pd.DataFrame:
    """Errors of the expected answer, of PLS too; no rows where there is no path model."""
    if not task.paths:
        return pd.DataFrame(columns=["data", "model"])
    fold = folds_of(task.respondents(), plan.n_folds, SEED)
    one_out = np.arange(fold.size)
    rows = {rival: rmse(task, probability) for rival, probability in found.items()}
    for label, which in ((PLS, fold), (f"{PLS}, leave one out", one_out)):
        shown = without(task.numbers, task.items, task.paths, which)
        rows[label] = rmse_of_numbers(task, shown)
    if task.name in PUBLISHED:
        rows[f"{PLS}, leave one out, published"] = PUBLISHED[task.name]
    table = [{"data": task.name, "model": rival, **values} for rival, values in rows.items()]
    return pd.DataFrame(table)


def publish() -> None:
    """Fill README, summary and figure from results/."""
    scores = results("scores")
    write_json(RESULTS / "summary.json", summary(scores))
    if not scores.empty:
        rivals = together(scores)
        write_bytes(RESULTS / "leads.svg", leads(rivals[rivals["model"] != OURS]))
    readme.fill(HERE / "README.md", tables())


def results(kind: str, names: Sequence[str] = tuple(TASKS)) -> pd.DataFrame:
    """One kind of table of all tasks that were run."""
    paths = [RESULTS / f"{name}-{kind}.csv" for name in names]
    found = [pd.read_csv(path) for path in paths if path.is_file()]
    found = [table for table in found if len(table)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def together(scores: pd.DataFrame) -> pd.DataFrame:
    """Of every data set the rows of all its outcomes together."""
    several = scores.groupby("data")["outcome"].transform("nunique") > 1
    return scores[~several | (scores["outcome"] == ALL)]


def tables() -> dict[str, pd.DataFrame]:
    """Tables of README.md, from results/."""
    scores = results("scores")
    found = {"claims": readme.claims(json_of(RESULTS / "summary.json"))}
    found["together"] = shown(together(scores)) if len(scores) else scores
    found["absent"], found["facts"] = results("absent"), results("facts")
    for name in TASKS:
        own = results("scores", [name])
        several = len(own) and own["outcome"].nunique() > 1
        found[name] = by_outcome(own[own["outcome"] != ALL]) if several else pd.DataFrame()
        found[f"{name}-rmse"] = results("rmse", [name]).drop(columns="data", errors="ignore")
    return found


def shown(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores as the page shows them: leads with their standard errors in one cell."""
    table = scores[["data", "model", "answers", "people", "log_score", "rps"]].copy()
    for kind in ("log", "rps"):
        lead, error = scores[f"{kind}_lead"], scores[f"{kind}_lead_se"]
        words = ["" if a != a else f"{a:+.4f} ± {b:.4f}" for a, b in zip(lead, error, strict=True)]
        table[f"lead in {kind}"] = words
    table["calibration error"], table["PIT distance"] = scores["calibration"], scores["pit"]
    return table.rename(columns={"log_score": "log score", "rps": "RPS"})


def by_outcome(scores: pd.DataFrame) -> pd.DataFrame:
    """Our log score of every outcome, and our lead over each rival."""
    ours = scores[scores["model"] == OURS].set_index("outcome")
    rivals = scores[scores["model"] != OURS]
    words = [
        f"{a:+.3f} ± {b:.3f}"
        for a, b in zip(rivals["log_lead"], rivals["log_lead_se"], strict=True)
    ]
    wide = rivals.assign(words=words).pivot(index="outcome", columns="model", values="words")
    order = list(dict.fromkeys(rivals["model"]))
    left = ours[["answers", "log_score"]].rename(columns={"log_score": "our log score"})
    return left.join(wide[order]).reset_index()


def json_of(path: Path) -> dict[str, Any]:
    """A summary that was written before; without claims where there is none."""
    if not path.is_file():
        return {"claims": []}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def summary(scores: pd.DataFrame) -> dict[str, Any]:
    """Claims: our lead in log score over each rival, and how well calibrated we are."""
    claims = []
    for row in together(scores).to_dict("records") if len(scores) else ():
        if row["model"] == OURS:
            off = float(row["calibration"])
            words, target = f"{row['data']}: our calibration error", f"<= {CALIBRATED}"
            claims.append(claim(words, off, target, off <= CALIBRATED))
            continue
        lead, error = float(row["log_lead"]), float(row["log_lead_se"])
        words = f"{row['data']}: log score per answer more than {row['model']}"
        claims.append(claim(words, lead, "> 0, 95% sure", lead - NORMAL * error > 0))
    return {"claims": claims, "versions": dict(package_versions())}


if __name__ == "__main__":
    sys.exit(main())
