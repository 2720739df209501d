"""Pathfinder: of the normals along a climb the one nearest to the density (Zhang et al. 2022).

At every point of an L-BFGS path the local curvature gives a normal distribution; the one with
the largest evidence lower bound, that is the least Kullback-Leibler divergence from the density,
is kept (JMLR 23:306, algorithm 1). A joint density of many latents and their spreads rises
without end towards no spread, far from where its mass is; so the climb also ends when the bound
has not risen for `PATIENCE` steps.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.fitted import Fitted, Stopped, Watch, ratios
from emotion_models.inference.approximation.normal import Normal, factored
from emotion_models.inference.approximation.path import Curvature, Density, climb

Floats = NDArray[np.float64]
BOUND_DRAWS: Final = 5
"""Draws that estimate the bound at a point; as many as in section 3 of the paper."""
PATIENCE: Final = 100


def pathfinder(
    density: Density, start: Floats, rng: np.random.Generator, watch: Watch
) -> Fitted | None:
    """Fit one normal distribution along one path.

    Parameters
    ----------
    density : callable
    start : array, shape (D,)
    rng : numpy.random.Generator
    watch : callable

    Returns
    -------
    Fitted or None
        None where no point of the path had a normal distribution.

    Raises
    ------
    Stopped
        If `watch` says so.
    """
    along = _Along(density, start, rng, watch)
    end = climb(density, start, along.visit)
    if along.best is None:
        return None
    return Fitted(along.best, along.steps, end.arrived)


class _Along:
    """What is known of a path so far."""

    def __init__(
        self, density: Density, start: Floats, rng: np.random.Generator, watch: Watch
    ) -> None:
        self.best: Normal | None = None
        self.steps = -1
        self._bound, self._when = -np.inf, 0
        self._density, self._rng, self._watch = density, rng, watch
        self._curvature = Curvature(start.size)
        self._last: tuple[Floats, Floats] | None = None

    def visit(self, point: Floats, _: float, slope: Floats) -> None:
        """Fit a normal at a point; keep the best."""
        self.steps += 1
        if self._watch(self.steps, 0):
            raise Stopped
        if self._last is not None:
            self._curvature.update(point - self._last[0], self._last[1] - slope)
            self._judge(point, slope)
        self._last = point, slope
        if self.steps - self._when > PATIENCE and self.best is not None:
            raise StopIteration

    def _judge(self, point: Floats, slope: Floats) -> None:
        curvature = self._curvature
        normal = factored(point, slope, curvature.diagonal, *curvature.factors())
        if normal is None:
            return
        bound = float(ratios(normal, self._density, self._rng, BOUND_DRAWS)[1].mean())
        if bound > self._bound:
            self.best, self._bound, self._when = normal, bound, self.steps
