"""Who may use the items of a construct differently: segments, or waves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag, null_space

from emotion_models.models.rows import Items

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.survey import Codebook

Invariance = Literal["none", "segment", "wave"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """Groups whose use of single items may differ.

    Parameters
    ----------
    kind : {"none", "segment", "wave"}
    labels : tuple of str
        Empty where all use the items alike.
    membership : array, shape (J, G)
        Rows sum to 1.
    """

    kind: Invariance
    labels: tuple[str, ...]
    membership: Floats

    @property
    def basis(self) -> Floats:
        """Orthonormal basis (G, G - 1) of what sums to zero over groups."""
        return np.asarray(null_space(np.ones((1, len(self.labels)))))

    def controls(self) -> dict[str, Floats]:
        """Columns for the mean differences of the groups: all but the first."""
        names = [f"{self.kind}={label}" for label in self.labels]
        return dict(zip(names[1:], self.membership.T[1:], strict=True))


EVERYBODY: Final = Groups("none", (), np.zeros((0, 0)))
"""Nobody uses an item differently."""


def groups_of(kind: Invariance, codebook: Codebook, data: xr.Dataset) -> Groups:
    """Groups of a survey.

    Parameters
    ----------
    kind : {"none", "segment", "wave"}
    codebook : Codebook
    data : xarray.Dataset

    Returns
    -------
    Groups
        `EVERYBODY` where the survey has no such groups, or no construct of several items
        (see `emotion_models.models.requirements`).
    """
    part = {"none": None, "segment": codebook.segments, "wave": codebook.wave}[kind]
    labels = tuple(str(category) for category in part.categories) if part else ()
    several = any(len(construct.items) > 1 for construct in codebook.relationship)
    if len(labels) < 2 or not several:
        return EVERYBODY
    if kind == "segment" and "membership" in data:
        return Groups(kind, labels, data["membership"].to_numpy().astype(float))
    return Groups(kind, labels, np.eye(len(labels))[data[kind].to_numpy()])


def shared_items(items: Items) -> list[NDArray[np.int64]]:
    """Items of every construct that has two or more: a shift of one can be told from it.

    Parameters
    ----------
    items : Items

    Returns
    -------
    list of int array
    """
    loaded = np.flatnonzero(items.loaded)
    by_row = [loaded[items.ordinal_row[loaded] == row] for row in np.unique(items.ordinal_row)]
    return [own for own in by_row if own.size > 1]


def item_basis(items: Items) -> Floats:
    """Orthonormal basis (Q, free) of what sums to zero over the items of each construct.

    Parameters
    ----------
    items : Items

    Returns
    -------
    array, shape (Q, number of shared items less number of their constructs)
    """
    shared = shared_items(items)
    inner = block_diag(*(null_space(np.ones((1, own.size))) for own in shared))
    basis = np.zeros((len(items.ordinal_names), inner.shape[1]))
    basis[np.concatenate(shared)] = inner
    return basis


def construct_columns(items: Items) -> Floats:
    """Which shared construct (columns) each item (rows) belongs to: 1 or 0.

    Parameters
    ----------
    items : Items

    Returns
    -------
    array, shape (Q, number of shared constructs)
    """
    shared = shared_items(items)
    member = np.zeros((len(items.ordinal_names), len(shared)))
    for column, own in enumerate(shared):
        member[own, column] = 1
    return member


def prior_departures(groups: Groups, items: Items, rng: np.random.Generator, sd: Floats) -> Floats:
    """Draw departures of items in groups that sum to zero over both.

    Parameters
    ----------
    groups : Groups
    items : Items
    rng : Generator
    sd : array, shape (S,)

    Returns
    -------
    array, shape (S, G, Q)
    """
    over_items, over_groups = item_basis(items), groups.basis
    z = rng.normal(size=(sd.size, over_groups.shape[1], over_items.shape[1]))
    return np.asarray(sd[:, None, None] * (over_groups @ z @ over_items.T))
