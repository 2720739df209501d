"""Fits made of draws from the prior: what is tested with them are equations, not estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

import emotion_models as em
from emotion_models.inference import Fit
from emotion_models.inference.posterior import thin_people
from emotion_models.inference.result import describe
from emotion_models.models.chain import block
from emotion_models.models.design import make_design
from emotion_models.models.variables import PEOPLE, Block
from emotion_models.survey.survey import Survey
from tests.models.graphs import draws

N_DRAWS = 6


def drawn_fit(survey: Survey, blocks: Sequence[Block]) -> Fit:
    """A fit of these blocks, two chains of `N_DRAWS`."""
    model = em.JourneyModel.for_survey(survey, elicitation="elicitation" in blocks)
    design = make_design(model, survey.codebook, survey.data)
    found: dict[str, Any] = {}
    for name in blocks:
        built = block(model, design, name)
        named = [v.name for v in (*built.free_RVs, *built.deterministics)]
        values = draws([built[v] for v in named], 2 * N_DRAWS, seed=8)
        for variable, value in zip(named, values, strict=True):
            if variable.endswith("_z"):
                continue  # of the sampler's
            dims = built.named_vars_to_dims.get(variable) or tuple(
                f"{variable}_{axis}" for axis in range(value.ndim - 1)
            )
            shaped = value.reshape((2, N_DRAWS, *value.shape[1:]))
            labels = {d: (d, list(built.coords[d])) for d in dims if d in built.coords}
            found[variable] = xr.DataArray(shaped, dims=("chain", "draw", *dims), coords=labels)
    people = xr.Dataset({k: v for k, v in found.items() if k in PEOPLE})
    posterior = xr.Dataset({k: v for k, v in found.items() if k not in PEOPLE})
    labels = {"chain": [0, 1], "draw": np.arange(N_DRAWS)}
    tree = xr.DataTree.from_dict(
        {
            "posterior": posterior.assign_coords(labels),
            "people": thin_people(people.assign_coords(labels)) if people else people,
        }
    )
    bare = survey.data.drop_vars(["journey_id", "respondent_id"])
    return Fit(model, describe(survey), bare, tree, 5, {}, {})
