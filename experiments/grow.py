"""A fit of any number of journeys, for timing: those of another fit, drawn again."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import xarray as xr

import emotion_models as em
from emotion_models.inference.posterior import draws_of_people


def grown(fit: em.Fit, journeys: int) -> em.Fit:
    """Draw the journeys of a fit again, each as a respondent of its own.

    The posterior of the parameters stays; what is drawn for people goes with their journeys. The
    result is as large as a fit of so many journeys, but is nobody's posterior.
    """
    rng = np.random.default_rng(7)
    chosen = rng.integers(0, fit.survey.n_journeys, journeys)
    who = fit.data["respondent"].to_numpy()[chosen]
    data = fit.data.isel(journey=chosen).assign(respondent=("journey", np.arange(journeys)))
    people = _fewer(fit.posterior["people"].to_dataset(), fit, journeys)
    if "journey" in people.dims:
        people = people.isel(journey=chosen).assign_coords(journey=np.arange(journeys))
    if "respondent" in people.dims:
        people = people.isel(respondent=who).assign_coords(respondent=np.arange(journeys))
    groups = {f"/{name}": tree.to_dataset() for name, tree in fit.posterior.children.items()}
    posterior = xr.DataTree.from_dict({**groups, "/people": people})
    survey = replace(fit.survey, n_journeys=journeys, n_respondents=journeys)
    return replace(fit, data=data, posterior=posterior, survey=survey)


def _fewer(people: xr.Dataset, fit: em.Fit, journeys: int) -> xr.Dataset:
    """As many draws of people as a fit of so many journeys keeps."""
    if "sample" not in people.sizes:
        return people
    size: Any = SimpleNamespace(touchpoints=fit.design.touchpoints, n_journeys=journeys)
    return people.isel(sample=draws_of_people(size, people.sizes["sample"], 1))
