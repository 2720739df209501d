"""One study: drawn, fitted, asked, and held against the truth."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from asked import estimands, largest
from cells import CELLS, Cell, correlation, with_gaps
from fitted import QUIET, divergences, fit_block, true_draw, whole
from study import World, draw_world
from surveys import observed

import emotion_models as em
from emotion_models.inference.checking import check
from emotion_models.inference.imputed import fit_imputed
from emotion_models.inference.imputing import Study
from emotion_models.inference.jobs import Settings

CHAINS, STEPS, TUNE = 2, 400, 300
LEVELS: Final = (0.5, 0.8, 0.95)
CERTAIN: Final = 1e-9
"""Quantities that vary less are what they are by construction."""
OF_LENGTH: Final = ("R-hat", "bulk ESS", "tail ESS", "E-BFMI")
"""Checks that ask for longer chains than those of a replicate."""


def replicate(name: str, seed: int) -> dict[str, Any]:
    """Draw a study of a cell, fit it, and see where its truths lie.

    Parameters
    ----------
    name : str
        Of `CELLS`.
    seed : int

    Returns
    -------
    dict
        Of JSON: a line of the results.
    """
    cell, own = CELLS[name], seed_of(name, seed)
    complete = draw_world(cell.model, cell.setting, cell.journeys, own)
    world = seen(cell, complete, own)
    fit, diverged = fitted_to(cell, world, Settings(STEPS, TUNE, CHAINS, 1, own))
    known = true_draw(complete)
    truth = whole(complete, known)
    true, drawn = estimands(truth), estimands(fit)
    scores = {name: scored(true[name][0], drawn[name]) for name in true}
    if cell.missing and not cell.imputed:
        for name, answer in estimands(whole(world, known)).items():
            scores[name]["kept"] = slope(true[name][0], answer[0])
    first, chance = largest(truth), largest(fit)
    checks = [one for one in check(fit).checks if not one.name.startswith(OF_LENGTH)]
    return {
        "seed": seed,
        "divergences": diverged,
        "correlation": round(correlation(complete.data, fit.design.valence), 3),
        "noticed": sorted({kind(one.name) for one in checks if one.status != "PASS"}),
        "estimands": scores,
        "largest": [[round(chance[place], 4), first[place]] for place in first],
    }


def seed_of(name: str, seed: int) -> int:
    """The seed of a study: cells with gaps have the base's studies, others their own.

    Parameters
    ----------
    name : str
        Of `CELLS`.
    seed : int

    Returns
    -------
    int
    """
    origin = "base" if CELLS[name].missing else name
    return int(np.random.SeedSequence([zlib.crc32(origin.encode()), seed]).generate_state(1)[0])


def seen(cell: Cell, complete: World, seed: int) -> World:
    """What a survey saw of a complete study.

    Parameters
    ----------
    cell : Cell
    complete : World
    seed : int

    Returns
    -------
    World
    """
    if not cell.missing:
        return complete
    data = with_gaps(complete.data, cell.missing, np.random.default_rng([seed, 1]))
    return observed(complete, complete.model, data)


def fitted_to(cell: Cell, world: World, settings: Settings) -> tuple[em.Fit, int]:
    """The fit to a study, and its divergent steps.

    Parameters
    ----------
    cell : Cell
    world : World
        As it was seen.
    settings : Settings

    Returns
    -------
    fit : Fit
    divergences : int
    """
    first = {"outcomes": fit_block(world, "outcomes", settings)}
    if not cell.imputed:
        return whole(world, first), divergences(first["outcomes"])
    first["elicitation"] = fit_block(world, "elicitation", settings)
    study = Study(world.model, world.codebook, world.data, world.designs["outcomes"])
    tree = fit_imputed(study, first, settings, 1, QUIET)
    assert tree is not None
    fit = replace(whole(world, first), posterior=tree)
    return fit, int(tree["sample_stats"]["divergences"].sum())


def scored(true: Any, drawn: Any) -> dict[str, float]:
    """Bias, squared error and coverage of the quantities of an estimand in one study.

    Parameters
    ----------
    true : array
    drawn : array
        Draws first.

    Returns
    -------
    dict of str to float
        Means over quantities.
    """
    true, drawn = np.ravel(true), drawn.reshape(len(drawn), -1)
    varies = drawn.std(axis=0) > CERTAIN
    true, drawn = true[varies], drawn[:, varies]
    error, below = drawn.mean(axis=0) - true, (drawn < true).mean(axis=0)
    means: Mapping[str, Any] = {
        "true": true,
        "true2": true**2,
        "error": error,
        "error2": error**2,
        **{f"in {level:.0%}": np.abs(below - 0.5) <= level / 2 for level in LEVELS},
    }
    found = {name: float(f"{values.mean():.6g}") for name, values in means.items()}
    return {"quantities": int(varies.sum()), **found}


def slope(true: Any, answer: Any) -> float:
    """How much of the truth an answer keeps: the slope of the line through the origin.

    Parameters
    ----------
    true, answer : array

    Returns
    -------
    float
    """
    return float(f"{(true * answer).sum() / (true**2).sum():.4g}")


def kind(check: str) -> str:
    """What a check is about, without the outcome or touchpoint that it looks at."""
    words = check.split(": ")
    return ": ".join(words[:2]) if words[0] == "data" else words[0]
