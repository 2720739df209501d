"""Paths among latent constructs, from the correlations that the model says they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd
from beside import CHAINS, DRAWS, Floats, Theirs, beside, computed

import emotion_models as em
from emotion_models.measurement.latent import as_correlation, residual_correlation
from emotion_models.models.forward import own_predictor, remembered

MEANS: Final = "theirs: item means"
LATENT: Final = "latent, free of measurement error"


def correlations(fit: em.Fit) -> tuple[list[str], Floats]:
    """Names, and draws (S, C + E, C + E) of the correlations of constructs and emotions.

    What an emotion shares with a construct is what the model says the emotion does to it; what
    constructs share beyond that is the residual correlation. There are no controls.
    """
    known, design = fit.parameters(CHAINS * DRAWS), fit.design
    memory = remembered(fit.model, design, known)
    eta = own_predictor(design, known, memory, np.zeros(1))[:, :, known.relationship]
    both = np.concatenate([eta, memory], axis=-1)
    both -= both.mean(axis=1, keepdims=True)
    covariance = np.swapaxes(both, 1, 2) @ both / both.shape[1]
    n = known.relationship.size
    covariance[:, :n, :n] += residual_correlation(known)
    names = [design.rows[r].name for r in known.relationship]
    return [*names, *design.emotions], as_correlation(covariance)


def paths(names: list[str], correlation: Floats, on: str, causes: Sequence[str]) -> Floats:
    """Draws (S, causes) of the standardised regression of one on others: ``R_xx^-1 r_xy``."""
    x, y = [names.index(cause) for cause in causes], names.index(on)
    between = correlation[:, x][:, :, x]
    return np.asarray(np.linalg.solve(between, correlation[:, x, y][..., None])[..., 0])


def explained(names: list[str], correlation: Floats, on: str, causes: Sequence[str]) -> Floats:
    """Draws of the share of variance that the causes explain."""
    x, y = [names.index(cause) for cause in causes], names.index(on)
    own = paths(names, correlation, on, causes)
    return np.asarray((own * correlation[:, x, y]).sum(axis=1))


def of_means(means: pd.DataFrame, on: str, causes: Sequence[str]) -> Theirs:
    """Share of variance that least squares explains where items are averaged."""
    table = means.corr().loc[[on, *causes], [on, *causes]].to_numpy()
    own = np.linalg.solve(table[1:, 1:], table[1:, 0])
    return computed(float(own @ table[1:, 0]))


def all_paths(
    fit: em.Fit,
    means: pd.DataFrame,
    theirs: Callable[[str], Theirs],
    causes: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """Rows of a path model: its paths, what they explain, and the correlations behind them.

    Causes stand by what they act on; a published path is called ``cause->effect``.
    """
    names, found = correlations(fit)
    rows = [
        beside(f"{cause} -> {on}", theirs(f"{cause}->{on}"), draws, model="other", note=LATENT)
        for on, own in causes.items()
        for cause, draws in zip(own, paths(names, found, on, own).T, strict=True)
    ]
    rows += [
        beside(f"R2 of {on}", of_means(means, on, own), explained(names, found, on, own),
               model="other", note=MEANS)
        for on, own in causes.items()
    ]  # fmt: skip
    return rows + more_correlated(fit, means, names, found)


def more_correlated(
    fit: em.Fit, means: pd.DataFrame, names: list[str], found: Floats
) -> list[dict[str, Any]]:
    """Correlations of the constructs: of item means, and latent.

    A note says what item means predict once their error is taken out: their correlation
    divided by the root of both reliabilities (alpha).
    """
    table = em.measure(fit).table()
    alpha = table[table["quantity"] == "alpha"].set_index("construct")["mean"]
    rows = []
    for one, other in combinations(alpha.index, 2):
        plain = float(means[one].corr(means[other]))
        freed = plain / (alpha[one] * alpha[other]) ** 0.5
        draws = found[:, names.index(one), names.index(other)]
        rows.append(
            beside(f"correlation of {one} and {other}", computed(plain), draws, model="other",
                   note=f"{MEANS}; freed of error by alpha {freed:.2f}")
        )  # fmt: skip
    return rows
