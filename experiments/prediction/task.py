"""What is predicted of whom from what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from unseen import Answers, answers_of, design_of

import emotion_models as em
from emotion_models.models.design import Design

Floats = NDArray[np.floating[Any]]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Task:
    """One data set with what is predicted in it.

    Parameters
    ----------
    name : str
    survey : Survey
    model : JourneyModel
        Ours, outcomes only: given the ratings stage 1 shares no parameter with them.
    targets : tuple of str
        Items whose answers are hidden in the held-out respondents, and predicted.
    variants : mapping of str to str
        Rivals that are this model with one thing changed: rival, name of the variant.
    regressions : mapping of str to DataFrame
        Rivals that are ordinal regressions: rival, columns (J rows).
    everything : DataFrame
        All columns that gradient boosting is given.
    absent : mapping of str to str
        Rivals that make no sense here, with the reason.
    paths : mapping of str to tuple of str
        A PLS path model: construct, constructs that act on it. None: no PLS.
    items : mapping of str to tuple of str
        Items of those constructs, which are columns of `numbers`.
    numbers : DataFrame
        Answers as numbers, as PLS takes them.
    """

    name: str
    survey: em.Survey
    model: em.JourneyModel
    targets: tuple[str, ...]
    variants: Mapping[str, str]
    regressions: Mapping[str, pd.DataFrame]
    everything: pd.DataFrame
    absent: Mapping[str, str]
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    items: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    numbers: pd.DataFrame = field(default_factory=pd.DataFrame)

    def answers(self) -> Answers:
        """Answers of everybody."""
        return self._answers

    @cached_property
    def _answers(self) -> Answers:
        return answers_of(design_of(self.model, self.survey))

    def respondents(self) -> NDArray[np.int64]:
        """Number of the respondent of every journey."""
        return np.asarray(self.survey.data["respondent"].to_numpy(), dtype=np.int64)


def folds_of(respondent: NDArray[np.int64], n_folds: int, seed: int) -> NDArray[np.int64]:
    """Deal respondents to folds at random, as evenly as their numbers allow.

    Parameters
    ----------
    respondent : int array, shape (J,)
    n_folds : int
    seed : int

    Returns
    -------
    int array, shape (J,)
        Counted from 0; all journeys of a respondent are in one fold.
    """
    people, place = np.unique(respondent, return_inverse=True)
    if not 2 <= n_folds <= people.size:
        raise ValueError(f"{n_folds} folds of {people.size} respondents")
    order = np.random.default_rng([seed, n_folds]).permutation(people.size)
    fold = np.empty(people.size, dtype=np.int64)
    fold[order] = np.arange(people.size) % n_folds
    return np.asarray(fold[place])


def felt(design: Design) -> pd.DataFrame:
    """Mean of every emotion over the touchpoints, on 0..1, NaN where it was never rated."""
    there = design.ratings.answered
    count = there.sum(axis=0)
    total = np.where(there, design.scores, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return pd.DataFrame(mean, columns=list(design.emotions))


def moments(design: Design) -> pd.DataFrame:
    """Mean, peak, end and first of every emotion, those that the model's memory has."""
    blocks = [felt(design)]
    for name, values in design.features.items():
        columns = [f"{emotion}, {name}" for emotion in design.emotions]
        blocks.append(pd.DataFrame(np.asarray(values, dtype=float), columns=columns))
    return pd.concat(blocks, axis=1)


def controls(design: Design) -> pd.DataFrame:
    """Controls as the model reads them, style and disposition in all ratings included."""
    return pd.DataFrame(design.controls, columns=list(design.control_names))


def first_journeys(task: Task, most: int) -> Task:
    """A task of the first respondents only, to try things out.

    Parameters
    ----------
    task : Task
    most : int
        Journeys at most, whole respondents.
    """
    respondent = task.respondents()
    if most >= respondent.size:
        return task
    kept = respondent < respondent[most]
    rows = np.flatnonzero(kept)
    survey = task.survey.only(kept, [])

    def some(table: pd.DataFrame) -> pd.DataFrame:
        return table.iloc[rows].reset_index(drop=True) if len(table) else table

    return replace(
        task,
        survey=survey,
        regressions={name: some(table) for name, table in task.regressions.items()},
        everything=some(task.everything),
        numbers=some(task.numbers),
    )


def standardised(table: pd.DataFrame, train: NDArray[np.bool_]) -> Floats:
    """Columns by the mean and the spread of those trained on; unknown at their mean."""
    values = table.to_numpy(dtype=float)
    own = values[train]
    with np.errstate(all="ignore"):
        mean, spread = np.nanmean(own, axis=0), np.nanstd(own, axis=0)
    return np.asarray(np.nan_to_num((values - mean) / np.where(spread > 0, spread, 1.0)))


def held_out(task: Task, fold: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Number of each fold from 1, and the journeys that it holds out."""
    for k in range(int(fold.max()) + 1):
        yield k + 1, fold == k
