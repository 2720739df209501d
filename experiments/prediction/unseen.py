"""Probabilities that a fitted model gives to answers it has not seen.

Answers are hidden in the survey before the fit. What is left of a held-out respondent (ratings,
controls, answers that are taken as known) stays, so that the posterior draws of that respondent's
effects and construct residuals are those given everything but the hidden answers:

    p(y | rest) = mean over draws s of p(y | theta_s, u_s),   (theta_s, u_s) ~ p(theta, u | rest)

Draws of u are fresh from the population where nothing of the respondent's outcomes is left, and
respondent effects and residuals are thereby integrated out.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import emotion_models as em
from emotion_models.cores import available_cores
from emotion_models.inference.diagnostics import convergence
from emotion_models.inference.fitting import jobs
from emotion_models.inference.folding import hide
from emotion_models.inference.jobs import Settings
from emotion_models.inference.left_out import items_of
from emotion_models.inference.parallel import sample
from emotion_models.inference.posterior import assemble, samples
from emotion_models.inference.progress import Progress
from emotion_models.models.design import Design, make_design
from emotion_models.models.forward import arrays_of, predictors
from emotion_models.models.parameters import parameters
from emotion_models.science.equations.ordinal import category_probabilities

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.floating[Any]]
Whole = NDArray[np.integer[Any]]
DRAWS: Final = 2000


@dataclass(frozen=True)
class Answers:
    """Everything answered on a scale.

    Parameters
    ----------
    category : int array, shape (J, Q)
        -1 where there is no answer.
    n_categories : int array, shape (Q,)
    names : tuple of str
    """

    category: Whole
    n_categories: Whole
    names: tuple[str, ...]

    def of(self, name: str) -> Whole:
        """Answers to one item."""
        found: Whole = self.category[:, self.names.index(name)]
        return found

    def length(self, name: str) -> int:
        """Number of categories of one item."""
        return int(self.n_categories[self.names.index(name)])


@dataclass(frozen=True)
class Sampling:
    """How a model is fitted."""

    chains: int = 2
    draws: int = 250
    tune: int = 400
    seed: int = 7


@dataclass(frozen=True)
class Predicted:
    """Probabilities (J, K) of the items asked for, and how the fit came out."""

    probability: Mapping[str, Floats]
    largest_r_hat: float
    divergences: int
    seconds: float


def design_of(model: em.JourneyModel, survey: em.Survey) -> Design:
    """What a model reads from a survey."""
    return make_design(model, survey.codebook, survey.data)


def answers_of(design: Design) -> Answers:
    """Answers on scales, as the model reads them."""
    items = design.items
    return Answers(
        np.asarray(items.ordinal), items.exists.sum(axis=1) + 1, tuple(items.ordinal_names)
    )


def hidden(survey: em.Survey, names: Collection[str], journeys: NDArray[np.bool_]) -> em.Survey:
    """Return the survey without the answers of some journeys to some items.

    Parameters
    ----------
    survey : Survey
    names : collection of str
        Remembered or relationship items, or behaviours.
    journeys : bool array, shape (J,)

    Returns
    -------
    Survey
    """
    data = hide(survey.data, journeys, names)
    return em.Survey(survey.codebook, data, survey.audit)


def predicted(
    model: em.JourneyModel, survey: em.Survey, names: Collection[str], sampling: Sampling
) -> Predicted:
    """Fit a model to what is left of a survey and give probabilities of some items' answers.

    Parameters
    ----------
    model : JourneyModel
    survey : Survey
        From `hidden`.
    names : collection of str
    sampling : Sampling

    Returns
    -------
    Predicted
        Of all journeys.
    """
    start, design = time.perf_counter(), design_of(model, survey)
    settings = Settings(
        sampling.draws, sampling.tune, sampling.chains, available_cores(), sampling.seed
    )
    reporter = Progress(shown=False)
    with reporter.running():
        sampled = sample(jobs(model, design, expand=True), settings, reporter)
    if not sampled or not all(block.complete for block in sampled.values()):
        raise KeyboardInterrupt
    tree = assemble(sampled, design)
    draws, people = samples(tree["posterior"].to_dataset(), tree["people"].to_dataset(), DRAWS)
    known = parameters(model, design, draws)
    eta = predictors(model, design, known, arrays_of(people))
    found = {}
    for item in items_of(design):
        if item.name in names and item.kind == "ordinal":
            kappa = known.cutpoint[:, item.column, design.items.exists[item.column]]
            latent = known.item_predictor(design, item.column, eta[:, :, item.row])
            found[item.name] = averaged(latent, kappa)
    r_hat, divergent = mixed(tree)
    return Predicted(found, r_hat, divergent, time.perf_counter() - start)


def mixed(tree: xr.DataTree) -> tuple[float, int]:
    """Largest R-hat of any parameter, and the number of divergences."""
    checks = convergence(tree["posterior"].to_dataset(), tree["sample_stats"].to_dataset())
    r_hat = [check.figure for check in checks if check.name.lower().startswith("r-hat")]
    divergent = [int(check.figure) for check in checks if check.name.startswith("divergences")]
    return max(r_hat, default=float("nan")), sum(divergent)


def averaged(latent: Floats, kappa: Floats) -> Floats:
    """Mean over draws of the category probabilities, (J, K).

    Parameters
    ----------
    latent : array, shape (S, J)
    kappa : array, shape (S, C)
    """
    total: Any = 0.0
    for at, cut in zip(latent, kappa, strict=True):
        total = total + category_probabilities(at, cut)
    return np.asarray(total / latent.shape[0])
