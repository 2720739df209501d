"""`JourneyModel`: what to estimate, as a frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from emotion_models.errors import InputProblems, Problem, did_you_mean, expected
from emotion_models.models.groups import Invariance
from emotion_models.models.overrides import NONE, Overrides, table_with
from emotion_models.models.prior import Prior
from emotion_models.models.ratings import read_ratings
from emotion_models.models.told_apart import memory_told_apart
from emotion_models.science.equations.memory import FEATURES, Feature, Peak
from emotion_models.survey import Survey

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Priors = Literal["weak", "literature"]
Scoring = Literal["linear", "asymmetric", "monotonic"]
USUAL: Final[tuple[Feature, ...]] = ("mean", "peak", "end", "first")
"""Features of memory that are estimated unless others are named."""
Missing = Literal["available", "impute"]
YES_OR_NO: Final = "use True or False; as text true or false, yes or no, on or off"

VARIANTS: Final[dict[str, str]] = {
    "valence-only": "every emotion acts by its valence alone (tau = 0)",
    "mean-only": "memory is the plain average",
    "peak-end": "memory is the most intense and the last moment",
    "end-only": "memory is the last moment",
    "first-only": "memory is the first moment",
    "trend-only": "memory is the average in which later moments weigh more",
    "all-features": "mean, peak, end and first, weights estimated",
    "with-trend": "mean, peak, end, first and trend, weights estimated",
    "peak-moment": "the peak of every emotion is at the most intense moment of all",
}
_RULES: Final[dict[str, tuple[Feature, ...]]] = {
    "mean-only": ("mean",),
    "peak-end": ("peak", "end"),
    "end-only": ("end",),
    "first-only": ("first",),
    "trend-only": ("trend",),
    "all-features": USUAL,
    "with-trend": FEATURES,
}
_OTHERS: Final[dict[str, dict[str, Any]]] = {
    "valence-only": {"specific": False},
    "peak-moment": {"peak": "moment"},
}


class JourneyModel(BaseModel):
    """The emotion model of a journey: levers, emotions, memory, relationship, behaviour.

    Parameters
    ----------
    memory : tuple of {"mean", "peak", "end", "first", "trend"}
        Features that remembered emotion is a weighted average of; also as ``"mean+peak"``.
    peak : {"emotion", "moment"}
        Whether the peak of an emotion is where it was strongest itself, or its rating at the
        most intense moment of all emotions.
    memory_by_segment : bool
        Whether segments weigh the features differently, partially pooled.
    fading : bool
        Whether remembered emotion fades with the delay of the answers, negative and positive
        emotions each at a rate of its own.
    scoring : {"linear", "asymmetric", "monotonic"}
        Whether the steps between answer categories are equal, differ below and above the middle
        of the scale, or are all estimated; pooled over emotions, the same for all outcomes.
    salience : bool
        Whether touchpoints may weigh differently in the mean.
    specific : bool
        Whether each emotion has an effect of its own beyond its valence.
    priors : {"weak", "literature"}
        Whether published directions (`em.directions`) enter as small, uncertain prior means.
    halo : bool
        Whether the person's style of answering is a control in stages 3 and 4.
    elicitation : bool
        Stage 1: levers and halo on the ratings.
    recall : bool
        Stage 2's recall of touchpoints.
    outcomes : bool
        Remembered ratings, relationship and behaviour.
    segments : bool
        Whether effects differ by segment, partially pooled.
    by_touchpoint : bool
        Whether the effect of an emotion differs by the touchpoint where it was felt.
    levers_by_segment : bool
        Whether levers move segments differently, partially pooled.
    moderator : {"none", "value"}
        Whether effects change with the value of the customer.
    respondents : bool
        Respondent effects: several journeys of the same person.
    overrides : mapping of str to Prior
        Priors instead of those of the table, by its names (``fit.priors_table()``), e.g.
        ``{"positivity": em.Prior.normal(0, 1)}``.
    weighted : bool
        Whether survey weights enter the likelihood (each journey's raised to its weight, scaled
        to Kish's effective size) and not only the averages. What weights mean for respondent
        effects and construct residuals is an open question, see docs/model.md.
    invariance : {"none", "segment", "wave"}
        Groups in which single items of a construct may be answered differently.
    missing : {"available", "impute"}
        What becomes of ratings not given at visited touchpoints: left out of the memory
        features, or imputed several times from stage 1 and the outcomes, the fits pooled.
    imputations : int
        Completed data sets; only where `missing` is ``"impute"``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory: tuple[Feature, ...] = Field(default=USUAL, min_length=1)
    peak: Peak = "emotion"
    memory_by_segment: bool = False
    fading: bool = False
    scoring: Scoring = "linear"
    salience: bool = True
    specific: bool = True
    priors: Priors = "weak"
    halo: bool = True
    elicitation: bool = True
    recall: bool = False
    outcomes: bool = True
    segments: bool = False
    by_touchpoint: bool = False
    levers_by_segment: bool = False
    moderator: Literal["none", "value"] = "none"
    respondents: bool = False
    weighted: bool = False
    invariance: Invariance = "none"
    overrides: Overrides = NONE
    missing: Missing = "available"
    imputations: int = Field(default=5, ge=2)

    @property
    def prior_table(self) -> Mapping[str, Prior]:
        """Prior of every parameter that a model can have, overrides included."""
        return table_with(self.overrides)

    @field_validator("memory", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        return _read_memory(value) if isinstance(value, str) else value

    @field_validator("memory")
    @classmethod
    def _in_order(cls, value: tuple[Feature, ...]) -> tuple[Feature, ...]:
        return tuple(feature for feature in FEATURES if feature in value)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.peak == "moment" and self.scoring != "linear":
            raise ValueError(
                "peak 'moment' needs scoring 'linear': which moment was the most intense must be "
                "known before the steps between categories are estimated"
            )
        for name in ("memory_by_segment", "levers_by_segment"):
            if getattr(self, name) and not self.segments:
                raise ValueError(f"'{name}' needs 'segments'")
        return self

    @classmethod
    def for_survey(
        cls,
        survey: Survey,
        *,
        memory: str = "mean+peak+end+first",
        priors: Priors = "weak",
        halo: bool = True,
        specific: bool = True,
        salience: bool = True,
        elicitation: bool = True,
    ) -> Self:
        """Choose the stages that a survey can inform, and of memory what it can tell apart.

        Parameters
        ----------
        survey : Survey
        memory : str
            Memory features joined by ``+``.
        priors, halo, specific, salience, elicitation
            See the class.

        Returns
        -------
        JourneyModel

        Raises
        ------
        InputProblems
            If a memory feature is unknown, or the survey has nothing to explain.
        """
        expected("model", "survey", survey, Survey, "give what em.read_survey returns")
        expected("model", "memory", memory, str, "use e.g. 'mean+peak+end+first'")
        features = _read_memory(memory)
        data, codebook = survey.data, survey.codebook
        told, salience_told = memory_told_apart(read_ratings(codebook, data), features)
        has_outcomes = bool(codebook.remembered or codebook.relationship or codebook.behaviours)
        if not (has_outcomes or elicitation or codebook.recall):
            fix = "describe outcomes or levers"
            raise InputProblems("model", [Problem("survey", "no stage left to estimate", fix)])
        return cls(
            memory=told,
            salience=salience and salience_told,
            specific=specific and len(codebook.emotions) > 1,
            priors=priors,
            halo=halo,
            elicitation=elicitation,
            recall=codebook.recall is not None,
            outcomes=has_outcomes,
            segments=codebook.segments is not None and len(codebook.segments.categories) > 1,
            respondents=survey.n_journeys > survey.n_respondents > 1,
        )

    def with_options(self, options: Mapping[str, Any]) -> Self:
        """Return this model with some fields set, e.g. ``{"specific": False}``.

        Parameters
        ----------
        options : mapping of str to value
            Names and values of fields, see the class.

        Returns
        -------
        JourneyModel

        Raises
        ------
        InputProblems
            With every unknown name and every value that a field does not take.
        """
        expected("model", "options", options, Mapping, "give names and values, {'halo': False}")
        try:
            return type(self).model_validate({**self.model_dump(), **options})
        except ValidationError as error:
            fields = list(type(self).model_fields)
            raise InputProblems(
                "model", [p for e in error.errors() for p in _option_problems(e, fields)]
            ) from None

    def variant(self, name: str) -> Self:
        """Return this model with one thing changed, for comparison.

        Parameters
        ----------
        name : str
            A key of `VARIANTS`.

        Returns
        -------
        JourneyModel

        Raises
        ------
        InputProblems
            If there is no such variant.
        """
        if name in _OTHERS:
            return self.model_copy(update=_OTHERS[name])
        if name not in _RULES:
            fix = did_you_mean(name, list(VARIANTS))
            raise InputProblems("comparison", [Problem(f"variant '{name}'", "unknown", fix)])
        rule = _RULES[name]
        several = len(rule) > 1 and "mean" in rule
        return self.model_copy(update={"memory": rule, "salience": self.salience and several})


def _option_problems(error: ErrorDetails, fields: list[str]) -> Iterable[Problem]:
    """Say of one refused option which it is and what would be taken."""
    name = ".".join(map(str, error["loc"]))
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, InputProblems):
        inside = f"option '{name}': " if len(error["loc"]) > 1 else ""
        return (replace(problem, where=inside + problem.where) for problem in cause.problems)
    if error["type"] == "extra_forbidden":
        return (Problem(f"option '{name}'", "unknown", did_you_mean(name, fields)),)
    if error["loc"] == ():
        return (Problem("options", error["msg"].removeprefix("Value error, ")),)
    fix = YES_OR_NO if error["type"].startswith("bool") else error["msg"]
    return (Problem(f"option '{name}'", f"{error['input']!r} is not possible", fix),)


def _read_memory(text: str) -> tuple[Feature, ...]:
    """Read ``"mean+peak"`` into features, in canonical order."""
    asked = [part.strip() for part in text.split("+") if part.strip()]
    problems = [
        Problem(f"memory feature '{part}'", "unknown", did_you_mean(part, FEATURES))
        for part in asked
        if part not in FEATURES
    ]
    if not asked:
        problems = [Problem("memory", "no feature named", "use e.g. 'mean+peak+end+first'")]
    if problems:
        raise InputProblems("model", problems)
    return tuple(feature for feature in FEATURES if feature in asked)
