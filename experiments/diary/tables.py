"""Write the tables of README.md from results/: no number in them is typed by hand.

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``; to add one, add a function
to `TABLES` and its two marks to README.md::

    python experiments/diary/tables.py
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
RESULTS = HERE / "results"
FEATURES = ["mean", "peak", "end", "first"]
BLOCK = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def markdown(table: pd.DataFrame) -> str:
    """Lay a frame out as a Markdown table, first column left, the others right."""
    head = [str(name).replace("_", " ") for name in table.columns]
    rule = [":--", *["--:"] * (len(head) - 1)]
    shown = table.astype(object).where(table.notna(), "")
    body = [[cell(value) for value in row] for row in shown.itertuples(index=False)]
    return "".join("| " + " | ".join(row) + " |\n" for row in [head, rule, *body])


def cell(value: object) -> str:
    return str(value).replace("|", "/")


def plus_minus(value: float, error: float) -> str:
    return f"{value:.2f}" if math.isnan(error) else f"{value:.2f} ± {error:.2f}"


def weights(variant: str) -> pd.DataFrame:
    """Normalised weights of one variant, emotions in rows and features in columns."""
    slopes = pd.read_csv(RESULTS / "lme4_slopes.csv")
    chosen = slopes[slopes["variant"] == variant]
    shown = [plus_minus(w, se) for w, se in zip(chosen.weight, chosen.weight_se, strict=True)]
    wide = chosen.assign(shown=shown).pivot(index="emotion", columns="feature", values="shown")
    return wide.loc[chosen["emotion"].unique(), FEATURES].reset_index()


def rules() -> pd.DataFrame:
    """AIC of each memory rule minus that of the best, per emotion."""
    table = pd.read_csv(RESULTS / "lme4_rules.csv")
    wide = table.pivot(index="emotion", columns="rule", values="delta_aic").round(1)
    return wide.loc[table["emotion"].unique(), table["rule"].unique()].reset_index()


def gap() -> pd.DataFrame:
    """Remembered minus experienced."""
    table = pd.read_csv(RESULTS / "lme4_memory_gap.csv")
    shown = [plus_minus(b, se) for b, se in zip(table.estimate, table.se, strict=True)]
    return pd.DataFrame({"emotion": table["emotion"], "remembered minus experienced": shown})


def interval(row: pd.Series, digits: int = 2) -> str:
    return f"{row['mean']:.{digits}f} ({row['lower']:.{digits}f} to {row['upper']:.{digits}f})"


def beside() -> pd.DataFrame:
    """Our memory weights (mean and 90% interval), the simplex reference under each."""
    ours = pd.read_csv(RESULTS / "model_weights.csv")
    ours["shown"] = ours.apply(interval, axis=1)
    wide = ours.pivot(index="emotion", columns="feature", values="shown")[FEATURES]
    theirs = weights("simplex").set_index("emotion")[FEATURES]
    rows = []
    for emotion in ours["emotion"].unique():
        rows.append({"emotion": emotion, "from": "model", **wide.loc[emotion]})
        rows.append({"emotion": "", "from": "clmm", **theirs.loc[emotion]})
    return pd.DataFrame(rows)


def elpd(file: str) -> pd.DataFrame:
    """Differences in elpd to the fitted model, with standard errors."""
    table = pd.read_csv(RESULTS / file)
    shown = [plus_minus(d, s) for d, s in zip(table.difference, table.se, strict=True)]
    return pd.DataFrame(
        {
            "model": table["model"],
            "elpd": table["elpd"].round(1),
            "difference": shown,
            "largest Pareto k": table["worst_k"].round(2),
        }
    )


def specific() -> pd.DataFrame:
    """Positivity and specificity of the outcomes."""
    table = pd.read_csv(RESULTS / "model_specificity.csv")
    rows = []
    for row in table.to_dict("records"):
        mu = f"{row['mu']:.2f} ({row['mu_lower']:.2f} to {row['mu_upper']:.2f})"
        tau = f"{row['tau']:.2f} ({row['tau_lower']:.2f} to {row['tau_upper']:.2f})"
        share = round(row["share"], 2)
        rows.append({"outcome": row["outcome"], "mu": mu, "tau": tau, "specific share": share})
    return pd.DataFrame(rows)


def quitting() -> pd.DataFrame:
    """Total effects of one more point at every prompt on thoughts of quitting."""
    table = pd.read_csv(RESULTS / "model_effects_on_quitting.csv")
    table = table[table["path"] == "total"].copy()
    table["effect"] = table.apply(lambda row: interval(row, 3), axis=1)
    table["P(> 0)"] = table["p_positive"].round(2)
    return table[["emotion", "effect", "P(> 0)"]]


def checks() -> pd.DataFrame:
    """All checks."""
    table = pd.read_csv(RESULTS / "model_checks.csv")
    return table[["name", "status", "figure", "threshold"]].round(4)


def plain(name: str) -> pd.DataFrame:
    """Show a result file as it is, whole numbers without a decimal point."""
    return pd.read_csv(RESULTS / name).convert_dtypes()


TABLES: dict[str, Callable[[], pd.DataFrame]] = {
    "audit": partial(plain, "audit.csv"),
    "items": partial(plain, "items.csv"),
    "constructs": partial(plain, "constructs.csv"),
    "weights-within": partial(weights, "within"),
    "weights-raw": partial(weights, "raw"),
    "weights-ordinal": partial(weights, "ordinal"),
    "weights-simplex": partial(weights, "simplex"),
    "rules": rules,
    "gap": gap,
    "model-settings": partial(plain, "model_settings.csv"),
    "model-weights": beside,
    "model-salience": partial(plain, "model_salience.csv"),
    "model-rules": partial(elpd, "model_rules.csv"),
    "model-options": partial(elpd, "model_options.csv"),
    "model-specificity": specific,
    "model-quitting": quitting,
    "model-checks": checks,
}


def render(text: str) -> str:
    """Fill every table block of a Markdown text.

    Raises
    ------
    KeyError
        If a block names a table that is not in `TABLES`.
    """
    return BLOCK.sub(lambda m: m.group(1) + markdown(TABLES[m.group(2)]()) + m.group(3), text)


def main() -> None:
    readme = HERE / "README.md"
    readme.write_text(render(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
