"""The variables of a survey's data: their dimensions, types and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from emotion_models.survey.codebook import Codebook
from emotion_models.survey.roles import CARELESS_FLAGS


@dataclass(frozen=True)
class Variable:
    """One variable: its dimensions, dtype and the value that stands for nothing."""

    dims: tuple[str, ...]
    dtype: str
    empty: float | int | bool
    about: str


_SITE = ("journey", "touchpoint")
_RATING = ("journey", "touchpoint", "emotion")
_STATUS = "0 answered, 1 blank, 2 not visited, 3 refused"

VARIABLES: Final[Mapping[str, Variable]] = {
    "rating": Variable(_RATING, "int8", -1, "category index, -1 no answer"),
    "rating_status": Variable(_RATING, "int8", 1, _STATUS),
    "visited": Variable(_SITE, "bool", False, "whether the journey passed the touchpoint"),
    "position": Variable(_SITE, "int16", -1, "rank in the order experienced, -1 not visited"),
    "duration": Variable(_SITE, "float64", np.nan, "in the unit of the codebook"),
    "lever_value": Variable((*_SITE, "lever"), "float64", np.nan, "value, 0/1 or category index"),
    "recall": Variable(_SITE, "int8", -1, "category index, -1 no answer"),
    "recall_status": Variable(_SITE, "int8", 1, _STATUS),
    "remembered": Variable(("journey", "remembered_item"), "int8", -1, "category index"),
    "remembered_status": Variable(("journey", "remembered_item"), "int8", 1, _STATUS),
    "relationship": Variable(
        ("journey", "relationship_item"), "int8", -1, "category index, reversed items turned"
    ),
    "relationship_status": Variable(("journey", "relationship_item"), "int8", 1, _STATUS),
    "behaviour_value": Variable(
        ("journey", "behaviour"),
        "float64",
        np.nan,
        "0/1, category index, number; duration: + 1/2 if not over",
    ),
    "behaviour_status": Variable(("journey", "behaviour"), "int8", 1, _STATUS),
    "control_value": Variable(("journey", "control"), "float64", np.nan, "as lever"),
    "segment": Variable(("journey",), "int64", 0, "index of the segment (of greatest weight)"),
    "membership": Variable(("journey", "segment_name"), "float64", 0.0, "rows sum to 1"),
    "respondent": Variable(("journey",), "int64", 0, "index of the respondent"),
    "weight": Variable(("journey",), "float64", 1.0, "survey weight"),
    "customer_value": Variable(("journey",), "float64", np.nan, "in the unit of the codebook"),
    "delay": Variable(("journey",), "float64", np.nan, "time since the journey"),
    "date": Variable(("journey",), "float64", np.nan, "seconds since 1970-01-01"),
    "wave": Variable(("journey",), "int64", 0, "index of the wave"),
    "cluster": Variable(("journey",), "int64", 0, "number of the sampling cluster"),
    "stratum": Variable(("journey",), "int64", 0, "number of the sampling stratum"),
    "careless": Variable(("journey", "careless_flag"), "bool", False, "flagged as careless"),
}

_SCORE = Variable(_RATING, "float64", np.nan, "position on 0..1, NaN no answer")

Arrays = dict[str, NDArray[Any]]


def variables(book: Codebook) -> dict[str, Variable]:
    """Variables of the surveys of a codebook.

    Where an emotion declares items of its own, ratings have the dimension ``emotion_item``
    instead of ``emotion``; where one is a slider, ``rating_score`` holds the exact positions.

    Parameters
    ----------
    book : Codebook

    Returns
    -------
    dict of str to Variable
    """
    found = dict(VARIABLES)
    if any(book.scale_of(item).kind == "slider" for item in book.emotion_items):
        found["rating_score"] = _SCORE
    if book.several_items:
        found |= {
            name: replace(variable, dims=(*_SITE, "emotion_item"))
            for name, variable in found.items()
            if variable.dims == _RATING
        }
    return found


def coordinates(book: Codebook) -> dict[str, list[str]]:
    """Names along every dimension except journey."""
    items = {"emotion_item": [item.name for item in book.emotion_items]}
    return {
        "touchpoint": book.touchpoint_names,
        "emotion": book.emotion_names,
        **(items if book.several_items else {}),
        "lever": book.lever_names,
        "remembered_item": book.remembered_names,
        "relationship_item": book.relationship_names,
        "behaviour": book.behaviour_names,
        "control": book.control_names,
        "segment_name": book.segment_names,
        "careless_flag": list(CARELESS_FLAGS),
    }


def empty_arrays(book: Codebook, n_journeys: int) -> Arrays:
    """Arrays of every variable, filled with what stands for nothing."""
    sizes = {"journey": n_journeys, **{dim: len(names) for dim, names in coordinates(book).items()}}
    return {
        name: np.full(tuple(sizes[dim] for dim in v.dims), v.empty, dtype=v.dtype)
        for name, v in variables(book).items()
    }


def select(arrays: Arrays, rows: NDArray[Any]) -> Arrays:
    """Take some journeys, or all of them in another order."""
    return {name: values[rows] for name, values in arrays.items()}


def to_dataset(
    book: Codebook, arrays: Arrays, journey_ids: NDArray[Any], respondent_ids: NDArray[Any]
) -> xr.Dataset:
    """Label the arrays.

    Parameters
    ----------
    book : Codebook
    arrays : dict of variable to ndarray
    journey_ids, respondent_ids : ndarray of str, shape (n_journeys,)
        Become coordinates; never saved.
    """
    coords: dict[str, Any] = {
        dim: np.array(names, dtype=str) for dim, names in coordinates(book).items()
    }
    coords["journey_id"] = ("journey", journey_ids.astype(str))
    coords["respondent_id"] = ("journey", respondent_ids.astype(str))
    data = {name: (v.dims, arrays[name], {"about": v.about}) for name, v in variables(book).items()}
    return xr.Dataset(data, coords)
