"""Control columns of stages 3 and 4: declared controls, segments, and the halo index."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.ratings import Ratings
    from emotion_models.survey import Codebook

Floats = NDArray[np.float64]


def has_halo(valence: Floats) -> bool:
    """Whether emotions of both signs were rated: else style cannot be told from feeling.

    Nor of two emotions: the index is their sum, and what is left of them is one difference.
    """
    return bool(valence.size > 2 and (valence > 0).any() and (valence < 0).any())


def halo_index(
    ratings: Ratings, valence: Floats, respondent: NDArray[np.int64], *, panel: bool
) -> dict[str, Floats]:
    """How a respondent answers whatever the emotion.

    ``style`` is the mean score over positive and negative emotions, each side weighing half,
    across all touchpoints of the respondent: a response style raises it, an emotion of either
    sign hardly does. In a panel ``disposition`` (positive minus negative side, person mean)
    joins it, so that effects compare a person's journeys with each other (Mundlak 1978).

    Parameters
    ----------
    ratings : Ratings
    valence : array, shape (E,)
    respondent : int array, shape (J,)
    panel : bool

    Returns
    -------
    dict of str to array, shape (J,)
        Empty where the emotions have only one sign, or are two.
    """
    if not has_halo(valence):
        return {}
    side = {sign: _person_mean(ratings, valence * sign > 0, respondent) for sign in (1, -1)}
    index = {"style": (side[1] + side[-1]) / 2}
    if panel:
        index["disposition"] = (side[1] - side[-1]) / 2
    return index


def _person_mean(ratings: Ratings, members: NDArray[np.bool_], who: NDArray[np.int64]) -> Floats:
    """Mean score of some emotions over everything a respondent answered, per journey."""
    total = ratings.score[:, :, members].sum(axis=(0, 2))
    count = ratings.answered[:, :, members].sum(axis=(0, 2))
    mean: Floats = np.bincount(who, total) / np.maximum(np.bincount(who, count), 1)
    return mean[who]


def control_columns(
    codebook: Codebook,
    data: xr.Dataset,
    extra: dict[str, Floats],
    groups: dict[str, Floats],
) -> tuple[tuple[str, ...], Floats]:
    """All control columns, centred; continuous ones in standard deviations.

    `extra` are columns that the model brings: the halo index, what effects or memory change
    with. Unknown values of a control are set to its mean (audited by the survey).

    Parameters
    ----------
    codebook : Codebook
    data : xarray.Dataset
    extra : dict of str to array, shape (J,)
    groups : dict of str to array, shape (J,)
        Memberships whose means may differ.

    Returns
    -------
    names : tuple of str
    columns : array, shape (J, P)
    """
    columns: dict[str, Floats] = {name: _scaled(value) for name, value in extra.items()}
    columns |= groups
    columns |= _coded(codebook, data, codebook.control_names)
    return tuple(columns), _centred(columns, data.sizes["journey"])


def context_columns(codebook: Codebook, data: xr.Dataset) -> tuple[tuple[str, ...], Floats]:
    """Columns of the controls that make identities salient, coded as `control_columns` does.

    Parameters
    ----------
    codebook : Codebook
    data : xarray.Dataset

    Returns
    -------
    names : tuple of str
    columns : array, shape (J, P)
        For `emotion_models.science.equations.identity.salient_membership`.
    """
    names = codebook.segments.context if codebook.segments else ()
    columns = _coded(codebook, data, names)
    return tuple(columns), _centred(columns, data.sizes["journey"])


def _coded(codebook: Codebook, data: xr.Dataset, names: Collection[str]) -> dict[str, Floats]:
    """Columns of some controls: categories against the first, numbers in standard deviations."""
    columns: dict[str, Floats] = {}
    raw = data["control_value"].transpose("control", "journey").to_numpy().astype(float)
    for control, value in zip(codebook.controls, raw, strict=True):
        if control.name not in names:
            continue
        if control.kind == "categorical":
            for index, category in enumerate(control.categories[1:], start=1):
                columns[f"{control.name}={category}"] = np.where(
                    np.isnan(value), np.nan, value == index
                )
        elif control.kind == "binary":
            columns[control.name] = value
        else:
            columns[control.name] = _scaled(value)
    return columns


def _centred(columns: dict[str, Floats], n_journeys: int) -> Floats:
    """Columns side by side, centred; unknown values at the mean."""
    centred = [np.nan_to_num(value - _mean(value)) for value in columns.values()]
    return np.column_stack(centred) if centred else np.zeros((n_journeys, 0))


def segment_controls(segments: tuple[str, ...], membership: Floats) -> dict[str, Floats]:
    """Columns for the mean differences of segments: all but the first."""
    return {f"segment={name}": membership[:, g] for g, name in enumerate(segments) if g}


def respondent_basis(design: Design) -> Floats:
    """Orthonormal basis of what controls say about respondents: the constant, and their traits.

    Parameters
    ----------
    design : Design

    Returns
    -------
    array, shape (I, columns)
        Respondent effects orthogonal to it are told apart from intercepts and control effects.
    """
    who, size = design.respondent, np.bincount(design.respondent)
    columns = [np.ones(design.n_respondents)]
    for control in design.controls.T:
        mean = np.bincount(who, control) / size
        if np.allclose(mean[who], control):
            columns.append(mean)
    basis, triangle = np.linalg.qr(np.column_stack(columns))
    distinct = np.abs(np.diag(triangle)) > 1e-8 * np.abs(triangle[0, 0])
    return np.asarray(basis[:, distinct])


def _mean(value: Floats) -> float:
    known = value[np.isfinite(value)]
    return float(known.mean()) if known.size else 0.0


def _scaled(value: Floats) -> Floats:
    known = value[np.isfinite(value)]
    spread = float(known.std()) if known.size else 0.0
    return (value - _mean(value)) / (spread or 1.0)
