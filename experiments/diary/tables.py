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
