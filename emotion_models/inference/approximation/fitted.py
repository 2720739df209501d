"""`Fitted`: a normal approximation and how it was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.normal import Normal

Watch = Callable[[int, int], bool]
"""Told how many of how many steps are done (0: nobody knows); says whether to stop."""


@dataclass(frozen=True)
class Fitted:
    """A normal distribution near a log density.

    Parameters
    ----------
    normal : Normal
    steps : int
        Of the climb.
    arrived : bool
        Whether the climb ended by itself rather than at its limit.
    """

    normal: Normal
    steps: int
    arrived: bool


class Stopped(Exception):
    """Somebody asked to stop."""


def ratios(
    normal: Normal,
    density: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    rng: np.random.Generator,
    n: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw points (n, D) and give the log ratios (n,) of density to approximation."""
    points, log_normal = normal.draw(rng, n)
    with np.errstate(over="ignore", invalid="ignore"):
        log_density = np.array([density(point)[0] for point in points])
    return points, np.where(np.isfinite(log_density), log_density - log_normal, -np.inf)
