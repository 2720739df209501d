"""The parts of a codebook that say how the file is laid out and which columns play which role."""

from __future__ import annotations

from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from emotion_models.survey.base import (
    Code,
    Column,
    Label,
    Missing,
    Name,
    Named,
    Part,
    check_labels,
    with_labels,
)

WEIGHT_TOLERANCE: Final = 0.01
"""How far the identity weights of a journey may be from summing to 1: rounding, no more."""

CarelessFlag = Literal["straight_lining", "long_string", "too_fast", "duplicates"]
CARELESS_FLAGS: tuple[CarelessFlag, ...] = (
    "straight_lining",
    "long_string",
    "too_fast",
    "duplicates",
)


class Study(Named):
    """What the data are and where they come from; `journey_word` names one journey in print."""

    description: str = ""
    journey_word: Name = "journey"
    source: str = ""
    licence: str = ""


class Layout(Part):
    """How the file is laid out.

    Parameters
    ----------
    form : {"wide", "long"}
        One row per journey, or one row per journey and touchpoint.
    journey, respondent : column
        Identifiers. Without respondent, every journey is a respondent of its own. With it, a
        journey number need only be unique within the respondent.
    touchpoint, order : column
        Long form only: which touchpoint the row is about, and its position in the journey.
    rating : column pattern
        Default ``"{touchpoint}_{emotion}"`` (wide) or ``"{emotion}"`` (long).
    visited : column pattern, optional
        Yes/no column saying whether the touchpoint was visited.
    all_blank : {"missing", "not_visited"}
        Wide form: what a touchpoint with only blank cells means.
    journeys_file : str, optional
        Long form: file with one row per journey, relative to the codebook.
    sheet : str, optional
        Excel sheet; default: the first.
    """

    form: Literal["wide", "long"]
    journey: Column = Field(min_length=1)
    respondent: Column | None = None
    touchpoint: Column | None = None
    order: Column | None = None
    rating: Column = ""
    visited: Column | None = None
    all_blank: Literal["missing", "not_visited"] = "missing"
    journeys_file: str | None = None
    sheet: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_rating(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("rating"):
            wide = data.get("form") == "wide"
            return {**data, "rating": "{touchpoint}_{emotion}" if wide else "{emotion}"}
        return data

    @model_validator(mode="after")
    def _long_only(self) -> Self:
        if self.form == "long" and not self.touchpoint:
            raise ValueError("form 'long' needs 'touchpoint': the column that names it")
        if self.form == "wide":
            for key in ("touchpoint", "order", "journeys_file"):
                if getattr(self, key) is not None:
                    hint = "; use [order] column" if key == "order" else ""
                    raise ValueError(f"'{key}' is for form 'long' only{hint}")
        return self


class Order(Part):
    """Wide form: column pattern of the position (1 = first) of each visited touchpoint."""

    column: Column = "{touchpoint}_position"


class Duration(Part):
    """Time spent at each touchpoint."""

    column: Column = "{touchpoint}_duration"
    unit: Label = "minutes"


class Segments(Part):
    """Groups of journeys: one column of categories, or identity weights in one column per group.

    Parameters
    ----------
    column : str, optional
        Column that holds the category.
    columns : column names, optional
        Instead of `column`: one column of weights per category, rows summing to 1 (within
        `WEIGHT_TOLERANCE`; they are then scaled to do so exactly).
    categories : codes
        All groups, used or not.
    labels : str, one per category
    context : names of controls, optional
        With `columns`: what makes identities more or less salient in a journey.
    """

    label: Label = "Segment"
    column: Column | None = None
    columns: tuple[Column, ...] = ()
    categories: tuple[Code, ...] = Field(min_length=1)
    labels: tuple[Label, ...] = ()
    context: tuple[str, ...] = ()
    missing: Missing | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_labels(cls, data: Any) -> Any:
        return with_labels(data, "categories")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.context and not self.columns:
            raise ValueError("'context' needs identity weights in 'columns': one group stays one")
        if (self.column is None) == (not self.columns):
            raise ValueError("give either 'column' or 'columns'")
        if self.columns and len(self.columns) != len(self.categories):
            raise ValueError(
                f"{len(self.columns)} 'columns' for {len(self.categories)} 'categories'"
            )
        check_labels(self.categories, self.labels, "categories")
        return self


class Weights(Part):
    """Survey weight of the journey, and what it stands for."""

    column: Column
    meaning: str = ""


class CustomerValue(Part):
    """What the customer is worth, one number a journey, not negative; may be unknown.

    Parameters
    ----------
    column : str
    unit : str
        E.g. ``"EUR a year"``.
    missing : Missing, optional
        Codes of an unknown value; default: the codebook's.
    """

    column: Column
    unit: Label = ""
    missing: Missing | None = None


class Delay(Part):
    """Time between the journey and the answers."""

    column: Column
    unit: Label = "days"


class Date(Part):
    """Date of the journey: ISO 8601, or a strptime `format`."""

    column: Column
    format: str | None = None


class Wave(Part):
    """Wave of a panel, in order."""

    column: Column
    categories: tuple[Code, ...] = Field(min_length=1)
    labels: tuple[Label, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _fill_labels(cls, data: Any) -> Any:
        return with_labels(data, "categories")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_labels(self.categories, self.labels, "categories")
        return self


class Grouping(Part):
    """Sampling cluster or stratum (hotel, interviewer, ...); groups are numbered when read."""

    column: Column


class Careless(Part):
    """What counts as a careless answer; journeys are flagged and counted, not excluded.

    Parameters
    ----------
    exclude : flags
        The explicit rule: journeys with one of these flags are left out.
    minimum_answers : int
        Fewer answers than this are never flagged.
    long_string : int, optional
        Flag runs of this many equal consecutive ratings; default: half of all ratings.
    seconds : column, optional
        Time taken to answer, in seconds.
    minimum_seconds : float, optional
        Faster than this is too fast.
    """

    exclude: tuple[CarelessFlag, ...] = ()
    minimum_answers: int = Field(default=8, ge=2)
    long_string: int | None = Field(default=None, ge=2)
    seconds: Column | None = None
    minimum_seconds: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.seconds is None) != (self.minimum_seconds is None):
            raise ValueError("'seconds' and 'minimum_seconds' go together")
        if "too_fast" in self.exclude and self.seconds is None:
            raise ValueError("excluding 'too_fast' needs 'seconds' and 'minimum_seconds'")
        return self
