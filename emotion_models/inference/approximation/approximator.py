"""`Approximator`: what `Sampler` is to NUTS: compiled once, then one path and its draws a chain.

Statistics per chain: ``steps`` of the climb, whether it ``arrived`` (1 or 0), and ``log_ratio``
(chain, draw), which `importance` turns into ``pareto_k`` and ``effective_draws`` of the block.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import SamplingError
from emotion_models.inference.approximation.fitted import Fitted, Stopped, Watch, ratios
from emotion_models.inference.approximation.importance import LOG_RATIO
from emotion_models.inference.approximation.mode import MOST_PARAMETERS, laplace
from emotion_models.inference.approximation.normal import Normal
from emotion_models.inference.approximation.path import Density
from emotion_models.inference.approximation.pathfinder import pathfinder
from emotion_models.inference.approximation.target import target
from emotion_models.inference.board import ChainState, Phase
from emotion_models.inference.jobs import Job, Sampled, Settings, explained, one_thread

Floats = NDArray[np.float64]
Fitting = Callable[[Density, Floats, np.random.Generator, Watch], Fitted | None]
FITTING: Final[dict[str, Fitting]] = {"pathfinder": pathfinder, "laplace": laplace}
STARTS: Final = 10
"""Starts to try, each half as far from the middle as the one before."""
ROUNDS: Final = 10
"""Times to draw anew in place of draws whose density cannot be computed."""


class Approximator:
    """A block to approximate.

    Parameters
    ----------
    job : Job
    settings : Settings

    Raises
    ------
    SamplingError
        If the block cannot be compiled, or has too many parameters for the method.
    """

    def __init__(self, job: Job, settings: Settings) -> None:
        start = time.perf_counter()
        from emotion_models.models.chain import block

        self._job, self._settings = job, settings
        one_thread()
        with explained(job.block):
            self._target = target(block(job.model, job.design, job.block))
        self._compile_seconds = time.perf_counter() - start
        size = self._target.program.start.size
        if settings.method == "laplace" and size > MOST_PARAMETERS:
            raise SamplingError(
                f"the {job.block} stage has {size} parameters and method='laplace' takes at "
                f"most {MOST_PARAMETERS}; use method='pathfinder'"
            )

    def chain(
        self, number: int, tell: Callable[[ChainState], None], stopped: Callable[[], bool]
    ) -> Sampled | None:
        """Approximate from one start and draw.

        Parameters
        ----------
        number : int
            Chains differ by their number alone, wherever they run.
        tell : callable
            Called with how far the chain is.
        stopped : callable
            Asked whether to stop early.

        Returns
        -------
        Sampled or None
            None when it was stopped.

        Raises
        ------
        SamplingError
            If the density has no normal approximation near the start.
        """

        def watch(done: int, total: int) -> bool:
            tell(ChainState(Phase.APPROXIMATING, done, total))
            return stopped()

        # The block is part of the seed: blocks that shared their noise would have draws that
        # go together, though the posterior is their product.
        rng = np.random.default_rng([self._settings.seed, number, *str(self._job.block).encode()])
        begun = time.perf_counter()
        try:
            with explained(self._job.block):
                fitted = self._fitted(rng, watch)
                points, ratio = drawn(fitted.normal, self._density, rng, self._settings.draws)
        except Stopped:
            return None
        return self._sampled(fitted, points, ratio, begun)

    def _density(self, point: Floats) -> tuple[float, Floats]:
        return self._target.density(point)

    def _fitted(self, rng: np.random.Generator, watch: Watch) -> Fitted:
        from emotion_models.inference.compiled.program import moved

        middle = self._target.program.start
        for again in range(STARTS):
            start = middle + 0.5**again * (moved(middle, rng) - middle)
            if np.isfinite(self._density(start)[0]):
                break
        else:
            raise RuntimeError("no starting point has a finite density")
        found = FITTING[self._settings.method](self._density, start, rng, watch)
        if found is None:
            raise SamplingError(no_normal(self._job.block, self._settings.method))
        return found

    def _sampled(self, fitted: Fitted, points: Floats, ratio: Floats, begun: float) -> Sampled:
        import xarray as xr

        stats = xr.Dataset(
            {
                "steps": ("chain", [float(fitted.steps)]),
                "arrived": ("chain", [float(fitted.arrived)]),
                LOG_RATIO: (("chain", "draw"), ratio[None]),
            },
            {"chain": [0]},
        )
        seconds = {
            "compile": self._compile_seconds,
            "slowest chain": time.perf_counter() - begun,
        }
        return Sampled(self._target.kept(points), stats, seconds)


def drawn(
    normal: Normal, density: Density, rng: np.random.Generator, n: int
) -> tuple[Floats, Floats]:
    """Draw n points of finite density and give their log ratios.

    Where a tail of the normal reaches beyond what can be computed, nothing could be reported.
    """
    points, ratio = ratios(normal, density, rng, n)
    for _ in range(ROUNDS):
        lost = ~np.isfinite(ratio)
        if not lost.any():
            return points, ratio
        points[lost], ratio[lost] = ratios(normal, density, rng, int(lost.sum()))
    raise RuntimeError("the approximation lies where the density cannot be computed")


def no_normal(block: str, method: str) -> str:
    """Why there is no approximation, and what to do."""
    if method == "laplace":
        return (
            f"the density of the {block} stage has no maximum with curvature on all sides, "
            "as Laplace's method needs; use method='pathfinder' or method='nuts'"
        )
    return f"the {block} stage has no normal distribution along its path; use method='nuts'"
