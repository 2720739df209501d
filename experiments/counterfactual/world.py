"""Studies whose changed journeys are known: the same people, the same noise, another journey.

The world is that of the hotel study (``datasets/hotel-stays/make.py``). What a change truly does
is computed here from the true parameters, moment by moment, without the engine that is judged.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

import emotion_models as em
from emotion_models.models.design import coordinates, make_design
from emotion_models.science.equations import elicitation, ordinal
from emotion_models.survey.codebook import Codebook

SCRIPT: Final = Path(__file__).parents[2] / "datasets" / "hotel-stays" / "make.py"
DECAY: Final = 0.5
"""Under the rule "recency" a moment counts half of the next one."""
OWN: Final = 0.5
"""Spread of an emotion's effects beyond those of its valence."""
RULES: Final = ("four features", "recency")


@dataclass(frozen=True)
class Moments:
    """Moments of journeys, one after the other in the lists.

    Parameters
    ----------
    score, answered : list of array, shape (J, E)
    position : list of array, shape (J,)
        -1 where it does not happen.
    salience : list of float
    """

    score: list[Any]
    answered: list[Any]
    position: list[Any]
    salience: list[float]


@dataclass(frozen=True)
class World:
    """A simulated study with everything that made it.

    Parameters
    ----------
    survey : Survey
    design : Design
    known : dict
        True parameters, noise included.
    truth : dict
        What ``truth.toml`` says.
    rule : str
    """

    survey: em.Survey
    design: Any
    known: dict[str, Any]
    truth: dict[str, Any]
    rule: str


def make(n_stays: int, rule: str, *, keep_noise: bool = True) -> ModuleType:
    """The script of the hotel study, with its noise kept and its rule of memory chosen."""
    spec = importlib.util.spec_from_file_location("make_hotel", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def rate(rng: Any, design: Any, known: dict[str, Any]) -> Any:
        eta = latent(design, design.exposure.value, known)
        known["noise"] = rng.logistic(size=eta.shape)
        return rated(eta + known["noise"], known)

    def predictors(design: Any, known: dict[str, Any]) -> Any:
        memory = kept(observed(design, known), known, rule)
        known["centre"] = memory.mean(axis=0)
        return outcome_predictors(design, known, memory)

    script.N_STAYS, script.outcome_predictors = n_stays, predictors
    if keep_noise:
        script.rate = rate
    return script


def study(seed: int, n_stays: int, rule: str, *, drawn: bool = True, own: float = OWN) -> World:
    """Simulate one study, with effects of its own or with those of the hotel study."""
    script = make(n_stays, rule)
    if drawn:
        truth = draw_effects(np.random.default_rng([seed, 7]), script.read_truth(), own)
        script.read_truth = lambda: truth
    data, known = script.simulate(seed)
    path = SCRIPT.parent / "codebook.toml"
    survey = em.read_survey(script.to_frame(Codebook.load(path), data), codebook=path)
    design = make_design(script.MODEL, survey.codebook, survey.data)
    return World(survey, design, known, script.read_truth(), rule)


def shipped() -> World:
    """The hotel study itself, as it is shipped, with all that made its answers but their noise."""
    script = make(600, "four features", keep_noise=False)
    data, known = script.simulate()
    path = SCRIPT.parent / "codebook.toml"
    survey = em.read_survey(script.to_frame(Codebook.load(path), data), codebook=path)
    design = make_design(script.MODEL, survey.codebook, survey.data)
    return World(survey, design, known, script.read_truth(), "four features")


def draw_effects(
    rng: np.random.Generator, truth: dict[str, Any], own: float = OWN
) -> dict[str, Any]:
    """Effects as the model takes them to be: valence's part, and what is the emotion's own.

    Sizes are those of the hotel study. That study itself has effects unlike their kind by design
    (gratitude alone brings guests back), which any pooling draws to their kind.
    """
    valence = coordinates(Codebook.load(SCRIPT.parent / "codebook.toml"))[0]
    levers, effects = truth["elicitation"]["lever_effect"], truth["effect"]
    for table, spread in ((levers, 0.15), (effects, own)):
        for name, old in table.items():
            slope = np.linalg.lstsq(valence[:, None], np.array(old), rcond=None)[0][0]
            slope *= rng.normal(1, 0.2)
            table[name] = (slope * valence + spread * rng.normal(size=valence.size)).tolist()
    share = rng.dirichlet((9, 4, 5, 2))
    weight = dict(zip(truth["memory"]["weight"], share.tolist(), strict=True))
    return truth | {"memory": truth["memory"] | {"weight": weight}}


def latent(design: Any, exposure: Any, known: dict[str, Any]) -> Any:
    """Intensity behind every rating before its noise, (T, E, J)."""
    person = elicitation.halo(
        known["style"], known["mood"], design.valence, known["affect"], known["emotion_loading"]
    )
    return elicitation.felt(known["base"], exposure, known["lever_at"], person)


def rated(intensity: Any, known: dict[str, Any]) -> Any:
    """Categories (T, J, E) of intensities with their noise (T, E, J)."""
    above = intensity[..., None] > known["rating_cutpoint"][:, None]
    return above.sum(axis=-1).swapaxes(1, 2)


def observed(design: Any, known: dict[str, Any]) -> Moments:
    """The journeys as they were."""
    ratings, n = design.ratings, len(design.touchpoints)
    return Moments(
        [ratings.score[t] for t in range(n)],
        [ratings.answered[t] > 0 for t in range(n)],
        [ratings.position[t] for t in range(n)],
        list(known["salience"]),
    )


def kept(moments: Moments, known: dict[str, Any], rule: str) -> Any:
    """Remembered intensity (J, E), journey by journey."""
    n_journeys, n_emotions = moments.score[0].shape
    found = np.zeros((n_journeys, n_emotions))
    for j in range(n_journeys):
        rank = np.argsort([at[j] for at in moments.position], kind="stable")
        order = [p for p in rank if moments.position[p][j] >= 0]
        for e in range(n_emotions):
            own = [p for p in order if moments.answered[p][j, e]]
            scores = np.array([moments.score[p][j, e] for p in own])
            salience = np.array([moments.salience[p] for p in own])
            found[j, e] = rule_of(rule, known["memory_weight"][e])(scores, salience)
    return found


def rule_of(rule: str, weight: Any) -> Callable[[Any, Any], float]:
    """What is kept of the scores of one emotion, in order, with their touchpoints' salience."""
    if rule == "recency":
        return lambda x, s: float(np.average(x, weights=DECAY ** np.arange(len(x))[::-1]))
    mean, peak, end, first = weight
    return lambda x, s: float(
        mean * np.average(x, weights=s) + peak * x.max() + end * x[-1] + first * x[0]
    )


def outcome_predictors(design: Any, known: dict[str, Any], memory: Any) -> Any:
    """Linear predictors (J, R) under what is remembered; people stay who they are."""
    by_segment = np.einsum("je,ger->jgr", memory - known["centre"], known["effect_by_segment"])
    eta = np.einsum("jgr,jg->jr", by_segment, design.membership)
    eta += design.controls @ known["control_effect"]
    stage = np.array([row.stage for row in design.rows])
    eta[:, stage == "relationship"] += known["bond_residual"]
    eta[:, stage == "behaviour"] += eta[:, stage == "relationship"] @ known["bond_effect"]
    return eta


def expected(world: World, moments: Moments) -> dict[str, float]:
    """Expected outcomes, averaged over the (weighted) people of the study."""
    design, known, truth = world.design, world.known, world.truth["outcome"]
    eta = outcome_predictors(design, known, kept(moments, known, world.rule))
    column = {row.name: eta[:, r] for r, row in enumerate(design.rows)}
    seven, eleven = (ordinal.cutpoints(np.array([truth[k]]))[0] for k in ("seven", "eleven"))

    def category(predictor: Any, kappa: Any) -> Any:
        return (1 / (1 + np.exp(kappa - predictor[:, None]))).sum(axis=1)

    def yes(name: str) -> Any:
        return 1 / (1 + np.exp(-(column[name] + truth["intercept"][name])))

    loading = np.array(truth["loading"]).reshape(2, 3)
    found = {
        "overall": category(column["overall"], seven),
        "recommend": category(column["recommend"], eleven),
        "return": yes("return"),
        "complain": yes("complain"),
        "spend": yes("spend: any")
        * np.exp(truth["amount_log_mean"] + column["spend: amount"] + truth["amount_sd"] ** 2 / 2),
    }
    for name, own in zip(("trust", "commitment"), loading, strict=True):
        found[name] = np.mean([category(k * column[name], seven) for k in own], axis=0)
    weight = design.weight / design.weight.sum()
    return {name: float(weight @ value) for name, value in found.items()}


def with_scores(world: World, t: int, category: Any) -> Moments:
    """The journeys with other answers at a touchpoint, where there were answers."""
    moments = observed(world.design, world.known)
    there = world.design.ratings.category[t] >= 0
    score = list(moments.score)
    score[t] = np.where(there, category / 4, score[t])
    return replace(moments, score=score)


def levers_set(world: World, place: str, levers: dict[str, float]) -> Moments:
    """Levers set at a touchpoint for everybody, with everybody's own noise."""
    design, known = world.design, world.known
    t = design.touchpoints.index(place)
    exposure = design.exposure.value.copy()
    for name, value in levers.items():
        exposure[t, :, design.exposure.columns.index(name)] = value
    return with_scores(world, t, rated(latent(design, exposure, known) + known["noise"], known)[t])
