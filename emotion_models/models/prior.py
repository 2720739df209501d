"""`Prior`: a prior distribution as a value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem

Family = Literal[
    "normal", "half-normal", "lognormal", "dirichlet", "zero-sum-normal", "lkj", "gamma"
]
LOCATED: Final = ("normal", "lognormal", "gamma")
"""Families with a location."""


class PriorProblems(InputProblems, ValueError):
    """A prior, or a set of them, that cannot be; also a `ValueError`, as validation expects."""


@dataclass(frozen=True)
class Prior:
    """A prior distribution as a value.

    Parameters
    ----------
    family : str
        See `Family`.
    scale : float
        Standard deviation; concentration for ``dirichlet``, shape for ``lkj``, rate for
        ``gamma``.
    location : float
        Mean (of the logarithm for ``lognormal``), shape for ``gamma``; unused elsewhere.
    why : str
        What the prior says, in words.

    Raises
    ------
    PriorProblems
        If the scale is not positive, or a number is not finite.
    """

    family: Family
    scale: float
    location: float = 0.0
    why: str = ""

    def __post_init__(self) -> None:
        problems = []
        if not (math.isfinite(self.scale) and self.scale > 0):
            problems.append(Problem("scale", f"{self.scale!r} is not possible", "give one above 0"))
        if not math.isfinite(self.location):
            what = f"{self.location!r} is not possible"
            problems.append(Problem("location", what, "give a finite number"))
        if self.family == "gamma" and self.location <= 0:
            what = f"{self.location!r} is not possible as a shape"
            problems.append(Problem("location", what, "give one above 0"))
        if self.location and self.family not in LOCATED:
            what = f"a {self.family} prior has none"
            problems.append(Problem("location", what, f"{' and '.join(LOCATED)} have one"))
        if problems:
            raise PriorProblems(f"prior {self.family}", problems)

    @classmethod
    def normal(cls, location: float, scale: float, *, why: str = "") -> Self:
        """Normal with a mean and a standard deviation."""
        return cls("normal", scale, location, why)

    @classmethod
    def half_normal(cls, scale: float, *, why: str = "") -> Self:
        """Magnitude of a normal around 0: for standard deviations."""
        return cls("half-normal", scale, why=why)

    @classmethod
    def lognormal(cls, location: float, scale: float, *, why: str = "") -> Self:
        """Exponential of a normal; `location` and `scale` are those of the logarithm."""
        return cls("lognormal", scale, location, why)

    @classmethod
    def dirichlet(cls, concentration: float, *, why: str = "") -> Self:
        """Symmetric Dirichlet: for shares that sum to 1; larger is more equal."""
        return cls("dirichlet", concentration, why=why)

    @classmethod
    def zero_sum_normal(cls, scale: float, *, why: str = "") -> Self:
        """Normal values that sum to 0."""
        return cls("zero-sum-normal", scale, why=why)

    @classmethod
    def lkj(cls, shape: float, *, why: str = "") -> Self:
        """Correlation matrix; 1 is uniform, larger is closer to independence."""
        return cls("lkj", shape, why=why)

    @classmethod
    def gamma(cls, shape: float, rate: float, *, why: str = "") -> Self:
        """Gamma with mean ``shape / rate``."""
        return cls("gamma", rate, shape, why)

    def __str__(self) -> str:
        match self.family:
            case "normal" | "lognormal" | "gamma":
                return f"{self.family}({self.location:g}, {self.scale:g})"
            case _:
                return f"{self.family}({self.scale:g})"


def density(prior: Prior, value: NDArray[np.float64], size: int = 1) -> NDArray[np.float64]:
    """Density of one element of a prior, whatever the others are.

    Parameters
    ----------
    prior : Prior
        Of any family but ``lkj``.
    value : array, shape (n,)
    size : int
        Elements that sum to a constant (``dirichlet``, ``zero-sum-normal``).

    Returns
    -------
    array, shape (n,)
    """
    from scipy import stats

    match prior.family:
        case "normal":
            known = stats.norm(prior.location, prior.scale)
        case "half-normal":
            known = stats.halfnorm(scale=prior.scale)
        case "lognormal":
            known = stats.lognorm(prior.scale, scale=math.exp(prior.location))
        case "gamma":
            known = stats.gamma(prior.location, scale=1 / prior.scale)
        case "zero-sum-normal":  # what is left of the variance when the mean is taken out
            known = stats.norm(0, prior.scale * math.sqrt(1 - 1 / size))
        case "dirichlet":
            known = stats.beta(prior.scale, prior.scale * (size - 1))
        case _:
            raise ValueError(f"a {prior.family} prior has no density of one element")
    return np.asarray(known.pdf(value))
