"""Some of the journeys of a design: nothing is standardised, centred or averaged anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.design import Design
from emotion_models.models.parameters import Parameters

if TYPE_CHECKING:
    import xarray as xr

Which = NDArray[np.int64]
"""Numbers of journeys, without repetition."""
NUMBERS: Final = 1_000_000
"""Draws times journeys worked on at a time, in some tens of numbers each."""


def spread_out(design: Design, most: int) -> Which:
    """At most so many journeys, from all over the survey; of panels all."""
    n = design.n_journeys
    some = n if design.n_respondents < n else min(n, most)
    return np.linspace(0, n - 1, some).round().astype(np.int64)


def some_journeys(design: Design, which: Which) -> Design:
    """Take some journeys of a design.

    Parameters
    ----------
    design : Design
    which : int array
        All, or journeys of respondents with one journey each.

    Returns
    -------
    Design

    Raises
    ------
    ValueError
        If journeys of a respondent would be torn apart.
    """
    if which.size == design.n_journeys:
        return design
    if design.n_respondents < design.n_journeys:
        raise ValueError("journeys of a respondent belong together")
    ratings, items, groups = design.ratings, design.items, design.answering
    names = ("lever_groups", "membership", "context", "moderators", "controls")
    own: dict[str, Any] = {
        name: getattr(design, name)[which] for name in (*names, "delay", "waited", "weight")
    }
    if groups.labels:
        own["answering"] = replace(groups, membership=groups.membership[which])
    of_ratings = ("category", "score", "answered", "position", "item_score")
    return replace(
        design,
        ratings=replace(ratings, **{name: getattr(ratings, name)[:, which] for name in of_ratings}),
        scores=design.scores[..., which, :],
        features={name: each[..., which, :] for name, each in design.features.items()},
        exposure=replace(design.exposure, value=design.exposure.value[:, which]),
        respondent=np.arange(which.size),
        n_respondents=which.size,
        items=replace(
            items,
            ordinal=items.ordinal[which],
            others={
                kind: replace(answers, value=answers.value[which])
                for kind, answers in items.others.items()
            },
        ),
        recall=design.recall[:, which],
        **own,
    )


def some_people(people: xr.Dataset, design: Design, which: Which) -> xr.Dataset:
    """Take values of the people of some journeys of a design, one journey each; or of all."""
    if which.size == design.n_journeys:
        return people
    return people.isel(dict.fromkeys(("journey", "respondent"), which), missing_dims="ignore")


@dataclass(frozen=True)
class Journeys:
    """Journeys with what draws say of them.

    Parameters
    ----------
    design : Design
    known : Parameters
    people : xarray.Dataset
        At the same draws.
    """

    design: Design
    known: Parameters
    people: xr.Dataset

    def some(self, which: Which) -> Journeys:
        """Take some, or all of them; see `some_journeys`."""
        if which.size == self.design.n_journeys:
            return self
        return Journeys(
            some_journeys(self.design, which),
            replace(self.known, membership=self.known.membership[:, which]),
            some_people(self.people, self.design, which),
        )


def in_blocks(journeys: Journeys) -> Iterator[Journeys]:
    """Go through all, so many at a time that memory stays bounded; of panels all at once."""
    n = journeys.design.n_journeys
    size = max(1, NUMBERS // journeys.known.n_draws)
    if journeys.design.n_respondents < n:
        size = n
    for first in range(0, n, size):
        yield journeys.some(np.arange(first, min(first + size, n)))
