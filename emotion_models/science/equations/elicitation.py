"""Stage 1, elicitation: what makes people feel what."""

from __future__ import annotations

from typing import Any

import numpy as np


def felt(base: Any, exposure: Any, lever_effect: Any, person: tuple[Any, Any], xp: Any = np) -> Any:
    """Latent intensity of every emotion at every touchpoint.

    ``eta[t,e,j] = base[t,e] + sum_l lever_effect[t,l,e] exposure[t,j,l] + person[t,e,j]``

    Identified because `base` sums to zero over touchpoints (the cutpoints carry the level)
    and levers are measured from the codebook's centre. All terms are one matrix product per
    touchpoint: how emotions respond, times what there is to respond to.

    Parameters
    ----------
    base : array, shape (..., T, E)
    exposure : array, shape (T, J, L)
        Levers in codebook steps from their centre; 0 where a lever does not apply.
    lever_effect : array, shape (..., T, L, E)
    person : tuple of array
        What the respondent brings, see `halo`.
    xp : module, optional
        ``numpy`` or ``pytensor.tensor``.

    Returns
    -------
    array, shape (..., T, E, J)
    """
    response, brought = person
    shape = (*brought.shape[:-2], *exposure.shape[:-3:-1])
    there = xp.concatenate(
        [
            xp.ones((*brought.shape[:-2], 1, exposure.shape[-2])),
            xp.broadcast_to(exposure.swapaxes(-1, -2), shape),
            brought,
        ],
        axis=-2,
    )
    how = xp.concatenate([base[..., None], lever_effect.swapaxes(-1, -2), response], axis=-1)
    return how @ there


def for_groups(exposure: Any, groups: Any) -> Any:
    """Levers as everybody meets them, then once more as each group does.

    ``groups[j,g] exposure[t,j,l]``: its effect is how a lever moves group g beyond the average
    of the groups. Identities are the case of several groups at a time.

    Parameters
    ----------
    exposure : ndarray, shape (..., J, L)
    groups : ndarray, shape (J, G)
        Rows sum to 1; without columns where levers move all groups alike.

    Returns
    -------
    ndarray, shape (..., J, L + G * L)
        Group by group.
    """
    return np.concatenate([exposure, *(share[:, None] * exposure for share in groups.T)], axis=-1)


def halo(
    style: Any, mood: Any, valence: Any, affect: Any, loading: Any, xp: Any = np
) -> tuple[Any, Any]:
    """What a person brings to every rating, whatever the touchpoint did.

    ``style[j] + valence_e mood[j] + loading_e affect[t,j]``: response style (all emotions up),
    disposition along valence, and the core affect of the moment, which ties its ratings
    together. They keep the halo out of the lever effects
    (Van Vaerenbergh & Thomas 2013, doi 10.1093/ijpor/eds021).

    Parameters
    ----------
    style, mood : array, shape (..., J)
    valence : array, shape (E,)
    affect : array, shape (..., T, J)
    loading : array, shape (..., E)
    xp : module, optional

    Returns
    -------
    response : array, shape (..., T, E, 3)
        How emotions respond to style, mood and affect.
    brought : array, shape (..., T, 3, J)
        Style, mood and affect; the matrix product of the two is the sum above.
    """
    moments, n_emotions = affect.shape, valence.shape[0]
    column = (*moments[:-1], n_emotions, 1)
    row = (*moments[:-1], 1, moments[-1])
    response = [
        xp.ones(column),
        xp.broadcast_to(valence[:, None], column),
        xp.broadcast_to(loading[..., None, :, None], column),
    ]
    brought = [
        xp.broadcast_to(style[..., None, None, :], row),
        xp.broadcast_to(mood[..., None, None, :], row),
        affect[..., None, :],
    ]
    return xp.concatenate(response, axis=-1), xp.concatenate(brought, axis=-2)


def nobody(base: Any, exposure: Any, xp: Any = np) -> tuple[Any, Any]:
    """In place of `halo`: nothing that people bring.

    Parameters
    ----------
    base : array, shape (..., T, E)
    exposure : array, shape (T, J, L)
    xp : module, optional

    Returns
    -------
    response : array, shape (..., T, E, 0)
    brought : array, shape (..., T, 0, J)
    """
    lead, n_journeys = tuple(base.shape[i] for i in range(base.ndim - 1)), exposure.shape[1]
    return xp.zeros((*lead, base.shape[-1], 0)), xp.zeros((*lead, 0, n_journeys))


def mood_and_affect(
    mood_sd: Any, affect_sd: Any, mood_z: Any, affect_z: Any, xp: Any = np
) -> tuple[Any, Any]:
    """Disposition and core affect of people with one journey each, from standard normals.

    ``mood ~ N(0, mood_sd^2)`` and ``affect[t] ~ N(0, affect_sd^2)``, independent, but drawn
    through their sums ``mood + affect[t]``: the ratings of a moment tell that sum well and how
    it is split badly, so the sums and the split (`mood_z`) are nearly independent in the
    posterior where mood and affect are not. The sums share ``mood_sd^2``; given them mood is
    normal around the share ``T mood_sd^2 / (affect_sd^2 + T mood_sd^2)`` of their mean.

    Parameters
    ----------
    mood_sd, affect_sd : scalar
    mood_z : array, shape (J,)
    affect_z : array, shape (T, J)
    xp : module, optional

    Returns
    -------
    mood : array, shape (J,)
    affect : array, shape (T, J)
    """
    n_touchpoints = affect_z.shape[0]
    common = xp.sqrt(affect_sd**2 + n_touchpoints * mood_sd**2)
    mean = affect_z.mean(axis=0)
    both = affect_sd * affect_z + (common - affect_sd) * mean
    mood = mood_sd * (n_touchpoints * mood_sd * mean + affect_sd * mood_z) / common
    return mood, both - mood


def by_item(eta: Any, loading: Any, emotion: Any) -> Any:
    """Latent intensity behind each of several items of an emotion.

    ``eta[t,q,j] = loading_q eta[t,e(q),j]``: the graded response model (Samejima 1969), the
    loading of the first item of each emotion fixed at 1, which sets sign and unit of what is
    felt; the items' own cutpoints carry their levels.

    Parameters
    ----------
    eta : array, shape (..., T, E, J)
        What is felt, see `felt`.
    loading : array, shape (..., Q)
    emotion : int array, shape (Q,)
        Which emotion each item asks about.

    Returns
    -------
    array, shape (..., T, Q, J)
    """
    return loading[..., None, :, None] * eta[..., emotion, :]


def composite(score: Any, answered: Any, members: Any, xp: Any = np) -> tuple[Any, Any]:
    """Score of every emotion: the mean of its answered items.

    ``s[t,j,e] = sum_q a[t,j,q] s[t,j,q] / sum_q a[t,j,q]`` over the items q of e. Known before
    sampling, so that memory and what follows share no parameter with the items' loadings.

    Parameters
    ----------
    score : array, shape (T, J, Q)
        On 0..1; 0 where unanswered.
    answered : array, shape (T, J, Q)
        1.0 where answered.
    members : array, shape (Q, E)
        1.0 where an item asks about an emotion.
    xp : module, optional

    Returns
    -------
    score, answered : array, shape (T, J, E)
        0 and 0.0 where no item was answered.
    """
    count = answered @ members
    return (answered * score) @ members / xp.maximum(count, 1), xp.minimum(count, 1)
