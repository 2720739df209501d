"""Stages 3 and 4: what memory does to the relationship, and both to behaviour."""

from __future__ import annotations

from typing import Any


def effect_of_emotion(positivity: Any, valence: Any, published: Any, departure: Any) -> Any:
    """Effect of each remembered emotion on each outcome row.

    ``effect[e] = mu valence_e + prior_mean[e] + tau z_e``: what mere positivity does, what the
    literature says of that emotion, and what this emotion does beyond both.

    Parameters
    ----------
    positivity : array, shape (..., R)
        ``mu``.
    valence : array, shape (E,)
    published : array, shape (E, R)
        Prior means; zeros with weak priors.
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
    length = float((valence**2).sum()) or 1.0
    return departure - valence[:, None] * (valence @ departure / length)[..., None, :]


def pull(memory: Any, effect: Any, membership: Any) -> Any:
    """What remembered emotion does to the predictor of each outcome row.

    ``sum_g membership[j,g] sum_e M[j,e] effect[g,e,r]``; membership rows sum to 1, hard
    segments are the one-hot case.

    Parameters
    ----------
    memory : array, shape (..., J, E)
    effect : array, shape (..., G, E, R)
    membership : array, shape (J, G)

    Returns
    -------
    array, shape (..., J, R)
    """
    n_groups = membership.shape[1]
    if n_groups == 1:
        return memory @ effect[..., 0, :, :]
    return sum(membership[:, g, None] * (memory @ effect[..., g, :, :]) for g in range(n_groups))


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
