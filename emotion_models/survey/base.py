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

RESERVED_NAMES = frozenset({"(all)"})
MAX_CATEGORIES = 120


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
        All values that can be ticked, in order, used or not.
    labels : str, one per value
        Or a table from value to label; default: the values as text.
    missing : Missing, optional
        Replaces the codebook's missing codes for this scale.
    """

    values: tuple[Code, ...] = Field(min_length=2, max_length=MAX_CATEGORIES)
    labels: tuple[Label, ...] = ()
    kind: Literal["ordinal"] = "ordinal"
    missing: Missing | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_labels(cls, data: Any) -> Any:
        return with_labels(data, "values")

    @model_validator(mode="after")
    def _one_label_each(self) -> Self:
        check_labels(self.values, self.labels, "values")
        return self

    @property
    def n_categories(self) -> int:
        """Number of answer categories K."""
        return len(self.values)


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
