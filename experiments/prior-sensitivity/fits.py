"""Fit a study under each belief: what is said of every effect, how new journeys are predicted."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from beliefs import Belief, believed
from fitted import divergences, fit_block, true_draw, whole
from natures import EMOTIONS, NATURES, OUTCOMES, VALENCE, Floats, drawn, first, unseen
from scipy.special import logsumexp
from study import World

from emotion_models.inference.diagnostics import convergence
from emotion_models.inference.jobs import Sampled, Settings
from emotion_models.inference.likelihood import log_likelihood
from emotion_models.inference.posterior import all_samples
from emotion_models.inference.sensitivity import check_sensitivity
from emotion_models.models.forward import predictors
from emotion_models.models.parameters import parameters
from emotion_models.science.equations.outcomes import beyond_valence

CHAINS, DRAWS, TUNE = 2, 1000, 400
"""As many draws as a fit has by default: what its check says depends on them."""
LEVEL: Final = 0.9
DIGITS: Final = 4


@lru_cache(maxsize=1)
def world_of(nature: str, seed: int) -> World:
    """A world; the same one for studies that follow each other."""
    return drawn(NATURES[nature], seed)


def replicate(
    nature: str, seed: int, journeys: int, sampling: Settings | None = None
) -> dict[str, Any]:
    """One study under every belief that its kind of world is fitted with.

    Parameters
    ----------
    nature : str
        Of `natures.NATURES`.
    seed, journeys : int
    sampling : Settings, optional

    Returns
    -------
    dict
        Truth, its log score per new journey, and by belief what `_under` finds.
    """
    settings = sampling or Settings(DRAWS, TUNE, CHAINS, 1, seed)
    world = world_of(nature, seed)
    part, new = first(world, journeys), unseen(world)
    known = {"nature": nature, "seed": seed, "journeys": journeys}
    truth = {
        "truth": world.truth["outcomes"]["effect"].tolist(),
        "score_of_truth": score(new, true_draw(world)["outcomes"]),
    }
    found = {each.name: _under(each, part, new, settings) for each in NATURES[nature].beliefs}
    return {**known, **truth, "beliefs": found}


def _under(belief: Belief, part: World, new: World, settings: Settings) -> dict[str, Any]:
    """What a belief's fit says of the effects (E, R), of itself, and of new journeys."""
    start = time.process_time()
    own = replace(part, model=belief.model)
    with believed(belief):
        sampled = fit_block(own, "outcomes", settings)
        table = whole(own, {"outcomes": sampled}).sensitivity().set_index("quantity")
    cells = [f"effect {emotion} on {outcome}" for emotion in EMOTIONS for outcome in OUTCOMES]
    checks = convergence(sampled.posterior, sampled.stats.expand_dims(block=["outcomes"]))
    return {
        **said(all_samples(sampled.posterior)["effect"].to_numpy()),
        "sensitivity": _rounded(table.loc[cells, "prior"].to_numpy().reshape(len(EMOTIONS), -1)),
        "diagnosis": table.loc[cells, "diagnosis"].tolist(),
        "status": check_sensitivity(table).status,
        "score": score(replace(new, model=belief.model), sampled),
        "r_hat": max(check.figure for check in checks if check.name.startswith("R-hat")),
        "divergences": divergences(sampled),
        "cpu_seconds": round(time.process_time() - start, 1),
    }


def said(effect: Floats) -> dict[str, Any]:
    """What draws (S, E, R) say of every effect, and whether of what is beyond positivity."""
    low, high = np.quantile(effect, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    beyond = beyond_valence(effect, VALENCE)
    return {
        "mean": _rounded(effect.mean(axis=0)),
        "sd": _rounded(effect.std(axis=0)),
        "lower": _rounded(low),
        "upper": _rounded(high),
        "above": _rounded((effect > 0).mean(axis=0)),
        "beyond_above": _rounded((beyond > 0).mean(axis=0)),
    }


def score(new: World, sampled: Sampled) -> float:
    """Mean log predictive density of journeys' answers, each journey's together."""
    design = new.designs["outcomes"]
    known = parameters(new.model, design, all_samples(sampled.posterior))
    eta = predictors(new.model, design, known, {})
    each = log_likelihood(design, known, lambda row: eta[:, :, row], range(len(design.rows)))
    return float((logsumexp(each, axis=0) - np.log(each.shape[0])).mean())


def _rounded(values: Any) -> Any:
    return np.round(values, DIGITS).tolist()
