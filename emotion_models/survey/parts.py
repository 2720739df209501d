"""What a codebook describes: touchpoints, emotions, levers, items and behaviours.

Each class is one TOML table. Names are what results are labelled with; columns are where the
answers stand in the file. Patterns may hold ``{touchpoint}``, ``{emotion}``, ``{item}`` and
``{lever}``.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from emotion_models.survey.base import (
    Code,
    Column,
    Label,
    Missing,
    Named,
    Part,
    check_labels,
    with_labels,
    with_standardisation,
)

Kind = Literal["numeric", "binary", "categorical"]
Family = Literal["bernoulli", "ordinal", "count", "amount", "number", "duration"]
MAX_PERIODS = 120


_YES_NO = ("bernoulli", "duration")


class OneColumn(Named):
    """A part that stands in one column of the journeys; default: the column called as its name."""

    column: Column = ""

    @model_validator(mode="before")
    @classmethod
    def _column_from_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("column") and isinstance(data.get("name"), str):
            return {**data, "column": data["name"]}
        return data


class Touchpoint(Named):
    """A station of the journey; `code` is how the file writes it (default: the name)."""

    code: Code = ""

    @model_validator(mode="before")
    @classmethod
    def _code_from_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("code") in (None, ""):
            return {**data, "code": data.get("name", "")}
        return data


class EmotionQuestion(Named):
    """One of several rating items of an emotion.

    Parameters
    ----------
    scale : str
        Name of its scale; default: the emotion's.
    column : str, optional
        Column pattern; default: the emotion's, else ``layout.rating``. A default pattern without
        ``{item}`` takes the item's name in place of ``{emotion}``.
    reversed : bool
        Whether a high answer means little of the emotion; such answers are turned when read.
    """

    scale: str
    column: Column | None = None
    reversed: bool = False


class EmotionItem(Named):
    """One emotion, rated at every visited touchpoint.

    Parameters
    ----------
    scale : str
        Name of its scale. With `items`: of those that name none; then that of the first item,
        on which the emotion is reported.
    column : str, optional
        Column pattern; default: ``layout.rating``.
    valence, arousal : float in -1..1, optional
        Default: the norms in ``emotion_models.science`` by name.
    items : tuple of EmotionQuestion
        Where the emotion is asked by items of their own, one or more; default: one question,
        called as the emotion.
    """

    scale: str
    column: Column | None = None
    items: tuple[EmotionQuestion, ...] = ()
    valence: float | None = Field(default=None, ge=-1, le=1)
    arousal: float | None = Field(default=None, ge=-1, le=1)

    @model_validator(mode="before")
    @classmethod
    def _share_scale(cls, data: Any) -> Any:
        items = data.get("items") if isinstance(data, dict) else None
        if not isinstance(items, (list, tuple)) or not all(isinstance(i, dict) for i in items):
            return data
        shared = {"scale": data["scale"]} if "scale" in data else {}
        own = [{**shared, **item} for item in items]
        first = {"scale": own[0]["scale"]} if own and "scale" in own[0] else {}
        return {**data, "items": own, **first}


class Quantity(Named):
    """A number, a yes/no or a category: base of levers and controls.

    Numeric values enter the model as ``(value - centre) / step``. Without centre and step, the
    middle and half the width of minimum..maximum are taken, so that they never depend on the
    data at hand. For binary, `categories` may name the values of (no, yes).
    """

    kind: Kind
    unit: Label = ""
    minimum: float | None = None
    maximum: float | None = None
    centre: float = 0.0
    step: float = Field(default=1.0, gt=0)
    categories: tuple[Code, ...] = ()
    labels: tuple[Label, ...] = ()
    missing: Missing | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        filled: dict[str, Any] = with_labels(data, "categories")
        if filled.get("kind") == "numeric":
            filled = with_standardisation(filled)
        return filled

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind == "categorical" and len(self.categories) < 2:
            raise ValueError("a categorical one needs its 'categories', two or more")
        if self.kind == "binary" and len(self.categories) not in (0, 2):
            raise ValueError("a binary one has no 'categories', or two: the values of no and yes")
        if self.kind == "numeric" and self.categories:
            raise ValueError("a numeric one has no 'categories'")
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise ValueError("'minimum' must be less than 'maximum'")
        check_labels(self.categories, self.labels, "categories")
        return self


class Lever(Quantity):
    """A design attribute of touchpoints: what a designer can change.

    Parameters
    ----------
    at : touchpoint names
        Where it applies; default: at every touchpoint.
    column : str
        Default ``"{lever}"``. Without ``{touchpoint}`` one column serves all touchpoints in `at`.
    """

    at: tuple[str, ...] = ()

    column: Column = "{lever}"


class Control(Quantity, OneColumn):
    """A characteristic of the respondent or journey to adjust for; column default: its name."""


class Recall(Part):
    """Recalled unprompted (two values) or vividness (more values), per touchpoint."""

    scale: str
    column: Column = "{touchpoint}_recall"


class Item(OneColumn):
    """One question answered on a scale; `reversed` items are turned when read."""

    scale: str
    reversed: bool = False


class RememberedItem(Item):
    """The experience as remembered: overall (`emotion` absent) or one emotion."""

    emotion: str | None = None


class Construct(Named):
    """A relationship construct (trust, commitment, ...) measured by one or more items."""

    items: tuple[Item, ...] = Field(min_length=1)


class Behaviour(OneColumn):
    """What the person then did or says they will do.

    Parameters
    ----------
    family : {"bernoulli", "ordinal", "count", "amount", "number", "duration"}
    scale : str, optional
        For ordinal only.
    categories : two codes, optional
        For bernoulli, and for the event of a duration: the values of (no, yes); default 0/1,
        no/yes, false/true.
    event : column, optional
        For duration only: whether it ended (e.g. the customer left) in the last period
        observed; `column` holds the number of periods observed, 1 or more.
    horizon : int, optional
        For duration only: periods followed; what happens later does not count. Its mean is the
        probability that the event has happened by then.
    desirable : bool
        Whether more of it is good for the organisation.
    value : float, optional
        Value of one unit of it, in `unit` (e.g. euro per return).
    """

    family: Family
    scale: str | None = None
    categories: tuple[Code, ...] = ()
    event: Column | None = None
    horizon: int | None = Field(default=None, ge=2, le=MAX_PERIODS)
    desirable: bool = True
    value: float | None = None
    unit: Label = ""
    missing: Missing | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.family == "ordinal") != (self.scale is not None):
            raise ValueError("'scale' is needed for family 'ordinal', and only there")
        if self.categories and (self.family not in _YES_NO or len(self.categories) != 2):
            raise ValueError("'categories' are the two values of (no, yes) of family 'bernoulli'")
        given = [key for key in ("event", "horizon") if getattr(self, key) is not None]
        if self.family != "duration" and given:
            raise ValueError(f"'{given[0]}' is for family 'duration' only")
        if self.family == "duration" and len(given) < 2:
            raise ValueError(
                "family 'duration' needs 'event', the column that says whether it ended, and "
                "'horizon', the number of periods followed"
            )
        return self
