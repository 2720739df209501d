"""Published directions of emotions' effects, as small prior means.

``directions.csv`` holds, per emotion and outcome, the sign the literature gives and its
evidence: ``+``, ``-``, ``0``; ``u`` unknown; ``x`` follows the valence; suffix ``i`` inferred
from valence only, ``m`` from memory, ``?`` doubtful, ``*`` conditional. Only signs that were read
count: a suffix or a pair such as ``0/+`` gives no prior mean, because valence already carries
what is inferred.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

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
    """What is published about one emotion and one outcome."""

    emotion: str
    outcome: str
    sign: str
    evidence: str

    @property
    def prior_mean(self) -> float:
        """`SIZE` with the published sign; 0 where no sign was read."""
        return {"+": SIZE, "-": -SIZE}.get(self.sign, 0.0)


@functools.cache
def published() -> dict[tuple[str, str], Direction]:
    """Return the published directions by (emotion, outcome)."""
    text = resources.files(__package__).joinpath("directions.csv").read_text(encoding="utf-8")
    table = {}
    for row in csv.DictReader(text.splitlines()):
        emotion, evidence = row.pop("emotion"), row.pop("evidence")
        row.pop("recall")
        for outcome, sign in row.items():
            table[emotion, outcome] = Direction(emotion, outcome, sign, evidence)
    return table


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
