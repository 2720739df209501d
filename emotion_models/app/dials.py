"""A lever at a touchpoint: what it is today, and the slider that moves it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from emotion_models.reporting.anonymity import THRESHOLD
from emotion_models.reporting.numbers import capital

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.survey.parts import Lever

STEPS: Final = 60


@dataclass(frozen=True)
class Dial:
    """A lever at a touchpoint.

    Parameters
    ----------
    index : int
        Among the levers of the codebook.
    name, label, kind, unit : str
    low, high, step : float
        Of the slider of a numeric lever.
    today : float or None
        Mean of a numeric lever, share of yes of a binary one; None where too few were there.
    options : tuple of (value, label)
        Of a binary or categorical lever.
    """

    index: int
    name: str
    label: str
    kind: str
    unit: str
    low: float
    high: float
    step: float
    today: float | None
    options: tuple[tuple[str, str], ...]


def dial_of(fit: Fit, lever: Lever, index: int, t: int) -> Dial:
    """A lever at a touchpoint, with a slider that fits it."""
    today, spread = _today(fit, index, t)
    low, high, step = _range(lever, today, spread)
    options: tuple[tuple[str, str], ...] = ()
    if lever.kind == "binary":
        options = (("0", "No"), ("1", "Yes"))
    elif lever.kind == "categorical":
        options = tuple(
            (str(value), label) for value, label in zip(lever.categories, lever.labels, strict=True)
        )
    shown = None if lever.kind == "categorical" else today
    return Dial(
        index,
        lever.name,
        capital(lever.label),
        lever.kind,
        lever.unit,
        low,
        high,
        step,
        shown,
        options,
    )


def _today(fit: Fit, index: int, t: int) -> tuple[float | None, float]:
    """Weighted mean and spread of a lever at a touchpoint, where enough people were there."""
    values = fit.data["lever_value"].isel(lever=index, touchpoint=t).to_numpy()
    known = np.isfinite(values) & fit.data["visited"].isel(touchpoint=t).to_numpy()
    if np.unique(fit.design.respondent[known]).size < THRESHOLD:
        return None, 0.0
    weight = fit.design.weight[known]
    mean = float(np.average(values[known], weights=weight))
    return mean, float(np.sqrt(np.average((values[known] - mean) ** 2, weights=weight)))


def _range(lever: Lever, today: float | None, spread: float) -> tuple[float, float, float]:
    """Ends and step of a slider: the codebook's, never the smallest and largest answer."""
    centre = lever.centre if today is None else today
    reach = 3 * (spread or lever.step)
    low = lever.minimum if lever.minimum is not None else centre - reach
    high = lever.maximum if lever.maximum is not None else centre + reach
    step = nice_step((high - low) / STEPS)
    if lever.minimum is None:
        low = math.floor(low / step) * step
    if lever.maximum is None:
        high = math.ceil(high / step) * step
    return round(low, 10), round(high, 10), step


def nice_step(size: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that is next to a size."""
    if not (math.isfinite(size) and size > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(size))
    best = min((1, 2, 5, 10), key=lambda k: abs(math.log(k * power / size)))
    return float(f"{best * power:.10g}")
