"""`Fit`: a fitted model, frozen, and the questions it answers by itself."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self, cast

from emotion_models.causal import Assumptions, identify
from emotion_models.inference.checks import Checks
from emotion_models.inference.store import StoredParts
from emotion_models.inference.stored_fit import (
    IMPUTATIONS,
    put_survey_together,
    put_together,
    taken_apart,
)
from emotion_models.models.design import Design, make_design
from emotion_models.models.forward import arrays_of
from emotion_models.models.parameters import Parameters, parameters
from emotion_models.models.response import Response, respond
from emotion_models.models.spec import JourneyModel
from emotion_models.previews import Method, caution_of
from emotion_models.summarised import as_text, cautioned
from emotion_models.survey import Codebook
from emotion_models.survey.audit import Audit

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from emotion_models.survey import Survey

LARGEST_KEPT: Final = 1024**3
"""Bytes up to which the predictors of all journeys are kept from one question to the next."""


@dataclass(frozen=True)
class SurveyDescription:
    """What a fit remembers of its survey; no identifiers."""

    codebook: Codebook
    n_journeys: int
    n_respondents: int
    hash: str
    audit: Audit


def describe(survey: Survey) -> SurveyDescription:
    """Describe a survey for its fit."""
    return SurveyDescription(
        survey.codebook, survey.n_journeys, survey.n_respondents, survey.hash, survey.audit
    )


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted `JourneyModel`.

    Parameters
    ----------
    model : JourneyModel
        As fitted; after an interrupt without the stages that were not reached.
    survey : SurveyDescription
    data : xarray.Dataset
        The answers, without identifiers.
    posterior : xarray.DataTree
        Groups ``posterior``, ``sample_stats`` and ``people``
        (see `emotion_models.inference.posterior`).
    checks : Checks
    seed : int
    versions : mapping of str to str
    seconds : mapping of str to float
    partial : bool
        Whether sampling was interrupted.
    assumptions : Assumptions, optional
        What is assumed about causes; see `under`.
    method : {"nuts", "pathfinder", "laplace"}
        All but the first approximate the posterior: a preview, which reports refuse.
    """

    model: JourneyModel
    survey: SurveyDescription
    data: xr.Dataset
    posterior: xr.DataTree
    seed: int
    versions: Mapping[str, str]
    seconds: Mapping[str, float]
    checks: Checks = field(default_factory=Checks)
    partial: bool = False
    assumptions: Assumptions | None = None
    method: Method = "nuts"

    @property
    def caution(self) -> str:
        """What every output of this fit says: that it is a preview, that checks failed; or ''."""
        return " ".join(said for said in (caution_of(self.method), self.checks.caution) if said)

    @cached_property
    def design(self) -> Design:
        """The data as the model reads them."""
        return make_design(self.model, self.survey.codebook, self.data)

    @cached_property
    def cache(self) -> dict[Any, Any]:
        """Work of one question kept for the next: thinned draws, abducted noise. Not saved."""
        return {}

    @cached_property
    def completed(self) -> tuple[Fit, ...]:
        """One fit per completed data set where ratings were imputed, else none.

        Answers that read ratings are computed in each and their draws joined.
        """
        if IMPUTATIONS not in self.posterior.children:
            return ()
        from emotion_models.inference.imputed import parts

        return parts(self)

    def draws(self, most: int) -> tuple[xr.Dataset, xr.Dataset]:
        """At most so many posterior draws, of the parameters and of the people.

        Parameters
        ----------
        most : int

        Returns
        -------
        parameters, people : xarray.Dataset
            With the same leading dimension ``sample``.
        """
        from emotion_models.inference.posterior import samples

        if ("draws", most) not in self.cache:
            self.cache["draws", most] = samples(
                self.posterior["posterior"].to_dataset(),
                self.posterior["people"].to_dataset(),
                most,
            )
        found: tuple[xr.Dataset, xr.Dataset] = self.cache["draws", most]
        return found

    def parameters(self, most: int) -> Parameters:
        """Parameters of stages 2 to 4 in at most so many draws."""
        return parameters(self.model, self.design, self.draws(most)[0])

    def response(self, most: int) -> Response:
        """Outcomes of the observed journeys in at most so many draws, ready to be changed."""
        kept, found = self.cache.get("response", (None, None))
        if kept != most:
            people = arrays_of(self.draws(most)[1])
            found = respond(self.model, self.design, self.parameters(most), people)
            if found.eta.nbytes <= LARGEST_KEPT:  # the last one: questions come in series
                self.cache["response"] = most, found
        return cast("Response", found)

    def under(self, assumptions: Assumptions) -> Self:
        """Return this fit with assumptions about causes, which every answer then states.

        Parameters
        ----------
        assumptions : Assumptions

        Returns
        -------
        Fit
            With the same posterior: assumptions change what may be claimed, no number.

        Raises
        ------
        InputProblems
            With every unknown name, every circle, and every confounder that the diagram makes
            a mediator or a common effect.
        """
        declared = replace(self, assumptions=assumptions)
        identify(declared)
        return declared

    @cautioned
    def memory_weights(self) -> pd.DataFrame:
        """Weights of the memory features per emotion: emotion, feature, mean, lower, upper."""
        from emotion_models.inference.descriptions import memory_weights

        return memory_weights(self)

    @cautioned
    def salience(self) -> pd.DataFrame:
        """Share of each touchpoint in the average that memory forms."""
        from emotion_models.inference.descriptions import salience

        return salience(self)

    @cautioned
    def specificity(self) -> pd.DataFrame:
        """How much specific emotions matter beyond positivity, per outcome row."""
        from emotion_models.inference.descriptions import specificity

        return specificity(self)

    @cautioned
    def table(self, what: str = "paths") -> pd.DataFrame:
        """Estimates along the ``"paths"``, ``"ranks"`` of the chains, ``"priors"`` and posteriors.

        See `emotion_models.inference.inside` for the columns.
        """
        from emotion_models.inference.inside import table

        return table(self, what)

    def plot(self, what: str = "paths") -> Figure:
        """Draw what `table` holds."""
        from emotion_models.inference.inside import drawn

        return drawn(self.table(what), what)

    def emotion_curve(self) -> pd.DataFrame:
        """Mean rating per touchpoint and emotion with its interval, as observed."""
        from emotion_models.inference.descriptions import emotion_curve

        if "curve" not in self.cache:
            self.cache["curve"] = emotion_curve(self)
        found: pd.DataFrame = self.cache["curve"]
        return found.copy()

    @cautioned
    def missing_table(self) -> pd.DataFrame:
        """What imputed ratings leave unknown, per quantity: fraction of missing information."""
        from emotion_models.inference.imputed import missing_table

        return missing_table(self)

    def audit_table(self) -> pd.DataFrame:
        """What was read, dropped, recoded and flagged: step, count, note."""
        from emotion_models.inference.descriptions import audit_table

        return audit_table(self)

    @property
    def without_coordinates(self) -> tuple[str, ...]:
        """Emotions of unknown valence: positivity does not act on them."""
        from emotion_models.survey.taxonomies import without_valence

        return without_valence(self.survey.codebook)

    def priors_table(self) -> pd.DataFrame:
        """Priors of this model: stage, parameter, prior, about."""
        from emotion_models.inference.descriptions import priors_table

        return priors_table(self)

    @cautioned
    def sensitivity(self) -> pd.DataFrame:
        """Whether priors drive the effects: quantity, prior, likelihood, diagnosis.

        Power-scaling sensitivities (Kallioinen et al. 2023, doi 10.1007/s11222-023-10366-5) of
        every effect; above 0.05 the prior, or the likelihood, matters for it.
        """
        from emotion_models.inference.checking import sensitivity_of

        if "sensitivity" not in self.cache:
            self.cache["sensitivity"] = sensitivity_of(self)
        found: pd.DataFrame = self.cache["sensitivity"]
        return found.copy()

    def to_parts(self) -> StoredParts:
        """Take the fit apart for `save`."""
        return taken_apart(self)

    @classmethod
    def from_parts(cls, parts: StoredParts) -> Self:
        """Put a fit together again."""
        survey = SurveyDescription(**put_survey_together(parts))
        return cls(survey=survey, **put_together(parts))

    def __repr__(self) -> str:
        sizes = self.posterior["posterior"].sizes
        stages = [n for n in ("elicitation", "recall", "outcomes") if getattr(self.model, n)]
        what = "Fit" if self.method == "nuts" else f"Preview ({self.method})"
        lines = [
            f"{what} of '{self.survey.codebook.study.label}': {self.survey.n_journeys} journeys of "
            f"{self.survey.n_respondents} respondents" + (" (interrupted)" if self.partial else ""),
            f"  stages  {', '.join(stages)}; memory {'+'.join(self.model.memory)}",
            f"  draws   {sizes['chain']} chains x {sizes['draw']}, seed {self.seed}, "
            f"{sum(self.seconds.values()):.0f} s",
            f"  checks  {self.checks.status}",
        ]
        if self.assumptions is not None:
            lines += [f"  assumed {said}" for said in self.assumptions.sentences()]
        return as_text(lines, caution_of(self.method))

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>{self.checks._repr_html_()}"
