"""The European customer satisfaction index of 250 mobile phone customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd
from beside import WIDE, Published, checked, fitted
from customer_index import CAUSES, ITEMS, book
from latent import all_paths

PLS = "PLS path model"
STEPS: Final = (1000, 500)
"""Constructs that correlate almost perfectly mix slowly."""


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Constructs by their items, the one question about complaints as what was felt."""
    data, own = pd.read_csv(folder / "mobi.csv"), Published(folder)
    options = {"overrides": {"positivity": WIDE["positivity"]}}
    fit = fitted(book(), data, options, elicitation=False, steps=STEPS)
    rows = all_paths(fit, item_means(data), lambda path: own(PLS, path), CAUSES)
    return rows, [checked("mobi_ecsi", fit)]


def item_means(data: pd.DataFrame) -> pd.DataFrame:
    """Every construct as the mean of its items."""
    means = {name: data[list(own)].mean(axis=1) for name, own in ITEMS.items()}
    return pd.DataFrame({**means, "Complaints": data["CUSCO"]})
