"""The families of outcomes, as a table of small declarations.

A *family* is what the codebook calls the kind of a behaviour; it makes one row (linear
predictor) or several, each with a *likelihood*: an amount is a yes or no and how much. A
likelihood is its parameters with their priors and three equations: log-probability, random
draw, mean on the response scale. The PyMC model, posterior evaluation, leave-one-out,
predictive checks and effects loop over this table, so that a new family is one declaration
here with its equations, and a line in `emotion_models.survey.behaviours` that reads it.

Items on scales (``ordinal``) stand here too, one item at a time. What is sampled is the same
equation flattened over all items (`emotion_models.models.likelihoods.ordinal`), because that is
where sampling spends its time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from emotion_models.models import answers
from emotion_models.models.answers import Answers
from emotion_models.science.equations import families as equation
from emotion_models.science.equations import hazard, ordinal
from emotion_models.science.equations.importance import (
    amount_variance,
    count_variance,
    logistic_variance,
    number_variance,
)

Floats = NDArray[np.floating[Any]]
Kind = Literal["ordinal", "binary", "count", "amount", "number", "duration"]
Judged = Literal["categories", "mean and spread", "events by period"]


@dataclass(frozen=True)
class Likelihood:
    """How the answers to a row are distributed around its linear predictor.

    Parameters
    ----------
    name : str
        Of the random variable in the PyMC model; its rows are along ``{name}_row``.
    intercept : str
        Posterior variable of the rows' levels; empty where cutpoints carry them.
    shapes : tuple of str
        Posterior variables of further parameters, one value per row, each with a prior of its
        name in `emotion_models.models.priors.PRIORS`.
    log_probability : callable
        ``(answer, eta, *shapes, xp=numpy)``, broadcasting; every answer is there.
    draw : callable
        ``(rng, eta, *shapes)``.
    mean : callable
        ``(eta, *shapes)``, on the response scale.
    read : callable or None
        From columns (J, n) of the survey, their rows and horizons to `Answers`; None for ordinal.
    judged : {"categories", "mean and spread", "events by period"}
        What the posterior predictive check compares.
    probability : bool
        Whether the mean is a probability.
    by_period : bool
        Whether the shapes have a value per period, and the equations take ``within`` (see
        `Answers`).
    latent_variance : callable or None
        ``(mean, *shapes)``: variance around the predictor on the predictor's scale, at the mean
        answer; None where it is not defined, and explained variance then neither.
    """

    name: Kind
    intercept: str
    shapes: tuple[str, ...]
    log_probability: Callable[..., Any]
    draw: Callable[..., Any]
    mean: Callable[..., Any]
    read: Callable[[Floats, NDArray[np.int64], NDArray[np.int64]], Answers] | None
    judged: Judged = "categories"
    probability: bool = False
    by_period: bool = False
    latent_variance: Callable[..., Any] | None = None

    @property
    def rows(self) -> str:
        """Dimension of the rows."""
        return f"{self.name}_row"

    @property
    def shape_dims(self) -> tuple[str, ...]:
        """Dimensions of the shapes."""
        return (self.rows, "period") if self.by_period else (self.rows,)

    def over(self, within: NDArray[np.bool_]) -> Likelihood:
        """Return the likelihood whose equations know the periods that are followed.

        Parameters
        ----------
        within : bool array, shape (n, periods) or, of one row, (periods,)

        Returns
        -------
        Likelihood
            The same where there are no periods.
        """
        if not self.by_period:
            return self
        return replace(
            self,
            log_probability=partial(self.log_probability, within=within),
            draw=partial(self.draw, within=within),
            mean=partial(self.mean, within=within),
        )


@dataclass(frozen=True)
class Family:
    """What a codebook calls the kind of a behaviour.

    Parameters
    ----------
    name : str
    rows : tuple of (str, str)
        Suffix of each row's name, and its likelihood. The mean of the outcome is the product
        of the means of its rows.
    unit : str
        Of the mean; empty: the behaviour's own.
    """

    name: str
    rows: tuple[tuple[str, Kind], ...]
    unit: str = ""


_LIKELIHOODS: Final = (
    Likelihood(
        "ordinal",
        intercept="",
        shapes=("answer_cutpoint",),
        log_probability=ordinal.item_log_probability,
        draw=ordinal.item_draw,
        mean=ordinal.item_mean,
        read=None,
        latent_variance=logistic_variance,
    ),
    Likelihood(
        "binary",
        intercept="intercept",
        shapes=(),
        log_probability=equation.binary_log_probability,
        draw=equation.binary_draw,
        mean=equation.binary_mean,
        read=answers.read_yes_no,
        probability=True,
        latent_variance=logistic_variance,
    ),
    Likelihood(
        "count",
        intercept="count_intercept",
        shapes=("count_dispersion",),
        log_probability=equation.count_log_probability,
        draw=equation.count_draw,
        mean=equation.count_mean,
        read=answers.read_counts,
        judged="mean and spread",
        latent_variance=count_variance,
    ),
    Likelihood(
        "amount",
        intercept="amount_intercept",
        shapes=("amount_sd",),
        log_probability=equation.amount_log_probability,
        draw=equation.amount_draw,
        mean=equation.amount_mean,
        read=answers.read_amounts,
        judged="mean and spread",
        latent_variance=amount_variance,
    ),
    Likelihood(
        "number",
        intercept="number_intercept",
        shapes=("number_sd", "number_df"),
        log_probability=equation.number_log_probability,
        draw=equation.number_draw,
        mean=equation.number_mean,
        read=answers.read_numbers,
        judged="mean and spread",
        latent_variance=number_variance,
    ),
    Likelihood(
        "duration",
        intercept="duration_intercept",
        shapes=("duration_baseline",),
        log_probability=hazard.duration_log_probability,
        draw=hazard.duration_draw,
        mean=hazard.duration_mean,
        read=answers.read_durations,
        judged="events by period",
        probability=True,
        by_period=True,
        latent_variance=logistic_variance,
    ),
)
_FAMILIES: Final = (
    Family("bernoulli", (("", "binary"),), "probability"),
    Family("ordinal", (("", "ordinal"),), "scale points"),
    Family("count", (("", "count"),), "count"),
    Family("amount", ((": any", "binary"), (": amount", "amount"))),
    Family("number", (("", "number"),)),
    Family("duration", (("", "duration"),), "probability"),
)

LIKELIHOODS: Final[Mapping[Kind, Likelihood]] = MappingProxyType(
    {likelihood.name: likelihood for likelihood in _LIKELIHOODS}
)
FAMILIES: Final[Mapping[str, Family]] = MappingProxyType(
    {family.name: family for family in _FAMILIES}
)
