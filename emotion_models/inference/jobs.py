"""What is to be fitted, how, and what comes back: shared by NUTS and the approximations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from emotion_models.errors import SamplingError
from emotion_models.previews import Method

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel
    from emotion_models.models.variables import Block

ONE_THREAD: Final = {
    "JAX_PLATFORMS": "cpu",
    "NPROC": "1",
    "OMP_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
"""Environment of a sampling process: chains fill the cores; threads of XLA and BLAS would be in
their way."""
WORKERS: Final = {**ONE_THREAD, "LOKY_MAX_MEMORY_LEAK_SIZE": "1e15"}
"""Environment of the processes that sample. Where psutil is installed, loky takes draws and
compiled code for a leak and starts the process anew; the limit is in bytes."""


def one_thread() -> None:
    """Set this process to one thread, where its environment says nothing else."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)


@dataclass(frozen=True)
class Settings:
    """How long and how often to sample; `cores` chains run at a time.

    An approximation has no warm-up: `tune` says nothing to it.
    """

    draws: int
    tune: int
    chains: int
    cores: int
    seed: int
    method: Method = "nuts"

    def seed_of(self, chain: int) -> int:
        """Seed of a chain: chains differ by their number alone, wherever they run."""
        return int(np.random.SeedSequence([self.seed, chain]).generate_state(1)[0])


@dataclass(frozen=True)
class Job:
    """A block of a model to sample.

    Of ``draws * thin`` steps every `thin`-th is kept: blocks that mix slowly but cost little
    per step walk further between kept draws.

    Parameters
    ----------
    block : str
    model : JourneyModel
    design : Design
    thin : int
    expand : bool
        Whether to try the expansion of its likelihood first
        (`emotion_models.inference.expansion`).
    """

    block: Block
    model: JourneyModel
    design: Design
    thin: int = 1
    expand: bool = False


@dataclass(frozen=True)
class Sampled:
    """Draws of one block.

    Parameters
    ----------
    posterior : xarray.Dataset
        With dimensions chain and draw.
    stats : xarray.Dataset
        Per chain: divergences, E-BFMI and mean number of leapfrog steps, over all steps; of an
        approximation see `emotion_models.inference.approximation.approximator`.
    seconds : dict of str to float
        ``compile`` and ``slowest chain``.
    complete : bool
        False when sampling was interrupted.
    people : xarray.Dataset, optional
        Values of people where they are not among `posterior`: at some of the draws, see
        `emotion_models.inference.posterior.draws_of_people`.
    """

    posterior: xr.Dataset
    stats: xr.Dataset
    seconds: dict[str, float]
    complete: bool = True
    people: xr.Dataset | None = None


@contextmanager
def explained(block: Block) -> Iterator[None]:
    """Say of what the sampler refuses which stage it is and what to do."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise SamplingError(
            f"the {block} stage could not be sampled: {error}; check the survey for "
            "answers that cannot occur under the codebook, or simplify the model"
        ) from error
