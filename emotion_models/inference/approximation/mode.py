"""Laplace's method: the mode of a log density and its curvature there (Tierney & Kadane 1986)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.approximation.fitted import Fitted, Stopped, Watch
from emotion_models.inference.approximation.normal import dense
from emotion_models.inference.approximation.path import Density, climb

Floats = NDArray[np.float64]
MOST_PARAMETERS: Final = 2000
"""A dense matrix of so many has 32 MB, and its inverse takes a second."""
STEP: Final = 1e-4
"""For differences of gradients: parameters here have a scale of about one."""
WIDEST: Final = 4.0
"""Standard deviation beyond which a direction is not stretched: there the mode says little."""
AT_MODE: Final = 0.1
"""Largest Newton step from where the climb ended, in posterior standard deviations."""


def laplace(density: Density, start: Floats, _: np.random.Generator, watch: Watch) -> Fitted | None:
    """Fit a normal distribution at the mode.

    Parameters
    ----------
    density : callable
    start : array, shape (D,)
    watch : callable

    Returns
    -------
    Fitted or None
        None where the climb ended at no maximum: the density rises without end, as that of
        many latents and their spread may, or is flat.

    Raises
    ------
    Stopped
        If `watch` says so.
    """
    steps = 0

    def visit(*_: object) -> None:
        nonlocal steps
        steps += 1
        if watch(steps, 0):
            raise Stopped

    end = climb(density, start, visit)
    precision = curvature(density, end.point, watch)
    normal = dense(end.point, precision)
    if normal is None:
        return None
    missed = float(np.linalg.norm(normal.root.T @ density(end.point)[1]))
    return Fitted(normal, end.steps, end.arrived and missed <= AT_MODE)


def curvature(density: Density, point: Floats, watch: Watch) -> Floats:
    """Negative Hessian by central differences of the gradient, made symmetric.

    Parameters
    ----------
    density : callable
    point : array, shape (D,)
    watch : callable

    Returns
    -------
    array, shape (D, D)

    Raises
    ------
    Stopped
        If `watch` says so.
    """
    found = np.empty((point.size, point.size))
    for i in range(point.size):
        if watch(i, point.size):
            raise Stopped
        aside = np.zeros(point.size)
        aside[i] = STEP
        found[i] = density(point - aside)[1] - density(point + aside)[1]
    return np.asarray(found + found.T) / (4 * STEP)


def independent(density: Density, mode: Floats) -> Floats:
    """Root of the covariance that the curvature of a log density at its mode suggests.

    Parameters
    ----------
    density : callable
    mode : array, shape (D,)

    Returns
    -------
    array, shape (D, D)
    """
    value, vector = np.linalg.eigh(curvature(density, mode, lambda *_: False))
    return np.asarray(vector / np.sqrt(np.maximum(value, WIDEST**-2)))
