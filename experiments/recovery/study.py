"""Studies drawn from the model itself: parameters from their priors, then everybody's answers.

Stage by stage, as the generative chain has it: ratings from stage 1, recall and outcomes from
stages 2 to 4 given those ratings. Each stage is the very model that is fitted, with nothing
observed, so that intervals of a right sampler cover the truth as often as they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pymc as pm
import xarray as xr
from pytensor.compile.mode import Mode

from emotion_models.models import priors
from emotion_models.models.chain import PEOPLE, Block, coords, observed_features, stages
from emotion_models.models.design import Design, make_design
from emotion_models.models.elicitation import add_elicitation
from emotion_models.models.outcomes import add_outcomes
from emotion_models.models.recall import add_recall
from emotion_models.models.spec import JourneyModel
from emotion_models.survey import Codebook
from emotion_models.survey.schema import empty_arrays, to_dataset

MODE: Final = Mode(linker="py", optimizer=None)
TABLES: Final[dict[str, Any]] = {
    "study": {"name": "recovery"},
    "layout": {"form": "wide", "journey": "visit"},
    "scales": {"felt": {"values": [0, 1, 2, 3, 4]}, "agree": {"values": [1, 2, 3, 4, 5, 6, 7]}},
    "touchpoints": [{"name": f"touchpoint {t}"} for t in range(4)],
    "emotions": [
        {"name": name, "scale": "felt"} for name in ("joy", "gratitude", "anger", "worry")
    ],
    "levers": [{"name": "wait", "kind": "numeric", "minimum": 0, "maximum": 60}],
    "remembered": [{"name": "overall", "scale": "agree"}],
    "relationship": [
        {"name": "trust", "items": [{"name": f"trust {q}", "scale": "agree"} for q in range(3)]}
    ],
    "behaviours": [
        {"name": "return", "family": "bernoulli"},
        {"name": "recommend", "family": "ordinal", "scale": "agree"},
    ],
}


@dataclass(frozen=True)
class World:
    """A study whose truth is known.

    Parameters
    ----------
    model : JourneyModel
    designs : dict of block to Design
        With the answers of that block.
    truth : dict of block to dict of str to array
        Every variable of the block.
    """

    model: JourneyModel
    designs: dict[Block, Design]
    truth: dict[Block, dict[str, Any]]


def draw_world(model: JourneyModel, tables: Mapping[str, Any], n_journeys: int, seed: int) -> World:
    """Draw a study.

    Parameters
    ----------
    model : JourneyModel
    tables : mapping
        Changes of the codebook `TABLES`; None leaves a table out.
    n_journeys : int
    seed : int

    Returns
    -------
    World
    """
    rng = np.random.default_rng(seed)
    merged = {name: table for name, table in (TABLES | dict(tables)).items() if table is not None}
    codebook = Codebook.model_validate(merged)
    data = _people(codebook, n_journeys, rng)
    empty = make_design(model, codebook, data)
    elicitation = _draw(model, empty, "elicitation", rng)
    asked = data["rating"].to_numpy() >= 0
    rating = np.moveaxis(elicitation["rating"], 2, 0)  # (T, Q, J) -> (J, T, Q)
    data["rating"] = (data["rating"].dims, np.where(asked, rating, -1).astype(np.int8))
    design = make_design(model, codebook, data)
    designs, truth = {}, {}
    for block in stages(model):
        drawn = elicitation if block == "elicitation" else _draw(model, design, block, rng)
        truth[block] = drawn
        designs[block] = _answered(design, block, drawn)
    return World(model, designs, truth)


def _people(codebook: Codebook, n: int, rng: np.random.Generator) -> xr.Dataset:
    """Everybody's journey, levers, group, delay and value; ratings only say where asked."""
    arrays = empty_arrays(codebook, n)
    shape = arrays["visited"].shape
    arrays["visited"][:] = True
    arrays["position"][:] = rng.permuted(np.broadcast_to(np.arange(shape[1]), shape), axis=1)
    top = [codebook.scale_of(item).n_categories for item in codebook.emotions]
    arrays["rating"][:] = rng.integers(0, top, arrays["rating"].shape)
    for index, lever in enumerate(codebook.levers):
        high = 60 if lever.kind == "numeric" else len(lever.categories) or 2
        arrays["lever_value"][:, :, index] = rng.integers(0, high, shape)
    arrays["recall"][:] = rng.integers(0, 2, shape)
    for name in ("remembered", "relationship"):
        arrays[name][:] = rng.integers(0, 2, arrays[name].shape)
    for index, behaviour in enumerate(codebook.behaviours):
        arrays["behaviour_value"][:, index] = _placeholder(behaviour.family, n, rng)
    for index, _ in enumerate(codebook.controls):
        arrays["control_value"][:, index] = rng.normal(size=n)
    if codebook.segments is not None:
        count = len(codebook.segments.categories)
        shares = rng.dirichlet(np.full(count, 0.7), n)
        one_hot = np.eye(count)[rng.integers(0, count, n)]
        arrays["membership"] = shares if codebook.segments.columns else one_hot
        arrays["segment"] = arrays["membership"].argmax(axis=1)
    arrays["respondent"] = np.arange(n)
    arrays["delay"] = rng.gamma(2, 5, n)
    ids = np.arange(n).astype(str)
    data = to_dataset(codebook, arrays, ids, ids)
    return data.assign(customer_value=("journey", rng.lognormal(5, 0.8, n)))


def _placeholder(family: str, n: int, rng: np.random.Generator) -> Any:
    """Answers that only set the scale on which an outcome is measured."""
    draws = {
        "count": rng.poisson(2, n),
        "amount": rng.integers(0, 2, n) * rng.lognormal(3, 1, n),
        "number": rng.normal(size=n),
    }
    return draws.get(family, rng.integers(0, 2, n))


def _draw(
    model: JourneyModel, design: Design, block: Block, rng: np.random.Generator
) -> dict[str, Any]:
    """One joint draw of everything in a block."""
    with pm.Model(coords=coords(model, design)) as free:
        priors.use(model.prior_table)
        match block:
            case "elicitation":
                add_stage_1(model, design)
            case "recall":
                add_recall(design, None)
            case "outcomes":
                add_outcomes(model, design, observed_features(design), observe=False)
    variables = [*free.free_RVs, *free.deterministics]
    values = pm.draw(variables, 1, random_seed=rng, mode=MODE)
    return {v.name: np.asarray(x) for v, x in zip(variables, values, strict=True)}


def add_stage_1(model: JourneyModel, design: Design) -> None:
    """Stage 1 with nothing observed."""
    add_elicitation(design, None)


def _answered(design: Design, block: Block, drawn: dict[str, Any]) -> Design:
    """The design with the answers that were drawn."""
    if block == "elicitation":
        return design
    if block == "recall":
        return replace(design, recall=drawn["recall"].astype(np.int8))
    items = design.items
    ordinal = drawn["answer"].T.astype(np.int8) if "answer" in drawn else items.ordinal
    others = {
        kind: replace(answers, value=drawn[kind].astype(float))
        for kind, answers in items.others.items()
    }
    return replace(design, items=replace(items, ordinal=ordinal, others=others))


def reported(truth: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a block that a reader would want, not their sampling forms."""
    return {
        name: value
        for name, value in truth.items()
        if not name.endswith("_z") and name not in PEOPLE and ":" not in name
    }
