"""Putting the blocks of the posterior together as one ArviZ tree; the only place that does.

Groups: ``posterior`` (chain, draw), ``sample_stats`` (block, chain), and ``people``
(sample): values per respondent or journey, thinned and in single precision, because they are
many and only simulation reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.variables import PEOPLE, is_part

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference.jobs import Sampled
    from emotion_models.models.design import Design

PEOPLE_DRAWS: Final = 1000
"""Draws of people kept at most; all reported quantities mix well enough for fewer."""
PEOPLE_BYTES: Final = 256 * 2**20
LEAST_PEOPLE_DRAWS: Final = 20
"""Of very many journeys fewer draws say as much."""


def assemble(sampled: Mapping[str, Sampled], design: Design) -> xr.DataTree:
    """Merge the draws of all blocks; draw the people that were integrated out.

    Parameters
    ----------
    sampled : mapping of block name to Sampled
        All with the same numbers of chains and draws.
    design : Design
        What was fitted.

    Returns
    -------
    xarray.DataTree
    """
    import xarray as xr

    main, people = [], []
    sizes = next(iter(sampled.values())).posterior.sizes
    chosen = draws_of_people(design, sizes["draw"], sizes["chain"])
    for block in sampled.values():
        # Variables without elements (what goes beyond valence, of one emotion) say nothing.
        names = [str(name) for name, value in block.posterior.data_vars.items() if value.size]
        main.append(block.posterior[[name for name in names if name not in PEOPLE]])
        kept = [name for name in names if name in PEOPLE and not is_part(name)]
        people.append(block.posterior[kept].isel(draw=chosen, missing_dims="ignore"))
        if block.people is not None:
            people.append(block.people)
    stats = xr.concat(
        [block.stats for block in sampled.values()],
        dim="block",
        join="override",
    ).assign_coords(block=list(sampled))
    together = xr.merge(main, compat="override", join="override")
    others = thin_people(xr.merge(people, compat="override", join="override"))
    if "elicitation" in sampled and "affect" not in others:
        others = _with_raters(others, together, design, chosen)
    return xr.DataTree.from_dict(
        {"posterior": _without_unused(together), "sample_stats": stats, "people": others}
    )


def _with_raters(
    kept: xr.Dataset, posterior: xr.Dataset, design: Design, chosen: NDArray[np.int64]
) -> xr.Dataset:
    """Add people of stage 1 at the draws that others are kept at."""
    import xarray as xr

    from emotion_models.inference.people import people_given

    some = all_samples(posterior.isel(draw=chosen))
    found = people_given(design, some)
    number = {name: ("sample", some[name].to_numpy()) for name in ("chain", "draw")}
    return xr.merge([kept, found.assign_coords(number)], compat="override", join="override")


def all_samples(draws: xr.Dataset) -> xr.Dataset:
    """Draws of all chains along one leading dimension ``sample``."""
    return draws.stack(sample=("chain", "draw"), create_index=False).transpose("sample", ...)


def thin_people(people: xr.Dataset) -> xr.Dataset:
    """Lay people-level draws out to be kept.

    Parameters
    ----------
    people : xarray.Dataset
        With dimensions chain and draw, at `draws_of_people`.

    Returns
    -------
    xarray.Dataset
        Dimension ``sample`` with coordinates ``chain`` and ``draw``, single precision.
    """
    if not people.data_vars:
        return _without_unused(people)  # a model without anything particular to people
    return _without_unused(all_samples(people).astype(np.float32))


def draws_of_people(design: Design, n_draws: int, n_chains: int) -> NDArray[np.int64]:
    """Numbers of the draws, the same in every chain, at which people are kept.

    Parameters
    ----------
    design : Design
    n_draws, n_chains : int
        Draws per chain.
    """
    # Style, mood, affects; recall and residuals of constructs count as three more.
    each = (len(design.touchpoints) + 5) * design.n_journeys * 4
    wanted = min(PEOPLE_DRAWS, max(int(PEOPLE_BYTES / each), LEAST_PEOPLE_DRAWS))
    number = min(n_draws, max(1, wanted // n_chains))
    return np.linspace(0, n_draws - 1, number).round().astype(np.int64)


def _places(people: xr.Dataset, posterior: xr.Dataset) -> NDArray[np.int64]:
    """Where the draws of people stand among those of all chains."""
    found = people["chain"].to_numpy() * posterior.sizes["draw"] + people["draw"].to_numpy()
    return np.asarray(found)


def samples(posterior: xr.Dataset, people: xr.Dataset, most: int) -> tuple[xr.Dataset, xr.Dataset]:
    """Draws of the parameters and, for the same draws, of people.

    Parameters
    ----------
    posterior : xarray.Dataset
        With chain and draw.
    people : xarray.Dataset
        With sample.
    most : int
        Number of draws wanted at most.

    Returns
    -------
    parameters, people : xarray.Dataset
        Both with a leading dimension ``sample`` of the same draws.
    """
    stacked = all_samples(posterior)
    if "sample" in people.dims:
        kept = _places(people, posterior)
    else:
        kept = np.arange(stacked.sizes["sample"])
    chosen = np.linspace(0, kept.size - 1, min(most, kept.size)).round().astype(int)
    some = "sample" in people.dims and chosen.size < kept.size  # all of them are not copied
    thinned = people.isel(sample=chosen) if some else people
    return stacked.isel(sample=kept[chosen]), thinned


def _without_unused(data: xr.Dataset) -> xr.Dataset:
    """Drop coordinates along dimensions that no variable has, and the sampler's notes."""
    used = {dim for variable in data.data_vars.values() for dim in variable.dims}
    kept = data.drop_vars([name for name in data.coords if not set(data[name].dims) <= used])
    return kept.drop_attrs()  # the time of creation would make equal fits differ
