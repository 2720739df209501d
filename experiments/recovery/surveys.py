"""Studies whose survey is not a simple random sample with every rating given.

A population ten times the study is drawn from the model and sampled: people by chances that
depend on what they are like, or whole clusters. What is true is the average over the population.
Ratings are made missing in a study that was drawn complete.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr
from fitted import QUIET, Found, Scenario, divergences, draws_first, fit_block, true_draw, whole
from study import World, draw_world

import emotion_models as em
from emotion_models.effects.answers import Effects
from emotion_models.inference import Fit
from emotion_models.inference.fitting import thin
from emotion_models.inference.imputed import fit_imputed
from emotion_models.inference.imputing import Study
from emotion_models.inference.jobs import Settings
from emotion_models.inference.posterior import all_samples
from emotion_models.models.design import make_design
from emotion_models.models.spec import JourneyModel
from emotion_models.survey.survey import BLANK

TIMES: Final = 10
"""People in the population for each in the sample."""
PER_CLUSTER: Final = 10
OLD: Final = 1.1
TRUSTFUL: Final = 0.8
"""Log relative chances to take part: of the second group, and per sd of unexplained trust."""
MISSING: Final = 0.4
"""Of ratings after the first moment, on average."""
IMPUTATIONS: Final = 4


def selected(scenario: Scenario, n_journeys: int, settings: Settings) -> Found:
    """Who takes part depends on the group and on what outcomes depend on.

    The fitted model does not know of groups; the weights do.
    """
    population = _population(scenario, {"segments": True}, n_journeys, settings.seed)
    trust = population.truth["outcomes"]["bond_residual"][:, 0]
    chance = np.exp(OLD * population.data["segment"].to_numpy() + TRUSTFUL * trust)
    rng = np.random.default_rng([settings.seed, 1])
    people = systematic(rng, chance, n_journeys)
    truth, draws, count = {}, {}, 0
    known = averages(whole(population, true_draw(population)))
    for label, weighted in (("weights ignored", False), ("weighted", True)):
        model = scenario.model.with_options({"weighted": weighted})
        weight = 1 / chance[people] if weighted else np.ones(n_journeys)
        own = {"respondent": np.arange(n_journeys), "weight": weight}
        world = observed(population, model, asked(population, people, own))
        sampled = fit_block(world, "outcomes", settings)
        fit, count = whole(world, {"outcomes": sampled}), count + divergences(sampled)
        ways = {label: averages(fit)}
        if weighted:
            ways["design-corrected"] = corrected(fit)
        for way, found in ways.items():
            draws |= {f"{name}, {way}": values for name, values in found.items()}
            truth |= {f"{name}, {way}": known[name][0] for name in found}
    return Found(truth, draws, count)


def clustered(scenario: Scenario, n_journeys: int, settings: Settings) -> Found:
    """Whole clusters are sampled whose members share moods and levels of the outcomes.

    A cluster is drawn as a respondent with several journeys; the fitted model takes the journeys
    for independent people.
    """
    population = _population(scenario, {"respondents": True}, n_journeys, settings.seed)
    known = averages(whole(population, true_draw(population)))
    rng = np.random.default_rng([settings.seed, 1])
    site = population.data["respondent"].to_numpy()
    drawn = rng.choice(site.max() + 1, n_journeys // PER_CLUSTER, replace=False)
    people = np.flatnonzero(np.isin(site, drawn))
    own = {"respondent": np.arange(people.size), "cluster": site[people]}
    world = observed(population, scenario.model, asked(population, people, own))
    sampled = fit_block(world, "outcomes", settings)
    fit = whole(world, {"outcomes": sampled})
    truth, draws = {}, {}
    ways = {"clusters ignored": averages(fit), "design-corrected": corrected(fit)}
    for way, found in ways.items():
        draws |= {f"{name}, {way}": values for name, values in found.items()}
        truth |= {f"{name}, {way}": known[name][0] for name in found}
    return Found(truth, draws, divergences(sampled))


def imputed(scenario: Scenario, n_journeys: int, settings: Settings) -> Found:
    """Ratings after the first moment are missing, more often the less joy there was at it.

    Once the available ratings are taken for all, once the others are imputed.
    """
    complete = draw_world(scenario.model, scenario.setting, n_journeys, settings.seed)
    data = with_gaps(complete.data, np.random.default_rng([settings.seed, 1]))
    options = {"missing": "impute", "imputations": IMPUTATIONS}
    world = observed(complete, scenario.model.with_options(options), data)
    first = {name: fit_block(world, name, settings) for name in ("outcomes", "elicitation")}
    study = Study(world.model, world.codebook, data, world.designs["outcomes"])
    tree = fit_imputed(study, first, settings, thin(world.model, "outcomes"), QUIET)
    assert tree is not None
    ways = {
        "available": first["outcomes"].posterior,
        "imputed": tree["posterior"].to_dataset(),
    }
    truth, draws = {}, {}
    for way, posterior in ways.items():
        flat = all_samples(posterior)
        for name in scenario.variables:
            draws[f"{name}, {way}"] = flat[name].to_numpy()
            truth[f"{name}, {way}"] = complete.truth["outcomes"][name]
    return Found(truth, draws, sum(map(divergences, first.values())))


def _population(scenario: Scenario, options: dict[str, Any], n_journeys: int, seed: int) -> World:
    """Everybody who might be asked, drawn from a richer model than the one fitted."""
    model = scenario.model.with_options(options)
    return draw_world(model, scenario.setting, TIMES * n_journeys, seed)


def asked(population: World, people: Any, own: dict[str, Any]) -> xr.Dataset:
    """The data of some people, with columns of their own."""
    data = population.data.isel(journey=people)
    return data.assign({name: ("journey", values) for name, values in own.items()})


def observed(world: World, model: JourneyModel, data: xr.Dataset) -> World:
    """The part of a world that a survey saw, as a model reads it; no truth."""
    design = make_design(model, world.codebook, data)
    return World(model, world.codebook, data, dict.fromkeys(world.designs, design), {})


def systematic(rng: np.random.Generator, chance: Any, n: int) -> Any:
    """Draw n different people, each with a probability proportional to `chance`."""
    order = rng.permutation(chance.size)
    ends = np.cumsum(chance[order]) / chance.sum() * n
    return np.sort(order[np.searchsorted(ends, rng.uniform() + np.arange(n))])


def averages(fit: Fit) -> dict[str, Any]:
    """Average total effects and outcomes, draws first; constructs have no scale of their own."""
    outcomes, effects = _outcomes(fit), em.effects(fit)
    response = fit.response(effects.values.shape[-1])
    share = fit.design.weight / fit.design.weight.sum()
    level = [response.mean(outcome) @ share for outcome in outcomes]
    return {"effect": _total(fit, effects), "outcome": np.stack(level, axis=1)}


def corrected(fit: Fit) -> dict[str, Any]:
    """Average total effects with intervals that follow the sampling design."""
    return {"effect": _total(fit, em.design_corrected(fit).corrected)}


def _total(fit: Fit, effects: Effects) -> Any:
    rows = [effects.outcomes.index(outcome) for outcome in _outcomes(fit)]
    return draws_first(effects.values[rows, 0, :, 0, 0])


def _outcomes(fit: Fit) -> list[str]:
    stages = {row.outcome: row.stage for row in fit.design.rows}
    return [outcome for outcome, stage in stages.items() if stage != "relationship"]


def with_gaps(data: xr.Dataset, rng: np.random.Generator) -> xr.Dataset:
    """Leave ratings of all moments but the first out: missing at random."""
    rating, position = data["rating"].to_numpy(), data["position"].to_numpy()
    first = rating[np.arange(len(rating)), position.argmin(axis=1), 0]
    share = MISSING * np.interp(first, [0, rating[..., 0].max()], [1.6, 0.4])
    blank = (rng.random(rating.shape) < share[:, None, None]) & (position > 0)[..., None]
    status = np.where(blank, BLANK, 0).astype(np.int8)
    return data.assign(
        rating=(data["rating"].dims, np.where(blank, -1, rating).astype(np.int8)),
        rating_status=(data["rating"].dims, status),
    )
