"""Sets of emotion words that others have proposed (``taxonomies.csv``), by name and words only.

Coordinates are those of the default set and of no other source: a word that is not among them
has none here, whatever may be remembered of it.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import Final, Literal

from emotion_models.science.emotions import catalogue
from emotion_models.science.sources import SOURCES, Mark, Source

TaxonomyName = Literal["default", "ekman", "plutchik", "goemotions", "consumer"]
OUTCOMES: Final = frozenset({"trust", "satisfaction", "love"})
"""Words that are relationship outcomes too: explaining them by themselves would be circular."""


@dataclass(frozen=True)
class EmotionWord:
    """An emotion word of a taxonomy.

    Parameters
    ----------
    name : str
    group : str
        Where the taxonomy sorts it; may be empty.
    mild, intense : str
        The words below and above it in intensity, where the taxonomy has them.
    valence, arousal : float or None
        On -1..1, of the norms of the default set; None where those have no such word.
    """

    name: str
    group: str = ""
    mild: str = ""
    intense: str = ""
    valence: float | None = None
    arousal: float | None = None

    @property
    def is_outcome(self) -> bool:
        """Whether the word also names a relationship outcome."""
        return self.name in OUTCOMES


@dataclass(frozen=True)
class Preset:
    """A taxonomy: its words, where they are from, and how sure that is (see `MARKS`)."""

    name: TaxonomyName
    label: str
    about: str
    sources: tuple[Source, ...]
    mark: Mark
    emotions: tuple[EmotionWord, ...]


_ABOUT: Final[dict[TaxonomyName, tuple[str, str, tuple[str, ...], Mark]]] = {
    "default": (
        "Twenty emotions of service encounters",
        "Ten pleasant and ten unpleasant words, all with coordinates.",
        ("Scott 2019", "Russell & Mehrabian 1977", "Warriner 2013"),
        "V",
    ),
    "ekman": (
        "Ekman's six basic emotions",
        "Proposed for faces, not for services; one pleasant word against four unpleasant ones.",
        ("Ekman 1992",),
        "S",
    ),
    "plutchik": (
        "Plutchik's eight basic emotions",
        "Each with a milder and a more intense word. Use one word of each three.",
        ("Plutchik 1980",),
        "S",
    ),
    "goemotions": (
        "The 27 emotions of GoEmotions",
        "Made to label short texts; its 28th label, neutral, is no emotion and left out.",
        ("Demszky 2020",),
        "V",
    ),
    "consumer": (
        "Basic emotions of consumers",
        "Four negative and four positive emotions; that structure was read, the words were not.",
        ("Laros & Steenkamp 2005",),
        "M",
    ),
}
NAMES: Final[tuple[TaxonomyName, ...]] = tuple(_ABOUT)


@functools.cache
def presets() -> dict[str, Preset]:
    """Return all taxonomies by name."""
    words: dict[str, list[EmotionWord]] = {
        "default": [
            EmotionWord(each.name, valence=each.valence, arousal=each.arousal)
            for each in catalogue().values()
        ]
    }
    text = resources.files(__package__).joinpath("taxonomies.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        known = catalogue().get(row["emotion"])
        word = EmotionWord(
            name=row["emotion"],
            group=row["group"],
            mild=row["mild"],
            intense=row["intense"],
            valence=known.valence if known else None,
            arousal=known.arousal if known else None,
        )
        words.setdefault(row["taxonomy"], []).append(word)
    return {
        name: Preset(
            name, label, about, tuple(SOURCES[key] for key in keys), mark, tuple(words[name])
        )
        for name, (label, about, keys, mark) in _ABOUT.items()
    }
