"""Climbing a log density by L-BFGS, and what the path tells of its curvature.

SciPy's L-BFGS-B keeps its own estimate of the curvature to itself, so points and gradients are
followed and the estimate is made again: the inverse of the negative Hessian as

    H = diag(a) + B G B'            B = (diag(a) Z, S),   G = (0, -inv(E); -inv(E)', W)
    W = inv(E)' (diag(e) + Z' diag(a) Z) inv(E)

with S the last steps, Z the changes of the negative gradient, E the upper triangle of S'Z and e
its diagonal (Byrd, Nocedal & Schnabel 1994, doi 10.1007/BF01582063, eq. 3.1 with a diagonal
start). The diagonal follows Gilbert & Lemarechal (1989, doi 10.1007/BF01589113), as in
algorithm 3 of Zhang et al. (2022, JMLR 23:306).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Density = Callable[[Floats], tuple[float, Floats]]
"""Log density and its gradient at a point."""

HISTORY: Final = 50
"""Steps that the curvature is read from: with 6, as in the paper, spreads came out a fifth smaller
than with 50 on a block of 47 parameters, and the climb took half as many steps again."""
NUMBERS: Final = 30_000
"""Of thousands of parameters fewer steps are kept, or their QR decomposition takes all the time."""
STEPS: Final = 2000
ENDED: Final = (0, 99)
"""What SciPy says of a climb that converged, or that `visit` ended."""
TOLERANCE: Final = 1e-11
"""Relative gain of log density per step below which the climb has arrived."""
CURVED: Final = 1e-12
"""Least curvature along a step, relative to the squared change of gradient, that is believed."""


@dataclass(frozen=True)
class Climb:
    """Where a climb ended.

    Parameters
    ----------
    point : array, shape (D,)
    steps : int
    arrived : bool
        Whether it stopped by itself rather than at the limit of steps.
    """

    point: Floats
    steps: int
    arrived: bool


def climb(density: Density, start: Floats, visit: Callable[[Floats, float, Floats], None]) -> Climb:
    """Climb from a start, calling `visit` with every point reached, its value and gradient.

    Parameters
    ----------
    density : callable
    start : array, shape (D,)
    visit : callable
        May raise `StopIteration` to end the climb.

    Returns
    -------
    Climb
    """
    from scipy.optimize import minimize

    last: list[tuple[Floats, float, Floats]] = []

    def downhill(point: Floats) -> tuple[float, Floats]:
        value, slope = density(point)
        last[:] = [(point.copy(), value, slope)]
        return -value, -slope

    def reached(intermediate_result: Any) -> None:
        if not np.array_equal(last[0][0], intermediate_result.x):
            downhill(intermediate_result.x)
        visit(*last[0])

    visit(start, *density(start))
    found = minimize(
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        callback=reached,
        options={
            "maxcor": history(start.size),
            "maxiter": STEPS,
            "maxfun": 20 * STEPS,
            "ftol": TOLERANCE,
            "gtol": 1e-6,
        },
    )
    return Climb(found.x, int(found.nit), found.status in ENDED)


def history(size: int) -> int:
    """Steps that are kept of a path among so many parameters."""
    return max(6, min(HISTORY, NUMBERS // size))


class Curvature:
    """Estimate of the inverse negative Hessian along a path, updated by its steps.

    Parameters
    ----------
    size : int
        Number of parameters.
    """

    def __init__(self, size: int) -> None:
        self.diagonal: Floats = np.ones(size)
        self.steps: deque[Floats] = deque(maxlen=history(size))
        self.changes: deque[Floats] = deque(maxlen=history(size))

    def update(self, step: Floats, change: Floats) -> None:
        """Learn from one step and the change of the negative gradient along it.

        Parameters
        ----------
        step, change : array, shape (D,)
        """
        along = float(change @ step)
        if not along > CURVED * float(change @ change):
            return  # the density is not concave here: the step tells nothing of a maximum
        a = self.diagonal
        across = float(change @ (a * change))
        inverse = float(step @ (step / a))
        self.diagonal = 1 / (
            across / (along * a) + change**2 / along - across * step**2 / (along * inverse * a**2)
        )
        self.steps.append(step)
        self.changes.append(change)

    def factors(self) -> tuple[Floats, Floats]:
        """Return ``B`` (D, 2J) and ``G`` (2J, 2J) of the low-rank part."""
        n = len(self.steps)
        if n == 0:
            return np.zeros((self.diagonal.size, 0)), np.zeros((0, 0))
        S, Z = np.stack(self.steps, axis=1), np.stack(self.changes, axis=1)
        scaled = self.diagonal[:, None] * Z
        inner = S.T @ Z
        inverse = np.linalg.inv(np.triu(inner))
        corner = inverse.T @ (np.diag(np.diag(inner)) + Z.T @ scaled) @ inverse
        G = np.block([[np.zeros((n, n)), -inverse], [-inverse.T, corner]])
        return np.concatenate([scaled, S], axis=1), G
