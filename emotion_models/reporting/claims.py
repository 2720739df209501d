"""Findings about effects: which emotion goes with what, and where same-tone emotions differ."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pandas as pd

from emotion_models.reporting import wording
from emotion_models.reporting.anonymity import ALL
from emotion_models.reporting.findings import Finding, withhold
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.numbers import PROBABILITY_UNITS, capital, digits_for, signed, unit

NEUTRAL_VALENCE = 0.1
LIKELY = 0.9
"""Probability from which a difference between two emotions is stated."""


def outcome_phrase(inputs: Inputs, outcome: str, unit_name: str) -> str:
    """An outcome inside a sentence: its label in quotes, as a chance where it is one."""
    label = f"\u201c{inputs.names.outcomes.get(outcome, outcome)}\u201d"
    return f"chance of {label}" if unit_name in PROBABILITY_UNITS else label


def direction(value: float, unit_name: str) -> str:
    """``higher`` or ``a higher``, as the outcome's phrase needs."""
    word = "higher" if value > 0 else "lower"
    return f"a {word}" if unit_name in PROBABILITY_UNITS else word


def totals(inputs: Inputs) -> pd.DataFrame:
    """Total effects over all touchpoints and segments; one row per outcome and emotion."""
    if inputs.effects is None:
        return pd.DataFrame(columns=["outcome", "emotion", "mean", "lower", "upper"])
    table = inputs.effect_table()
    rows = (table["path"] == "total") & (table["touchpoint"] == ALL) & (table["segment"] == ALL)
    return table[rows]


def top_driver(inputs: Inputs, outcome: str) -> Finding | None:
    """The emotion most likely to have the largest effect on an outcome.

    Parameters
    ----------
    inputs : Inputs
    outcome : str
        Name of the outcome.

    Returns
    -------
    Finding or None
        None when there are no effects on this outcome.
    """
    table = totals(inputs)
    table = table[table["outcome"] == outcome]
    if table.empty or inputs.effects is None:
        return None
    ranks = inputs.effects.ranks()
    ranks = ranks[ranks["outcome"] == outcome].set_index("emotion")
    names = [str(name) for name in table["emotion"]]
    first = max(names, key=lambda name: float(ranks["p_top1"].get(name, 0.0)))
    row = table[table["emotion"] == first].to_dict("records")[0]
    share = float(ranks["p_top1"].get(first, math.nan))
    caveat = (
        f"Probability that it is the strongest of {len(ranks)} emotions: {share:.0%}."
        if math.isfinite(share)
        else ""
    )
    return withhold(_effect(inputs, row, caveat), inputs.fit.checks)


def _effect(inputs: Inputs, row: dict[Any, Any], caveat: str) -> Finding:
    size = unit(str(row["unit"]))
    probability = max(float(row["p_positive"]), 1 - float(row["p_positive"]))
    word = wording.certainty(probability)
    level = wording.level(str(row["claim"]))
    emotion = inputs.names.emotions.get(str(row["emotion"]), str(row["emotion"]))
    outcome = outcome_phrase(inputs, str(row["outcome"]), str(row["unit"]))
    template = wording.EFFECT_UNCLEAR if word == "unclear" else wording.EFFECT[level]
    return Finding(
        claim=template.format(
            emotion=emotion,
            adverb=wording.ADVERBS[word],
            direction=direction(row["mean"], str(row["unit"])),
            outcome=outcome,
            amount=signed(row["mean"] * size.factor, size.digits) + size.change,
        ),
        estimate=row["mean"] * size.factor,
        lower=row["lower"] * size.factor,
        upper=row["upper"] * size.factor,
        probability=probability,
        level=level,
        unit=size.change.strip(),
        digits=size.digits,
        topic=f"what drives {outcome}",
        depends_on=inputs.rests_on("effects", str(row["outcome"])),
        caveats=(caveat,) if caveat else (),
        source=_source(row),
    )


def same_tone_contrast(inputs: Inputs, outcome: str) -> Finding | None:
    """The clearest pair of emotions of the same tone with different effects on an outcome.

    Where the effects object has ``contrast(outcome, first, second)``, which returns a mapping of
    mean, lower, upper and p_positive of first minus second from paired draws, that is used;
    otherwise a pair counts only when the two intervals do not overlap, and no probability is given.

    Parameters
    ----------
    inputs : Inputs
    outcome : str

    Returns
    -------
    Finding or None
        None when no pair differs likely enough.
    """
    table = totals(inputs)
    rows = table[table["outcome"] == outcome].to_dict("records")
    pairs = [pair for pair in itertools.combinations(rows, 2) if _same_tone(inputs, *pair)]
    if not pairs:
        return None
    clearest = max(pairs, key=lambda pair: _clarity(*pair))
    caveat = f"A score of pleasantness alone would miss this. The clearest of {len(pairs)} pairs."
    strong, weak = sorted(clearest, key=lambda row: -abs(float(row["mean"])))
    difference = _difference(inputs, outcome, strong, weak)
    if difference is None:
        return None
    return withhold(
        _contrast(
            inputs,
            (strong, weak),
            difference,
            caveat,
        ),
        inputs.fit.checks,
    )


def _valence(inputs: Inputs, row: dict[Any, Any]) -> float:
    label = inputs.names.emotions.get(str(row["emotion"]), "")
    return inputs.names.valence.get(label, 0.0)


def _same_tone(inputs: Inputs, one: dict[Any, Any], two: dict[Any, Any]) -> bool:
    first, second = _valence(inputs, one), _valence(inputs, two)
    return first * second > 0 and min(abs(first), abs(second)) >= NEUTRAL_VALENCE


def _clarity(one: dict[Any, Any], two: dict[Any, Any]) -> float:
    spread = math.hypot(float(one["sd"]), float(two["sd"])) or 1e-12
    return abs(float(one["mean"]) - float(two["mean"])) / spread


def _difference(
    inputs: Inputs, outcome: str, one: dict[Any, Any], two: dict[Any, Any]
) -> dict[str, float | None] | None:
    contrast = getattr(inputs.effects, "contrast", None)
    if contrast is not None:
        drawn = contrast(outcome, one["emotion"], two["emotion"])
        p = float(drawn["p_positive"])
        numbers = {key: float(drawn[key]) for key in ("mean", "lower", "upper")}
        return {**numbers, "probability": max(p, 1 - p)} if max(p, 1 - p) >= LIKELY else None
    apart = one["lower"] > two["upper"] or two["lower"] > one["upper"]
    if not apart:
        return None
    return {
        "mean": float(one["mean"] - two["mean"]),
        "lower": float(one["lower"] - two["upper"]),
        "upper": float(one["upper"] - two["lower"]),
        "probability": None,
    }


def _contrast(
    inputs: Inputs, pair: tuple[dict[Any, Any], ...], difference: dict[str, Any], caveat: str
) -> Finding:
    strong, weak = pair
    size = unit(str(strong["unit"]))
    digits = size.digits if size.digits is not None else digits_for(float(difference["mean"]))
    first, second = (inputs.names.emotions.get(str(r["emotion"]), str(r["emotion"])) for r in pair)
    probability = difference["probability"]
    adverb = "" if probability is None else wording.ADVERBS[wording.certainty(probability)]
    level = wording.weakest([str(strong["claim"]), str(weak["claim"])])
    label = inputs.names.outcomes.get(str(strong["outcome"]), str(strong["outcome"]))
    return Finding(
        claim=wording.CONTRAST[level].format(
            start=capital(first),
            first=first,
            second=second,
            tone="pleasant" if _valence(inputs, strong) > 0 else "unpleasant",
            adverb=adverb,
            outcome=f"\u201c{label}\u201d",
            one=signed(strong["mean"] * size.factor, digits) + size.change,
            two=signed(weak["mean"] * size.factor, digits),
        ),
        estimate=difference["mean"] * size.factor,
        lower=difference["lower"] * size.factor,
        upper=difference["upper"] * size.factor,
        probability=probability,
        level=level,
        unit=size.change.strip(),
        digits=digits,
        topic=f"whether emotions of the same tone differ on \u201c{label}\u201d",
        depends_on=inputs.rests_on("effects", str(strong["outcome"])),
        caveats=(caveat,),
        source=(*_source(strong), ("against", str(weak["emotion"]))),
    )


def _source(row: dict[Any, Any]) -> tuple[tuple[str, str], ...]:
    asked = ("outcome", "path", "emotion", "touchpoint", "segment")
    return (("verb", "effects"), *((key, str(row[key])) for key in asked))
