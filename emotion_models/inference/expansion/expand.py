"""The log-likelihood expanded to second order where the posterior lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.path import Density, climb
from emotion_models.inference.expansion.bound import Bound, Layout

Floats = NDArray[np.float64]
Watch = Callable[[int, int], None]
Visit = Callable[..., None]
CLIMBS: Final = 4
"""Times to climb at most, the nodes following."""
LITTLE: Final = 0.01
"""Gain of log density by moving the nodes below which they stay."""
POLISHED: Final = 4
NEAR: Final = 0.2
"""Step, in standard deviations, after which the mode is near enough."""
STALE: Final = 0.1
"""Error of the slope that a curvature predicts elsewhere, as a share of the way there, both in
standard deviations, from which it is found anew."""
STEP: Final = 1e-4
"""For differences of gradients: what likelihoods read has a scale of about one."""


@dataclass(frozen=True)
class Start:
    """Where a climb starts, and coordinates for it.

    Parameters
    ----------
    point : array, shape (D,)
    root : array, shape (D, D)
        Of a covariance near that of the posterior.
    """

    point: Floats
    root: Floats


@dataclass(frozen=True)
class Expansion:
    """A log-likelihood near what it reads at the mode of the posterior.

        l(phi) ~ const + slope . d - d' curvature d / 2,    d = phi - middle

    The slope is that of fine nodes, at one place. How the likelihood bends, and what the expansion
    leaves over, coarse nodes tell nearly as well, at many places:

        l(phi) - expansion  ~  l_coarse(phi) - value - tangent . d + d' curvature d / 2

    Parameters
    ----------
    start : array, shape (D,)
        Free parameters of `middle`.
    middle, slope : array, shape (P,)
    value : float
    coarse_slope : array, shape (P,)
        Both of coarse nodes.
    lean : array, shape (P,)
        What their value rises by beyond it: Fisher's identity is that of the integral, not that of
        nodes.
    curvature : array, shape (P, P)
        0 where it is yet to be found.
    layout : Layout or None
        Of the nodes of latents, if there are any.
    """

    start: Floats
    middle: Floats
    slope: Floats
    value: float
    coarse_slope: Floats
    lean: Floats
    curvature: Floats
    layout: Layout | None

    @property
    def tangent(self) -> Floats:
        """How the value of coarse nodes rises."""
        return self.coarse_slope + self.lean

    @property
    def curved(self) -> bool:
        """Whether the curvature is known."""
        return bool(self.curvature.any())

    def moved_to(self, there: Expansion, spread: Floats) -> Expansion:
        """Expand elsewhere, with the same curvature where that predicts the slope there.

        Parameters
        ----------
        there : Expansion
            To first order.
        spread : array, shape (P,)
            Posterior standard deviations.
        """
        away = there.middle - self.middle
        missed = (there.coarse_slope - self.coarse_slope + self.curvature @ away) * spread
        if np.abs(missed).max() > STALE * np.abs(away / spread).max():
            return there
        return replace(there, curvature=self.curvature, lean=self.lean)

    def beyond(self, phi: Floats, gain: float, tangent: Floats) -> float:
        """What a likelihood gains from the middle to `phi` beyond tangent and curvature."""
        away = phi - self.middle
        return float(gain - tangent @ away + 0.5 * away @ (self.curvature @ away))


def climbed(bound: Bound, watch: Watch, start: Start | None = None) -> Expansion:
    """Climb to the mode, nodes following; an expansion to first order.

    Parameters
    ----------
    bound : Bound
        Its nodes end where the expansion says, coarse ones.
    watch : callable
        Told how many steps are done, of how many (0: nobody knows). May raise.
    start : Start, optional

    Returns
    -------
    Expansion
        With a curvature of zero.
    """
    steps = 0
    point, root = bound.programs.start, np.eye(bound.programs.start.size)
    if start is not None:
        point, root = start.point, start.root

    def visit(*_: object) -> None:
        nonlocal steps
        steps += 1
        watch(steps, 0)

    bound.use("coarse")
    for _ in range(CLIMBS):
        point = _climbed_in(root, bound.density, point, visit)
        before = bound.density(point)[0]
        bound.follow(bound.read(point)[1])
        if abs(bound.density(point)[0] - before) < LITTLE:
            break
    if start is not None:
        point = _polished(root, bound, point)
    return first_order(bound, point, bound.read(point)[1])


def _climbed_in(
    root: Floats, density: Density, point: Floats, visit: Callable[..., None]
) -> Floats:
    """Climb in other coordinates."""

    def from_point(away: Floats) -> tuple[float, Floats]:
        value, slope = density(point + root @ away)
        return value, slope @ root

    return np.asarray(point + root @ climb(from_point, np.zeros(point.size), visit).point)


def _polished(root: Floats, bound: Bound, point: Floats) -> Floats:
    """Go to where fine nodes see the mode, by Newton's method in nearly independent coordinates."""
    bound.use("fine")
    value, slope = bound.density(point)
    for _ in range(POLISHED):
        step = slope @ root
        there = point + root @ step
        higher, slope = bound.density(there)
        if not higher > value:
            break  # these coordinates tell too little
        point, value = there, higher
        if np.abs(step).max() < NEAR:
            break
    return point


def first_order(bound: Bound, start: Floats, middle: Floats) -> Expansion:
    """Expand around something, nodes following; the curvature is yet to be found.

    Parameters
    ----------
    bound : Bound
    start : array, shape (D,)
        Free parameters near it.
    middle : array, shape (P,)
    """
    bound.use("fine")
    bound.follow(middle)
    slope = bound.likelihood(middle)[1]
    bound.use("coarse")
    value, coarse_slope = bound.likelihood(middle)
    lean, curvature = np.zeros(middle.size), np.zeros((middle.size, middle.size))
    return Expansion(start, middle, slope, value, coarse_slope, lean, curvature, bound.layout)


def bend(
    bound: Bound, expansion: Expansion, places: NDArray[np.int64], watch: Watch
) -> tuple[Floats, Floats]:
    """Rows of minus the Hessian of the log-likelihood, and its lean, by differences.

    Parameters
    ----------
    bound : Bound
        With the nodes of the expansion, coarse ones.
    expansion : Expansion
        To first order.
    places : int array, shape (n,)
    watch : callable
        See `climbed`.

    Returns
    -------
    curvature : array, shape (n, P)
    lean : array, shape (n,)
    """
    rows, lean = np.empty((places.size, expansion.middle.size)), np.empty(places.size)
    for row, place in enumerate(places):
        watch(row, places.size)
        aside = np.zeros(expansion.middle.size)
        aside[place] = STEP
        there, slope_there = bound.likelihood(expansion.middle + aside)
        rows[row] = (expansion.coarse_slope - slope_there) / STEP
        rise = (there - expansion.value) / STEP + 0.5 * STEP * rows[row, place]
        lean[row] = rise - expansion.coarse_slope[place]
    return rows, lean


def upright(rows: Floats) -> Floats:
    """Symmetric curvature of rows found by differences, without directions that bend upwards.

    Parameters
    ----------
    rows : array, shape (P, P)

    Returns
    -------
    array, shape (P, P)
        Nowhere negative, so that the prior times the expansion has a maximum.
    """
    value, vector = np.linalg.eigh((rows + rows.T) / 2)
    return np.asarray((vector * np.maximum(value, 0)) @ vector.T)
