"""Whether groups use single items differently: measurement invariance, by posterior draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.groups import shared_items
from emotion_models.science.equations.measurement import ERROR_VARIANCE

if TYPE_CHECKING:
    from emotion_models.models.design import Design
    from emotion_models.models.parameters import Parameters

Floats = NDArray[np.floating[Any]]
MATTERS: Final = 0.25
"""A convention of this package: differences beyond it are said to matter. A shift is in standard
deviations of an item's latent answers, a difference of loadings in logarithms (about a quarter).
"""


def differences(design: Design, known: Parameters, covariance: Floats) -> dict[str, Floats]:
    """Differences of groups from the average group.

    Parameters
    ----------
    design : Design
        With groups.
    known : Parameters
    covariance : array, shape (S, R, R)
        Of the rows.

    Returns
    -------
    dict of str to array, shape (S, G, Q)
        ``shift``: by how many standard deviations of the latent answer an item is ticked higher
        at the same level of the construct; ``stretch``: difference of its log loading beyond
        that of the construct's items together, which is ``spread``. NaN where an item is not one
        of several.
    """
    items = design.items
    variance = covariance[:, items.ordinal_row, items.ordinal_row]
    sd = np.sqrt(known.loading**2 * variance + ERROR_VARIANCE)
    ratio = np.log(known.group_loading / known.loading[:, None])
    shape = known.group_shift.shape
    shift, stretch, spread = np.full((3, *shape), np.nan)
    for own in shared_items(items):
        shift[..., own] = known.group_shift[..., own] / sd[:, None, own]
        spread[..., own] = ratio[..., own].mean(axis=-1, keepdims=True)
        stretch[..., own] = ratio[..., own] - spread[..., own]
    return {"shift": shift, "stretch": stretch, "spread": spread}
