"""Reputation, satisfaction and loyalty of 344 mobile phone customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from beside import WIDE, Published, beside, checked, fitted
from latent import MEANS, correlations, explained, more_correlated, of_means, paths

ITEMS: Final = {"COMP": "comp", "LIKE": "like", "CUSL": "cusl"}
CAUSES: Final = {"CUSA": ("COMP", "LIKE"), "CUSL": ("COMP", "LIKE", "CUSA")}
LATENT = "latent, free of measurement error"


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Three constructs of three items; satisfaction, one question, is what was felt."""
    data = pd.read_csv(folder / "corp_rep_data.csv").replace(-99, np.nan)
    own = Published(folder)
    book = {
        "scales": {"seven": {"values": list(range(1, 8))}},
        "emotions": [{"name": "CUSA", "column": "cusa", "scale": "seven", "valence": 1}],
        "relationship": [
            {"name": name, "items": [{"name": f"{stem}_{i}", "scale": "seven"} for i in (1, 2, 3)]}
            for name, stem in ITEMS.items()
        ],
    }
    options = {"overrides": {"positivity": WIDE["positivity"]}}
    fit = fitted(book, data, options, elicitation=False)
    names, found = correlations(fit)
    means = item_means(data)
    rows = [
        beside(f"{cause} -> {on}", own("PLS", f"{cause}->{on}"), draws, model="other", note=LATENT)
        for on, causes in CAUSES.items()
        for cause, draws in zip(causes, paths(names, found, on, causes).T, strict=True)
    ]
    rows += [
        beside(f"R2 of {on}", of_means(means, on, causes), explained(names, found, on, causes),
               model="other", note=MEANS)
        for on, causes in CAUSES.items()
    ]  # fmt: skip
    rows += more_correlated(fit, means, names, found)
    return rows, [checked("corp_rep", fit)]


def item_means(data: pd.DataFrame) -> pd.DataFrame:
    """Every construct as the mean of its items."""
    means = {
        name: data[[f"{stem}_{i}" for i in (1, 2, 3)]].mean(axis=1) for name, stem in ITEMS.items()
    }
    return pd.DataFrame({**means, "CUSA": data["cusa"]})
