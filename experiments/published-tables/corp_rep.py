"""Reputation, satisfaction and loyalty of 344 mobile phone customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from beside import WIDE, Published, checked, fitted
from customer_index import construct
from latent import all_paths

ITEMS: Final = {"COMP": "comp", "LIKE": "like", "CUSL": "cusl"}
CAUSES: Final = {"CUSA": ("COMP", "LIKE"), "CUSL": ("COMP", "LIKE", "CUSA")}


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Three constructs of three items; satisfaction, one question, is what was felt."""
    data = pd.read_csv(folder / "corp_rep_data.csv").replace(-99, np.nan)
    own = Published(folder)
    book = {
        "scales": {"seven": {"values": list(range(1, 8))}},
        "emotions": [{"name": "CUSA", "column": "cusa", "scale": "seven", "valence": 1}],
        "relationship": [
            construct(name, [f"{stem}_{i}" for i in (1, 2, 3)], "seven")
            for name, stem in ITEMS.items()
        ],
    }
    options = {"overrides": {"positivity": WIDE["positivity"]}}
    fit = fitted(book, data, options, elicitation=False)
    rows = all_paths(fit, item_means(data), lambda path: own("PLS", path), CAUSES)
    return rows, [checked("corp_rep", fit)]


def item_means(data: pd.DataFrame) -> pd.DataFrame:
    """Every construct as the mean of its items."""
    means = {
        name: data[[f"{stem}_{i}" for i in (1, 2, 3)]].mean(axis=1) for name, stem in ITEMS.items()
    }
    return pd.DataFrame({**means, "CUSA": data["cusa"]})
