"""Small codebooks and surveys of any shape, without a file."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from emotion_models.models.design import Design, make_design
from emotion_models.models.spec import JourneyModel
from emotion_models.survey.audit import Audit
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.parts import Behaviour
from emotion_models.survey.schema import Arrays, empty_arrays, to_dataset
from emotion_models.survey.survey import Survey

SCALES = {
    "ticked": {"values": [0, 1]},
    "felt": {"values": [0, 1, 2, 3]},
    "agree": {"values": [1, 2, 3, 4, 5]},
}


def places(count: int) -> list[dict[str, Any]]:
    return [{"name": f"t{index}"} for index in range(count)]


def feelings(*names: str, scale: str = "felt") -> list[dict[str, Any]]:
    return [{"name": name, "scale": scale} for name in names]


FULL: dict[str, Any] = {
    "study": {"name": "small"},
    "layout": {"form": "wide", "journey": "visit", "respondent": "person"},
    "scales": SCALES,
    "touchpoints": places(3),
    "emotions": feelings("joy", "anger", "relief"),
    "levers": [
        {"name": "wait", "kind": "numeric", "at": ["t0", "t1"], "minimum": 0, "maximum": 60},
        {"name": "channel", "kind": "categorical", "at": ["t0"], "categories": ["desk", "app"]},
    ],
    "recall": {"scale": "ticked"},
    "remembered": [
        {"name": "overall", "scale": "agree"},
        {"name": "joy_kept", "scale": "felt", "emotion": "joy"},
    ],
    "relationship": [
        {
            "name": "trust",
            "items": [{"name": "trust_1", "scale": "agree"}, {"name": "trust_2", "scale": "felt"}],
        },
        {"name": "commitment", "items": [{"name": "commitment_1", "scale": "agree"}]},
    ],
    "behaviours": [
        {"name": "return", "family": "bernoulli"},
        {"name": "recommend", "family": "ordinal", "scale": "agree"},
        {"name": "visits", "family": "count"},
        {"name": "spend", "family": "amount"},
    ],
    "controls": [{"name": "age", "kind": "numeric", "minimum": 0, "maximum": 100}],
    "segments": {"column": "group", "categories": ["new", "old"]},
    "delay": {"column": "days"},
}
FULL_MODEL = JourneyModel(recall=True, segments=True, priors="literature")


def book(**changes: Any) -> Codebook:
    """The full codebook with whole tables replaced; None leaves a table out."""
    tables = {name: table for name, table in (FULL | changes).items() if table is not None}
    return Codebook.model_validate(tables)


def dataset(codebook: Codebook, *, n: int = 12, per_person: int = 1, seed: int = 1) -> xr.Dataset:
    """Random answers with gaps; touchpoints are skipped and met in any order."""
    rng = np.random.default_rng(seed)
    arrays = empty_arrays(codebook, n)
    _travel(rng, arrays)
    _rate(rng, codebook, arrays)
    _answer(rng, codebook, arrays)
    arrays["respondent"] = np.arange(n) // per_person
    ids = np.arange(n).astype(str)
    return to_dataset(codebook, arrays, ids, arrays["respondent"].astype(str))


def _travel(rng: np.random.Generator, arrays: Arrays) -> None:
    shape = arrays["visited"].shape
    place = np.arange(shape[1])
    visited = rng.random(shape) < 0.8
    visited[:, 0] |= ~visited.any(axis=1)
    order = rng.permuted(np.broadcast_to(place, shape), axis=1).astype(float)
    rank = np.where(visited, order, np.inf).argsort(axis=1).argsort(axis=1)
    arrays["visited"] = visited
    arrays["position"] = np.where(visited, rank, -1).astype(np.int16)


def _rate(rng: np.random.Generator, codebook: Codebook, arrays: Arrays) -> None:
    shape, visited = arrays["rating"].shape, arrays["visited"]
    counts = [codebook.scale_of(item).n_categories for item in codebook.emotion_items]
    asked = visited[:, :, None] & (rng.random(shape) < 0.9)
    arrays["rating"] = np.where(asked, rng.integers(0, counts, shape), -1).astype(np.int8)
    if codebook.recall:
        top = codebook.scales[codebook.recall.scale].n_categories
        ticks = rng.integers(0, top, visited.shape)
        arrays["recall"] = np.where(visited, ticks, -1).astype(np.int8)
    for index, lever in enumerate(codebook.levers):
        raw = rng.integers(0, 2 if lever.kind != "numeric" else 60, visited.shape).astype(float)
        arrays["lever_value"][:, :, index] = np.where(visited, raw, np.nan)


def _answer(rng: np.random.Generator, codebook: Codebook, arrays: Arrays) -> None:
    n = len(arrays["respondent"])

    def ticks(scale: str) -> Any:
        answer = rng.integers(0, codebook.scales[scale].n_categories, n)
        return np.where(rng.random(n) < 0.9, answer, -1)

    for index, item in enumerate(codebook.remembered):
        arrays["remembered"][:, index] = ticks(item.scale)
    for index, part in enumerate(codebook.relationship_items):
        arrays["relationship"][:, index] = ticks(part.scale)
    for index, behaviour in enumerate(codebook.behaviours):
        done = _behave(rng, behaviour, n)
        known = rng.random(n) < 0.9
        arrays["behaviour_value"][:, index] = np.where(known, done, np.nan)
    for index, _ in enumerate(codebook.controls):
        arrays["control_value"][:, index] = rng.normal(40, 10, n)
    if codebook.segments:
        arrays["segment"] = rng.integers(0, len(codebook.segments.categories), n)
        arrays["membership"] = np.eye(len(codebook.segments.categories))[arrays["segment"]]
    if codebook.wave:
        arrays["wave"] = rng.integers(0, len(codebook.wave.categories), n)
    if codebook.delay:
        arrays["delay"] = rng.integers(0, 30, n).astype(float)


def _behave(rng: np.random.Generator, behaviour: Behaviour, n: int) -> Any:
    match behaviour.family:
        case "number":
            return 100 + 20 * rng.standard_t(4, n)
        case "duration":
            return rng.integers(2, 2 * (behaviour.horizon or 2) + 2, n) / 2
    # All are drawn, so that what is answered elsewhere does not depend on the family here.
    draws = {
        "bernoulli": rng.integers(0, 2, n),
        "ordinal": rng.integers(0, 4, n),
        "count": rng.poisson(2, n),
        "amount": rng.integers(0, 2, n) * rng.lognormal(3, 1, n),
    }
    return draws[behaviour.family]


def survey(codebook: Codebook, *, n: int = 12, per_person: int = 1) -> Survey:
    return Survey(codebook, dataset(codebook, n=n, per_person=per_person), Audit("test"))


def design(
    model: JourneyModel, codebook: Codebook, *, n: int = 12, per_person: int = 1, seed: int = 1
) -> Design:
    return make_design(model, codebook, dataset(codebook, n=n, per_person=per_person, seed=seed))
