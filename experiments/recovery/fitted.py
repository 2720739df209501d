"""Fitting a drawn study, and asking truth and posterior the same questions.

Truth is a posterior of a single draw: every answer of a fit (effects, reliability, shares) is
computed at it by the function that computes the answer's interval.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import xarray as xr
from study import Setting, World, draw_world, reported

from emotion_models.inference import Fit
from emotion_models.inference.jobs import ONE_THREAD, Job, Sampled, Settings
from emotion_models.inference.parallel import sample
from emotion_models.inference.posterior import all_samples, assemble
from emotion_models.inference.progress import Progress
from emotion_models.inference.result import describe
from emotion_models.models.design import Design
from emotion_models.models.spec import JourneyModel
from emotion_models.models.variables import PEOPLE, Block, is_part
from emotion_models.survey.audit import Audit
from emotion_models.survey.survey import Survey

QUIET: Final = Progress(shown=False)
Answers = Callable[[Fit], Mapping[str, Any]]


@dataclass(frozen=True)
class Found:
    """What was true in a study, and what its posterior says.

    Parameters
    ----------
    truth : dict of str to array
    draws : dict of str to array
        Draws first.
    divergences : int
    """

    truth: dict[str, Any]
    draws: dict[str, Any]
    divergences: int


@dataclass(frozen=True)
class Scenario:
    """A capability and the quantities in which it must be recovered.

    Parameters
    ----------
    about : str
    model : JourneyModel
    variables : tuple of str
        Posterior variables that are compared with the truth.
    block : str
        The factor of the posterior that is fitted.
    setting : Setting
    answers : tuple of callable
        Further quantities: functions of a fit.
    study : callable or None
        ``(scenario, n_journeys, settings)``: how studies are drawn and fitted where the fitted
        model is not the one that drew the data; `as_drawn` if None.
    """

    about: str
    model: JourneyModel
    variables: tuple[str, ...] = ()
    block: Block = "outcomes"
    setting: Setting = field(default_factory=Setting)
    answers: tuple[Answers, ...] = ()
    study: Callable[[Scenario, int, Settings], Found] | None = None


def as_drawn(scenario: Scenario, n_journeys: int, settings: Settings) -> Found:
    """Draw a study and fit the model that it was drawn from.

    Parameters
    ----------
    scenario : Scenario
    n_journeys : int
    settings : Settings

    Returns
    -------
    Found
    """
    world = draw_world(scenario.model, scenario.setting, n_journeys, settings.seed)
    block = scenario.block
    sampled = fit_block(world, block, settings)
    known = reported(world.truth[block])
    truth = {name: known[name] for name in scenario.variables}
    flat = all_samples(sampled.posterior)
    draws = {name: flat[name].to_numpy() for name in scenario.variables}
    if scenario.answers:
        at_truth, fit = whole(world, true_draw(world)), whole(world, {block: sampled})
        for ask in scenario.answers:
            truth |= {name: values[0] for name, values in ask(at_truth).items()}
            draws |= ask(fit)
    return Found(truth, draws, divergences(sampled))


def fit_block(world: World, block: Block, settings: Settings) -> Sampled:
    """Sample a block in this process: replicates fill the cores."""
    os.environ.update(ONE_THREAD)
    job = Job(block, world.model, world.designs[block])
    return sample({block: job}, settings, QUIET)[block]


def divergences(sampled: Sampled) -> int:
    """Divergent steps of all chains."""
    return int(sampled.stats["divergences"].sum())


def true_draw(world: World) -> dict[str, Sampled]:
    """The truth as if it had been sampled: one chain of one draw."""
    found = {}
    for block, truth in world.truth.items():
        people = {name: truth[name] for name in PEOPLE & truth.keys() if not is_part(name)}
        values = {}
        for name, value in (reported(truth) | people).items():
            dims = ("chain", "draw", *(f"{name}:{k}" for k in range(value.ndim)))
            values[name] = (dims, value[None, None])
        posterior = xr.Dataset(values, {"chain": [0], "draw": [0]})
        stats = xr.Dataset({"divergences": ("chain", [0])}, {"chain": [0]})
        found[str(block)] = Sampled(posterior, stats, {})
    return found


def _rated(world: World) -> Design:
    """The design of the answers that were drawn, ratings first."""
    return world.designs["elicitation" if "elicitation" in world.designs else "outcomes"]


def whole(world: World, sampled: Mapping[str, Sampled]) -> Fit:
    """A fit of some draws to the answers of a world."""
    survey = Survey(world.codebook, world.data, Audit("drawn"))
    model = world.model.with_options(
        {name: name in sampled for name in ("elicitation", "recall", "outcomes")}
    )
    fit = Fit(model, describe(survey), world.data, assemble(sampled, _rated(world)), 0, {}, {})
    if "outcomes" in world.designs:
        # Levels of intercepts are those with which the answers were drawn.
        vars(fit)["design"] = world.designs["outcomes"]
    return fit


def draws_first(values: Any) -> Any:
    """Move the draws, which the package's answers have last, to the front."""
    return np.moveaxis(np.asarray(values), -1, 0)
