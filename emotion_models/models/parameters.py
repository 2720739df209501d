"""Posterior draws as dense arrays the equations take, whatever the model left out.

Where a model has no such parameter (one memory feature, no salience, no segments, no
respondent effects) the array holds the value the equation implies, so that everything
downstream is written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.families import LIKELIHOODS, Kind
from emotion_models.models.groups import construct_columns
from emotion_models.models.scoring import equal_steps
from emotion_models.science.equations.identity import salient_membership
from emotion_models.science.equations.measurement import loading_by_group, shifted
from emotion_models.science.equations.outcomes import laid_out, same_everywhere

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.design import Design
    from emotion_models.models.spec import JourneyModel

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Parameters:
    """Parameters of stages 2 to 4, draws first.

    Parameters
    ----------
    membership : array, shape (S or 1, J, G)
        Share of every segment in the journeys.
    memory_weight : array, shape (S, G or 1, E, K)
        By segment, or the same for all.
    step : array, shape (S or 1, E, C)
        Steps between the categories of ratings.
    fading : array, shape (S or 1, E)
        Rate at which remembered emotions fade, per average delay.
    salience : array, shape (S, T)
    memory_centre : array, shape (S, E)
    effect : array, shape (S, G + V, E or E + T * E, R)
        By segment and moderator; of emotions, then of emotions at touchpoints.
    control_effect : array, shape (S, P, R)
    bond_effect : array, shape (S, C, B)
        Of constructs on behaviour rows.
    bond_factor : array, shape (S, C, C)
        Cholesky factor of the residual correlation.
    loading : array, shape (S, Q)
    cutpoint : array, shape (S, Q, cuts)
    intercept : array, shape (S, R)
        0 for rows whose cutpoints carry the level.
    shapes : dict of str to array, shape (S, n)
        Further parameters of the likelihoods (standard deviation of a log amount, dispersion of
        a count), by posterior variable, for the rows that have them.
    person_sd : array, shape (S, R)
    group_loading, group_shift : array, shape (S, G, Q)
        Loadings and threshold shifts by group; G = 0 where all use the items alike.
    relationship, behaviour : int array
        Rows of the constructs and of the behaviours.
    """

    membership: Floats
    memory_weight: Floats
    step: Floats
    fading: Floats
    salience: Floats
    memory_centre: Floats
    effect: Floats
    control_effect: Floats
    bond_effect: Floats
    bond_factor: Floats
    loading: Floats
    cutpoint: Floats
    intercept: Floats
    shapes: Mapping[str, Floats]
    person_sd: Floats
    group_loading: Floats
    group_shift: Floats
    relationship: NDArray[np.int64]
    behaviour: NDArray[np.int64]

    @property
    def n_draws(self) -> int:
        """Number of draws S."""
        return int(self.effect.shape[0])

    def item_predictor(self, design: Design, item: int, construct: Floats) -> Floats:
        """Predictor of an ordinal item, by the person's group where groups differ.

        Parameters
        ----------
        design : Design
        item : int
        construct : array, shape (S, J)
            Predictor of the item's row.

        Returns
        -------
        array, shape (S, J)
        """
        if not design.answering.labels:
            return self.loading[:, None, item] * construct
        member = design.answering.membership.T.astype(construct.dtype)
        loading, shift = self.group_loading[:, :, item], self.group_shift[:, :, item]
        return np.asarray(shifted(construct, loading @ member, shift @ member))

    def at(self, draws: slice) -> Parameters:
        """Return some of the draws; what is the same in all of them stays."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        shapes = {name: value[draws] for name, value in values.pop("shapes").items()}
        floats = {name: value for name, value in values.items() if value.dtype.kind == "f"}
        some = {name: value[draws] for name, value in floats.items() if len(value) > 1}
        return replace(self, **some, shapes=shapes)

    def in_single(self) -> Parameters:
        """Return the same in single precision, for work on many journeys at once."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        shapes = {name: value.astype(np.float32) for name, value in values.pop("shapes").items()}
        floats = {name: value for name, value in values.items() if value.dtype.kind == "f"}
        single = {name: value.astype(np.float32) for name, value in floats.items()}
        return replace(self, **single, shapes=shapes)

    def shapes_of(self, kind: Kind, column: int) -> tuple[Floats, ...]:
        """Further parameters of one row's likelihood, broadcasting over journeys.

        Parameters
        ----------
        kind : str
            Key of `emotion_models.models.families.LIKELIHOODS`.
        column : int
            Of the row among the answers of its kind.

        Returns
        -------
        tuple of array, shape (S, 1, ...)
        """
        return tuple(self.shapes[name][:, None, column] for name in LIKELIHOODS[kind].shapes)


def parameters(model: JourneyModel, design: Design, draws: xr.Dataset) -> Parameters:
    """Collect the parameters of stages 2 to 4.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    draws : xarray.Dataset
        Posterior with one leading ``sample`` dimension.

    Returns
    -------
    known : Parameters
    """
    n_draws = draws.sizes["sample"]
    n_emotions, n_rows = len(design.emotions), len(design.rows)
    stage = np.array([row.stage for row in design.rows])
    relationship = np.flatnonzero(stage == "relationship")
    behaviour = np.flatnonzero(stage == "behaviour")

    def have(name: str, default: Floats) -> Floats:
        if name in draws:
            return draws[name].to_numpy()
        return np.broadcast_to(default, (n_draws, *default.shape))

    n_constructs, n_touchpoints = len(relationship), len(design.touchpoints)
    return Parameters(
        membership=_membership(design, draws),
        memory_weight=_memory_weights(model, draws, n_emotions),
        step=_or(draws, "rating_step", equal_steps(design.ratings.exists)),
        fading=_fading(design, draws),
        salience=have("salience", np.full(n_touchpoints, 1 / n_touchpoints)),
        memory_centre=have("memory_centre", np.zeros(n_emotions)),
        effect=_effects(model, design, draws),
        control_effect=have("control_effect", np.zeros((len(design.control_names), n_rows))),
        bond_effect=have("bond_effect", np.zeros((n_constructs, len(behaviour)))),
        bond_factor=have("bond_correlation", np.eye(n_constructs)),
        loading=have("item_loading", np.ones(len(design.items.ordinal_names))),
        cutpoint=have("answer_cutpoint", np.zeros(design.items.exists.shape)),
        intercept=_intercepts(design, draws),
        shapes=_shapes(design, draws),
        person_sd=have("person_sd", np.zeros(n_rows)),
        group_loading=_group_loadings(design, draws),
        group_shift=have("item_shift", np.zeros((0, len(design.items.ordinal_names)))),
        relationship=relationship,
        behaviour=behaviour,
    )


def _or(draws: xr.Dataset, name: str, default: Floats) -> Floats:
    """A variable's draws, or its value as the only draw where it was not estimated."""
    return draws[name].to_numpy() if name in draws else default[None]


def _membership(design: Design, draws: xr.Dataset) -> Floats:
    if not design.context_names:
        return design.membership[None]
    gamma = draws["identity_salience"].to_numpy()
    tilted: Floats = salient_membership(design.membership, design.context, gamma)
    return tilted


def _memory_weights(model: JourneyModel, draws: xr.Dataset, n_emotions: int) -> Floats:
    if "memory_weight_by_segment" in draws:
        return draws["memory_weight_by_segment"].to_numpy()
    same = np.ones((n_emotions, len(model.memory)))
    if "memory_weight" in draws:
        return draws["memory_weight"].to_numpy()[:, None]
    return np.broadcast_to(same, (draws.sizes["sample"], 1, *same.shape))


def _fading(design: Design, draws: xr.Dataset) -> Floats:
    rate = _or(draws, "fading", np.zeros(2))
    return rate[:, (design.valence < 0).astype(int)]


def _effects(model: JourneyModel, design: Design, draws: xr.Dataset) -> Floats:
    """Effects of all that is remembered on every row, ratings of single emotions included."""
    _, n_moderators, n_places = design.layout(model)
    blocks = []
    if "effect" in draws:
        by_group = [draws["effect"].to_numpy()]
        if "effect_by_segment" in draws:
            by_group = [*np.moveaxis(draws["effect_by_segment"].to_numpy(), 1, 0)]
        by_moderator = [draws["effect_of_value"].to_numpy()] if n_moderators else []
        by_place: list[Floats] = []
        if n_places:
            by_place = [*np.moveaxis(draws["effect_at_touchpoint"].to_numpy(), 1, 0)]
        blocks.append(laid_out(by_group, by_moderator, by_place))
    single = [row.emotion for row in design.rows if not row.pooled]
    if single:
        slope = draws["remembered_slope"].to_numpy()[:, None, :]
        own = np.eye(len(design.emotions))[:, single] * slope
        blocks.append(same_everywhere(own, *design.layout(model)))
    return np.concatenate(blocks, axis=-1)


def _group_loadings(design: Design, draws: xr.Dataset) -> Floats:
    if "item_stretch" not in draws:
        return np.zeros((draws.sizes["sample"], 0, len(design.items.ordinal_names)))
    spread = np.swapaxes(draws["construct_spread"].to_numpy(), 1, 2)
    return np.asarray(
        loading_by_group(
            draws["item_loading"].to_numpy(),
            spread @ construct_columns(design.items).T,
            draws["item_stretch"].to_numpy(),
        )
    )


def _intercepts(design: Design, draws: xr.Dataset) -> Floats:
    level = np.zeros((draws.sizes["sample"], len(design.rows)))
    for kind, found in design.items.others.items():
        name = LIKELIHOODS[kind].intercept
        if name in draws:
            level[:, found.row] = draws[name].to_numpy() + found.level
    return level


def _shapes(design: Design, draws: xr.Dataset) -> dict[str, Floats]:
    names = [name for kind in design.items.others for name in LIKELIHOODS[kind].shapes]
    return {name: draws[name].to_numpy() for name in names if name in draws}
