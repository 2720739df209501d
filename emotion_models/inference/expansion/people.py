"""Draws of the latents that nodes stood for, given the answers and draws of the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.inference.expansion.bound import Bound, Layout

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference.jobs import Job

Floats = NDArray[np.float64]
PROPOSALS: Final = 25


def people_of(
    bound: Bound, job: Job, points: Floats, kept: xr.Dataset, rng: np.random.Generator
) -> xr.Dataset | None:
    """Latents of people at draws of the parameters.

    Parameters
    ----------
    bound : Bound
        Its nodes are left where they were.
    job : Job
    points : array, shape (S, D)
        Draws of the free parameters.
    kept : xarray.Dataset
        What they report, with chain and draw.
    rng : numpy.random.Generator

    Returns
    -------
    xarray.Dataset or None
        ``bond_residual`` (journey, construct) or ``recall_person`` (respondent), single precision;
        None without nodes.
    """
    import xarray as xr

    layout = bound.layout
    if layout is None:
        return None
    found = np.empty((1, len(points), *layout.centre.shape), dtype=np.float32)
    for i, point in enumerate(points):
        found[0, i] = drawn(bound, layout, bound.read(point)[1], rng)
    bound.lay_out(layout)
    over: dict[str, Any] = {"chain": kept["chain"], "draw": kept["draw"]}
    number = np.arange(job.design.n_journeys)
    if job.block == "recall":
        person = found[..., 0] * kept["recall_sd"].to_numpy()[..., None].astype(np.float32)
        coords = over | {"respondent": number}
        return xr.Dataset({"recall_person": (("chain", "draw", "respondent"), person)}, coords)
    constructs = [row.name for row in job.design.rows if row.stage == "relationship"]
    coords = over | {"journey": number, "construct": constructs}
    dims = ("chain", "draw", "journey", "construct")
    return xr.Dataset({"bond_residual": (dims, found)}, coords)


def drawn(bound: Bound, layout: Layout, phi: Floats, rng: np.random.Generator) -> Any:
    """One draw (I, C) of everybody's latents, by sampling importance resampling (Rubin 1988).

    Proposals come from the normal that nodes are laid out by, which is nearly the posterior.
    """
    noise = rng.standard_normal((min(PROPOSALS, bound.n_nodes), *layout.centre.shape))
    value = layout.centre + np.einsum("icd,nid->nic", layout.factor, noise)
    # Prior over proposal density; what is the same for all proposals of a unit cancels.
    mass = 0.5 * ((noise**2).sum(axis=-1) - (value**2).sum(axis=-1))
    left = (0, bound.n_nodes - len(noise))
    bound.put(
        np.pad(value, (left, (0, 0), (0, 0))), np.pad(mass, (left, (0, 0)), constant_values=-np.inf)
    )
    below = np.cumsum(bound.shares(phi)[1], axis=0)
    chosen = (rng.random(below.shape[1]) < below).argmax(axis=0)
    return value[chosen, np.arange(below.shape[1])]
