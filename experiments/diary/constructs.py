"""Which study items belong together? Confirmatory factor models of five items, two levels.

The codebook has to say which items measure which construct. Here the candidate groupings are
compared on within-person and between-person correlations (maximum likelihood, unit-variance
factors, answers as numbers: a choice of grouping, not an estimate anybody reports)::

    python experiments/diary/constructs.py PREPARED_FOLDER RESULTS_FOLDER
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

ITEMS = [
    "study_enjoy",
    "study_interesting",
    "study_satisfied",
    "study_identification",
    "study_expectations",
]
GROUPINGS: dict[str, list[int]] = {
    "one construct": [0, 0, 0, 0, 0],
    "enjoy+interesting+satisfied | identification+expectations": [0, 0, 0, 1, 1],
    "enjoy+interesting | satisfied+identification+expectations": [0, 0, 1, 1, 1],
    "enjoy | satisfied+expectations | identification+interesting": [0, 2, 1, 2, 1],
}
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class FactorModel:
    """Items -> factors, with the unpacking of a flat parameter vector."""

    groups: NDArray[np.int_]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return [(a, b) for a in range(int(self.groups.max()) + 1) for b in range(a)]

    @property
    def n_parameters(self) -> int:
        return 2 * len(self.groups) + len(self.pairs)

    def correlations(self, theta: Matrix) -> Matrix:
        phi = np.eye(int(self.groups.max()) + 1)
        for (a, b), value in zip(self.pairs, theta[2 * len(self.groups) :], strict=True):
            phi[a, b] = phi[b, a] = np.tanh(value)
        return phi

    def implied(self, theta: Matrix) -> Matrix:
        p = len(self.groups)
        between = self.correlations(theta)[np.ix_(self.groups, self.groups)]
        unique: Matrix = np.diag(np.exp(theta[p : 2 * p]))
        return np.outer(theta[:p], theta[:p]) * between + unique


def discrepancy(theta: Matrix, model: FactorModel, observed: Matrix) -> float:
    """Maximum likelihood discrepancy F between implied and observed correlations."""
    implied = model.implied(theta)
    sign, log_det = np.linalg.slogdet(implied)
    if sign <= 0:
        return 1e6
    trace = np.trace(np.linalg.solve(implied, observed))
    return float(log_det + trace - np.linalg.slogdet(observed)[1] - len(observed))


def fit(name: str, level: str, observed: Matrix, n: int) -> dict[str, object]:
    """Fit one grouping; one row of the result table."""
    model = FactorModel(np.array(GROUPINGS[name]))
    p = len(ITEMS)
    start = np.concatenate([np.full(p, 0.7), np.full(p, -0.7), np.ones(len(model.pairs))])
    best = minimize(discrepancy, start, args=(model, observed), method="BFGS")
    df = p * (p + 1) // 2 - model.n_parameters
    chi2 = float(best.fun) * n
    phi = model.correlations(best.x)
    return {
        "level": level,
        "grouping": name,
        "chi2": round(chi2, 1),
        "df": df,
        "rmsea": round(float(np.sqrt(max(chi2 - df, 0) / df / n)), 3),
        "bic_minus_saturated": round(chi2 - df * np.log(n), 1),
        "largest_correlation": round(float(phi[np.tril_indices(len(phi), -1)].max(initial=-1)), 2)
        if len(phi) > 1
        else np.nan,
    }


def main(prepared: Path, results: Path) -> None:
    answers = pd.read_csv(prepared / "journeys.csv").dropna(subset=ITEMS)
    people = answers.groupby("respondent")[ITEMS]
    within = (answers[ITEMS] - people.transform("mean")).corr().to_numpy()
    between = people.mean().corr().to_numpy()
    n_people = answers["respondent"].nunique()
    levels = [("within", within, len(answers) - n_people), ("between", between, n_people)]
    rows = [fit(name, level, matrix, n) for level, matrix, n in levels for name in GROUPINGS]
    table = pd.DataFrame(rows)
    table.to_csv(results / "constructs.csv", index=False)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
