"""Careless answers as an answer: what was flagged, and the survey without it.

The flags of `emotion_models.survey.careless_flags` are kept with every survey. Two further
signs are worked out here: moments at which all emotions got the same answer, and how little a
person's answers vary (intra-individual response variability, Dunn et al. 2018). No cutoff of
the latter is agreed on, so it flags only at a limit that is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.errors import InputProblems, Problem, did_you_mean, expected
from emotion_models.summarised import Summarised
from emotion_models.survey.audit import AuditEntry
from emotion_models.survey.roles import CARELESS_FLAGS
from emotion_models.survey.survey import Survey

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
ABOUT: Final = {
    "straight_lining": "all ratings of the journey are the same",
    "long_string": "a long run of equal ratings, one after the other",
    "too_fast": "answered faster than the codebook allows",
    "duplicates": "exactly the answers of an earlier journey",
    "same_within_moments": "at every moment all emotions got one answer above the lowest",
    "low_variability": "ratings vary less than the limit",
}
LEAST_MOMENTS: Final = 2
LEAST_EMOTIONS: Final = 3


@dataclass(frozen=True, eq=False, repr=False)
class CarelessAnswers(Summarised):
    """Which journeys look careless, and by which sign.

    Parameters
    ----------
    names : tuple of str
    flags : bool array, shape (journeys, names)
    variability : array, shape (journeys,)
        Standard deviation of each journey's ratings, as a share of the scale; NaN below two.
    """

    names: tuple[str, ...]
    flags: Flags
    variability: NDArray[np.float64]

    def table(self) -> pd.DataFrame:
        """Return one row per flag: flag, count, share, only (by no other flag), about."""
        import pandas as pd

        alone = self.flags.sum(axis=1) == 1
        rows = [
            (name, own.sum(), own.mean(), (own & alone).sum(), ABOUT[name])
            for name, own in zip(self.names, self.flags.T, strict=True)
        ]
        return pd.DataFrame(rows, columns=["flag", "count", "share", "only", "about"])

    def summary(self) -> str:
        """Say in words how many journeys are flagged and by what."""
        some = self.flags.any(axis=1)
        lines = [
            f"{int(some.sum()):,} of {some.size:,} journeys look careless by at least one sign "
            "(flagged, not excluded):"
        ]
        lines += [
            f"  {row['flag'].replace('_', ' ')}: {row['count']:,} ({row['about']})"
            for row in self.table().to_dict("records")
        ]
        return "\n".join(lines)


def careless(survey: Survey, *, minimum_variability: float | None = None) -> CarelessAnswers:
    """Show which journeys look careless.

    Parameters
    ----------
    survey : Survey
    minimum_variability : float, optional
        Flag journeys whose ratings have a smaller standard deviation, as a share of the scale.

    Returns
    -------
    CarelessAnswers

    Raises
    ------
    InputProblems
        If the limit is not between 0 and 1.
    """
    expected("careless answers", "survey", survey, Survey, "give what em.read_survey returns")
    if minimum_variability is not None and not 0 < minimum_variability < 1:
        what = f"is {minimum_variability}"
        problem = Problem("minimum_variability", what, "use a share of the scale, e.g. 0.05")
        raise InputProblems("careless", [problem])
    enough = (survey.data["rating"] >= 0).sum(("touchpoint", survey.codebook.rating_dim)).to_numpy()
    enough = enough >= survey.codebook.careless.minimum_answers
    variability = variability_of(survey)
    names = [*CARELESS_FLAGS, "same_within_moments"]
    columns = [*survey.data["careless"].to_numpy().T, same_within_moments(survey) & enough]
    if minimum_variability is not None:
        names.append("low_variability")
        columns.append((np.nan_to_num(variability, nan=1.0) < minimum_variability) & enough)
    return CarelessAnswers(tuple(names), np.stack(columns, axis=1), variability)


def without_flagged(
    survey: Survey,
    *,
    flags: Sequence[str] | None = None,
    minimum_variability: float | None = None,
) -> Survey:
    """Leave flagged journeys out, and say so in the audit.

    A sensitivity analysis: fit the model to both surveys and compare the effects.

    Parameters
    ----------
    survey : Survey
    flags : sequence of str, optional
        Which signs count, see `careless`; default: all.
    minimum_variability : float, optional
        As in `careless`.

    Returns
    -------
    Survey

    Raises
    ------
    InputProblems
        With every unknown flag; or if no journey would be left.
    """
    found = careless(survey, minimum_variability=minimum_variability)
    wanted = found.names if flags is None else tuple(flags)
    problems = [
        Problem(f"flag '{name}'", "unknown", did_you_mean(name, found.names))
        for name in wanted
        if name not in found.names
    ]
    if problems:
        raise InputProblems("careless answers", problems)
    keep = np.ones(survey.n_journeys, dtype=bool)
    entries = []
    for name in dict.fromkeys(wanted):
        out = found.flags[:, found.names.index(name)] & keep
        if out.any():
            what = f"{name.replace('_', ' ')}, left out on request"
            entries.append(AuditEntry("excluded", what, int(out.sum())))
        keep &= ~out
    if not keep.any():
        problem = Problem("survey", "every journey is flagged", "name fewer flags")
        raise InputProblems("careless answers", [problem])
    return survey.only(keep, entries)


def variability_of(survey: Survey) -> NDArray[np.float64]:
    """Standard deviation of each journey's ratings, scales brought to 0..1; NaN below two."""
    book = survey.codebook
    top = np.array([book.scale_of(emotion).n_categories - 1 for emotion in book.emotion_items])
    rating = survey.data["rating"].transpose("journey", "touchpoint", ...).to_numpy()
    score = np.where(rating >= 0, rating / top, np.nan).reshape(len(rating), -1)
    count = np.isfinite(score).sum(axis=1)
    centred = score - (np.nansum(score, axis=1) / np.maximum(count, 1))[:, None]
    variance = np.nansum(centred**2, axis=1) / np.maximum(count, 1)
    return np.where(count > 1, np.sqrt(variance), np.nan)


def same_within_moments(survey: Survey) -> Flags:
    """Whether emotions are not told apart at any moment of a journey.

    Moments count where at least `LEAST_EMOTIONS` emotions on scales of one length were rated;
    there must be `LEAST_MOMENTS`. The lowest answer everywhere says that nothing was felt, which
    is no sign of carelessness.
    """
    book = survey.codebook
    length = np.array([book.scale_of(emotion).n_categories for emotion in book.emotion_items])
    common = length == np.bincount(length).argmax()
    rating = survey.data["rating"].transpose("journey", "touchpoint", ...).to_numpy()
    own = rating[:, :, common]
    counts = (own >= 0).sum(axis=2) >= LEAST_EMOTIONS
    high = own.max(axis=2, initial=-1)
    low = np.where(own >= 0, own, 127).min(axis=2, initial=127)
    same = counts & (high == low) & (high > 0)
    told = counts & (high != low)
    return np.asarray((same.sum(axis=1) >= LEAST_MOMENTS) & ~told.any(axis=1))
