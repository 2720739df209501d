"""Findings about model comparison, memory and simulated changes."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist
from typing import Any

from emotion_models.drawing.memory import FEATURE_WORDS
from emotion_models.intervals import UPPER
from emotion_models.reporting import wording
from emotion_models.reporting.anonymity import ALL
from emotion_models.reporting.claims import direction, outcome_phrase
from emotion_models.reporting.dependencies import Part
from emotion_models.reporting.findings import Finding, withhold
from emotion_models.reporting.inputs import Inputs, SimulationLike
from emotion_models.reporting.numbers import capital, digits_for, number, percent, unit

VALENCE_ONLY = "valence-only"


def beyond_valence(inputs: Inputs) -> Finding | None:
    """Whether naming the emotion predicts better than counting pleasant and unpleasant.

    Returns
    -------
    Finding or None
        None when the valence-only model was not compared.
    """
    if inputs.comparison is None:
        return None
    table = inputs.comparison.table()
    rows = table[table["model"].astype(str) == VALENCE_ONLY].to_dict("records")
    if not rows or not math.isfinite(float(rows[0]["se"])):
        return None
    row = rows[0]
    gain, se = -float(row["difference"]), float(row["se"])
    reach = NormalDist().inv_cdf(UPPER) * se
    probability = max(float(row["p_better"]), 1 - float(row["p_better"]))
    word = wording.certainty(probability)
    better = "better" if gain > 0 else "worse"
    claim = (
        "The data do not tell whether a model that knows which emotion was felt predicts answers "
        "better than one that knows only how pleasant it was."
        if word == "unclear"
        else f"A model that knows which emotion was felt {wording.ADVERBS[word]}predicts answers "
        f"{better} than one that knows only how pleasant it was."
    )
    return _finish(
        inputs,
        "comparison",
        Finding(
            claim=claim, estimate=gain, lower=gain - reach, upper=gain + reach,
            probability=probability, level=None, unit="points of predictive score (elpd)", digits=0,
            topic="whether specific emotions predict better than pleasantness alone",
            source=(("verb", "compare"), ("model", VALENCE_ONLY)),
        ),
    )  # fmt: skip


def what_is_kept(inputs: Inputs) -> Finding | None:
    """Which moment weighs most in memory, over emotions."""
    weights = inputs.fit.memory_weights()
    if weights.empty or weights["feature"].nunique() < 2:
        return None
    by_feature = weights.groupby("feature", sort=False)[["mean", "lower", "upper"]].mean()
    ordered = by_feature.sort_values("mean", ascending=False)
    first, second = (str(name) for name in ordered.index[:2])
    share = {name: float(ordered.loc[name, "mean"]) for name in (first, second)}  # type: ignore[arg-type]
    winners = weights.loc[weights.groupby("emotion")["mean"].idxmax(), "feature"]
    most, total = int((winners == first).sum()), int(winners.size)
    words = {"mean": "the average over the {j}", "peak": "the most intense moment",
             "end": "the last moment", "first": "the first moment"}  # fmt: skip
    name = words.get(first, FEATURE_WORDS.get(first, first)).format(j=inputs.names.journey)
    other = words.get(second, second).format(j=inputs.names.journey)
    claim = (
        f"Of an emotion, {name} is kept most: it makes up {percent(share[first])} of what is "
        f"remembered, {other} {percent(share[second])}. It weighs most for {most} of {total} "
        "emotions."
    )
    return _finish(
        inputs,
        "memory",
        Finding(
            claim=claim, estimate=100 * share[first],
            lower=100 * float(ordered.loc[first, "lower"]),  # type: ignore[arg-type]
            upper=100 * float(ordered.loc[first, "upper"]),  # type: ignore[arg-type]
            probability=None, level=None, unit="percent of memory", digits=0,
            topic="what is kept in memory",
            source=(("verb", "memory"), ("feature", first)),
            caveats=("Interval: the average of the emotions' own intervals.",),
        ),
    )  # fmt: skip


def salient_touchpoint(inputs: Inputs) -> Finding | None:
    """The touchpoint that counts most in the remembered average."""
    table = inputs.fit.salience().sort_values("mean", ascending=False)
    if len(table) < 2:
        return None
    rows = inputs.names.label(table).to_dict("records")
    top = rows[0]
    equal = 1 / len(rows)
    if float(top["lower"]) <= equal:
        claim = (
            f"No touchpoint clearly counts more than the others in memory; the highest share is "
            f"{top['touchpoint']}'s, {percent(top['mean'])}."
        )
    else:
        claim = (
            f"{capital(str(top['touchpoint']))} counts most in the remembered average: "
            f"{percent(top['mean'])}, where equal weight would be {percent(equal)}."
        )
    return _finish(
        inputs,
        "memory",
        Finding(
            claim=claim, estimate=100 * float(top["mean"]), lower=100 * float(top["lower"]),
            upper=100 * float(top["upper"]), probability=None, level=None, digits=0,
            unit="percent of memory", topic="which touchpoint counts most in memory",
            source=(("verb", "memory"), ("touchpoint", str(table["touchpoint"].iloc[0]))),
        ),
    )  # fmt: skip


def simulated(inputs: Inputs, simulation: SimulationLike) -> list[Finding]:
    """One finding per outcome that a simulated change touches, for everyone together."""
    table = simulation.table()
    touched = (table["lower"] != 0) | (table["upper"] != 0)
    rows = table[(table["segment"] == ALL) & touched].to_dict("records")
    return [_change(inputs, row, str(simulation.change)) for row in rows]


def _change(inputs: Inputs, row: dict[Any, Any], change: str) -> Finding:
    name, outcome = str(row["unit"]), str(row["outcome"])
    size, difference = unit(name), float(row["difference"])
    better, harm = float(row["p_better"]), float(row["p_harm"])
    probability = max(better, harm)  # that it goes where it goes on average, good or bad
    word = wording.certainty(probability)
    level = wording.level(str(row["claim"]))
    digits = digits_for(difference * size.factor)
    phrase = outcome_phrase(inputs, outcome, name)
    template = wording.CHANGE_UNCLEAR if word == "unclear" else wording.CHANGE[level]
    article = "the " if direction(1.0, name).startswith("a ") else ""
    claim = template.format(
        journeys=inputs.names.journey + "s",
        outcome=article + phrase,
        adverb=wording.ADVERBS[word],
        direction="higher" if difference > 0 else "lower",
        before=number(row["before"] * size.factor, digits) + ("%" if size.level == "%" else ""),
        after=number(row["after"] * size.factor, digits) + size.level,
    )
    finding = Finding(
        claim=claim,
        estimate=difference * size.factor,
        lower=float(row["lower"]) * size.factor,
        upper=float(row["upper"]) * size.factor,
        probability=probability,
        level=level,
        unit=size.change.strip(),
        digits=digits,
        topic=f"what the change does to {article}{phrase}",
        caveats=(f"Probability of harm: {percent(harm)}.",),
        source=(("verb", "simulate"), ("change", change), ("outcome", outcome)),
    )
    return _finish(inputs, "simulation", finding, outcome=outcome)


def _finish(inputs: Inputs, part: Part, finding: Finding, *, outcome: str = "") -> Finding:
    """Attach the checks the finding rests on, and withhold it if one has failed."""
    checks = inputs.rests_on(part, outcome)
    return withhold(replace(finding, depends_on=checks), inputs.fit.checks)
