"""How strong an unmeasured cause must be to undo an effect, and partial correlations.

Written for NumPy only: these are answers about a fit, not parts of the model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.floating[Any]]


def cohens_f(effect: Any, exposure_sd: Any, residual_sd: Any) -> Any:
    """Partial Cohen's f of an exposure: its effect in residual standard deviations.

    ``f = b sd(D | X) / sd(Y | D, X)``. On a latent scale (logit) effect and residual are
    measured in the same unit, so f does not depend on that unit.

    Parameters
    ----------
    effect : array
        Effect b of one unit of the exposure D on the latent outcome Y.
    exposure_sd : array
        Standard deviation of what the covariates X leave of the exposure.
    residual_sd : array
        Standard deviation of what exposure and covariates leave of the outcome.

    Returns
    -------
    array
        With the sign of the effect.
    """
    return effect * exposure_sd / residual_sd


def bias_of_confounder(share_exposure: Any, share_outcome: Any) -> Any:
    """Bias of an effect, in units of f, from an omitted cause U of exposure and outcome.

    ``|bias| sd(D|X) / sd(Y|D,X) = sqrt(R2_Y R2_D / (1 - R2_D))`` with the shares of residual
    variance that U explains, ``R2_D = R2(D ~ U | X)`` and ``R2_Y = R2(Y ~ U | D, X)``
    (Cinelli & Hazlett 2020, doi 10.1111/rssb.12348; docs/causal.md derives it).

    Parameters
    ----------
    share_exposure, share_outcome : array
        In 0..1, `share_exposure` below 1.

    Returns
    -------
    array
    """
    return np.sqrt(share_outcome * share_exposure / (1 - share_exposure))


def robustness_value(f: Any) -> Any:
    """Share of residual variance an omitted cause must explain, of both sides, to undo f.

    `bias_of_confounder` with both shares equal to r is ``r / sqrt(1 - r)``; set to f and solved,
    ``r = (sqrt(f^4 + 4 f^2) - f^2) / 2`` (Cinelli & Hazlett 2020).

    Parameters
    ----------
    f : array, non-negative

    Returns
    -------
    array
        In 0..1.
    """
    square = np.square(f)
    return (np.sqrt(square**2 + 4 * square) - square) / 2


def e_value(before: Any, after: Any) -> Any:
    """E-value of a change of probability: the least risk ratio that could explain it away.

    ``E = RR + sqrt(RR (RR - 1))`` with ``RR`` the larger of after/before and before/after
    (VanderWeele & Ding 2017, doi 10.7326/M16-2607): an unmeasured cause would have to be
    associated with exposure and outcome by risk ratios of E each, beyond the covariates.

    Parameters
    ----------
    before, after : array
        Probabilities, positive.

    Returns
    -------
    array
        1 where nothing changes.
    """
    ratio = np.maximum(after / before, before / after)
    return ratio + np.sqrt(ratio * (ratio - 1))


def fisher_posterior(correlation: Any, n: Any, held: Any) -> tuple[Any, Any]:
    """Posterior of a partial correlation on Fisher's z scale.

    ``z = atanh(rho) ~ Normal(atanh(r), 1 / sqrt(n - k - 3))`` for k variables held constant:
    Fisher's approximation with a flat prior on z.

    Parameters
    ----------
    correlation : array
        Partial correlation r of the data.
    n, held : int
        Independent observations; columns held constant. ``n - held`` must be above 3.

    Returns
    -------
    mean, sd : array
    """
    return np.arctanh(correlation), 1 / np.sqrt(n - held - 3)


def probability_beyond(mean: Any, sd: Any, bound: float) -> Any:
    """Probability that ``|rho|`` exceeds a bound, from `fisher_posterior`."""
    edge = np.arctanh(bound)
    return ndtr((mean - edge) / sd) + ndtr((-edge - mean) / sd)
