"""The default set of emotions and their coordinates.

Valence and dominance: Glasgow Norms (Scott et al. 2019, doi 10.3758/s13428-018-1099-3,
CC BY 4.0, rescaled (x - 5) / 4). Arousal: Russell & Mehrabian 1977 or Warriner et al. 2013,
as each row of ``emotions.csv`` says. Valence agrees across norms (r >= .94), arousal does not
(.37 to .82): use it with an uncertainty of about `AROUSAL_SD`, never as a point.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import Final

AROUSAL_SD: Final[float] = 0.25


@dataclass(frozen=True)
class Emotion:
    """An emotion word and where it lies; coordinates on -1..1."""

    name: str
    valence: float
    arousal: float
    dominance: float
    source: str


@functools.cache
def catalogue() -> dict[str, Emotion]:
    """Return the default emotions by name.

    Returns
    -------
    dict of str to Emotion
    """
    text = resources.files(__package__).joinpath("emotions.csv").read_text(encoding="utf-8")
    return {
        row["emotion"]: Emotion(
            row["emotion"],
            float(row["valence"]),
            float(row["arousal"]),
            float(row["dominance"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }
