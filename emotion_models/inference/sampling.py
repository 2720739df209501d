"""Sampling one block of the posterior with nutpie, or with PyMC's own sampler."""

from __future__ import annotations

import logging
import os
import time
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from emotion_models.errors import SamplingError
from emotion_models.inference.progress import Progress

if TYPE_CHECKING:
    import pymc as pm
    import xarray as xr

MINIMUM_PARTIAL: Final = 100
"""Draws per chain below which an interrupted block is thrown away."""

TARGET_ACCEPT: Final = 0.9
"""Smaller steps than the sampler's default: scales near zero make narrow places."""

Seconds = dict[str, float]
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How long and how often to sample; `cores` chains run at a time.

    Of ``draws * thin`` steps every `thin`-th is kept: blocks that mix slowly but cost little
    per step walk further between kept draws.
    """

    draws: int
    tune: int
    chains: int
    cores: int
    seed: int
    thin: int = 1


@dataclass(frozen=True)
class Sampled:
    """Draws of one block.

    Parameters
    ----------
    posterior : xarray.Dataset
        With dimensions chain and draw.
    stats : xarray.Dataset
        Per chain: divergences, E-BFMI and mean number of leapfrog steps, over all steps.
    seconds : dict of str to float
        ``compile`` and ``sample``.
    complete : bool
        False when sampling was interrupted.
    """

    posterior: xr.Dataset
    stats: xr.Dataset
    seconds: Seconds
    complete: bool = True


def sample_block(
    name: str, block: pm.Model, settings: Settings, progress: Progress
) -> Sampled | None:
    """Sample one block.

    Parameters
    ----------
    name : str
        For progress and messages.
    block : pymc.Model
    settings : Settings
    progress : Progress

    Returns
    -------
    Sampled or None
        None when it was interrupted before it was of any use.

    Raises
    ------
    SamplingError
        If no starting point or no draw could be computed.
    """
    try:
        import nutpie
    except ImportError:
        _LOG.warning("nutpie is not installed; PyMC's own sampler is slower")
        return _sample_pymc(name, block, settings, progress)
    progress.step(f"{name}: compiling")
    start = time.perf_counter()
    try:
        compiled = _compile(nutpie, block)
        compiled_at = time.perf_counter()
        progress.step(f"{name}: warm-up")
        sampler = nutpie.sample(
            compiled,
            draws=settings.draws * settings.thin,
            tune=settings.tune,
            chains=settings.chains,
            cores=settings.cores,
            seed=settings.seed,
            target_accept=TARGET_ACCEPT,
            save_warmup=False,
            progress_bar=False,
            progress_callback=lambda chains: progress.chains(name, chains),
            progress_rate=200,
            blocking=False,
        )
        tree, complete = _wait(sampler)
    except (RuntimeError, ValueError) as error:
        raise SamplingError(
            f"the {name} stage could not be sampled: {error}; check the survey for answers that "
            "cannot occur under the codebook, or simplify the model"
        ) from error
    seconds = {"compile": compiled_at - start, "sample": time.perf_counter() - compiled_at}
    if not complete:
        return _partial(tree, settings.thin, seconds)
    return _thinned(tree["posterior"].to_dataset(), _stats(tree), settings.thin, seconds)


def _thinned(posterior: xr.Dataset, stats: xr.Dataset, thin: int, seconds: Seconds) -> Sampled:
    """Keep every `thin`-th draw; what the statistics say of all draws is kept."""
    from arviz_stats.base import array_stats

    kept = posterior.isel(draw=slice(thin - 1, None, thin))
    kept = kept.assign_coords(draw=range(kept.sizes["draw"]))
    energy = stats["energy"].transpose("chain", "draw").to_numpy()
    summary = {
        "divergences": stats["diverging"].sum("draw"),
        "e_bfmi": ("chain", array_stats.bfmi(energy)),
        "steps": stats["n_steps"].mean("draw"),
    }
    return Sampled(kept, stats[[]].assign(summary).drop_vars("draw", errors="ignore"), seconds)


def _compile(nutpie: Any, block: pm.Model) -> Any:
    """Compile through JAX: seconds, where Numba takes minutes."""
    # One thread per chain: chains already fill the cores, and XLA's own threads would fight.
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    with warnings.catch_warnings():
        # PyTensor's assertions have no JAX form; the priors they guard are constants here.
        warnings.filterwarnings("ignore", message="Skipping")
        warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS")
        return nutpie.compile_pymc_model(block, backend="jax", gradient_backend="jax")


def _wait(sampler: Any) -> tuple[Any, bool]:
    """Wait in short steps, so that Ctrl-C is heard; keep what there is when it comes."""
    try:
        while True:
            try:
                return sampler.wait(timeout=0.2), True
            except TimeoutError:
                continue
    except KeyboardInterrupt:
        with warnings.catch_warnings():
            # ArviZ doubts the shape of very short chains; `_partial` throws those away.
            warnings.simplefilter("ignore", UserWarning)
            return sampler.abort(), False


def _partial(tree: Any, thin: int, seconds: Seconds) -> Sampled | None:
    """Cut interrupted chains to a common length, if that leaves enough."""
    if tree is None or "posterior" not in tree.children:
        return None
    posterior, stats = tree["posterior"].to_dataset(), _stats(tree)
    # Chains that are behind are padded with NaN.
    lengths = [
        int(variable.isel(dict.fromkeys(variable.dims[2:], 0)).notnull().sum("draw").min())
        for variable in posterior.data_vars.values()
        if variable.dtype.kind == "f" and variable.size
    ]
    shortest = min(lengths, default=0)
    if shortest < MINIMUM_PARTIAL * thin:
        return None
    keep = {"draw": slice(0, shortest)}
    cut = _thinned(posterior.isel(keep), stats.isel(keep), thin, seconds)
    return replace(cut, complete=False)


def _stats(tree: Any) -> xr.Dataset:
    """The sampler statistics that the checks read."""
    stats: xr.Dataset = tree["sample_stats"].to_dataset()
    return stats[["diverging", "energy", "n_steps"]]


def _sample_pymc(
    name: str, block: pm.Model, settings: Settings, progress: Progress
) -> Sampled | None:
    """Fall back to PyMC's own sampler; an interrupt keeps what PyMC keeps."""
    import pymc as pm

    progress.step(f"{name}: compiling and sampling")
    start = time.perf_counter()
    with block:
        tree = pm.sample(
            draws=settings.draws * settings.thin,
            tune=settings.tune,
            chains=settings.chains,
            cores=settings.cores,
            random_seed=settings.seed,
            nuts_sampler="pymc",
            target_accept=TARGET_ACCEPT,
            progressbar=False,
            compute_convergence_checks=False,
        )
    posterior = tree["posterior"].to_dataset()
    complete = posterior.sizes["draw"] == settings.draws * settings.thin
    seconds = {"compile": 0.0, "sample": time.perf_counter() - start}
    if not complete:
        return _partial(tree, settings.thin, seconds)
    return _thinned(posterior, _stats(tree), settings.thin, seconds)
