"""Studies drawn from the model itself: parameters from their priors, then everybody's answers.

Stage by stage, as the generative chain has it: ratings from stage 1, recall and outcomes from
stages 2 to 4 given those ratings. Each stage is the very model that is fitted, with nothing
observed, so that intervals of a right sampler cover the truth as often as they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pymc as pm
import xarray as xr
from pytensor.compile.mode import Mode

from emotion_models.models import priors
from emotion_models.models.chain import coords, observed_features
from emotion_models.models.design import Design, make_design
from emotion_models.models.elicitation import add_elicitation
from emotion_models.models.outcomes import add_outcomes
from emotion_models.models.recall import add_recall
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import PEOPLE, Block, is_part, stages
from emotion_models.survey import Codebook
from emotion_models.survey.parts import Behaviour
from emotion_models.survey.schema import Arrays, empty_arrays, to_dataset

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


OUTCOMES: Final = {
    "remembered": "remembered_item",
    "relationship": "relationship_item",
    "behaviour_value": "behaviour",
}
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
SEEN_SHORTLY: Final = 2.5
"""Until when every sixth journey is followed, in periods; the others to the horizon."""


@dataclass(frozen=True)
class Setting:
    """What is known of a study before anybody answers.

    Parameters
    ----------
    tables : mapping
        Changes of the codebook `TABLES`; None leaves a table out.
    per_person : int
        Journeys of each respondent.
    skipped : float
        Chance that a journey does not pass a touchpoint.
    """

    tables: Mapping[str, Any] = field(default_factory=dict)
    per_person: int = 1
    skipped: float = 0.0


@dataclass(frozen=True)
class World:
    """A study whose truth is known.

    Parameters
    ----------
    model : JourneyModel
    codebook : Codebook
    data : xarray.Dataset
        Ratings as they were drawn; of outcomes ticks on scales, yes and no.
    designs : dict of block to Design
        With the answers of that block.
    truth : dict of block to dict of str to array
        Every variable of the block.
    """

    model: JourneyModel
    codebook: Codebook
    data: xr.Dataset
    designs: dict[Block, Design]
    truth: dict[Block, dict[str, Any]]


def draw_world(
    model: JourneyModel,
    setting: Setting,
    n_journeys: int,
    seed: int,
    fixed: Mapping[str, Any] = NOTHING,
) -> World:
    """Draw a study.

    Parameters
    ----------
    model : JourneyModel
    setting : Setting
    n_journeys : int
    seed : int
    fixed : mapping of str to array, optional
        Variables of what follows the ratings that are set to these values instead of drawn.

    Returns
    -------
    World
    """
    rng = np.random.default_rng(seed)
    tables = TABLES | dict(setting.tables)
    codebook = Codebook.model_validate({n: t for n, t in tables.items() if t is not None})
    data = _people(codebook, setting, n_journeys, rng)
    empty = make_design(model, codebook, data)
    elicitation = draw_block(model, empty, "elicitation", rng)
    data = with_ratings(data, codebook, elicitation["rating"])
    design = make_design(model, codebook, data)
    designs, truth = {}, {}
    for block in stages(model):
        drawn = elicitation
        if block != "elicitation":
            drawn = draw_block(model, design, block, rng, fixed)
        truth[block] = drawn
        designs[block] = _answered(design, block, drawn)
    if "outcomes" in designs:
        data = _with_outcomes(data, designs["outcomes"])
    return World(model, codebook, data, designs, truth)


def _people(codebook: Codebook, setting: Setting, n: int, rng: np.random.Generator) -> xr.Dataset:
    """Everybody's journey, levers, group, delay and value; ratings only say where asked."""
    arrays = empty_arrays(codebook, n)
    shape = arrays["visited"].shape
    arrays["visited"][:] = True
    arrays["position"][:] = rng.permuted(np.broadcast_to(np.arange(shape[1]), shape), axis=1)
    top = [codebook.scale_of(item).n_categories for item in codebook.emotion_items]
    arrays["rating"][:] = rng.integers(0, top, arrays["rating"].shape)
    _background(codebook, arrays, rng)
    for index, behaviour in enumerate(codebook.behaviours):
        arrays["behaviour_value"][:, index] = _placeholder(behaviour, n, rng)
    for index, _ in enumerate(codebook.controls):
        arrays["control_value"][:, index] = rng.normal(size=n)
    if codebook.segments is not None:
        count = len(codebook.segments.categories)
        shares = rng.dirichlet(np.full(count, 0.7), n)
        one_hot = np.eye(count)[rng.integers(0, count, n)]
        arrays["membership"] = shares if codebook.segments.columns else one_hot
        arrays["segment"] = arrays["membership"].argmax(axis=1)
    arrays["respondent"] = np.arange(n) // setting.per_person
    arrays["delay"] = rng.gamma(2, 5, n)
    value = rng.lognormal(5, 0.8, n)
    if codebook.wave is not None:
        arrays["wave"] = rng.integers(0, len(codebook.wave.categories), n)
    if setting.skipped:
        _skip(arrays, rng.random(shape) < setting.skipped)
    data = to_dataset(codebook, arrays, np.arange(n).astype(str), arrays["respondent"].astype(str))
    return data.assign(customer_value=("journey", value))


def _background(codebook: Codebook, arrays: Arrays, rng: np.random.Generator) -> None:
    """Levers, and where recall and items of outcomes are asked."""
    shape = arrays["visited"].shape
    for index, lever in enumerate(codebook.levers):
        high = 60 if lever.kind == "numeric" else len(lever.categories) or 2
        arrays["lever_value"][:, :, index] = rng.integers(0, high, shape)
    arrays["recall"][:] = rng.integers(0, 2, shape)
    for name in ("remembered", "relationship"):
        arrays[name][:] = rng.integers(0, 2, arrays[name].shape)


def _skip(arrays: Arrays, skipped: Any) -> None:
    """Leave touchpoints out of journeys, at least one stays; the others move up."""
    skipped = skipped & (arrays["position"] > 0)
    order = np.where(skipped, np.inf, arrays["position"]).argsort(axis=1).argsort(axis=1)
    arrays["visited"][:] = ~skipped
    arrays["position"][:] = np.where(skipped, -1, order)
    arrays["rating"][skipped] = arrays["recall"][skipped] = -1
    arrays["lever_value"][skipped] = np.nan


def with_ratings(data: xr.Dataset, codebook: Codebook, drawn: Any) -> xr.Dataset:
    """The data with the ratings (T, Q, J) that were drawn, where any were asked."""
    asked = data["rating"].to_numpy() >= 0
    rating = np.where(asked, np.moveaxis(drawn, 2, 0), -1)
    found = data.assign(rating=(data["rating"].dims, rating.astype(np.int8)))
    if "rating_score" in data:  # sliders: the middle of what the category stands for
        top = [codebook.scale_of(item).n_categories - 1 for item in codebook.emotion_items]
        score = np.where(asked, rating / np.array(top), np.nan)
        found = found.assign(rating_score=(data["rating"].dims, score))
    return found


def _placeholder(behaviour: Behaviour, n: int, rng: np.random.Generator) -> Any:
    """Answers that only set the scale on which an outcome is measured."""
    if behaviour.family == "duration":
        return rng.integers(2, 2 * (behaviour.horizon or 2) + 2, n) / 2
    draws = {
        "count": rng.poisson(2, n),
        "amount": rng.integers(0, 2, n) * rng.lognormal(3, 1, n),
        "number": rng.normal(size=n),
    }
    return draws.get(behaviour.family, rng.integers(0, 2, n))


def draw_block(
    model: JourneyModel,
    design: Design,
    block: Block,
    rng: np.random.Generator,
    fixed: Mapping[str, Any] = NOTHING,
) -> dict[str, Any]:
    """One joint draw of everything in a block, some of it set."""
    with pm.Model(coords=coords(model, design)) as free:
        priors.use(model.prior_table)
        match block:
            case "elicitation":
                add_elicitation(design, None)
            case "recall":
                add_recall(design, None)
            case "outcomes":
                add_outcomes(model, design, observed_features(design), observe=False)
    own = {name: value for name, value in fixed.items() if name in free.named_vars}
    if own:
        free = pm.do(free, own)
    variables = [*free.free_RVs, *free.deterministics]
    values = pm.draw(variables, 1, random_seed=rng, mode=MODE)
    return {v.name: np.asarray(x) for v, x in zip(variables, values, strict=True)} | own


def _answered(design: Design, block: Block, drawn: dict[str, Any]) -> Design:
    """The design with the answers that were drawn."""
    if block == "elicitation":
        return design
    if block == "recall":
        recall = np.where(design.recall >= 0, drawn["recall"], -1)
        return replace(design, recall=recall.astype(np.int8))
    items = design.items
    ordinal = drawn["answer"].T.astype(np.int8) if "answer" in drawn else items.ordinal
    others = {}
    for kind, answers in items.others.items():
        value = drawn[kind].astype(float)
        if kind == "duration":
            value[::6] = np.minimum(value[::6], SEEN_SHORTLY)
        others[kind] = replace(answers, value=value)
    return replace(design, items=replace(items, ordinal=ordinal, others=others))


def _with_outcomes(data: xr.Dataset, design: Design) -> xr.Dataset:
    """The data with what was ticked on scales, and what was done or not."""
    items, columns = design.items, {}
    for q, name in enumerate(items.ordinal_names):
        columns[name] = items.ordinal[:, q]
    if "binary" in items.others:
        found = items.others["binary"]
        columns |= {design.rows[r].name: found.value[:, k] for k, r in enumerate(found.row)}
    answered = {}
    for variable, dim in OUTCOMES.items():
        values = data[variable].to_numpy().copy()
        for k, name in enumerate(data[dim].to_numpy()):
            if name in columns:
                values[:, k] = columns[name]
        answered[variable] = (data[variable].dims, values)
    return data.assign(answered)


def reported(truth: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a block that a reader would want, not their sampling forms."""
    return {
        name: value
        for name, value in truth.items()
        if not is_part(name) and name not in PEOPLE and ":" not in name
    }
