"""What every part of a codebook is made of: names, codes, missing codes and answer scales."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from emotion_models.survey.codes import canonical

RESERVED_NAMES = frozenset({"(all)"})
MAX_CATEGORIES = 120
MAX_BINS = 11


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are not codes; write 1 and 0")
    return value


def _clean_text(text: str) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise ValueError("holds a control character (tab, line break, ...)")
    return text


def _clean_name(text: str) -> str:
    text = _clean_text(text)
    if not text:
        raise ValueError("must not be empty")
    if text in RESERVED_NAMES:
        raise ValueError(f"'{text}' is reserved for results")
    return text


Code = Annotated[int | float | str, BeforeValidator(_no_bool)]
Name = Annotated[str, Field(max_length=80), AfterValidator(_clean_name)]
Label = Annotated[str, Field(max_length=300), AfterValidator(_clean_text)]
Column = Annotated[str, AfterValidator(_clean_text)]


class Part(BaseModel):
    """A frozen piece of a codebook; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Named(Part):
    """A part with a name (used in results) and a label (used in print; default: the name)."""

    name: Name
    label: Label = ""

    @model_validator(mode="before")
    @classmethod
    def _label_from_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("label") and isinstance(data.get("name"), str):
            return {**data, "label": data["name"]}
        return data


class Missing(Part):
    """Codes that stand for an answer that is not there; an empty cell is always blank.

    Parameters
    ----------
    not_visited : codes
        The touchpoint was not part of this journey.
    refused : codes
        Asked, and the person declined or did not know.
    blank : codes
        Further ways of writing an empty cell, e.g. ``"NA"`` or ``-99``.
    """

    not_visited: tuple[Code, ...] = ()
    refused: tuple[Code, ...] = ()
    blank: tuple[Code, ...] = ()


class Scale(Part):
    """An answer scale: its coded values from low to high, and their labels.

    Parameters
    ----------
    values : codes
        All values that can be ticked, in order, used or not. Checkbox: default 0 and 1. Slider:
        `bins` equally spaced values from minimum to maximum, never given by hand.
    labels : str, one per value
        Or a table from value to label; default: the values as text.
    kind : {"ordinal", "checkbox", "slider"}
        A checkbox is ticked or not; a slider takes any number from minimum to maximum.
    minimum, maximum : float
        Ends of a slider.
    bins : int
        Slider: number of categories in which its ordinal likelihood reads it, at most 11.
    blank : code, optional
        Value (or label) that an empty cell stands for, e.g. 0 where only ticks were written.
        Ratings and recall: only at visited touchpoints. Default: an empty cell is no answer.
    missing : Missing, optional
        Replaces the codebook's missing codes for this scale.
    """

    values: tuple[Code, ...] = Field(min_length=2, max_length=MAX_CATEGORIES)
    labels: tuple[Label, ...] = ()
    kind: Literal["ordinal", "checkbox", "slider"] = "ordinal"
    minimum: float | None = None
    maximum: float | None = None
    bins: int | None = Field(default=None, ge=2, le=MAX_BINS)
    blank: Code | None = None
    missing: Missing | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        return with_labels(with_values(data), "values")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_labels(self.values, self.labels, "values")
        if self.kind == "checkbox" and len(self.values) != 2:
            raise ValueError("a checkbox has two 'values': not ticked, ticked")
        if self.kind != "slider":
            for key in ("minimum", "maximum", "bins"):
                if getattr(self, key) is not None:
                    raise ValueError(f"'{key}' is for kind 'slider' only")
        if self.blank is not None and self.kind == "slider":
            raise ValueError("a slider has no 'blank': nobody knows where an untouched one stands")
        if self.blank is not None and self.blank_category is None:
            raise ValueError(f"'blank' is {self.blank!r}, which is not one of its 'values'")
        return self

    @property
    def n_categories(self) -> int:
        """Number of answer categories K."""
        return len(self.values)

    @property
    def blank_category(self) -> int | None:
        """Category that an empty cell stands for; None where it is no answer."""
        if self.blank is None:
            return None
        for words in (self.values, self.labels):
            keys = [canonical(word) for word in words]
            if canonical(self.blank) in keys:
                return keys.index(canonical(self.blank))
        return None

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest number of a scale of numbers; else of its categories from 0.

        Returns
        -------
        low, high : float
            A score s on 0..1 prints as ``low + s * (high - low)``.
        """
        top, first = self.n_categories - 1, self.values[0]
        if self.minimum is not None and self.maximum is not None:
            return self.minimum, self.maximum
        if isinstance(first, (int, float)) and list(self.values) == [
            first + k for k in range(top + 1)
        ]:
            return float(first), float(first) + top
        return 0.0, float(top)


def with_values(data: Any) -> Any:
    """Give a checkbox its two values, and a slider its equally spaced ones."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind == "checkbox" and "values" not in data:
        return {"labels": ["not ticked", "ticked"], **data, "values": [0, 1]}
    if kind != "slider":
        return data
    low, high, bins = data.get("minimum"), data.get("maximum"), data.get("bins", MAX_BINS)
    ends = [end for end in (low, high) if isinstance(end, (int, float))]
    if len(ends) < 2 or not ends[0] < ends[1]:
        raise ValueError("a slider needs 'minimum' and 'maximum', the smaller first")
    if not isinstance(bins, int) or not 2 <= bins <= MAX_BINS:
        return {**data, "values": [0, 1]}  # `bins` has its own fault
    values = [ends[0] + k * (ends[1] - ends[0]) / (bins - 1) for k in range(bins)]
    if list(data.get("values", values)) != values:
        raise ValueError("a slider has no 'values': give 'minimum', 'maximum' and perhaps 'bins'")
    whole = [int(value) if float(value).is_integer() else value for value in values]
    return {**data, "values": whole}


def with_labels(data: Any, codes: str) -> Any:
    """Give every code a label: from a list, a table value -> label, or the code as text."""
    if not isinstance(data, dict) or not isinstance(data.get(codes), (list, tuple)):
        return data
    values = data[codes]
    labels = data.get("labels") or {}
    if isinstance(labels, dict):
        known = {str(value) for value in values}
        unknown = [key for key in labels if str(key) not in known]
        if unknown:
            raise ValueError(f"label for '{unknown[0]}', which is not one of '{codes}'")
        by_text = {str(key): label for key, label in labels.items()}
        labels = [by_text.get(str(value), str(value)) for value in values]
    return {**data, "labels": labels}


def check_labels(codes: tuple[Code, ...], labels: tuple[str, ...], what: str) -> None:
    """Refuse labels that are not one for each code."""
    if len(labels) != len(codes):
        raise ValueError(f"{len(labels)} 'labels' for {len(codes)} '{what}'")


def with_standardisation(data: dict[str, Any]) -> dict[str, Any]:
    """Fill centre and step of a numeric part from its minimum and maximum."""
    low, high = data.get("minimum"), data.get("maximum")
    given = "centre" in data and "step" in data
    if not given and (low is None or high is None):
        raise ValueError("a numeric one needs 'minimum' and 'maximum', or 'centre' and 'step'")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low < high:
        half = {"centre": (low + high) / 2, "step": (high - low) / 2}
        return {**half, **data}
    return data
