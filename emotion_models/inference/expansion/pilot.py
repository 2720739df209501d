"""Where to start with very many journeys, and in which coordinates: what some of them tell.

A climb takes hundreds of steps where directions differ a thousandfold in how well answers tell
them. Some thousands of journeys tell both the mode and the curvature nearly; in coordinates that
these make nearly independent, the climb with all journeys takes a few steps.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from emotion_models.inference.approximation.mode import independent
from emotion_models.inference.approximation.path import climb
from emotion_models.inference.expansion.bound import Bound
from emotion_models.inference.expansion.expand import Expansion, Start
from emotion_models.models.design import Design
from emotion_models.models.some_journeys import some_journeys, spread_out

JOURNEYS: Final = 4000
"""Of a pilot: some twenty times as many as what likelihoods read, so that the curvature that it
finds is that of all journeys within a third or so."""
ZERO: Final = 0.02
"""Signed scale that has vanished."""
ASIDE: Final = 0.1
"""Where to start instead: of all journeys zero may be a saddle where it was the mode of some."""


def of_some(design: Design) -> Design | None:
    """Design of some journeys from all over the survey; None where all are few."""
    if design.n_journeys < 2 * JOURNEYS:
        return None
    return some_journeys(design, spread_out(design, JOURNEYS))


def start_from(pilot: Expansion, times: float, bound: Bound) -> Start | None:
    """Start where the pilot ended.

    Parameters
    ----------
    pilot : Expansion
        Of some journeys.
    times : float
        How many times as many there are.
    bound : Bound
        All of them.

    Returns
    -------
    Start or None
        None where some journeys have other parameters than all.
    """
    same = pilot.start.size == bound.programs.start.size
    if not (same and pilot.middle.size == bound.programs.n_read):
        return None
    level = np.zeros(pilot.slope.size)
    density = bound.expanded(replace(pilot, slope=level, curvature=times * pilot.curvature))
    point = climb(density, pilot.start, lambda *_: None).point
    point = np.where(bound.signed & (np.abs(point) < ZERO), ASIDE, point)
    return Start(point, independent(density, point))
