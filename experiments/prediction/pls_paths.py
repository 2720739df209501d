"""A path model by partial least squares, and its predictions of single items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Paths = Mapping[str, tuple[str, ...]]
ROUNDS, CLOSE = 300, 1e-7
PUBLISHED: Final = {
    "corp_rep": {"cusl_1": 1.19248628, "cusl_2": 1.239661768, "cusl_3": 1.312412929},
}
"""Leave-one-out RMSE of direct antecedents, a larger path model in which the same three
constructs act on loyalty: seminr, tests/fixtures/V_3_6_0/predict_pls_DA.csv, third row."""


@dataclass(frozen=True)
class PathModel:
    """A fitted path model.

    Parameters
    ----------
    mean, spread : Series
        Of every item.
    weight : mapping of str to array
        Of each construct's items, for scores with variance 1.
    loading : mapping of str to array
        Correlations of items with the score of their construct.
    path : mapping of str to array
        Standardised coefficients of what acts on a construct.
    """

    mean: pd.Series
    spread: pd.Series
    weight: Mapping[str, Floats]
    loading: Mapping[str, Floats]
    path: Mapping[str, Floats]


def estimated(table: pd.DataFrame, items: Paths, paths: Paths) -> PathModel:
    """Estimate by the path weighting scheme, mode A (Wold 1982; Lohmöller 1989).

    Parameters
    ----------
    table : DataFrame
        Items as numbers, none missing.
    items, paths : mapping of str to tuple of str
        Items of a construct, and constructs that act on it.

    Returns
    -------
    PathModel
    """
    mean, spread = table.mean(), table.std(ddof=1)
    z = (table - mean) / spread
    blocks = {name: z[list(own)].to_numpy() for name, own in items.items()}
    weight = {name: _unit(block, np.ones(block.shape[1])) for name, block in blocks.items()}
    for _ in range(ROUNDS):
        score = {name: block @ weight[name] for name, block in blocks.items()}
        inner = _inner(score, paths)
        found = {name: _unit(block, block.T @ inner[name]) for name, block in blocks.items()}
        moved = max(float(np.abs(found[name] - weight[name]).max()) for name in found)
        weight = found
        if moved < CLOSE:
            break
    score = {name: block @ weight[name] for name, block in blocks.items()}
    n = len(table) - 1
    loading = {name: block.T @ score[name] / n for name, block in blocks.items()}
    return PathModel(mean, spread, weight, loading, _paths(score, paths))


def _unit(block: Floats, weight: Floats) -> Floats:
    """Weights whose score has variance 1."""
    return np.asarray(weight / (block @ weight).std(ddof=1))


def _inner(score: Mapping[str, Floats], paths: Paths) -> dict[str, Floats]:
    """Each construct by its neighbours: regression on what acts on it, correlation with others."""
    own = _paths(score, paths)
    found = {name: np.zeros_like(values) for name, values in score.items()}
    for name, causes in paths.items():
        for cause, slope in zip(causes, own[name], strict=True):
            found[name] = found[name] + slope * score[cause]
            r = float(np.corrcoef(score[name], score[cause])[0, 1])
            found[cause] = found[cause] + r * score[name]
    return found


def _paths(score: Mapping[str, Floats], paths: Paths) -> dict[str, Floats]:
    """Least squares of every construct on what acts on it."""
    return {
        name: np.linalg.lstsq(np.column_stack([score[c] for c in causes]), score[name])[0]
        for name, causes in paths.items()
    }


def items_predicted(
    model: PathModel, table: pd.DataFrame, items: Paths, paths: Paths, construct: str
) -> pd.DataFrame:
    """Items of a construct from the scores of what acts on it (direct antecedents).

    PLSpredict, Shmueli, Ray, Velasquez Estrada & Chatla (2016), doi
    10.1016/j.jbusres.2016.03.049: score of the construct = sum of path x score of the cause,
    item = mean + sd x loading x score.

    Parameters
    ----------
    model : PathModel
    table : DataFrame
        Of whom to predict; unknown answers at the mean.
    items, paths : mapping
    construct : str

    Returns
    -------
    DataFrame
        In the unit of the answers.
    """
    z = ((table - model.mean) / model.spread).fillna(0.0)
    score = sum(
        slope * (z[list(items[cause])].to_numpy() @ model.weight[cause])
        for cause, slope in zip(paths[construct], model.path[construct], strict=True)
    )
    own = list(items[construct])
    found = np.outer(np.asarray(score), model.loading[construct])
    shown = pd.DataFrame(found, columns=own, index=table.index)
    return shown * model.spread[own] + model.mean[own]


def without(table: pd.DataFrame, items: Paths, paths: Paths, fold: NDArray[np.int64]) -> Any:
    """Items of loyalty, everybody predicted from the other folds; unknown answers at their mean."""
    parts = []
    for k in range(int(fold.max()) + 1):
        rest = table[fold != k]
        model = estimated(rest.fillna(rest.mean()), items, paths)
        parts.append(items_predicted(model, table[fold == k], items, paths, "Loyalty"))
    return pd.concat(parts).sort_index()
