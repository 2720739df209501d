"""Do the intervals cover the truth at their rate?

The expected range of a group's share allows for dependence within it: each posterior draw is
taken for the truth in turn, and the share of intervals that cover it is counted. If the intervals
are right, the truth is one more such draw, however strongly the quantities hang together.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from quantities import Group
from readme import claim
from scipy import stats

import emotion_models as em
from emotion_models.intervals import PROBABILITY, summarise

RANGE: Final = 0.98
POOLED: Final = "all effects by emotion"
COLUMNS: Final = ["group", "quantity", "truth", "mean", "lower", "upper", "covered"]
MOST_RHAT: Final = 1.01
LEAST_ESS: Final = 400.0
LIKELY: Final = 0.95


def recovery(estimated: list[Group], true: list[Group]) -> pd.DataFrame:
    """Truth and estimate of every quantity.

    Parameters
    ----------
    estimated, true : list of Group
        The same groups; the draws of `true` are averaged.

    Returns
    -------
    pandas.DataFrame
        group, quantity, truth, mean, lower, upper, covered.
    """
    tables = []
    for group, known in zip(estimated, true, strict=True):
        assert group.labels == known.labels, group.name
        summary, truth = summarise(group.draws), known.draws.mean(axis=0)
        covered = (summary.lower <= truth) & (truth <= summary.upper)
        values = (truth, summary.mean, summary.lower, summary.upper, covered)
        columns = [[group.name] * len(truth), group.labels, *values]
        tables.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
    return pd.concat(tables, ignore_index=True)


def coverage(estimated: list[Group], table: pd.DataFrame) -> pd.DataFrame:
    """Share of covered truths per group, beside its expected range.

    Returns
    -------
    pandas.DataFrame
        group, n, covered, expected_lower, expected_upper, within.
    """
    by_emotion = [group for group in estimated if group.name.startswith("effect by emotion")]
    pooled = Group(POOLED, (), np.concatenate([group.draws for group in by_emotion], axis=1))
    own = table["group"].str.startswith("effect by emotion")
    rows = [_row(pooled, table.loc[own, "covered"])]
    rows += [_row(g, table.loc[table["group"] == g.name, "covered"]) for g in estimated]
    return pd.DataFrame(rows)


def _row(group: Group, covered: pd.Series[bool]) -> dict[str, Any]:
    shares = expected_shares(group.draws)
    lower, upper = np.quantile(shares, [(1 - RANGE) / 2, (1 + RANGE) / 2])
    share = float(covered.mean())
    return {
        "group": group.name,
        "n": len(covered),
        "covered": share,
        "expected_lower": float(lower),
        "expected_upper": float(upper),
        "within": bool(lower <= share <= upper),
    }


def expected_shares(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of intervals that would cover, were each draw the truth; shape (S,)."""
    summary = summarise(draws)
    shares: NDArray[np.float64] = ((summary.lower <= draws) & (draws <= summary.upper)).mean(axis=1)
    return shares


def most_outside(n_groups: int) -> int:
    """Groups that may lie outside their range by chance, were they independent."""
    return int(stats.binom.ppf(LIKELY, n_groups, 1 - RANGE))


def sampler_figures(fit: em.Fit) -> dict[str, float]:
    """Worst figures over the stages; NaN where a check is missing or undefined."""

    def figures(name: str) -> list[float]:
        found = [check.figure for check in fit.checks if check.name.startswith(f"{name}: ")]
        return found or [float("nan")]

    return {
        "divergences": float(np.sum(figures("divergences"))),
        "worst_rhat": float(np.max(figures("R-hat"))),
        "least_bulk_ess": float(np.min(figures("bulk ESS"))),
        "least_tail_ess": float(np.min(figures("tail ESS"))),
        "checks_not_pass": float(sum(check.status != "PASS" for check in fit.checks)),
    }


def claims(fit: em.Fit, estimated: list[Group], table: pd.DataFrame) -> list[dict[str, Any]]:
    """What is claimed, its figure, its target, and whether it holds."""
    figure, shares = sampler_figures(fit), coverage(estimated, table)
    rhat, divergences = figure["worst_rhat"], figure["divergences"]
    bulk, tail = figure["least_bulk_ess"], figure["least_tail_ess"]
    failed = figure["checks_not_pass"] if len(fit.checks) else float("nan")
    ess = f">= {LEAST_ESS:.0f}"
    # A figure that is not a number holds nothing.
    found = [
        claim("divergent transitions", divergences, "0", divergences == 0),
        claim("worst R-hat", rhat, f"<= {MOST_RHAT}", rhat <= MOST_RHAT),
        claim("smallest bulk ESS", bulk, ess, bulk >= LEAST_ESS),
        claim("smallest tail ESS", tail, ess, tail >= LEAST_ESS),
        claim("checks that are not PASS", failed, "0", failed == 0),
    ]
    return found + _coverage_claims(shares) + _contrast_claims(estimated)


def _coverage_claims(shares: pd.DataFrame) -> list[dict[str, Any]]:
    pooled, groups = shares.iloc[0], shares.iloc[1:]
    target = f"{pooled['expected_lower']:.3g} to {pooled['expected_upper']:.3g}"
    outside = int((~groups["within"]).sum())
    most = most_outside(len(groups))
    return [
        claim(
            f"true effects by emotion, all paths, inside their {PROBABILITY:.0%} interval",
            pooled["covered"],
            target,
            bool(pooled["within"]),
        ),
        claim(
            f"groups of {len(groups)} whose share is outside its {RANGE:.0%} range",
            outside,
            f"<= {most}",
            outside <= most,
        ),
    ]


def _contrast_claims(estimated: list[Group]) -> list[dict[str, Any]]:
    group = next(group for group in estimated if group.name == "contrast of emotions")
    return [
        claim(f"P({label} > 0)", share, f">= {LIKELY}", bool(share >= LIKELY))
        for label, share in zip(group.labels, (group.draws > 0).mean(axis=0), strict=True)
    ]
