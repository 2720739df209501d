"""Published directions of emotions' effects, as small prior means.

``directions.csv`` holds, per emotion and outcome, the sign the literature gives and its
evidence: ``+``, ``-``, ``0``; ``u`` unknown; ``x`` follows the valence; suffix ``i`` inferred
from valence only, ``m`` from memory, ``?`` doubtful, ``*`` conditional. Only signs that were read
count: a suffix or a pair such as ``0/+`` gives no prior mean, because valence already carries
what is inferred. ``direction_sources.csv`` names the source of every sign that was read.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from emotion_models.science.sources import MARKS, SOURCES, Mark, Source

SIZE: Final[float] = 0.5
"""Prior mean of a published direction: logits per full scale; signs are known, sizes are not."""

SYNONYMS: Final[dict[str, str]] = {
    "return": "repurchase",
    "repeat": "repurchase",
    "rebuy": "repurchase",
    "revisit": "repurchase",
    "nps": "recommend",
    "recommendation": "recommend",
    "complaint": "complain",
    "complained": "complain",
    "churn": "switch",
    "leave": "switch",
    "overall": "remembered_experience",
    "experience": "remembered_experience",
}


@dataclass(frozen=True)
class Direction:
    """What is published about one emotion and one outcome.

    Parameters
    ----------
    emotion, outcome : str
    sign : str
        As in ``directions.csv``.
    evidence : str
        What was read about the emotion, in words.
    sources : tuple of Source
        Where this sign is from; empty where none was read.
    """

    emotion: str
    outcome: str
    sign: str
    evidence: str
    sources: tuple[Source, ...]

    @property
    def prior_mean(self) -> float:
        """`SIZE` with the published sign; 0 where no sign was read in a source."""
        size = SIZE if self.mark in ("V", "S") else 0.0
        return {"+": size, "-": -size}.get(self.sign, 0.0)

    @property
    def mark(self) -> Mark | None:
        """How sure the sign is, see `MARKS`: of the best source, or M where it is from memory."""
        if not self.sources:
            return None
        marks = ["M"] if self.sign.endswith("m") else [each.mark for each in self.sources]
        return next(mark for mark in MARKS if mark in marks)


@functools.cache
def published() -> dict[tuple[str, str], Direction]:
    """Return the published directions by (emotion, outcome)."""
    sources: dict[tuple[str, str], tuple[Source, ...]] = {}
    for row in _rows("direction_sources.csv"):
        for outcome in row["outcomes"].split():
            key = row["emotion"], outcome
            sources[key] = (*sources.get(key, ()), SOURCES[row["source"]])
    table = {}
    for row in _rows("directions.csv"):
        emotion, evidence = row.pop("emotion"), row.pop("evidence")
        row.pop("recall")
        for outcome, sign in row.items():
            found = sources.get((emotion, outcome), ())
            table[emotion, outcome] = Direction(emotion, outcome, sign, evidence, found)
    return table


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def prior_means(emotions: Sequence[str], outcomes: Sequence[str]) -> list[list[float]]:
    """Prior means of every emotion's effect on every outcome.

    Parameters
    ----------
    emotions, outcomes : sequence of str
        Names; outcomes are matched by name or by `SYNONYMS`, unknown ones get 0.

    Returns
    -------
    list of lists, shape (emotions, outcomes)
        Logits per full scale.
    """
    table = published()
    means = []
    for emotion in emotions:
        keys = [(emotion, SYNONYMS.get(name.lower(), name.lower())) for name in outcomes]
        means.append([table[key].prior_mean if key in table else 0.0 for key in keys])
    return means
