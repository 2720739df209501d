"""Several identities of one person: how much each counts in a journey."""

from __future__ import annotations

from typing import Any

import numpy as np


def salient_membership(membership: Any, context: Any, gamma: Any, xp: Any = np) -> Any:
    """Membership weights, shifted by what makes an identity salient.

    ``w[j,g] = m[j,g] exp(c_j . gamma_g) / sum_h m[j,h] exp(c_j . gamma_h)``: reported membership
    is the weight in an average context, and the context tilts it. A tilt of all identities alike
    changes nothing, so `gamma` sums to zero over identities. Identities a person does not
    have (m = 0) stay without weight, and one who has a single identity keeps it. That context
    makes identities salient is M: Oakes 1987; Reed, Forehand, Puntoni & Warlop 2012; the
    multinomial-logit form is this package's own.

    Parameters
    ----------
    membership : array, shape (J, G)
        Reported weights; rows sum to 1.
    context : array, shape (J, P)
        Centred.
    gamma : array, shape (..., P, G)
    xp : module, optional

    Returns
    -------
    array, shape (..., J, G)
        Rows sum to 1.
    """
    tilt = context @ gamma
    weight = membership * xp.exp(tilt - tilt.max(axis=-1, keepdims=True))
    # A far tilt may leave nothing of the identities one has; then reported weights stand.
    total = weight.sum(axis=-1, keepdims=True)
    return xp.where(total > 0, weight / xp.where(total > 0, total, 1.0), membership)
