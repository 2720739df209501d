"""The log-likelihood expanded to second order where the posterior lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.path import climb
from emotion_models.inference.expansion.bound import Bound, Layout

Floats = NDArray[np.float64]
Watch = Callable[[int, int], None]
CLIMBS: Final = 4
"""Times to climb at most, the nodes following."""
LITTLE: Final = 0.01
"""Gain of log density by moving the nodes below which they stay."""
STEP: Final = 1e-4
"""For differences of gradients: what likelihoods read has a scale of about one."""


@dataclass(frozen=True)
class Expansion:
    """A log-likelihood near what it reads at the mode of the posterior.

        l(phi) ~ value + slope . d - d' curvature d / 2,    d = phi - middle

    Parameters
    ----------
    start : array, shape (D,)
        Free parameters of `middle`.
    middle, slope : array, shape (P,)
    value : float
    curvature : array, shape (P, P)
    layout : Layout or None
        Of the nodes of latents, if there are any.
    """

    start: Floats
    middle: Floats
    slope: Floats
    value: float
    curvature: Floats
    layout: Layout | None

    def at(self, phi: Floats) -> float:
        """The expanded log-likelihood."""
        away = phi - self.middle
        return float(self.value + self.slope @ away - 0.5 * away @ (self.curvature @ away))


def climbed(bound: Bound, watch: Watch) -> Expansion:
    """Climb to the mode, nodes following; an expansion to first order.

    Parameters
    ----------
    bound : Bound
        Its nodes end where the expansion says.
    watch : callable
        Told how many steps are done, of how many (0: nobody knows). May raise.

    Returns
    -------
    Expansion
        With a curvature of zero.
    """
    point, steps = bound.programs.start, 0

    def visit(*_: object) -> None:
        nonlocal steps
        steps += 1
        watch(steps, 0)

    for _ in range(CLIMBS):
        point = climb(bound.density, point, visit).point
        before = bound.density(point)[0]
        bound.follow(bound.read(point)[1])
        if abs(bound.density(point)[0] - before) < LITTLE:
            break
    return first_order(bound, point, bound.read(point)[1])


def first_order(bound: Bound, start: Floats, middle: Floats) -> Expansion:
    """Expand around something, nodes following; the curvature is yet to be found.

    Parameters
    ----------
    bound : Bound
    start : array, shape (D,)
        Free parameters near it.
    middle : array, shape (P,)
    """
    bound.follow(middle)
    value, slope = bound.likelihood(middle)
    curvature = np.zeros((middle.size, middle.size))
    return Expansion(start, middle, slope, value, curvature, bound.layout)


def rows_of_curvature(
    bound: Bound, expansion: Expansion, places: NDArray[np.int64], watch: Watch
) -> Floats:
    """Rows of minus the Hessian of the log-likelihood, by differences of its gradient.

    Parameters
    ----------
    bound : Bound
    expansion : Expansion
        To first order.
    places : int array, shape (n,)
    watch : callable
        See `climbed`.

    Returns
    -------
    array, shape (n, P)
    """
    found = np.empty((places.size, expansion.middle.size))
    for row, place in enumerate(places):
        watch(row, places.size)
        aside = np.zeros(expansion.middle.size)
        aside[place] = STEP
        found[row] = (expansion.slope - bound.likelihood(expansion.middle + aside)[1]) / STEP
    return found
