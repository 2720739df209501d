"""The European customer satisfaction index of 250 mobile phone customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd
from beside import WIDE, Published, checked, construct, fitted
from latent import all_paths

PLS = "PLS path model"
ITEMS: Final = {
    "Image": ("IMAG", 5),
    "Expectation": ("CUEX", 3),
    "Quality": ("PERQ", 7),
    "Value": ("PERV", 2),
    "Satisfaction": ("CUSA", 3),
    "Loyalty": ("CUSL", 3),
}
CAUSES: Final = {
    "Expectation": ("Image",),
    "Quality": ("Expectation",),
    "Value": ("Expectation", "Quality"),
    "Satisfaction": ("Image", "Expectation", "Quality", "Value"),
    "Complaints": ("Satisfaction",),
    "Loyalty": ("Image", "Satisfaction", "Complaints"),
}
STEPS: Final = (1000, 500)
"""Constructs that correlate almost perfectly mix slowly."""


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Constructs by their items, the one question about complaints as what was felt."""
    data, own = pd.read_csv(folder / "mobi.csv"), Published(folder)
    book = {
        "scales": {"ten": {"values": list(range(1, 11))}},
        "emotions": [{"name": "Complaints", "column": "CUSCO", "scale": "ten", "valence": 1}],
        "relationship": [
            construct(name, [f"{stem}{i + 1}" for i in range(n)], "ten")
            for name, (stem, n) in ITEMS.items()
        ],
    }
    options = {"overrides": {"positivity": WIDE["positivity"]}}
    fit = fitted(book, data, options, elicitation=False, steps=STEPS)
    rows = all_paths(fit, item_means(data), lambda path: own(PLS, path), CAUSES)
    return rows, [checked("mobi_ecsi", fit)]


def item_means(data: pd.DataFrame) -> pd.DataFrame:
    """Every construct as the mean of its items."""
    means = {
        name: data[[f"{stem}{i + 1}" for i in range(n)]].mean(axis=1)
        for name, (stem, n) in ITEMS.items()
    }
    return pd.DataFrame({**means, "Complaints": data["CUSCO"]})
