"""Labels, valences and answer scales of a study, as its codebook gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from emotion_models.reporting.anonymity import ALL
from emotion_models.science.emotions import catalogue


@dataclass(frozen=True)
class Names:
    """How things are called in print.

    Parameters
    ----------
    emotions, touchpoints, levers, outcomes, segments : mapping of str to str
        Label by name, in the order of the codebook. Outcomes: remembered items, constructs,
        behaviours.
    valence : mapping of str to float
        By emotion *label*, for emotions whose valence is known.
    focus : tuple of str
        At most two outcomes for the first page.
    owner : mapping of str to str
        Outcome by its own name or that of one of its items.
    journey : str
        One journey in the study's word, e.g. ``"stay"``.
    rating_axis, rating_words : str
        Words for the rating axis, and what its ends mean.
    """

    emotions: Mapping[str, str]
    touchpoints: Mapping[str, str]
    levers: Mapping[str, str]
    outcomes: Mapping[str, str]
    segments: Mapping[str, str]
    valence: Mapping[str, float]
    focus: tuple[str, ...]
    owner: Mapping[str, str]
    journey: str
    rating_axis: str
    rating_words: str

    @classmethod
    def of(cls, codebook: Any) -> Names:
        """Read the names from a codebook."""
        outcomes = [*codebook.remembered, *codebook.relationship, *codebook.behaviours]
        segments = codebook.segments
        axis, words = _rating_scale(codebook)
        return cls(
            emotions=_labels(codebook.emotions),
            touchpoints=_labels(codebook.touchpoints),
            levers=_labels(codebook.levers),
            outcomes=_labels(outcomes),
            segments=dict(
                zip(map(str, segments.categories), segments.labels, strict=True) if segments else ()
            ),
            valence=_valences(codebook.emotions),
            focus=_focus(codebook),
            owner={
                item.name: part.name
                for part in outcomes
                for item in (*getattr(part, "items", ()), part)
            },
            journey=codebook.study.journey_word,
            rating_axis=axis,
            rating_words=words,
        )

    def label(self, table: pd.DataFrame) -> pd.DataFrame:
        """Put labels for names in the columns emotion, touchpoint, outcome and segment."""
        maps = {
            "emotion": self.emotions,
            "touchpoint": {**self.touchpoints, ALL: "whole " + self.journey},
            "outcome": self.outcomes,
            "segment": {**self.segments, ALL: "Everyone"},
        }
        present = {key: labels for key, labels in maps.items() if key in table.columns}
        return table.assign(
            **{
                key: [labels.get(str(name), str(name)) for name in table[key]]
                for key, labels in present.items()
            }
        )


def _labels(parts: Any) -> dict[str, str]:
    """Label by name; a label that two parts share is told apart by the name."""
    labels = [part.label or part.name for part in parts]
    return {
        part.name: label if labels.count(label) == 1 else f"{label} ({part.name})"
        for part, label in zip(parts, labels, strict=True)
    }


def _valences(emotions: Any) -> dict[str, float]:
    known = catalogue()
    labels = _labels(emotions)
    found: dict[str, float] = {}
    for emotion in emotions:
        valence = emotion.valence
        if valence is None and emotion.name in known:
            valence = known[emotion.name].valence
        if valence is not None:
            found[labels[emotion.name]] = float(valence)
    return found


def _focus(codebook: Any) -> tuple[str, ...]:
    """First behaviour of each kind; without behaviours, the first two other outcomes."""
    good = [b.name for b in codebook.behaviours if b.desirable]
    bad = [b.name for b in codebook.behaviours if not b.desirable]
    rest = [part.name for part in (*codebook.relationship, *codebook.remembered)]
    return tuple([*good[:1], *bad[:1], *good[1:], *rest][:2])


def _rating_scale(codebook: Any) -> tuple[str, str]:
    scales = {emotion.scale for emotion in codebook.emotions}
    if len(scales) != 1:
        return "Mean rating", "each on its own scale"
    scale = codebook.scales[scales.pop()]
    low, high = scale.span
    axis = f"Mean rating ({low:g} to {high:g})"
    if scale.kind == "slider":
        return axis, f"on a slider from {low:g} to {high:g}"
    first, last = (str(label) for label in (scale.labels[0], scale.labels[-1]))
    if (first, last) == (f"{low:g}", f"{high:g}"):
        return axis, f"from {low:g} to {high:g}"
    return axis, f"from {low:g} ({first}) to {high:g} ({last})"
