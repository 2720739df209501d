"""`ExpansionSampler`: expands a block's likelihood, samples what it makes, weights it exactly.

NUTS walks through the posterior with its own prior and the expanded likelihood, at a cost that
does not depend on the number of journeys. Every kept draw is then weighted by the likelihood over
its expansion (importance sampling, Pareto smoothed: Vehtari et al. 2024, JMLR 25:72) and draws are
taken again by weight, in order, so that what is kept are draws of the posterior itself and
convergence diagnostics see what the weights do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import SamplingError
from emotion_models.inference.approximation.importance import TRUSTED, in_order, smoothed
from emotion_models.inference.approximation.mode import independent
from emotion_models.inference.board import ChainState, Phase
from emotion_models.inference.compiled.program import reported
from emotion_models.inference.diagnostics import EXPANSION_K, EXPANSION_SHARE
from emotion_models.inference.expansion.bound import Bound
from emotion_models.inference.expansion.expand import (
    Expansion,
    Start,
    Watch,
    bend,
    climbed,
    first_order,
    upright,
)
from emotion_models.inference.expansion.people import people_of
from emotion_models.inference.expansion.pilot import of_some, start_from
from emotion_models.inference.expansion.weights import share, weigh
from emotion_models.inference.jobs import Job, Sampled, Settings, explained, one_thread
from emotion_models.inference.posterior import draws_of_people
from emotion_models.inference.sampling import Run, sampled, summarised, with_nutpie

Floats = NDArray[np.float64]
Tell = Callable[[ChainState], None]
Stopped = Callable[[], bool]
LOOK: Final = Run(300, 300, 1, lambda _: None, lambda: False)
"""Short chain that tells where the middle is."""
AWAY: Final = 1.0
"""Distance of the middle from the mode, in posterior standard deviations, to go there."""
WALK: Final = 5
"""Times as many steps per kept draw as elsewhere: they cost little, and where weights leave few
draws, there are more of them to weigh."""
LOG_WEIGHT: Final = "log_weight"
ENOUGH: Final = 0.1
"""Least share of draws that weights may leave. There are `WALK` times as many to weigh as are kept,
so half as many independent ones are left of these; sampling exactly takes far longer."""


class Interrupted(Exception):
    """Somebody asked to stop."""


class ExpansionSampler:
    """Compiled once; each step of the way is a task of its own, in whichever process is free.

    Parameters
    ----------
    job : Job
        That can be marginal.
    settings : Settings

    Raises
    ------
    SamplingError
        If the block cannot be compiled.
    """

    def __init__(self, job: Job, settings: Settings) -> None:
        from emotion_models.inference.expansion.programs import prepared
        from emotion_models.models.chain import block

        start = time.perf_counter()
        one_thread()
        self._job, self._settings = job, settings
        model = block(job.model, job.design, job.block, marginal=True)
        with explained(job.block):
            self._programs, self._parts = prepared(model)
        self._bound = Bound(self._programs, self._parts)
        self._compile_seconds = time.perf_counter() - start

    def climb(self, tell: Tell, stopped: Stopped) -> Expansion | None:
        """Find the mode; None when stopped, or where there is none."""
        watch = _watch(tell, stopped)
        try:
            with explained(self._job.block):
                return climbed(self._bound, watch, self._start(watch))
        except (Interrupted, SamplingError, np.linalg.LinAlgError):
            return None

    def _start(self, watch: Watch) -> Start | None:
        """Where some of very many journeys say that the climb should start."""
        some = of_some(self._job.design)
        if some is None:
            return None
        pilot = ExpansionSampler(replace(self._job, design=some), self._settings)
        first = climbed(pilot._bound, watch)
        rows, _ = bend(pilot._bound, first, np.arange(first.middle.size), watch)
        whole = replace(first, curvature=upright(rows))
        return start_from(whole, self._job.design.n_journeys / some.n_journeys, self._bound)

    def rows(
        self, expansion: Expansion, part: int, parts: int, tell: Tell, stopped: Stopped
    ) -> tuple[Floats, Floats] | None:
        """Every so many-th row of curvature and lean; None when stopped."""
        self._bound.use("coarse")
        self._bound.lay_out(expansion.layout)
        places = np.arange(part, expansion.middle.size, parts)
        try:
            return bend(self._bound, expansion, places, _watch(tell, stopped))
        except Interrupted:
            return None

    def centred(self, expansion: Expansion, tell: Tell, stopped: Stopped) -> Expansion | None:
        """Go to the posterior's middle, where it lies away from the mode.

        At the mode pooled departures may vanish with their scale, where the posterior hardly is.

        Returns
        -------
        Expansion or None
            None where it was in the middle.
        """
        self._bound.lay_out(expansion.layout)
        with explained(self._job.block):
            compiled, theta = self._for_nutpie(expansion)
            tree = with_nutpie(compiled, replace(LOOK, tell=tell, stopped=stopped))
        if tree is None or tree["sample_stats"].sizes.get("draw", 0) < LOOK.draws:
            return None
        points = theta(tree["posterior"]["at"].to_numpy()[0])
        read = np.stack([self._bound.read(point)[1] for point in points])
        middle, spread = read.mean(axis=0), np.maximum(read.std(axis=0), np.finfo(float).tiny)
        if np.abs((middle - expansion.middle) / spread).max() < AWAY:
            return None
        nearest = (((read - middle) / spread) ** 2).sum(axis=1).argmin()
        return expansion.moved_to(first_order(self._bound, points[nearest], middle), spread)

    def chain(
        self, expansion: Expansion, number: int, tell: Tell, stopped: Stopped
    ) -> Sampled | None:
        """Sample one chain and weight it.

        Parameters
        ----------
        expansion : Expansion
        number : int
            Chains differ by their number alone, wherever they run.
        tell, stopped : callable
            See `emotion_models.inference.sampling.Sampler.chain`.

        Returns
        -------
        Sampled or None
            None when it was stopped.

        Raises
        ------
        SamplingError
            If no starting point or no draw could be computed.
        """
        job, settings = self._job, self._settings
        thin = WALK * job.thin
        run = Run(settings.draws * thin, settings.tune, settings.seed_of(number), tell, stopped)
        begun = time.perf_counter()
        self._bound.lay_out(expansion.layout)
        with explained(job.block):
            compiled, theta = self._for_nutpie(expansion)
            tree = sampled(lambda own: with_nutpie(compiled, own), run)
        if tree is None or tree["sample_stats"].sizes.get("draw", 0) < run.draws:
            return None
        walked = theta(tree["posterior"]["at"].to_numpy()[0, job.thin - 1 :: job.thin])
        read = [self._bound.read(point)[1] for point in walked]
        weighing = _watch(tell, stopped, Phase.WEIGHTING)
        try:
            found = weigh(self._bound, expansion, read, settings.draws, weighing)
        except Interrupted:
            return None
        rng = np.random.default_rng([settings.seed, number, *str(job.block).encode()])
        points = walked[WALK - 1 :: WALK]
        if found.needed:
            _, weight = smoothed(found.log)
            points = walked[found.places[in_order(weight, rng, settings.draws)]]
        stats = summarised(tree).assign(
            {
                LOG_WEIGHT: ("weighed", found.log),
                EXPANSION_SHARE: ("chain", [share(found.log)]),
            }
        )
        shapes, model = self._programs.shapes, self._parts.model
        posterior = reported(self._bound.kept, shapes, model, points)
        chosen = draws_of_people(job.design, settings.draws, settings.chains)
        people = people_of(self._bound, job, points[chosen], posterior.isel(draw=chosen), rng)
        seconds = {
            "compile": self._compile_seconds,
            "slowest chain": time.perf_counter() - begun,
        }
        return Sampled(posterior, stats, seconds, people=people)

    def _for_nutpie(self, expansion: Expansion) -> tuple[Any, Callable[[Floats], Floats]]:
        """Sampler of coordinates nearly independent of each other, and theta of such."""
        from nutpie.compiled_pyfunc import from_pyfunc

        density = self._bound.expanded(expansion)
        root, start = independent(density, expansion.start), expansion.start

        def gradient(at: Any) -> tuple[float, Any]:
            value, slope = density(start + root @ at)
            return value, slope @ root

        compiled = from_pyfunc(
            ndim=start.size,
            make_logp_fn=lambda: gradient,
            make_expand_fn=lambda *_: lambda at: {"at": np.array(at)},
            make_initial_point_fn=lambda seed: np.random.default_rng(seed).normal(size=start.size),
            expanded_dtypes=[np.dtype("float64")],
            expanded_shapes=[start.shape],
            expanded_names=["at"],
        )
        return compiled, lambda at: start + at @ root.T


def _watch(
    tell: Tell, stopped: Stopped, phase: Phase = Phase.APPROXIMATING
) -> Callable[[int, int], None]:
    def watch(done: int, total: int) -> None:
        tell(ChainState(phase, done, total))
        if stopped():
            raise Interrupted

    return watch


def judged(chains: list[Sampled]) -> list[Sampled]:
    """Put Pareto k, of the weights of all chains, in the place of the weights.

    Of one chain's it is too uncertain: with 500 draws by some 0.2.
    """
    k, _ = smoothed(np.concatenate([each.stats[LOG_WEIGHT].to_numpy() for each in chains]))
    return [
        replace(each, stats=each.stats.drop_vars(LOG_WEIGHT).assign({EXPANSION_K: ("chain", [k])}))
        for each in chains
    ]


def trusted(chains: list[Sampled]) -> bool:
    """Whether weights can be trusted, and leave enough draws in every chain."""
    k = max(float(each.stats[EXPANSION_K].max()) for each in chains)
    share = min(float(each.stats[EXPANSION_SHARE].min()) for each in chains)
    return k <= TRUSTED and share >= ENOUGH
