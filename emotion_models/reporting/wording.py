"""Words for findings, keyed by claim level and certainty. Plain English; no tests, no verdicts."""

from __future__ import annotations

from typing import Final, Literal

Level = Literal["association", "adjusted", "causal"]
Certainty = Literal["near certain", "very likely", "likely", "leaning", "unclear"]

LEVELS: Final[tuple[Level, ...]] = ("association", "adjusted", "causal")
LEVEL_WORDS: Final[dict[Level, str]] = {
    "association": "association (the two go together; nothing is said about why)",
    "adjusted": "adjusted association (it holds with the measured controls taken into account; an "
    "unmeasured cause may remain)",
    "causal": "causal effect (as far as randomisation or the declared causal diagram warrants)",
}

# Probability of the direction from which each word may be used.
CERTAINTY_FROM: Final[tuple[tuple[float, Certainty], ...]] = (
    (0.99, "near certain"),
    (0.95, "very likely"),
    (0.90, "likely"),
    (0.75, "leaning"),
    (0.0, "unclear"),
)
ADVERBS: Final[dict[Certainty, str]] = {
    "near certain": "almost certainly ",
    "very likely": "very probably ",
    "likely": "probably ",
    "leaning": "perhaps ",
    "unclear": "",
}
EFFECT: Final[dict[Level, str]] = {
    "association": "More {emotion} {adverb}goes with {direction} {outcome}: {amount} per point.",
    "adjusted": "Other things measured being equal, more {emotion} {adverb}goes with {direction} "
    "{outcome}: {amount} per point.",
    "causal": "More {emotion} {adverb}leads to {direction} {outcome}: {amount} per point.",
}
EFFECT_UNCLEAR: Final[str] = (
    "The data do not tell whether more {emotion} goes with higher or lower {outcome}."
)
CONTRAST: Final[dict[Level, str]] = {
    "association": "{start} and {second} are both {tone} but {adverb}not alike: on {outcome}, one "
    "more point of {first} goes with {one}, of {second} with {two}.",
    "adjusted": "{start} and {second} are both {tone} but {adverb}not alike: on {outcome}, one "
    "more point of {first} goes with {one}, of {second} with {two}, other things measured being "
    "equal.",
    "causal": "{start} and {second} are both {tone} but {adverb}not alike: one more point of "
    "{first} moves {outcome} by {one}, of {second} by {two}.",
}
CHANGE: Final[dict[Level, str]] = {
    "association": "In {journeys} like the changed ones, {outcome} is {adverb}{direction}: "
    "from {before} to {after}.",
    "adjusted": "Other things measured being equal, {outcome} would {adverb}be {direction}: "
    "from {before} to {after}.",
    "causal": "The change would {adverb}make {outcome} {direction}: from {before} to {after}.",
}
CHANGE_UNCLEAR: Final[str] = (
    "The data do not tell whether the change moves {outcome} up or down: from {before} to {after}."
)


def level(name: str) -> Level:
    """Read a claim level; an unknown one counts as the weakest.

    Parameters
    ----------
    name : str
        As in the ``claim`` column of results.

    Returns
    -------
    {"association", "adjusted", "causal"}
    """
    return next((item for item in LEVELS if item == name), "association")


def weakest(names: list[str]) -> Level:
    """Weakest claim level among results: the level of a statement that rests on all of them."""
    return min((level(name) for name in names), key=LEVELS.index, default="association")


def levels_in_words(names: list[str]) -> str:
    """Say what the claim levels of some results mean, and that they differ where they do."""
    present = [item for item in LEVELS if item in {level(name) for name in names}]
    words = "; ".join(LEVEL_WORDS[item] for item in present)
    return words if len(present) == 1 else f"each what its own finding says: {words}"


def certainty(probability: float) -> Certainty:
    """Word for the probability of a direction; NaN is unclear."""
    return next((word for start, word in CERTAINTY_FROM if probability >= start), "unclear")
