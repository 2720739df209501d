"""A small study with a behaviour of every family, drawn from the model at known parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from emotion_models.models.chain import generative
from emotion_models.models.design import Design, make_design
from emotion_models.models.spec import JourneyModel
from emotion_models.survey.audit import Audit
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.survey import Survey
from tests.models.builders import book, dataset, feelings, places
from tests.models.graphs import draws

BEHAVIOURS: list[dict[str, Any]] = [
    {"name": "return", "family": "bernoulli"},
    {"name": "recommend", "family": "ordinal", "scale": "agree"},
    {"name": "visits", "family": "count"},
    {"name": "spend", "family": "amount", "unit": "EUR"},
    {"name": "balance", "family": "number", "unit": "points"},
    {"name": "churn", "family": "duration", "event": "left", "horizon": 6, "desirable": False},
]
MODEL = JourneyModel(
    memory=("mean",), salience=False, specific=False, halo=False, elicitation=False
)
TRUTH: dict[str, Any] = {
    "positivity": np.array([1.2, 0.8, 0.6, 0.7, 0.4, 0.9, -1.0]),
    "intercept": np.array([-0.4, 0.6]),
    "count_intercept": np.array([0.2]),
    "count_dispersion": np.array([3.0]),
    "amount_intercept": np.array([0.1]),
    "amount_sd": np.array([0.7]),
    "number_intercept": np.array([0.0]),
    "number_sd": np.array([0.6]),
    "number_df": np.array([4.0]),
    "duration_intercept": np.array([-0.2]),
    "duration_baseline": np.array([[0.8, 0.4, 0.0, -0.2, -0.4, -0.6]]),
}
FROM_DATA = ("level", "centre", "unit")
"""What the rows take from the data at hand; fixed here, so that the truth is what was drawn."""


def codebook() -> Codebook:
    bare = dict.fromkeys(("levers", "recall", "remembered", "relationship", "controls"))
    return book(
        **bare,
        segments=None,
        delay=None,
        touchpoints=places(1),
        emotions=feelings("joy", "anger"),
        behaviours=BEHAVIOURS,
    )


def drawn(n: int, seed: int = 1) -> tuple[Survey, Design, dict[str, Any]]:
    """A survey of n journeys, the design that drew it, and the raw answers by row."""
    asked = codebook()
    data = dataset(asked, n=n, seed=seed)
    start = make_design(MODEL, asked, data)
    with_answers = MODEL.with_options({"elicitation": True})
    chain = pm.do(generative(with_answers, start), TRUTH | _ratings(start))
    names = ["answer", *start.items.others]
    found = dict(zip(names, draws([chain[name] for name in names], 1, seed=seed), strict=True))
    raw: dict[str, Any] = {"recommend": found["answer"][0]}
    for kind, answers in start.items.others.items():
        value = (found[kind] + answers.centre) * answers.unit
        raw |= {start.rows[row].name: value[:, k] for k, row in enumerate(answers.row)}
    values = data["behaviour_value"].to_numpy().copy()
    for k, behaviour in enumerate(asked.behaviours):
        if behaviour.family == "amount":
            values[:, k] = raw["spend: any"] * np.exp(raw["spend: amount"])
        else:
            values[:, k] = raw[behaviour.name]
    # A sixth was last seen earlier than the horizon, whatever they did then.
    seen = np.random.default_rng(seed).choice([2, 6, 6, 6, 6, 6], n) + 0.5
    values[:, -1] = np.minimum(values[:, -1], seen)
    data["behaviour_value"] = data["behaviour_value"].dims, values
    return Survey(asked, data, Audit("test")), start, raw


def _ratings(start: Design) -> dict[str, Any]:
    return {"rating": start.ratings.category.swapaxes(1, 2).astype("int64")}


def at_truth(start: Design, fitted: Design) -> dict[str, Any]:
    """The true parameters where intercepts are relative to the fitted design's levels."""
    found = dict(TRUTH)
    for kind, old in start.items.others.items():
        new = fitted.items.others[kind]
        name = "intercept" if kind == "binary" else f"{kind}_intercept"
        scale = old.unit / new.unit
        found[name] = scale * (TRUTH[name] + old.level) - new.level
        for parameter in ("number_sd",) if kind == "number" else ():
            found[parameter] = scale * TRUTH[parameter]
    return found


def labelled(values: dict[str, Any]) -> xr.Dataset:
    """One posterior draw."""
    return xr.Dataset(
        {
            name: (("sample", *(f"{name}_{axis}" for axis in range(np.ndim(value)))), value[None])
            for name, value in values.items()
        }
    )
