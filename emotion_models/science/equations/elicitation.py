"""Stage 1, elicitation: what makes people feel what."""

from __future__ import annotations

from typing import Any


def felt(base: Any, exposure: Any, lever_effect: Any, person: Any) -> Any:
    """Latent intensity of every emotion at every touchpoint.

    ``eta[t,j,e] = base[t,e] + sum_l exposure[t,j,l] lever_effect[t,l,e] + person[t,j,e]``

    Identified because `base` sums to zero over touchpoints (the cutpoints carry the level)
    and levers are measured from the codebook's centre.

    Parameters
    ----------
    base : array, shape (..., T, E)
    exposure : array, shape (T, J, L)
        Levers in codebook steps from their centre; 0 where a lever does not apply.
    lever_effect : array, shape (..., T, L, E)
    person : array, shape (..., T, J, E) or broadcastable
        The respondent's part, see `halo`.

    Returns
    -------
    array, shape (..., T, J, E)
    """
    return base[..., :, None, :] + exposure @ lever_effect + person


def halo(style: Any, mood: Any, valence: Any, affect: Any, loading: Any) -> Any:
    """What a person brings to every rating, whatever the touchpoint did.

    ``style[i] + valence_e mood[i] + loading_e affect[j,t]``: response style (all emotions up),
    disposition along valence, and the core affect of the episode, which ties together the
    ratings of one moment. They keep the halo out of the lever effects
    (Van Vaerenbergh & Thomas 2013, doi 10.1093/ijpor/eds021).

    Parameters
    ----------
    style, mood : array, shape (..., J)
    valence : array, shape (E,)
    affect : array, shape (..., T, J)
    loading : array, shape (..., E)

    Returns
    -------
    array, shape (..., T, J, E)
    """
    person = style[..., :, None] + mood[..., :, None] * valence
    return person[..., None, :, :] + affect[..., None] * loading[..., None, None, :]
