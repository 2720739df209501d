"""The rungs: which claim one effect may carry, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from emotion_models.causal.dag import Dag
from emotion_models.causal.diagram import Diagram
from emotion_models.causal.variables import STYLE, UNMEASURED

Level = Literal["association", "adjusted", "causal"]
Kind = Literal[
    "lever on emotion", "emotion on outcome", "construct on behaviour", "lever on outcome"
]
LEVELS: Final[tuple[Level, ...]] = ("association", "adjusted", "causal")


@dataclass(frozen=True)
class Claimed:
    """How far one effect may be claimed.

    Parameters
    ----------
    kind : str
        See `Kind`.
    exposure, outcome : str
    level : {"association", "adjusted", "causal"}
    reason : str
        Why, in words.
    held : frozenset of str
        What the model holds constant.
    """

    kind: Kind
    exposure: str
    outcome: str
    level: Level
    reason: str
    held: frozenset[str]


def weakest(levels: list[Level]) -> Level:
    """Level of a statement that rests on all of them."""
    return min(levels, key=LEVELS.index, default="association")


def held_by_model(drawn: Diagram, kind: Kind, exposure: str, outcome: str) -> frozenset[str]:
    """What the model conditions on when it estimates an effect.

    Stage 1 holds the other levers, and no controls; outcomes are adjusted for the controls and
    for the other emotions that act on them; behaviours, given the constructs, for those as well.
    """
    known = drawn.variables
    match kind:
        case "lever on emotion":
            held = set(known.levers)
        case "construct on behaviour":
            held = {*known.constructs, *known.emotions, *known.adjusted}
        case _:
            held = {*known.acting_on(outcome), *known.adjusted}
    return frozenset(held - {exposure, outcome})


def direct_claim(drawn: Diagram, bare: Dag, kind: Kind, exposure: str, outcome: str) -> Claimed:
    """Judge an effect that the model estimates in one equation.

    Parameters
    ----------
    drawn : Diagram
    bare : Dag
        The diagram without the arrows that leave the exposure.
    kind : str
    exposure, outcome : str

    Returns
    -------
    Claimed
    """
    held = held_by_model(drawn, kind, exposure, outcome)
    spoilt = sorted(held & drawn.dag.descendants(exposure))
    path = bare.open_path(exposure, outcome, held)
    level = _without_diagram(drawn, kind)
    if drawn.assumptions.confounders is None and UNMEASURED in path:
        reason = "common causes were not declared"
    elif spoilt:
        reason = f"the model holds {spoilt[0]} constant, which {exposure} causes"
    elif path:
        reason = f"a path stays open: {' '.join(path)}"
        if STYLE in path and not drawn.variables.style:
            reason += " (the model does not measure the answering style)"
    else:
        level = "causal"
        reason = _why_causal(drawn, bare, exposure, outcome)
    return Claimed(kind, exposure, outcome, level, reason, held)


def _without_diagram(drawn: Diagram, kind: Kind) -> Level:
    """Level of an effect that no diagram identifies."""
    controlled = kind != "lever on emotion" and drawn.variables.adjusted
    return "adjusted" if controlled else "association"


def _why_causal(drawn: Diagram, bare: Dag, exposure: str, outcome: str) -> str:
    if exposure in drawn.assumptions.randomised:
        return f"{exposure} was assigned by chance"
    allowed = drawn.measured | set(drawn.variables.constructs)
    allowed -= drawn.dag.descendants(exposure) | {exposure, outcome}
    needed = bare.separator(exposure, outcome, allowed) or frozenset()
    others = needed & set(drawn.variables.emotions)
    words = sorted(needed - others) + (["the other emotions"] if others else [])
    if not words:
        return f"by the diagram nothing but {exposure} itself links the two"
    return f"by the diagram every common cause is held constant by {', '.join(words)}"


def chain(
    drawn: Diagram, found: Mapping[tuple[str, str], Claimed], lever: str, outcome: str
) -> Claimed:
    """Judge what a lever does to an outcome, which the model builds from two links.

    The model takes lever on emotion times emotion on outcome. Chance alone makes the first
    causal; the product is causal only when the second is, and when the lever has no way to
    the outcome past the emotions.

    Parameters
    ----------
    drawn : Diagram
    found : mapping of (exposure, outcome) to Claimed
        The links.
    lever, outcome : str

    Returns
    -------
    Claimed
    """
    emotions = drawn.variables.acting_on(outcome)
    links = [found[lever, emotion] for emotion in emotions]
    links += [found[emotion, outcome] for emotion in emotions]
    weak = [link for link in links if link.level != "causal"]
    past = Dag(
        frozenset(pair for pair in drawn.dag.arrows if pair[0] not in drawn.variables.emotions)
    ).directed_path(lever, outcome)
    if past:
        way = " → ".join(past)
        reason = f"the diagram has a way past the emotions, which the model has not: {way}"
    elif weak:
        first = weak[0]
        reason = f"{first.exposure} on {first.outcome}: {first.reason}"
        if lever in drawn.assumptions.randomised:
            reason = f"what it does to emotions is causal, but {reason}"
    else:
        reason = "lever on emotions and emotions on the outcome are both identified"
    causal = not (past or weak)
    level: Level = "causal" if causal else _without_diagram(drawn, "lever on outcome")
    return Claimed("lever on outcome", lever, outcome, level, reason, frozenset())
