"""Exactly what the report asks of a fit and its results, and the names it prints them by.

Tables are pandas data frames with the columns named here; all intervals are those of
`emotion_models.intervals`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from emotion_models.causal import Assumptions
from emotion_models.reporting.anonymity import THRESHOLD
from emotion_models.reporting.causes import Causes
from emotion_models.reporting.dependencies import Part, depends_on
from emotion_models.reporting.names import Names
from emotion_models.summarised import Summarised

EFFECT_KEYS = ["outcome", "path", "emotion", "touchpoint", "segment"]


class CheckLike(Protocol):
    """One check of a fit."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def figure(self) -> float: ...  # noqa: D102
    @property
    def threshold(self) -> float: ...  # noqa: D102
    @property
    def about(self) -> str: ...  # noqa: D102
    @property
    def advice(self) -> str: ...  # noqa: D102


class SurveyLike(Protocol):
    """What a fit remembers of its survey."""

    @property
    def codebook(self) -> Any: ...  # noqa: D102
    @property
    def n_journeys(self) -> int: ...  # noqa: D102
    @property
    def n_respondents(self) -> int: ...  # noqa: D102
    @property
    def hash(self) -> str: ...  # noqa: D102


class FitLike(Protocol):
    """A fitted model; only attributes listed here are read."""

    @property
    def model(self) -> Any:
        """The `JourneyModel`."""
        ...

    @property
    def survey(self) -> SurveyLike: ...  # noqa: D102
    @property
    def checks(self) -> Iterable[CheckLike]: ...  # noqa: D102
    @property
    def data(self) -> Any:
        """`xarray.Dataset` with ``segment`` and ``respondent`` (journey)."""
        ...

    @property
    def caution(self) -> str: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def versions(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def seconds(self) -> Mapping[str, float]: ...  # noqa: D102
    @property
    def assumptions(self) -> Assumptions | None: ...  # noqa: D102

    def emotion_curve(self) -> pd.DataFrame:
        """``touchpoint, emotion, mean, lower, upper, n``; n = respondents behind the mean."""
        ...

    def memory_weights(self) -> pd.DataFrame:
        """``emotion, feature, mean, lower, upper``."""
        ...

    def salience(self) -> pd.DataFrame:
        """``touchpoint, mean, lower, upper``."""
        ...

    def specificity(self) -> pd.DataFrame:
        """``outcome, mu, mu_lower, mu_upper, tau, tau_lower, tau_upper, share``."""
        ...

    def table(self, what: str = "paths") -> pd.DataFrame:
        """``"paths"``, ``"ranks"`` or ``"priors"``, see `emotion_models.inference.inside`."""
        ...

    def audit_table(self) -> pd.DataFrame:
        """``step, count, note``: rows read, dropped, recoded, flagged."""
        ...

    def priors_table(self) -> pd.DataFrame:
        """``stage, parameter, prior, about``."""
        ...


@runtime_checkable
class EffectsLike(Protocol):
    """Effects of emotions; a ``contrast`` method is used when there is one (see `claims`)."""

    def table(self) -> pd.DataFrame:
        """Columns as in the contract: ``outcome, path, emotion, touchpoint, segment, ...``."""
        ...

    def ranks(self) -> pd.DataFrame:
        """``outcome, emotion, expected_rank, p_top1, p_top3``."""
        ...


@runtime_checkable
class SimulationLike(Protocol):
    """A simulated change; ``str(change)`` says in words what is changed."""

    @property
    def change(self) -> Any: ...  # noqa: D102

    def table(self) -> pd.DataFrame:
        """``outcome, segment, before, after, difference, lower, upper, p_harm, p_better, ...``."""
        ...

    def curve(self) -> pd.DataFrame:
        """``touchpoint, emotion, when, mean, lower, upper``."""
        ...


@runtime_checkable
class ComparisonLike(Protocol):
    """Rival models compared."""

    def table(self) -> pd.DataFrame:
        """``model, elpd, difference, se, p_better, worst_k, weight``.

        ``difference`` is elpd minus that of the fitted model, whose own row has 0;
        ``p_better`` is the probability that the row's model predicts better than the fitted one.
        """
        ...


@runtime_checkable
class HaloLike(Protocol):
    """Effects with and without the control for answering style."""

    def table(self) -> pd.DataFrame:
        """``outcome, emotion, held, free, difference, lower, upper, unit, ...``."""
        ...


@dataclass(frozen=True)
class Inputs:
    """Everything the sections are built from.

    Parameters
    ----------
    fit : FitLike
    names : Names
        Labels, valences and units of this study.
    effects : EffectsLike or None
        None when the model has no outcomes.
    closer : tuple of EffectsLike
        Effects of some outcomes by touchpoint or by segment.
    simulations : tuple of SimulationLike
    comparison : ComparisonLike or None
    halo : HaloLike or None
    further : tuple of Summarised
        Other answers about the fit, each a section of its own.
    hidden : frozenset of str
        Segments that must not be shown.
    threshold : int
        Smallest group that may be shown.
    causes : Causes
        What is said about causes.
    """

    fit: FitLike
    names: Names
    effects: EffectsLike | None = None
    closer: tuple[EffectsLike, ...] = ()
    simulations: tuple[SimulationLike, ...] = ()
    comparison: ComparisonLike | None = None
    halo: HaloLike | None = None
    further: tuple[Summarised, ...] = ()
    hidden: frozenset[str] = field(default_factory=frozenset)
    threshold: int = THRESHOLD
    causes: Causes = field(default_factory=Causes)

    def effect_table(self) -> pd.DataFrame:
        """All effects there are, each once; the broader result first."""
        if self.effects is None:
            return pd.DataFrame(columns=EFFECT_KEYS)
        tables = [result.table() for result in (self.effects, *self.closer)]
        return pd.concat(tables, ignore_index=True).drop_duplicates(EFFECT_KEYS)

    def rests_on(self, part: Part, outcome: str = "") -> tuple[str, ...]:
        """Names of the checks that statements about a part, and an outcome, rest on."""
        names = [check.name for check in self.fit.checks]
        return depends_on(part, names, owner=self.names.owner, outcome=outcome)


def segment_counts(fit: FitLike) -> dict[str, int]:
    """Respondents per segment, by the name segments have in results.

    Parameters
    ----------
    fit : FitLike

    Returns
    -------
    dict of str to int
        Empty when the survey has no segments.
    """
    segments = fit.survey.codebook.segments
    if segments is None:
        return {}
    pairs = pd.DataFrame(
        {
            "segment": fit.data["segment"].to_numpy(),
            "respondent": fit.data["respondent"].to_numpy(),
        }
    )
    people = pairs.groupby("segment")["respondent"].nunique()
    return {
        str(category): int(people.get(index, 0))
        for index, category in enumerate(segments.categories)
    }
