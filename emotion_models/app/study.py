"""What a fit lets a designer change and see, by the labels of its codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from emotion_models.app.dials import Dial, dial_of, nice_step
from emotion_models.inference.estimands import claim, emotion_span, units
from emotion_models.reporting.anonymity import THRESHOLD, hidden_groups, notice
from emotion_models.reporting.inputs import segment_counts
from emotion_models.reporting.names import Names
from emotion_models.reporting.numbers import capital, plural

if TYPE_CHECKING:
    from emotion_models.inference import Fit

FOCUS: Final = 4
COLOURS: Final = 5


@dataclass(frozen=True)
class Feeling:
    """An emotion: its scale, and how it is drawn."""

    index: int
    name: str
    label: str
    low: float
    high: float
    step: float
    tone: str
    colour: str

    @property
    def reach(self) -> float:
        """Points from one end of its scale to the other."""
        return self.high - self.low


@dataclass(frozen=True)
class Station:
    """A touchpoint and what can be changed there."""

    index: int
    name: str
    label: str
    dials: tuple[Dial, ...]


@dataclass(frozen=True)
class Study:
    """All of it.

    Parameters
    ----------
    label, journey, hash, facts : str
    names : Names
    stations : tuple of Station
    feelings : tuple of Feeling
    segments : tuple of (name, label)
        Large enough to be shown.
    hidden : frozenset of str
        Segments that are not shown.
    hidden_note, segment_label : str
    points : mapping of (touchpoint, emotion) to (mean, lower, upper)
        The curve as observed, without points that too few people rated.
    few : frozenset of (touchpoint, emotion)
        Those points.
    units : mapping of outcome to str
    caution, claim : str
    has_levers : bool
        Whether the fit knows what levers do.
    lever_note : str
        Why not.
    focus : tuple of str
        Emotions in the picture before anything is chosen.
    """

    label: str
    journey: str
    hash: str
    facts: str
    names: Names
    stations: tuple[Station, ...]
    feelings: tuple[Feeling, ...]
    segments: tuple[tuple[str, str], ...]
    hidden: frozenset[str]
    hidden_note: str
    segment_label: str
    points: Mapping[tuple[str, str], tuple[float, float, float]]
    few: frozenset[tuple[str, str]]
    units: Mapping[str, str]
    caution: str
    claim: str
    has_levers: bool
    lever_note: str
    focus: tuple[str, ...]

    @property
    def touchpoints(self) -> tuple[str, ...]:
        """Names of the stations, as surveyed."""
        return tuple(station.name for station in self.stations)

    def station(self, name: str) -> Station | None:
        """The station of a name."""
        return next((station for station in self.stations if station.name == name), None)

    def feeling(self, name: str) -> Feeling | None:
        """The emotion of a name."""
        return next((feeling for feeling in self.feelings if feeling.name == name), None)


def study_of(fit: Fit) -> Study:
    """Read from a fit what the page shows of it.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Study
    """
    codebook, names = fit.survey.codebook, Names.of(fit.survey.codebook)
    curve = fit.emotion_curve()
    few = frozenset(
        (str(row["touchpoint"]), str(row["emotion"]))
        for row in curve.to_dict("records")
        if row["n"] < THRESHOLD
    )
    points = {
        (str(row["touchpoint"]), str(row["emotion"])): (row["mean"], row["lower"], row["upper"])
        for row in curve.to_dict("records")
        if row["n"] >= THRESHOLD
    }
    hidden = hidden_groups(segment_counts(fit))
    has_levers = bool(fit.model.elicitation and codebook.levers)
    feelings = _feelings(fit, names)
    return Study(
        label=codebook.study.label,
        journey=names.journey,
        hash=fit.survey.hash,
        facts=f"{plural(fit.survey.n_journeys, names.journey)}, {_people(fit)}",
        names=names,
        stations=_stations(fit, names, has_levers=has_levers),
        feelings=feelings,
        segments=tuple((s, label) for s, label in names.segments.items() if s not in hidden),
        hidden=hidden,
        hidden_note=notice(hidden, names.segments),
        segment_label=codebook.segments.label if codebook.segments else "",
        points=points,
        few=few,
        units=units(fit) if fit.model.outcomes else {},
        caution=fit.caution,
        claim=claim(fit) if fit.model.outcomes else "association",
        has_levers=has_levers,
        lever_note=_lever_note(fit),
        focus=_focus(feelings, curve),
    )


def _people(fit: Fit) -> str:
    return plural(fit.survey.n_respondents, "respondent")


def _lever_note(fit: Fit) -> str:
    if not fit.survey.codebook.levers:
        return "The codebook of this study names no levers: only feelings can be moved."
    if not fit.model.elicitation:
        return (
            "This fit has no stage 1, so it does not know what levers do to feelings. Only "
            "feelings can be moved; to have levers, fit with elicitation=True."
        )
    return ""


def _feelings(fit: Fit, names: Names) -> tuple[Feeling, ...]:
    found: list[Feeling] = []
    codebook = fit.survey.codebook
    for e, emotion in enumerate(codebook.emotions):
        low, high = emotion_span(fit, emotion.name)
        slider = codebook.scale_of(emotion).kind == "slider"
        valence = float(fit.design.valence[e])
        tone = "neutral" if abs(valence) < 0.1 else "pleasant" if valence > 0 else "unpleasant"
        step = nice_step((high - low) / 40) if slider else 1.0
        mates = sum(other.tone == tone for other in found)
        found.append(
            Feeling(
                e, emotion.name, capital(names.emotions[emotion.name]), low, high, step, tone,
                f"{tone[0]}{mates % COLOURS}",
            )
        )  # fmt: skip
    return tuple(found)


def _focus(feelings: tuple[Feeling, ...], curve: Any) -> tuple[str, ...]:
    """The emotions that differ most along the journey: two pleasant, two unpleasant."""
    means = curve.groupby("emotion", sort=False)["mean"]
    spread = (means.max() - means.min()).to_dict()
    ranked = sorted(feelings, key=lambda f: -spread.get(f.name, 0.0) / (f.reach or 1))
    chosen = [f for tone in ("pleasant", "unpleasant") for f in _first(ranked, tone)]
    chosen = chosen or ranked[:FOCUS]
    return tuple(f.name for f in feelings if f in chosen)


def _first(ranked: list[Feeling], tone: str) -> list[Feeling]:
    return [f for f in ranked if f.tone == tone][: FOCUS // 2]


def _stations(fit: Fit, names: Names, *, has_levers: bool) -> tuple[Station, ...]:
    codebook = fit.survey.codebook
    return tuple(
        Station(
            index=t,
            name=touchpoint.name,
            label=capital(names.touchpoints[touchpoint.name]),
            dials=tuple(
                dial_of(fit, lever, index, t)
                for index, lever in enumerate(codebook.levers)
                if has_levers and touchpoint.name in codebook.lever_sites(lever)
            ),
        )
        for t, touchpoint in enumerate(codebook.touchpoints)
    )
