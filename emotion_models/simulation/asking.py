"""Asking a simulation again: its blocks of journeys with what changed in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.simulation.block import Block, blocks
from emotion_models.simulation.plan import Plan, make_plan

if TYPE_CHECKING:
    from emotion_models.inference import Fit
    from emotion_models.simulation.answers import Simulation

Floats = NDArray[np.floating[Any]]


def summed(simulation: Simulation, each: Callable[[Block, Plan], Any]) -> Any:
    """Sum something over blocks of journeys; draws of imputed data sets one after the other.

    Parameters
    ----------
    simulation : Simulation
    each : callable
        Gives an array whose last axis are the draws, from a block and its part of the plan.

    Returns
    -------
    array
    """
    parts = [
        sum(each(block, plan) for block, plan in _blocks(fit, simulation, draws))
        for fit, draws in parts_of(simulation)
    ]
    return np.concatenate(parts, axis=-1)


def parts_of(simulation: Simulation) -> list[tuple[Fit, int]]:
    """The fits that a simulation is made of, and how many draws were asked of each."""
    fit, draws = simulation.fit, simulation.draws_asked
    completed = fit.completed
    return [(part, -(-draws // len(completed))) for part in completed] or [(fit, draws)]


def _blocks(fit: Fit, simulation: Simulation, draws: int) -> Iterator[tuple[Block, Plan]]:
    plan = make_plan(fit, simulation.change)
    for block in blocks(fit, draws):
        whole = block.which.size == fit.design.n_journeys
        yield block, plan if whole else plan.some(block.which)
