"""Stages 3 and 4: what memory does to the relationship, and both to behaviour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def effect_of_emotion(positivity: Any, valence: Any, published: Any, departure: Any) -> Any:
    """Effect of each remembered emotion on each outcome row.

    ``effect[e] = mu valence_e + published[e] + tau z_e``: what mere positivity does, what the
    literature says of that emotion, and what this emotion does beyond both.

    Parameters
    ----------
    positivity : array, shape (..., R)
        ``mu``.
    valence : array, shape (E,)
    published : array, shape (..., E, R)
        Published effects beyond valence; zeros with weak priors.
    departure : array, shape (..., E, R)
        ``tau z``.

    Returns
    -------
    array, shape (..., E, R)
    """
    return valence[:, None] * positivity[..., None, :] + published + departure


def beyond_valence(departure: Any, valence: Any) -> Any:
    """Take the part along valence out of emotion-specific departures.

    ``z - v (v . z) / (v . v)``. Without it a common shift of all departures along valence is
    the same as a change of positivity, and neither could be told from the other.

    Parameters
    ----------
    departure : array, shape (..., E, R)
    valence : array, shape (E,)

    Returns
    -------
    array, shape (..., E, R)
        Orthogonal to `valence`; unchanged where all valences are 0.
    """
    return departure - valence[:, None] * along_valence(departure, valence)[..., None, :]


def along_valence(effect: Any, valence: Any) -> Any:
    """Slope of effects on valence: ``(v . x) / (v . v)``, the part that positivity carries.

    Parameters
    ----------
    effect : array, shape (..., E, R)
    valence : array, shape (E,)

    Returns
    -------
    array, shape (..., R)
        0 where all valences are 0.
    """
    length = float((valence**2).sum()) or 1.0
    return valence @ effect / length


def laid_out(
    by_group: Sequence[Any], by_moderator: Sequence[Any], by_place: Sequence[Any], xp: Any = np
) -> Any:
    """Lay effects out for `pull`: one matrix per group and moderator.

    Parameters
    ----------
    by_group : sequence of G arrays, shape (..., E, R)
        Effects in each segment (or identity).
    by_moderator : sequence of V arrays, shape (..., E, R)
        Change of the effects per unit of each moderator.
    by_place : sequence of T arrays, shape (..., E, R)
        Departures of the effects where an emotion is felt at a touchpoint; may be empty.
    xp : module, optional

    Returns
    -------
    array, shape (..., G + V, E + T * E, R)
    """
    groups = [xp.concatenate([own, *by_place], axis=-2) for own in by_group]
    none = [0 * departure for departure in by_place]
    moderators = [xp.concatenate([own, *none], axis=-2) for own in by_moderator]
    return xp.stack([*groups, *moderators], axis=-3)


def same_everywhere(
    effect: Any, n_groups: int, n_moderators: int, n_places: int, xp: Any = np
) -> Any:
    """Lay effects (..., E, R) out that no segment, moderator or touchpoint changes."""
    nothing = 0 * effect
    return laid_out([effect] * n_groups, [nothing] * n_moderators, [nothing] * n_places, xp)


def pull(memory: Any, effect: Any, groups: Sequence[Any]) -> Any:
    """What remembered emotion does to the predictor of each outcome row.

    ``sum_g groups[j,g] sum_e M[j,e] effect[g,e,r]``. Membership rows sum to 1, hard segments are
    the one-hot case; the column of a moderator holds its value.

    Parameters
    ----------
    memory : array, shape (..., J, E)
        And what else effects act on, see `laid_out`.
    effect : array, shape (..., G, E, R)
    groups : sequence of G arrays, shape (..., J)

    Returns
    -------
    array, shape (..., J, R)
    """
    if len(groups) == 1:
        return memory @ effect[..., 0, :, :]
    return sum(own[..., None] * (memory @ effect[..., g, :, :]) for g, own in enumerate(groups))


def predictor(pulled: Any, controls: Any, control_effect: Any, person: Any, rest: Any) -> Any:
    """Linear predictor of outcome rows.

    ``pulled + controls . control_effect + person + rest``. For a construct `rest` is its
    residual, for a behaviour the intercept and the pull of the relationship
    (``R[j,:] . Delta``), which makes "emotion acts only through the relationship" a finding.

    Parameters
    ----------
    pulled : array, shape (..., J, R)
    controls : array, shape (J, P)
    control_effect : array, shape (..., P, R)
    person, rest : array, shape (..., J, R) or broadcastable

    Returns
    -------
    array, shape (..., J, R)
    """
    return pulled + controls @ control_effect + person + rest
