"""How much every respondent moves an answer, and the sampling variance that follows.

The weight w of one respondent's likelihood moves a posterior mean by

    d E[g] / d w_i = Cov(g, l_i)        l_i = log likelihood of respondent i, over the posterior

(Giordano & Broderick, the Bayesian infinitesimal jackknife), so sums of these influences over
primary sampling units give the with-replacement linearisation of survey sampling, for any
answer, from draws that exist already. An answer averaged over journeys moves also because its
average does: ``w_j (E[g_j] - E[g]) / sum(w)`` joins the influence of journey j.

    V = sum_h n_h / (n_h - 1) sum_{c in h} (psi_hc - mean_h psi)^2      strata h, units c

Covariances are estimated in each chain apart and only products of different chains enter a
square: their noise does not add up (a square of one noisy estimate is too large on average).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem
from emotion_models.inference.loo import journey_log_likelihood
from emotion_models.inference.loo_panel import of_respondents
from emotion_models.models.forward import own_predictor, remembered

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit
    from emotion_models.models.design import Design

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Sampling:
    """How respondents came into the sample.

    Parameters
    ----------
    unit : int array, shape (I,)
        Primary sampling unit of each respondent, numbered from 0 over all strata.
    stratum : int array, shape (units,)
        Stratum of each unit, numbered from 0.
    words : str
        In words.
    """

    unit: Whole
    stratum: Whole
    words: str

    @property
    def n_units(self) -> int:
        """Number of primary sampling units."""
        return int(self.stratum.size)

    @property
    def lonely(self) -> int:
        """Number of strata with a single unit, which show no variance by themselves."""
        return int((np.bincount(self.stratum) == 1).sum())

    @property
    def degrees_of_freedom(self) -> int:
        """Units minus strata."""
        return max(self.n_units - int(self.stratum.max()) - 1, 1)


def sampling_of(fit: Fit) -> Sampling:
    """Read strata and clusters; without clusters each respondent is a unit.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    Sampling

    Raises
    ------
    InputProblems
        If there are fewer than two units, or a respondent belongs to several.
    """
    codebook, data, who = fit.survey.codebook, fit.data, fit.design.respondent
    names = [name for name in ("stratum", "cluster") if getattr(codebook, name) is not None]
    first = np.unique(who, return_index=True)[1]
    problems = []
    columns: dict[str, Whole] = {}
    for name in names:
        value = data[name].to_numpy().astype(np.int64)
        columns[name] = value[first]
        if not np.array_equal(value[first][who], value):
            what = f"some respondents belong to more than one {name}"
            fix = f"give each respondent one {name}: it must contain whole respondents"
            problems.append(Problem(f"{name} of the survey", what, fix))
    stratum = columns.get("stratum", np.zeros(first.size, dtype=np.int64))
    cluster = columns.get("cluster", np.arange(first.size))
    pairs, unit = np.unique(np.stack([stratum, cluster]), axis=1, return_inverse=True)
    strata = np.unique(pairs[0], return_inverse=True)[1]
    if pairs.shape[1] < 2:
        what = "there is one sampling unit"
        problems.append(Problem("survey", what, "variance between units needs two or more"))
    if problems:
        raise InputProblems("sampling design", problems)
    of = "clusters" if "cluster" in columns else "respondents"
    words = f"{pairs.shape[1]} {of}" + (f" in {strata.max() + 1} strata" if strata.max() else "")
    return Sampling(unit.ravel(), strata, words)


def respondent_log_likelihood(fit: Fit, most: int) -> Floats:
    """Log-likelihood of every respondent's outcomes, latents of people integrated out.

    Parameters
    ----------
    fit : Fit
    most : int
        Draws to use at most, those of ``fit.draws(most)``.

    Returns
    -------
    array, shape (S, I)
        Raised to the respondent's `exponents`.
    """
    return _unweighted(fit, most) * exponents(fit)


def exponents(fit: Fit) -> Floats:
    """Exponent (I,) of every respondent's likelihood: 1 unless survey weights enter it."""
    each = fit.design.exponents(fit.model)
    if each is None:
        return np.ones(fit.design.n_respondents)
    return by_respondent(fit.design, each) / np.bincount(fit.design.respondent)


def _unweighted(fit: Fit, most: int) -> Floats:
    model, design, known = fit.model, fit.design, fit.parameters(most)
    people = fit.draws(most)[1]
    if "person" not in people:
        return by_respondent(design, journey_log_likelihood(model, design, known, people))
    eta = own_predictor(design, known, remembered(model, design, known), np.zeros(1))
    drawn = {str(name): people[name].to_numpy().astype(float) for name in people.data_vars}
    return of_respondents(design, known, eta, drawn["person"], drawn.get("bond_residual"))


def by_respondent(design: Design, values: Floats) -> Floats:
    """Sum over each respondent's journeys.

    Parameters
    ----------
    design : Design
    values : array, shape (..., J)

    Returns
    -------
    array, shape (..., I)
    """
    starts = np.searchsorted(design.respondent, np.arange(design.n_respondents))
    return np.asarray(np.add.reduceat(values, starts, axis=-1))


def batches(chain: Whole) -> list[Whole]:
    """Draws of each chain; of a single chain its two halves.

    Parameters
    ----------
    chain : int array, shape (S,)

    Returns
    -------
    list of int array
    """
    found = [np.flatnonzero(chain == c) for c in np.unique(chain)]
    return found if len(found) > 1 else np.array_split(found[0], 2)


def influence(draws: Floats, log_likelihood: Floats, chain: Whole) -> Floats:
    """Influence of every respondent on posterior means, estimated in each chain apart.

    Parameters
    ----------
    draws : array, shape (S, Q)
        Of Q answers.
    log_likelihood : array, shape (S, I)
    chain : int array, shape (S,)

    Returns
    -------
    array, shape (chains, I, Q)
    """
    found = []
    for own in batches(chain):
        centred = draws[own] - draws[own].mean(axis=0)
        found.append(log_likelihood[own].T @ centred / max(own.size - 1, 1))
    return np.stack(found)


def sampling_variance(sampling: Sampling, moved: Floats) -> Floats:
    """With-replacement variance between primary sampling units, within strata.

    A stratum with a single unit is centred at the mean of all units, which overstates its
    variance rather than leaving it out.

    Parameters
    ----------
    sampling : Sampling
    moved : array, shape (chains, I, Q)
        Influences, from `influence`.

    Returns
    -------
    array, shape (Q,)
        May be negative by Monte Carlo noise.
    """
    total = np.zeros((moved.shape[0], sampling.n_units, moved.shape[2]))
    for c, own in enumerate(moved):
        np.add.at(total[c], sampling.unit, own)
    variance = np.zeros(moved.shape[2])
    everywhere = total.mean(axis=1, keepdims=True)
    for h in range(int(sampling.stratum.max()) + 1):
        own = total[:, sampling.stratum == h]
        n = own.shape[1]
        centre = own.mean(axis=1, keepdims=True) if n > 1 else everywhere
        variance += products(own - centre) * (n / (n - 1) if n > 1 else 1.0)
    return variance


def model_variance(moved: Floats, exponent: Floats) -> Floats:
    """What the posterior takes for the variance: respondents independent, information as is.

    Parameters
    ----------
    moved : array, shape (chains, I, Q)
        Influences of the raised likelihoods, from `influence`.
    exponent : array, shape (I,)
        A likelihood raised to w has w times the information and w squared times the variance.

    Returns
    -------
    array, shape (Q,)
    """
    counted = np.where(exponent > 0, exponent, 1.0)
    return products(moved / np.sqrt(counted)[:, None])


def products(values: Floats) -> Floats:
    """Sum of squares over units, of pairs of different chains only.

    Parameters
    ----------
    values : array, shape (chains, units, Q)

    Returns
    -------
    array, shape (Q,)
    """
    n = values.shape[0]
    summed = values.sum(axis=0)
    pairs = (summed**2 - (values**2).sum(axis=0)).sum(axis=0)
    return np.asarray(pairs / (n * (n - 1)))
