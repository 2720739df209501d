"""The estimands: what a fit is asked, and the truth by the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from fitted import draws_first
from questions import TOTAL

import emotion_models as em

RANGE: Final = {"return": 1.0}
"""From the lowest to the highest value of an outcome; of the others:"""
SEVEN_POINTS: Final = 6.0


def estimands(fit: em.Fit) -> dict[str, Any]:
    """Every estimand: draws first, then all its quantities.

    Effects and differences are parts of their outcome's range, so that they can be averaged.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict of str to array
    """
    posterior = fit.posterior["posterior"].to_dataset()
    whole = posterior.stack(sample=("chain", "draw"), create_index=False)
    found = em.effects(fit, by="touchpoint")
    total = found.values[:, TOTAL, :, :, 0] / _range(found.outcomes)[:, None, None, None]
    return {
        "effect of one point": draws_first(total[:, :, 0]),
        "effect at a touchpoint": draws_first(total[:, :, 1:]),
        **{name: _simulated(fit, own) for name, own in changes(fit.design).items()},
        "memory weight": whole["memory_weight"].transpose("sample", ...).to_numpy(),
        "specificity": whole["specificity"].transpose("sample", ...).to_numpy(),
    }


def changes(design: Any) -> dict[str, list[em.Change]]:
    """Changes of a journey, several of each kind.

    Parameters
    ----------
    design : Design

    Returns
    -------
    dict of str to list of Change
    """
    places, nothing = design.touchpoints, em.Change()
    return {
        "simulated: one point less": [
            nothing.at(places[e % len(places)]).emotion(name, by=-1)
            for e, name in enumerate(design.emotions)
        ],
        "simulated: touchpoint removed": [nothing.remove(name) for name in places],
        "simulated: one order for all": [
            nothing.reorder((*places[t:], *places[:t])) for t in range(len(places))
        ],
    }


def largest(fit: em.Fit) -> Mapping[tuple[str, str], float]:
    """Probability of every emotion to have the largest effect on an outcome.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    mapping of (outcome, emotion) to float
    """
    table = em.effects(fit).ranks().set_index(["outcome", "emotion"])
    return {place: float(p) for place, p in table["p_top1"].items()}  # type: ignore[misc]


def _simulated(fit: em.Fit, some: list[em.Change]) -> Any:
    """Differences (S, change, outcome) for everybody."""
    found = [em.simulate(fit, change) for change in some]
    difference = np.stack([each.after[:, 0] - each.before[:, 0] for each in found])
    return draws_first(difference / _range(found[0].outcomes)[:, None])


def _range(outcomes: tuple[str, ...]) -> Any:
    return np.array([RANGE.get(outcome, SEVEN_POINTS) for outcome in outcomes])
