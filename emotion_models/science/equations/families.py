"""Behaviours that are not ticked on a scale: yes or no, counts, amounts, numbers.

Every family is three functions with the same arguments: the log-probability of an answer, a
random answer, and the mean on the response scale. ``eta`` is the linear predictor, intercept
included; the further parameters broadcast against it. The ordinal family is in
`emotion_models.science.equations.ordinal`, the hazard of a duration in
`emotion_models.science.equations.hazard`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln


def softplus(value: Any, xp: Any = np) -> Any:
    """``log(1 + exp(value))`` without overflow.

    Parameters
    ----------
    value : array
    xp : module, optional
        ``numpy`` or ``pytensor.tensor``.

    Returns
    -------
    array
    """
    return np.logaddexp(0, value) if xp is np else xp.softplus(value)


def binary_log_probability(answer: Any, eta: Any, xp: Any = np) -> Any:
    """Bernoulli with log-odds `eta`: ``y eta - log(1 + exp(eta))``.

    Finite with a finite gradient for any finite predictor, also where nobody ever said yes or
    where a predictor separates yes from no (there the priors hold the predictor).

    Parameters
    ----------
    answer : array
        0 or 1.
    eta : array
        Log-odds of a yes.
    xp : module, optional

    Returns
    -------
    array
    """
    return answer * eta - softplus(eta, xp)


def binary_draw(rng: np.random.Generator, eta: Any) -> Any:
    """Draw 0 or 1 with log-odds `eta`."""
    return (rng.random(np.shape(eta)) < binary_mean(eta)).astype(float)


def binary_mean(eta: Any) -> Any:
    """Probability of a yes, ``1 / (1 + exp(-eta))``."""
    return 1 / (1 + np.exp(-eta))


def count_log_probability(answer: Any, eta: Any, dispersion: Any, xp: Any = np) -> Any:
    """Negative binomial with log-mean `eta` and variance ``mu + mu^2 / phi``.

    ``log Gamma(y + phi) - log Gamma(phi) - log y! + phi log(phi / (mu + phi))
    + y log(mu / (mu + phi))``, the NB2 form of Cameron & Trivedi (1986,
    doi 10.1002/jae.3950010104). Written in ``log mu - log phi``, so that it is finite for any
    predictor.

    Parameters
    ----------
    answer : array
        0, 1, 2, ...
    eta : array
        Logarithm of the mean.
    dispersion : array
        ``phi``; a Poisson in the limit of large values.
    xp : module, optional

    Returns
    -------
    array
    """
    log_gamma = gammaln if xp is np else xp.gammaln
    relative = eta - xp.log(dispersion)
    ways = log_gamma(answer + dispersion) - log_gamma(dispersion) - log_gamma(answer + 1)
    return ways + answer * relative - (answer + dispersion) * softplus(relative, xp)


def count_draw(rng: np.random.Generator, eta: Any, dispersion: Any) -> Any:
    """Draw counts: a Poisson whose rate is gamma distributed around ``exp(eta)``."""
    shape = np.broadcast_to(dispersion, np.shape(eta))
    return rng.poisson(rng.gamma(shape, np.exp(eta) / shape)).astype(float)


def count_mean(eta: Any, dispersion: Any) -> Any:
    """Expected count, ``exp(eta)``; the dispersion does not move it."""
    return np.exp(eta)


def amount_log_probability(answer: Any, eta: Any, sd: Any, xp: Any = np) -> Any:
    """Log-density of the logarithm of a positive amount, normal around `eta`.

    Whether there is any amount is a row of its own (Bernoulli), so that the two together are
    the hurdle-lognormal likelihood (two-part model; Duan et al. 1983,
    doi 10.1080/07350015.1983.10509330).

    Parameters
    ----------
    answer : array
        Logarithm of the amount.
    eta : array
        Its mean.
    sd : array
        Its standard deviation.
    xp : module, optional

    Returns
    -------
    array
    """
    return -0.5 * ((answer - eta) / sd) ** 2 - xp.log(sd) - 0.5 * np.log(2 * np.pi)


def amount_draw(rng: np.random.Generator, eta: Any, sd: Any) -> Any:
    """Draw logarithms of amounts."""
    return rng.normal(eta, sd)


def amount_mean(eta: Any, sd: Any) -> Any:
    """Expected amount where there is any: ``exp(eta + sd^2 / 2)``."""
    return np.exp(eta + sd**2 / 2)


def number_log_probability(answer: Any, eta: Any, sd: Any, df: Any, xp: Any = np) -> Any:
    """Log-density of a number, Student's t around `eta` (Lange, Little & Taylor 1989).

    Answers far out move the predictor less than a normal would let them; with large `df` it is
    the normal. ``log Gamma((df+1)/2) - log Gamma(df/2) - log(df pi)/2 - log sd
    - (df+1)/2 log(1 + z^2/df)`` with ``z = (y - eta) / sd``.

    Parameters
    ----------
    answer : array
    eta : array
        Location.
    sd : array
        Scale (the standard deviation of the normal that it approaches).
    df : array
        Degrees of freedom.
    xp : module, optional

    Returns
    -------
    array
    """
    log_gamma = gammaln if xp is np else xp.gammaln
    level = log_gamma((df + 1) / 2) - log_gamma(df / 2) - 0.5 * xp.log(df * np.pi) - xp.log(sd)
    return level - (df + 1) / 2 * xp.log1p(((answer - eta) / sd) ** 2 / df)


def number_draw(rng: np.random.Generator, eta: Any, sd: Any, df: Any) -> Any:
    """Draw numbers."""
    return eta + sd * rng.standard_t(np.broadcast_to(df, np.shape(eta)))


def number_mean(eta: Any, sd: Any, df: Any) -> Any:
    """Expected number, the location `eta`; for ``df <= 1`` there is none: read the median."""
    return eta
