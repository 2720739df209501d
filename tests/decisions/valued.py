"""The stored fit with values in its codebook, and what a journey is worth by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from emotion_models.inference import Fit
from emotion_models.survey.codebook import Codebook

VALUES = {"return": 180.0, "complain": -40.0, "spend": 1.0}


def book_of(
    fit: Fit, value: dict[str, Any] | None = None, values: dict[str, float] | None = None
) -> Codebook:
    """The codebook of a fit with values of behaviours and a ``[value]`` table."""
    tables = fit.survey.codebook.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    for behaviour in tables["behaviours"]:
        own = (VALUES if values is None else values).get(behaviour["name"])
        behaviour |= {} if own is None else {"value": own}
    return Codebook.model_validate(tables | ({} if value is None else {"value": value}))


def valued(fit: Fit, value: dict[str, Any] | None = None, **of: float) -> Fit:
    """The fit of a survey whose codebook says what outcomes are worth; nothing cached."""
    return replace(fit, survey=replace(fit.survey, codebook=book_of(fit, value, of or None)))


def with_customers(fit: Fit, worth: np.ndarray, value: dict[str, Any] | None = None) -> Fit:
    """The fit of a survey that also knew what each customer is worth."""
    book = book_of(fit, value and {k: v for k, v in value.items() if k != "margin"})
    tables = book.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    tables |= {"customer_value": {"column": "revenue"}} | ({"value": value} if value else {})
    data = fit.data.assign(customer_value=("journey", np.asarray(worth, dtype=float)))
    survey = replace(fit.survey, codebook=Codebook.model_validate(tables))
    return replace(fit, survey=survey, data=data)
