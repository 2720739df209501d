"""What the page says of a simulation: numbers and words per outcome, from its draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.intervals import LOWER, PROBABILITY, UPPER
from emotion_models.reporting.numbers import (
    capital,
    digits_for,
    number,
    percent,
    signed,
    unit,
)
from emotion_models.reporting.wording import LEVEL_WORDS, level

if TYPE_CHECKING:
    from emotion_models.app.study import Study
    from emotion_models.simulation import Simulation

Floats = NDArray[np.float64]
OF_100: Final = "probability"
HEADINGS: Final = {
    "association": "What goes along with this change",
    "adjusted": "What goes along with this change, other things measured being equal",
    "causal": "What this change would do",
}
SAME: Final = 1e-12


@dataclass(frozen=True)
class Line:
    """One outcome, of everybody or of one segment.

    Parameters
    ----------
    outcome, label, segment : str
        `segment` is its label; empty for everybody.
    now, after : str
        Levels, printed.
    amount : str
        The difference, printed, e.g. ``"+4"``.
    unit : str
        What it is counted in, e.g. ``"of 100 stays"``.
    words : str
        All of it as one sentence.
    sure : str
        Interval and chance of harm.
    harm : str
        Chance of harm.
    direction : {"better", "worse", "open", "same"}
        `open` where the interval covers zero.
    claim : str
    draws, ordered : array, shape (S,)
        Of the difference, in printed units; as drawn, and sorted.
    sign : int
        -1 where less is better.
    """

    outcome: str
    label: str
    segment: str
    claim: str
    draws: Floats
    ordered: Floats
    sign: int
    now: str = ""
    after: str = ""
    amount: str = ""
    unit: str = ""
    words: str = ""
    sure: str = ""
    harm: str = ""
    direction: str = "same"

    @property
    def mean(self) -> float:
        """Of the difference."""
        return float(self.draws.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """Of the difference."""
        return quantile(self.ordered, LOWER), quantile(self.ordered, UPPER)

    @property
    def p_harm(self) -> float:
        """Chance that the difference goes the wrong way."""
        return float((self.sign * self.draws < -SAME).mean())


@dataclass(frozen=True)
class Findings:
    """Everything said of one simulation.

    Parameters
    ----------
    heading, claim : str
    lines : tuple of Line
        Everybody.
    groups : mapping of outcome to lines
        Per segment that may be shown.
    warnings : tuple of str
    caution : str
    changed : bool
        Whether anything is changed at all.
    """

    heading: str
    claim: str
    lines: tuple[Line, ...]
    groups: dict[str, tuple[Line, ...]]
    warnings: tuple[str, ...]
    caution: str
    changed: bool


def findings_of(study: Study, simulation: Simulation, *, by_segment: bool = True) -> Findings:
    """Put a simulation into words.

    Parameters
    ----------
    study : Study
    simulation : Simulation
    by_segment : bool
        Whether also within segments.

    Returns
    -------
    Findings
    """
    lines, groups = [], {}
    shown = dict(study.segments)
    for o, outcome in enumerate(simulation.outcomes):
        lines.append(_line(study, simulation, o, 0))
        groups[outcome] = tuple(
            _line(study, simulation, o, g)
            for g, segment in enumerate(simulation.segments)
            if by_segment and g > 0 and segment in shown
        )
    claim = level(simulation.claim)
    return Findings(
        heading=HEADINGS[claim],
        claim=LEVEL_WORDS[claim],
        lines=tuple(lines),
        groups=groups,
        warnings=tuple(simulation.warnings),
        caution=simulation.caution,
        changed=bool(simulation.change.steps),
    )


def _line(study: Study, whole: Simulation, o: int, g: int) -> Line:
    outcome = whole.outcomes[o]
    size = unit(whole.units[outcome])
    before, after = whole.before[o, g], whole.after[o, g]
    draws = size.factor * (after - before)
    line = Line(
        outcome=outcome,
        label=capital(study.names.outcomes.get(outcome, outcome)),
        segment="" if g == 0 else study.names.segments.get(whole.segments[g], whole.segments[g]),
        claim=level(whole.claims.get(outcome, whole.claim)),
        draws=draws,
        ordered=np.sort(draws),
        sign=1 if whole.desirable[outcome] else -1,
    )
    counted = f"of 100 {_many(study.journey)}" if whole.units[outcome] == OF_100 else ""
    levels = [size.factor * (float(x.mean()) + whole.starts[outcome]) for x in (before, after)]
    return _worded(line, counted or whole.units[outcome], levels, size.level == "%")


def _worded(line: Line, counted: str, levels: list[float], is_share: bool) -> Line:
    """Put the numbers of an outcome into words."""
    low, high = line.interval
    if max(abs(line.ordered[0]), abs(line.ordered[-1])) <= SAME:
        shown = [_level(x, 1, is_share) for x in levels]
        words = f"{line.label}: no change"
        return replace(line, now=shown[0], after=shown[1], amount="no change", words=words)
    digits = _digits(line.mean, low, high, counted)
    amount, harm = signed(line.mean, digits), chance(line.p_harm, line.draws.size)
    between = f"between {signed(low, digits)} and {signed(high, digits)}"
    sure = f"{PROBABILITY:.0%} {between}; chance of harm {harm}"
    shown = [_level(x, digits, is_share) for x in levels]
    return replace(
        line, now=shown[0], after=shown[1], amount=amount, unit=counted, sure=sure, harm=harm,
        words=f"{line.label}: {amount} {counted}, {sure}.",
        direction="open" if low <= 0 <= high else _good(line.mean * line.sign),
    )  # fmt: skip


def _level(value: float, digits: int, is_share: bool) -> str:
    return number(value, digits if is_share else max(digits, 1)) + ("%" if is_share else "")


def quantile(ordered: Floats, share: float) -> float:
    """Quantile of sorted draws, linear between them, as NumPy's."""
    at = share * (ordered.size - 1)
    low = int(at)
    high = min(low + 1, ordered.size - 1)
    return float(ordered[low] + (at - low) * (ordered[high] - ordered[low]))


def _good(gain: float) -> str:
    return "better" if gain > 0 else "worse"


def _digits(mean: float, low: float, high: float, counted: str) -> int:
    """Whole people of a hundred, unless the difference is smaller than two."""
    if counted.startswith("of 100"):
        return 0 if abs(mean) >= 2 else 1
    return digits_for(mean) if abs(mean) > SAME else digits_for(high - low)


def chance(share: float, draws: int) -> str:
    """A probability from so many draws, never more exact than they are."""
    least = max(0.01, 1 / max(draws, 1))
    if share < least:
        return f"less than {percent(least)}"
    if share > 1 - least:
        return f"more than {percent(1 - least)}"
    return percent(share)


def _many(word: str) -> str:
    irregular = word.endswith("y") and word[-2:-1] not in "aeiou"
    return f"{word[:-1]}ies" if irregular else f"{word}s"


def in_short(found: Findings) -> str:
    """One sentence for those who hear the page: what changed most."""
    clear = [line for line in found.lines if line.direction in {"better", "worse"}]
    if not found.changed:
        return "Nothing is changed yet."
    if not clear:
        return "No outcome clearly moves."
    return " ".join(line.words for line in clear[:2])


def density(draws: Floats, low: float, high: float, *, points: int = 72) -> Floats:
    """Smooth density of draws on an even grid, its top at 1.

    Parameters
    ----------
    draws : array, shape (S,)
    low, high : float
    points : int

    Returns
    -------
    array, shape (points,)
    """
    counts = np.histogram(draws, bins=points, range=(low, high))[0].astype(float)
    width = (high - low) / points
    spread = 1.06 * max(float(draws.std()), width) * draws.size ** (-0.2) / width
    reach = max(1, min(points, int(4 * spread)))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(spread, 0.6)) ** 2)
    # Mirrored ends keep what lies at the edge from leaking away.
    smooth = np.convolve(np.pad(counts, reach, mode="symmetric"), kernel, mode="valid")
    top = smooth.max()
    found: Floats = smooth / top if top > 0 else smooth
    return found


def span_of(lines: list[Line]) -> tuple[float, float]:
    """Axis that holds the draws of some lines and zero, with a little room."""
    ends = [0.0]
    for line in lines:
        ends += [quantile(line.ordered, 0.005), quantile(line.ordered, 0.995)]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room
