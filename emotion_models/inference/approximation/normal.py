"""Normal distributions that can be drawn from: factored for many dimensions, or dense."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Normal:
    """A normal distribution by a root of its covariance.

    With ``root`` (D, D) the covariance is ``root root'``. With `basis` Q (D, r; orthonormal)
    and ``root`` L (r, r) it is ``diag(scale) (I + Q (L L' - I) Q') diag(scale)``: a draw costs
    D r, not D squared.

    Parameters
    ----------
    mean, scale : array, shape (D,)
    root : array
    basis : array, shape (D, r), or None
    """

    mean: Floats
    scale: Floats
    root: Floats
    basis: Floats | None = None

    def draw(self, rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
        """Draw points (n, D) and give their log densities (n,)."""
        noise = rng.standard_normal((n, self.mean.size))
        moved = noise @ self.root.T if self.basis is None else noise + self._low_rank(noise)
        log_det = np.log(np.abs(np.diag(self.root))).sum() + np.log(self.scale).sum()
        constant = log_det + self.mean.size / 2 * np.log(2 * np.pi)
        return self.mean + self.scale * moved, -0.5 * (noise**2).sum(axis=1) - constant

    def _low_rank(self, noise: Floats) -> Floats:
        assert self.basis is not None
        inside = noise @ self.basis
        return np.asarray((inside @ self.root.T - inside) @ self.basis.T)


def factored(
    point: Floats, slope: Floats, diagonal: Floats, tall: Floats, small: Floats
) -> Normal | None:
    """Fit a normal at a point to its gradient and curvature ``diag(a) + B G B'``.

    The mean is one Newton step from the point; the thin QR decomposition
    ``diag(a)^(-1/2) B = Q R`` gives the root ``L L' = I + R G R'`` (Zhang et al. 2022, JMLR
    23:306, algorithm 4).

    Parameters
    ----------
    point, slope : array, shape (D,)
        A point and the gradient of the log density there.
    diagonal : array, shape (D,)
    tall : array, shape (D, r)
    small : array, shape (r, r)

    Returns
    -------
    Normal or None
        None where the estimate is no covariance.
    """
    scale = np.sqrt(diagonal)
    Q, R = np.linalg.qr(tall / scale[:, None])
    try:
        root = np.linalg.cholesky(np.eye(R.shape[0]) + R @ small @ R.T)
    except np.linalg.LinAlgError:
        return None
    mean = point + diagonal * slope + tall @ (small @ (tall.T @ slope))
    found = np.isfinite(mean).all() and np.isfinite(scale).all() and np.isfinite(root).all()
    return Normal(mean, scale, root, Q) if found else None


def dense(mean: Floats, precision: Floats) -> Normal | None:
    """Normal distribution of a mean and a precision matrix; None if that is not positive."""
    from scipy.linalg import solve_triangular

    try:
        lower = np.linalg.cholesky(precision)
    except np.linalg.LinAlgError:
        return None
    root = solve_triangular(lower, np.eye(mean.size), lower=True).T
    return Normal(mean, np.ones(mean.size), root)
