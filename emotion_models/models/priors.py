"""The prior of every top-level parameter, as a table.

All effects are in logits per full scale of a rating (score 0..1) or per codebook step of a
lever, so one weak scale serves every survey. Prior predictive checks hold them to account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.models.prior import Prior

PRIORS: Final[Mapping[str, Prior]] = MappingProxyType(
    {
        # stage 1
        "rating_probability": Prior("dirichlet", 2, why="every answer category is possible"),
        "base": Prior("zero-sum-normal", 1, why="touchpoints differ by about a logit"),
        "lever_valence": Prior("normal", 1, why="a lever step moves all emotions by valence"),
        "lever_arousal": Prior("normal", 0.5, why="a lever step moves all emotions by arousal"),
        "lever_spread": Prior("half-normal", 0.5, why="emotion-specific departures of levers"),
        "lever_segment_spread": Prior("half-normal", 0.3, why="levers move segments alike"),
        "lever_variation": Prior("half-normal", 0.3, why="a lever differs between touchpoints"),
        "style_sd": Prior("half-normal", 1, why="response styles differ between people"),
        "mood_sd": Prior("half-normal", 1, why="dispositions differ between people"),
        "affect_loading": Prior("half-normal", 1, why="ratings of one moment go together"),
        "emotion_free_loading": Prior("normal", 1, 1, why="items of an emotion move together"),
        "emotion_moment_sd": Prior("half-normal", 1, why="a moment has its own share of emotion"),
        "loading_spread": Prior("half-normal", 0.3, why="emotions follow affect by valence"),
        # stage 2
        "memory_rule": Prior("zero-sum-normal", 1, why="no memory rule is favoured"),
        "memory_spread": Prior("half-normal", 0.5, why="emotions are remembered alike"),
        "memory_segment_spread": Prior("half-normal", 0.3, why="segments remember alike"),
        "fading": Prior("half-normal", 0.5, why="per average delay; 0.5 keeps 61%"),
        "step_rule": Prior("zero-sum-normal", 0.5, why="steps of a scale are about equal"),
        "step_spread": Prior("half-normal", 0.3, why="emotions are scored alike"),
        "asymmetry": Prior("normal", 0.7, why="log ratio of upper to lower steps: about equal"),
        "asymmetry_spread": Prior("half-normal", 0.3, why="emotions are scored alike"),
        "salience": Prior("dirichlet", 4, why="touchpoints weigh about equally in the average"),
        "remembered_slope": Prior("normal", 5, why="full-scale change of the felt emotion"),
        "recall_base": Prior("normal", 1.5, why="touchpoints differ in how often recalled"),
        "recall_effect": Prior("normal", 1.5, why="intensity, valence, order and delay"),
        "recall_sd": Prior("half-normal", 1, why="people differ in how much they recall"),
        # stages 3 and 4
        "positivity": Prior("normal", 2, why="what mere positivity does, per full scale"),
        "published": Prior("normal", 0.5, why="around published signs: one in six may be wrong"),
        "specificity": Prior("half-normal", 1.5, why="what one emotion does beyond positivity"),
        "segment_spread": Prior("half-normal", 0.5, why="segments differ less than emotions"),
        "identity_salience": Prior("zero-sum-normal", 0.5, why="context tilts identities a little"),
        "touchpoint_spread": Prior("half-normal", 0.5, why="where an emotion is felt matters less"),
        "value_spread": Prior("half-normal", 0.5, why="per sd of customer value"),
        "control_effect": Prior("normal", 1, why="per standard deviation of a control"),
        "anchor_loading": Prior("lognormal", 0.5, 0.4, why="first items point the construct's way"),
        "free_loading": Prior("normal", 1, 1.5, why="items move with their construct"),
        "construct_spread": Prior("zero-sum-normal", 0.3, why="groups spread alike"),
        "item_shift_sd": Prior("half-normal", 0.5, why="groups tick single items alike"),
        "item_stretch_sd": Prior("half-normal", 0.3, why="items tell groups apart alike"),
        "bond_correlation": Prior("lkj", 2, why="constructs may be related beyond emotion"),
        "bond_effect": Prior("normal", 1, why="per residual sd of the relationship"),
        "intercept": Prior("normal", 1.5, why="level of a behaviour at average memory"),
        "amount_sd": Prior("half-normal", 1, why="spread of the logarithm of an amount"),
        "count_dispersion": Prior("lognormal", 1, 1, why="counts may vary more than Poisson"),
        "number_sd": Prior("half-normal", 1, why="spread of a number around its prediction"),
        # Juárez & Steel 2010, as recommended by Vehtari (statmodeling, 17 May 2015).
        "number_df": Prior("gamma", 0.1, 2, why="numbers may have heavy tails"),
        "duration_baseline": Prior("zero-sum-normal", 1, why="periods differ by about a logit"),
        "answer_probability": Prior("dirichlet", 2, why="every answer category is possible"),
        "person_sd": Prior("half-normal", 2, why="people differ beyond their emotions"),
    }
)


@dataclass
class _Table:
    """The priors that a model under construction uses, and the keys it has asked for."""

    priors: Mapping[str, Prior]
    used: set[str] = field(default_factory=set)


def use(table: Mapping[str, Prior]) -> None:
    """Give the PyMC model in context its priors; without this it has those of `PRIORS`.

    The table belongs to that one model, so that no fit can change another's.

    Parameters
    ----------
    table : mapping of str to Prior
        As `emotion_models.models.JourneyModel.prior_table`.
    """
    import pymc as pm

    pm.modelcontext(None).prior_table = _Table(table)


def prior_of(key: str) -> Prior:
    """Return the prior that the PyMC model in context has for a key of `PRIORS`."""
    import pymc as pm

    table = getattr(pm.modelcontext(None), "prior_table", None)
    if table is None:
        return PRIORS[key]
    table.used.add(key)
    prior: Prior = table.priors[key]
    return prior


def used_in(built: Any) -> frozenset[str]:
    """Return the keys of `PRIORS` that a PyMC model made with `use` took its priors from."""
    return frozenset(built.prior_table.used)


def log_density(prior: Prior, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log prior density of draws, summed over all but the first axis, up to a constant.

    Parameters
    ----------
    prior : Prior
    value : ndarray, shape (draws, ...)
        For ``lkj`` the Cholesky factor.

    Returns
    -------
    ndarray, shape (draws,)
    """
    flat = value.reshape((value.shape[0], -1))
    match prior.family:
        case "normal" | "half-normal" | "zero-sum-normal":
            each = -0.5 * ((flat - prior.location) / prior.scale) ** 2
        case "lognormal":
            each = -0.5 * ((np.log(flat) - prior.location) / prior.scale) ** 2 - np.log(flat)
        case "gamma":
            each = (prior.location - 1) * np.log(flat) - prior.scale * flat
        case "dirichlet":
            each = (prior.scale - 1) * np.log(np.maximum(flat, np.finfo(float).tiny))
        case "lkj":
            # PyMC hands out the Cholesky factor; the density is that of the correlation matrix.
            sign, logdet = np.linalg.slogdet(value)
            each = 2 * (prior.scale - 1) * np.where(sign > 0, logdet, -np.inf)[:, None]
    total: NDArray[np.float64] = each.sum(axis=1)
    return total


def add(name: str, *, dims: tuple[str, ...] = (), size: int = 0, key: str = "") -> Any:
    """Add the PyMC variable of a prior to the model in context.

    Parameters
    ----------
    name : str
        Name of the variable.
    dims : tuple of str, optional
        Its dimensions; empty for a scalar.
    size : int, optional
        Order of an ``lkj`` correlation.
    key : str, optional
        Entry of `PRIORS`, if not `name`.

    Returns
    -------
    TensorVariable
    """
    import pymc as pm

    prior = prior_of(key or name)
    over = dims or None
    match prior.family:
        case "normal":
            return pm.Normal(name, prior.location, prior.scale, dims=over)
        case "half-normal":
            return pm.HalfNormal(name, prior.scale, dims=over)
        case "lognormal":
            return pm.LogNormal(name, prior.location, prior.scale, dims=over)
        case "zero-sum-normal":
            return pm.ZeroSumNormal(name, prior.scale, dims=over)
        case "gamma":
            return pm.Gamma(name, prior.location, prior.scale, dims=over)
        case "dirichlet":
            shape = pm.modelcontext(None).coords[dims[-1]]
            return pm.Dirichlet(name, np.full(len(shape or ()), prior.scale), dims=over)
        case "lkj":
            return pm.LKJCorr(name, n=size, eta=prior.scale, dims=over)


FEW: Final = 4
"""Up to so many departures leave their scale so uncertain that a signed one would cross zero."""


def add_pooling(
    name: str, resolution: Any, *, dims: tuple[str, ...] = (), departures: int = 0
) -> tuple[Any, Any]:
    """Add the scale of pooled departures, in the form in which they mix at any scale.

    Departures are ``scale * z`` with ``z ~ Normal(0, stretch)``; ``scale * stretch`` is the
    half-normal scale ``s``, so the model is ``departure ~ Normal(0, s)`` whatever the
    resolution. Where ``s`` is far below it, z is standard normal (non-centred); where it is far
    above, z is the departure in units of the resolution (centred): neither end is a funnel
    (partial centring, Papaspiliopoulos, Roberts & Skold 2007, doi 10.1214/088342307000000014).

    Parameters
    ----------
    name : str
        Key of `PRIORS`.
    resolution : float or array
        About the standard error that the data give one departure.
    dims : tuple of str, optional
    departures : int, optional
        How many share one scale; 0: many.

    Returns
    -------
    scale, stretch : TensorVariable
    """
    return partly_centred(add_spread(name, dims=dims, departures=departures), resolution)


def partly_centred(scale: Any, resolution: Any) -> tuple[Any, Any]:
    """Split the scale of some departures between factor and standard deviation; `add_pooling`.

    Parameters
    ----------
    scale : tensor
    resolution : float or array

    Returns
    -------
    scale, stretch : TensorVariable
    """
    import pytensor.tensor as pt

    stretch = pt.sqrt(1 + (scale / resolution) ** 2)
    return scale / stretch, stretch


def add_spread(name: str, *, dims: tuple[str, ...] = (), departures: int = 0) -> Any:
    """Add the scale of some departures: signed (`add_signed`) of many, positive of a few.

    Of a few departures that data tell well, both signs hold half of the posterior, and zero is a
    wall between them that diverging steps would jump.

    Parameters
    ----------
    name : str
        Key of `PRIORS`.
    dims : tuple of str, optional
    departures : int, optional
        How many share one scale; 0: many.

    Returns
    -------
    TensorVariable
    """
    few = 0 < departures <= FEW
    return add(name, dims=dims) if few else add_signed(name, dims=dims)


_SIGNED: Final = "_signed_z"


def is_signed(name: str) -> bool:
    """Whether a free parameter is a signed scale (`add_signed`)."""
    return name.endswith(_SIGNED)


def add_signed(name: str, *, dims: tuple[str, ...] = ()) -> Any:
    """Add a half-normal scale as the magnitude of a normal variable.

    The sampler passes through zero instead of following a logarithm towards minus infinity, so
    scales near zero mix. What is scaled does not change its sign with the variable: else the
    posterior would have a mirror image, in which everything correlates the other way.

    Parameters
    ----------
    name : str
        Key of `PRIORS`; the magnitude is saved under it.
    dims : tuple of str, optional

    Returns
    -------
    TensorVariable
        The magnitude.
    """
    import pymc as pm

    prior = prior_of(name)
    assert prior.family == "half-normal"
    signed = pm.Normal(f"{name}{_SIGNED}", 0, prior.scale, dims=dims or None)
    return pm.Deterministic(name, abs(signed), dims=dims or None)
