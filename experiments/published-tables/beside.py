"""What every comparison shares: the published numbers, a fit, and one row per quantity."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import emotion_models as em

Floats = NDArray[np.float64]
Same = Literal["same", "near", "other"]
CHAINS, DRAWS, TUNE = 2, 500, 400
KEPT: Final = Path(__file__).parents[2] / "build" / "published-tables"
NORMAL: Final = 1.96
WIDE: Final = {
    "positivity": em.Prior.normal(0, 5),
    "control_effect": em.Prior.normal(0, 5),
}
"""Priors as good as flat: published tables are of least squares, likelihood or weak priors."""
NORMAL_ERRORS: Final = {"number_df": em.Prior.gamma(400, 4)}
"""About 100 degrees of freedom: a number with errors that are as good as normal."""

FIRST_STAGE: Final = {
    "lever_valence": em.Prior.normal(0, 5),
    "style_sd": em.Prior.half_normal(0.1),
    "affect_loading": em.Prior.half_normal(0.1),
}
"""What moves an emotion, as an ordinal regression: priors as good as flat, and neither style nor
affect, which in people who gave a single rating cannot be told from the answer's own noise."""


@dataclass(frozen=True)
class Theirs:
    """One published number."""

    kind: str
    estimate: float
    se: float
    lower: float
    upper: float


class Published:
    """The table ``published.csv`` of a data set.

    Parameters
    ----------
    folder : Path
        Of the data set.
    """

    def __init__(self, folder: Path) -> None:
        self.table = pd.read_csv(folder / "published.csv")

    def __call__(self, model: str, quantity: str) -> Theirs:
        """Number of a quantity under a model, named by how its label begins."""
        table = self.table
        own = table["model"].str.startswith(model) & (table["quantity"] == quantity)
        found = table[own]
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows of {model!r}, {quantity!r}")
        row = found.iloc[0]
        estimate, se = float(row["estimate"]), float(row["se"])
        lower, upper = float(row["lo95"]), float(row["hi95"])
        if np.isnan(lower) and not np.isnan(se):
            lower, upper = estimate - NORMAL * se, estimate + NORMAL * se
        if np.isnan(se) and not np.isnan(lower):
            se = (upper - lower) / (2 * NORMAL)
        return Theirs(str(row["kind"]).split("_")[0], estimate, se, lower, upper)


def computed(estimate: float) -> Theirs:
    """A number computed from the data, without an interval."""
    nothing = float("nan")
    return Theirs("computed", estimate, nothing, nothing, nothing)


def beside(
    quantity: str, theirs: Theirs, draws: Floats, *, model: Same = "same", note: str = ""
) -> dict[str, Any]:
    """Lay a published number and our draws side by side.

    Met: our mean lies within their 95% interval; where they give none, their estimate within
    ours. Nothing is said of another model's number.
    """
    mean = float(draws.mean())
    lower, upper = np.quantile(draws, [0.025, 0.975])
    if np.isnan(theirs.lower):
        within = bool(lower <= theirs.estimate <= upper)
    else:
        within = bool(theirs.lower <= mean <= theirs.upper)
    return {
        "quantity": quantity,
        "theirs": theirs.estimate,
        "their_lower": theirs.lower,
        "their_upper": theirs.upper,
        "kind": theirs.kind,
        "ours": mean,
        "lower": float(lower),
        "upper": float(upper),
        "apart": (mean - theirs.estimate) / theirs.se,
        "model": model,
        "met": "" if model == "other" else ("yes" if within else "no"),
        "note": note,
    }


def fitted(
    book: Mapping[str, Any],
    table: pd.DataFrame,
    options: Mapping[str, Any],
    *,
    elicitation: bool,
    steps: tuple[int, int] = (DRAWS, TUNE),
) -> em.Fit:
    """Read a frame by its codebook and fit the model that the options name.

    A fit is kept in ``build/`` under a digest of all it was made from, and read from there.
    """
    plain = {"study": {"name": "published"}, "touchpoints": [{"name": "there"}]}
    table = table.assign(row=np.arange(len(table)))
    layout = {"form": "wide", "journey": "row", "rating": "{emotion}"}
    codebook = em.Codebook.model_validate({**plain, "layout": layout, **book})
    survey = em.read_survey(table, codebook=codebook)
    model = em.JourneyModel.for_survey(survey, halo=False, elicitation=elicitation)
    model = model.with_options({"overrides": WIDE, **options})
    made_of = f"{codebook.to_toml()}{model!r}{table.to_csv()}{(CHAINS, *steps)}"
    path = KEPT / f"{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.fit"
    if path.is_file():
        return em.load(path)
    draws, tune = steps
    fit = em.fit(model, survey, seed=7, chains=CHAINS, draws=draws, tune=tune, progress=False)
    KEPT.mkdir(parents=True, exist_ok=True)
    em.save(fit, path)
    return fit


def checked(name: str, fit: em.Fit) -> dict[str, Any]:
    """How a fit came out."""
    checks = fit.checks.table()
    figure = checks.set_index("name")["figure"]
    sampled = [part for part in figure.index if part.startswith(("R-hat", "rhat", "r_hat"))]
    divergent = [part for part in figure.index if part.startswith("divergences")]
    return {
        "fit": name,
        "rows": fit.design.n_journeys,
        "checks": fit.checks.status,
        "largest_R-hat": float(figure[sampled].max()),
        "divergences": int(figure[divergent].sum()),
        "seconds": round(float(fit.seconds["all"])),
    }


def control(fit: em.Fit, name: str, outcome: str) -> Floats:
    """Draws of a control's effect on an outcome, in the outcome's predictor."""
    draws = fit.posterior["posterior"]["control_effect"]
    return draws.sel(control=name, any_row=outcome).to_numpy().ravel()


def felt(fit: em.Fit, name: str, outcome: str, variable: str = "effect") -> Floats:
    """Draws of the effect of an emotion on an outcome, for the whole length of its scale."""
    draws = fit.posterior["posterior"][variable]
    return draws.sel(emotion=name, row=outcome).to_numpy().ravel()


def explained(fit: em.Fit, outcome: str) -> Floats:
    """Draws of the explained variance of a `number` with errors that are as good as normal."""
    response = fit.response(CHAINS * DRAWS)
    row = [each.name for each in response.design.rows].index(outcome)
    between = response.eta[:, row].var(axis=1)
    within = response.known.shapes["number_sd"][:, 0] ** 2
    return np.asarray(between / (between + within))


def typical(values: pd.Series[float]) -> float:
    """Unit in which a `number` enters: the median absolute deviation times 1.4826."""
    return float(1.4826 * (values - values.median()).abs().median())


def slider(low: float, high: float) -> dict[str, Any]:
    """A scale that takes any number between two."""
    return {"kind": "slider", "minimum": low, "maximum": high}


def numeric(values: pd.Series[float], name: str) -> dict[str, Any]:
    """A control that is a number; effects are per standard deviation."""
    return {
        "name": name,
        "kind": "numeric",
        "minimum": float(values.min()),
        "maximum": float(values.max()),
    }


def yes_no(name: str, *categories: Any) -> dict[str, Any]:
    """A control of two values; effects are of the second against the first."""
    return {"name": name, "kind": "binary", **({"categories": categories} if categories else {})}


def lever_and_control(causes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Causes that act on the emotion (as levers) and on the outcome (as controls, ``held ...``)."""
    columns = [{**cause, "column": cause["name"]} for cause in causes]
    return {
        "levers": columns,
        "controls": [{**each, "name": f"held {each['name']}"} for each in columns],
    }
