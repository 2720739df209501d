"""Sampling one chain of one block of the posterior with nutpie, or with PyMC's own sampler."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from emotion_models.inference.array_stats import array_stats
from emotion_models.inference.board import ChainState, Phase
from emotion_models.inference.jobs import Job, Sampled, Settings, explained, one_thread

TARGET_ACCEPT: Final = 0.8
"""The samplers' own default: in the forms of `models` few places are narrow enough to need more."""
CAREFUL: Final = 0.95
"""For a chain that met such a place: it is sampled once more, in smaller steps."""

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """One chain: its steps, and who is told and asked while it runs."""

    draws: int
    tune: int
    seed: int
    tell: Callable[[ChainState], None]
    stopped: Callable[[], bool]
    target: float = TARGET_ACCEPT


class Sampler:
    """Compiled once, sampled chain by chain.

    Parameters
    ----------
    job : Job
    settings : Settings

    Raises
    ------
    SamplingError
        If the block cannot be compiled.
    """

    def __init__(self, job: Job, settings: Settings) -> None:
        start = time.perf_counter()
        self._job, self._settings = job, settings
        from emotion_models.models.chain import block

        self._model = block(job.model, job.design, job.block)
        with explained(job.block):
            self._compiled = _compile(self._model)
        self._compile_seconds = time.perf_counter() - start

    def chain(
        self, number: int, tell: Callable[[ChainState], None], stopped: Callable[[], bool]
    ) -> Sampled | None:
        """Sample one chain; once more in smaller steps where trajectories diverged.

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
            None when it was stopped before the first draw.

        Raises
        ------
        SamplingError
            If no starting point or no draw could be computed.
        """
        settings, thin = self._settings, self._job.thin
        run = Run(settings.draws * thin, settings.tune, settings.seed_of(number), tell, stopped)
        start = time.perf_counter()
        with explained(self._job.block):
            tree = sampled(self._sample, run)
        seconds = {"compile": self._compile_seconds, "slowest chain": time.perf_counter() - start}
        return _thinned(tree, settings.draws, thin, seconds)

    def _sample(self, run: Run) -> Any:
        if self._compiled is None:
            return _with_pymc(self._model, run)
        return with_nutpie(self._compiled, run)


def sampled(sample: Callable[[Run], Any], run: Run) -> Any:
    """Sample a chain; once more in smaller steps where trajectories diverged.

    Parameters
    ----------
    sample : callable
        To draws and statistics as a tree, or None when stopped before the first draw.
    run : Run
    """
    tree = sample(run)
    if _finished(tree, run) and tree["sample_stats"]["diverging"].any():
        again = sample(replace(run, target=CAREFUL))
        tree = again if _finished(again, run) else tree
    return tree


def _finished(tree: Any, run: Run) -> bool:
    """Whether a chain came to its end: nobody interrupted it, here or elsewhere."""
    return tree is not None and tree["sample_stats"].sizes.get("draw", 0) == run.draws


def _compile(model: Any) -> Any:
    """Compile through JAX: seconds, where Numba takes minutes. None without nutpie."""
    one_thread()
    try:
        import nutpie  # noqa: F401
    except ImportError:
        _LOG.warning("nutpie is not installed; PyMC's own sampler is slower")
        return None
    from emotion_models.inference.compiled.program import compiled

    return compiled(model)


def with_nutpie(compiled: Any, run: Run) -> Any:
    """Sample one chain with nutpie; what there is when stopped early, or None."""
    import nutpie

    def heard(chains: Any) -> None:
        for chain in chains:
            phase = Phase.WARM_UP if chain.tuning else Phase.SAMPLING
            count = 0 if chain.tuning else chain.divergences
            run.tell(ChainState(phase, chain.finished_draws, chain.total_draws, count))

    sampler = nutpie.sample(
        compiled,
        draws=run.draws,
        tune=run.tune,
        chains=1,
        cores=1,
        seed=run.seed,
        target_accept=run.target,
        save_warmup=False,
        progress_bar=False,
        progress_callback=heard,
        progress_rate=200,
        blocking=False,
    )
    with warnings.catch_warnings():
        # ArviZ doubts the shape of very short chains; those are thrown away.
        warnings.simplefilter("ignore", UserWarning)
        try:
            while not run.stopped():
                try:
                    return sampler.wait(timeout=0.2)
                except TimeoutError:
                    continue
        except KeyboardInterrupt:
            pass
        return sampler.abort()


def _with_pymc(model: Any, run: Run) -> Any:
    """Sample one chain with PyMC's own sampler; it keeps what it has at an interrupt."""
    import pymc as pm

    def heard(trace: Any, draw: Any) -> None:
        phase = Phase.WARM_UP if draw.tuning else Phase.SAMPLING
        run.tell(ChainState(phase, draw.draw_idx + 1, run.tune + run.draws))
        if run.stopped():
            raise KeyboardInterrupt

    with model:
        return pm.sample(
            draws=run.draws,
            tune=run.tune,
            chains=1,
            cores=1,
            random_seed=run.seed,
            nuts_sampler="pymc",
            target_accept=run.target,
            progressbar=False,
            compute_convergence_checks=False,
            callback=heard,
        )


def _thinned(tree: Any, draws: int, thin: int, seconds: dict[str, float]) -> Sampled | None:
    """Keep every `thin`-th draw; what the statistics say of all draws is kept."""
    from emotion_models.models.variables import is_part

    if tree is None or "posterior" not in tree.children:
        return None
    kept = tree["posterior"].to_dataset().isel(draw=slice(thin - 1, None, thin))
    if kept.sizes["draw"] == 0:
        return None
    kept = kept.assign_coords(draw=range(kept.sizes["draw"]))
    kept = kept.drop_vars([name for name in kept.data_vars if is_part(str(name))])
    return Sampled(kept, summarised(tree), seconds, complete=kept.sizes["draw"] == draws)


def summarised(tree: Any) -> Any:
    """Statistics of a chain over all its draws."""
    stats = tree["sample_stats"].to_dataset()[["diverging", "energy", "n_steps"]]
    energy = stats["energy"].transpose("chain", "draw").to_numpy()
    summary = {
        "divergences": stats["diverging"].sum("draw"),
        "e_bfmi": ("chain", array_stats().bfmi(energy)),
        "steps": stats["n_steps"].mean("draw"),
    }
    return stats[[]].assign(summary).drop_vars("draw", errors="ignore")
