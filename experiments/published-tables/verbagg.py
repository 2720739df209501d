"""Verbal aggression: 316 people say of 24 items whether they would curse, scold or shout.

People are journeys, the items are those of a relationship construct (or of two: to want, to
do), trait anger is the emotion and gender a control. That is an item response model with free
loadings (2PL, or graded) and a latent regression. Items are fixed; what the published models
say of a population of items follows from a meta-regression of the 24 easinesses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from beside import (
    CHAINS,
    DRAWS,
    WIDE,
    Floats,
    Published,
    beside,
    checked,
    control,
    felt,
    fitted,
    slider,
    yes_no,
)
from customer_index import construct

import emotion_models as em
from emotion_models.measurement.latent import as_correlation, moments

BERNOULLI: Final = "brms bernoulli-logit"
PLAIN: Final = "brms 1PL r2 ~ 1+(1|item)"
COVARIATES: Final = "brms 1PL r2 ~ Anger"
GRADED: Final = "same formula, resp graded"
LIKELIHOOD: Final = "glmer M1"
LOADINGS: Final = "our items have loadings of their own (2PL): the mean loading is taken"
CUTPOINTS: Final = "our items have cutpoints and loadings of their own"
MEAN = "wanting and doing have an effect each: their mean"


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Four fits: yes or no and graded answers, one disposition and two."""
    data, own = pd.read_csv(folder / "verbagg.csv"), Published(folder)
    fits = {
        "yes or no, want and do": answered(data, "r2", by="mode"),
        "yes or no, one disposition": answered(data, "r2"),
        "graded, one disposition": answered(data, "resp"),
        "graded, want and do": answered(data, "resp", by="mode"),
    }
    both, one, graded, both_graded = fits.values()
    rows = [*wanting_and_doing(both, data, own), *one_disposition(one, data, own)]
    rows += [
        beside(
            "cumulative: Anger", own(GRADED, "Anger"), anger(both_graded), model="near", note=MEAN
        )
    ]
    rows += cumulative(graded, data, own)
    return rows, [checked(f"verbagg: {name}", fit) for name, fit in fits.items()]


def answered(data: pd.DataFrame, answer: str, by: str | None = None) -> em.Fit:
    """The fit of one kind of answers, items gathered in one construct or in one for each mode."""
    wide = data.pivot(index="id", columns="item", values=answer)
    people = data.groupby("id")[["Anger", "Gender"]].first()
    table = wide.join(people).reset_index(drop=True)
    values = ["N", "Y"] if answer == "r2" else ["no", "perhaps", "yes"]
    groups = (
        described(data).groupby(by)["item"] if by else [("aggression", described(data)["item"])]
    )
    book = {
        "scales": {"trait": slider(11, 39), "answer": {"values": values}},
        "emotions": [{"name": "Anger", "scale": "trait", "valence": -1}],
        "controls": [yes_no("Gender", "F", "M")],
        "relationship": [construct(str(name), items, "answer") for name, items in groups],
    }
    return fitted(book, table, {"overrides": WIDE}, elicitation=False)


def described(data: pd.DataFrame) -> pd.DataFrame:
    """The items with what distinguishes them."""
    return data[["item", "btype", "situ", "mode"]].drop_duplicates().reset_index(drop=True)


def loadings(fit: em.Fit) -> tuple[list[str], Floats]:
    """Items in the order of the fit, and draws (S, Q) of their loadings."""
    draws = fit.posterior["posterior"]["item_loading"]
    names = [str(name) for name in draws["item"].to_numpy()]
    return names, draws.to_numpy().reshape(-1, len(names))


def of_mean_item(fit: em.Fit, effect: dict[str, Floats]) -> Floats:
    """Draws of an effect on the constructs as it moves the average item."""
    _, loading = loadings(fit)
    owner = fit.design.items.ordinal_row
    rows = [row.name for row in fit.design.rows]
    return np.mean(
        [effect[name] * loading[:, owner == r].mean(axis=1) for r, name in enumerate(rows)], axis=0
    )


def anger(fit: em.Fit) -> Floats:
    """Draws of the effect of one more point of trait anger (a scale of 28 points)."""
    names = [row.name for row in fit.design.rows]
    return of_mean_item(fit, {name: felt(fit, "Anger", name) / 28 for name in names})


def easiness(fit: em.Fit) -> Floats:
    """Draws (S, Q) of the items' locations: minus the mean cutpoint."""
    cut = fit.posterior["posterior"]["answer_cutpoint"].to_numpy()
    return np.asarray(-cut.reshape(-1, *cut.shape[2:]).mean(axis=-1))


def over_items(fit: em.Fit, columns: Floats, seed: int = 1) -> tuple[Floats, Floats]:
    """Meta-regression of the items: draws of the coefficients and of the spread of items.

    With m and V the posterior mean and covariance of the easinesses, ``m ~ Normal(X b,
    V + spread^2)``, b and spread with flat priors: what a model with random items would
    estimate, up to the normal approximation of their posterior.
    """
    draws = easiness(fit)
    mean, covariance = draws.mean(axis=0), np.cov(draws.T)
    grid = np.linspace(0.01, 3, 600)
    found, weight = [], []
    for spread in grid:
        total = covariance + spread**2 * np.eye(len(mean))
        precision = columns.T @ np.linalg.solve(total, columns)
        own = np.linalg.solve(precision, columns.T @ np.linalg.solve(total, mean))
        left = mean - columns @ own
        fits = left @ np.linalg.solve(total, left)
        logdet = np.linalg.slogdet(total)[1] + np.linalg.slogdet(precision)[1]
        weight.append(-0.5 * (logdet + fits))
        found.append((own, np.linalg.inv(precision)))
    rng = np.random.default_rng(seed)
    share = np.exp(np.array(weight) - max(weight))
    picked = rng.choice(len(grid), CHAINS * DRAWS, p=share / share.sum())
    coefficients = [rng.multivariate_normal(*found[k]) for k in picked]
    return np.array(coefficients), grid[picked]


def properties(fit: em.Fit, data: pd.DataFrame) -> Floats:
    """Columns (Q, 5): constant, scold, shout, self to blame, do."""
    names, _ = loadings(fit)
    item = described(data).set_index("item").loc[names]
    marks = [item["btype"] == "scold", item["btype"] == "shout", item["situ"] == "self"]
    return np.column_stack([np.ones(len(names)), *marks, item["mode"] == "do"]).astype(float)


def spreads(fit: em.Fit) -> tuple[dict[str, Floats], Floats]:
    """Draws of the standard deviations of people on the average item, and the correlations."""
    known = fit.parameters(CHAINS * DRAWS)
    _, covariance = moments(fit.model, fit.design, known)
    owner = fit.design.items.ordinal_row
    found = {
        row.name: known.loading[:, owner == r].mean(axis=1) * covariance[:, r, r] ** 0.5
        for r, row in enumerate(fit.design.rows)
    }
    return found, as_correlation(covariance)


def wanting_and_doing(fit: em.Fit, data: pd.DataFrame, own: Published) -> list[dict[str, Any]]:
    """Beside the models with a disposition to want and one to do."""
    names = ("Intercept", "btypescold", "btypeshout", "situself", "modedo")
    effects, spread = over_items(fit, properties(fit, data))
    rows = [
        beside(name, own(BERNOULLI, name), draws, model="near", note=LOADINGS)
        for name, draws in zip(names, effects.T, strict=True)
    ]
    people, correlation = spreads(fit)
    rows += [
        beside(f"sd of people, {mode}", own(BERNOULLI, f"sd(id:mode{mode})"), people[mode],
               model="near", note=LOADINGS)
        for mode in ("want", "do")
    ]  # fmt: skip
    rows += [
        beside("correlation of want and do", own(BERNOULLI, "cor(modewant,modedo)"),
               correlation[:, 0, 1], model="near", note=LOADINGS),
        beside("sd of items", own(BERNOULLI, "sd(item)"), spread, model="near", note=LOADINGS),
        beside("Anger, a point", own(COVARIATES, "Anger"), anger(fit), model="near", note=MEAN),
    ]  # fmt: skip
    return rows


def one_disposition(fit: em.Fit, data: pd.DataFrame, own: Published) -> list[dict[str, Any]]:
    """Beside the models with one disposition: the Rasch model and the mixed logit."""
    everything = properties(fit, data)
    _, spread = over_items(fit, everything[:, :1])
    effects, left = over_items(fit, everything)
    people, _ = spreads(fit)
    _, loading = loadings(fit)
    return [
        beside("Rasch: sd of people", own(PLAIN, "sd(id)"), people["aggression"],
               model="near", note=LOADINGS),
        beside("Rasch: sd of items", own(PLAIN, "sd(item)"), spread, model="near", note=LOADINGS),
        *mixed("mixed logit", "M1", fit, effects, own, first=LIKELIHOOD),
        beside("mixed logit: sd of people", own("M1", "sd(id)"), loading.mean(axis=1),
               model="near", note=LOADINGS),
        beside("mixed logit: sd of items", own("M1", "sd(item)"), left,
               model="near", note=LOADINGS),
    ]  # fmt: skip


def cumulative(fit: em.Fit, data: pd.DataFrame, own: Published) -> list[dict[str, Any]]:
    """Beside the cumulative mixed model with one disposition."""
    effects, _ = over_items(fit, properties(fit, data))
    return mixed("cumulative", "clmm", fit, effects, own, first="clmm resp", note=CUTPOINTS)


def mixed(
    title: str, model: str, fit: em.Fit, effects: Floats, own: Published, *, first: str,
    note: str = LOADINGS,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows of a mixed model: properties of items, then of people."""
    names = ("btypescold", "btypeshout", "situself", "modedo")
    drawn = dict(zip(names, effects.T[1:], strict=True))
    drawn["GenderM"] = of_mean_item(fit, {"aggression": control(fit, "Gender", "aggression")})
    rows = [
        beside(f"{title}: {name}", own(model, name), draws, model="near", note=note)
        for name, draws in drawn.items()
    ]
    trait = beside(f"{title}: Anger, a point", own(first, "Anger"), anger(fit), model="near",
                   note=note)  # fmt: skip
    return [*rows, trait]
