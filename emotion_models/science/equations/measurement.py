"""How well items measure a construct: loadings, reliability, discriminant validity, information.

An ordinal answer with the cumulative logit is a latent answer ``y* = loading R + error`` cut at
its thresholds, the error logistic with variance pi^2/3; that is what "latent scale" means here.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from emotion_models.science.equations.ordinal import category_probabilities

ERROR_VARIANCE: Final = np.pi**2 / 3
"""Variance of the standard logistic distribution."""
REACH: Final = 6.0
STEP: Final = 0.125
"""Trapezoid rule over the construct, in standard deviations: converges exponentially for the
smooth integrands here."""


def standardised_loading(loading: Any, variance: Any) -> Any:
    """Correlation of an item's latent answer with its construct.

    ``loading sd(R) / sqrt(loading^2 var(R) + pi^2/3)``.

    Parameters
    ----------
    loading : array
        In logits per unit of the construct.
    variance : array, broadcastable
        Of the construct.

    Returns
    -------
    array
        -1 to 1.
    """
    signal = loading * np.sqrt(variance)
    return signal / np.sqrt(signal**2 + ERROR_VARIANCE)


def omega(standardised: Any) -> Any:
    """Reliability of the sum of the standardised latent answers (McDonald's omega).

    ``(sum l)^2 / ((sum l)^2 + sum(1 - l^2))`` with standardised loadings l (McDonald 1999; the
    composite reliability of Raykov 1997). Standardised, because the unit of a latent answer is
    arbitrary.

    Parameters
    ----------
    standardised : array, shape (..., Q)

    Returns
    -------
    array, shape (...)
    """
    common = standardised.sum(axis=-1) ** 2
    return common / (common + (1 - standardised**2).sum(axis=-1))


def variance_extracted(standardised: Any) -> Any:
    """Average variance extracted: the mean squared standardised loading (Fornell & Larcker 1981).

    Parameters
    ----------
    standardised : array, shape (..., Q)

    Returns
    -------
    array, shape (...)
    """
    return (standardised**2).mean(axis=-1)


def sum_score_omega(loading: Any, cutpoints: list[Any], mean: Any, variance: Any) -> Any:
    """Reliability of the sum of the answers as ticked (categorical omega, Green & Yang 2009).

    ``Var(E[sum | R]) / Var(sum)`` with R normal and answers independent given R (doi
    10.1007/s11336-008-9099-3); they use a normal ogive, here it is the model's cumulative logit.

    Parameters
    ----------
    loading : array, shape (S, Q)
    cutpoints : list of array, shape (S, categories - 1)
        One per item.
    mean, variance : array, shape (S,)
        Of the construct.

    Returns
    -------
    array, shape (S,)
    """
    z = np.arange(-REACH, REACH + STEP / 2, STEP)
    weight = np.exp(-(z**2) / 2)
    weight /= weight.sum()
    construct = mean[:, None] + np.sqrt(variance)[:, None] * z
    expected, noise = np.zeros(construct.shape), np.zeros(construct.shape)
    for slope, kappa in zip(loading.T, cutpoints, strict=True):
        p = category_probabilities(slope[:, None] * construct, kappa)
        points = np.arange(p.shape[-1])
        first = p @ points
        expected += first
        noise += p @ points**2 - first**2
    centred = expected - (expected @ weight)[:, None]
    true = centred**2 @ weight
    return true / (true + noise @ weight)


def alpha(correlation: Any) -> Any:
    """Standardised alpha ``Q r / (1 + (Q - 1) r)``, r the mean correlation of Q items.

    Cronbach 1951, of items with unit variance (the Spearman-Brown form).

    Parameters
    ----------
    correlation : array, shape (..., Q, Q)

    Returns
    -------
    array, shape (...)
    """
    size = correlation.shape[-1]
    mean = within(correlation)
    return size * mean / (1 + (size - 1) * mean)


def within(correlation: Any) -> Any:
    """Mean correlation of different items: that of the upper triangle.

    Parameters
    ----------
    correlation : array, shape (..., Q, Q)
        Q at least 2.

    Returns
    -------
    array, shape (...)
    """
    row, column = np.triu_indices(correlation.shape[-1], k=1)
    return correlation[..., row, column].mean(axis=-1)


def htmt(between: Any, first: Any, second: Any) -> Any:
    """Heterotrait-monotrait ratio of correlations (Henseler, Ringle & Sarstedt 2015).

    Mean correlation of items of different constructs over the geometric mean of the two mean
    correlations within (doi 10.1007/s11747-014-0403-8). It estimates the correlation of the
    constructs if all loadings of a construct are equal.

    Parameters
    ----------
    between : array, shape (..., Q1, Q2)
    first, second : array, shape (..., Q1, Q1) and (..., Q2, Q2)

    Returns
    -------
    array, shape (...)
        NaN where items of one construct do not correlate positively.
    """
    product = within(first) * within(second)
    known = (product > 0) & (within(first) > 0)
    root = np.sqrt(np.where(known, product, np.nan))
    return between.mean(axis=(-1, -2)) / root


def information(loading: Any, kappa: Any, construct: Any) -> Any:
    """Information that an item gives about its construct (Samejima 1969, graded responses).

    ``sum_k (dP_k/dR)^2 / P_k``, which for the cumulative logit with ``G_k = P(y >= k)`` is
    ``loading^2 sum_k P_k (1 - G_k - G_{k+1})^2``.

    Parameters
    ----------
    loading : array, shape (S,)
    kappa : array, shape (S, categories - 1)
    construct : array, shape (S, levels)

    Returns
    -------
    array, shape (S, levels)
        Per squared unit of the construct.
    """
    p = category_probabilities(loading[:, None] * construct, kappa)
    below = np.concatenate([np.zeros_like(p[..., :1]), p.cumsum(axis=-1)], axis=-1)
    slope = below[..., 1:] + below[..., :-1] - 1
    return loading[:, None] ** 2 * (p * slope**2).sum(axis=-1)


def weighted_correlations(answers: Any, known: Any, weight: Any) -> Any:
    """Correlations of answers under many weightings, each from the journeys with both answers.

    Parameters
    ----------
    answers, known : array, shape (J, Q)
        `known` is 1 where there is an answer, else 0.
    weight : array, shape (B, J)

    Returns
    -------
    array, shape (B, Q, Q)
        NaN where an item does not vary.
    """
    count = known.sum(axis=0)
    value = known * (answers - (known * answers).sum(axis=0) / np.maximum(count, 1))

    def pairs(left: Any, right: Any) -> Any:
        size = left.shape[1]
        each = (left[:, :, None] * right[:, None, :]).reshape(len(left), size**2)
        return (weight @ each).reshape(len(weight), size, size)

    total = pairs(known, known)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, square = pairs(value, known) / total, pairs(value**2, known) / total
        product = pairs(value, value) / total
        spread = np.maximum(square - mean**2, 0)
        turned = spread.swapaxes(-1, -2)
        found = (product - mean * mean.swapaxes(-1, -2)) / np.sqrt(spread * turned)
    return np.where((spread > 1e-12) & (turned > 1e-12), found, np.nan)


def loading_by_group(loading: Any, spread: Any, stretch: Any, xp: Any = np) -> Any:
    """Loading of every item in every group: ``loading_q exp(spread[g,c(q)] + stretch[g,q])``.

    Spread is a group's spread on the construct, stretch what is beyond it an item's own:
    only that is a difference of measurement.

    Parameters
    ----------
    loading : array, shape (..., Q)
        Of the average group (geometric mean).
    spread, stretch : array, shape (..., G, Q)
    xp : module, optional

    Returns
    -------
    array, shape (..., G, Q)
    """
    return loading[..., None, :] * xp.exp(spread + stretch)


def shifted(construct: Any, loading: Any, shift: Any) -> Any:
    """Predictor of an item for a person of a group: ``loading R + shift``.

    A shift moves all thresholds of the item by as much the other way (uniform differential
    item functioning).

    Parameters
    ----------
    construct, loading, shift : array
        Broadcasting; of the person's group.

    Returns
    -------
    array
    """
    return loading * construct + shift
