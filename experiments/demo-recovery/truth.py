"""The true parameters of a simulated hotel study as a `Fit` of one draw.

A fit whose posterior is the truth answers every question with the true answer, by the very code
that answers it from draws: `em.effects(true_fit(...))`, `em.simulate(true_fit(...), change)`.
"""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import emotion_models as em
from emotion_models.inference.result import describe
from emotion_models.models.chain import coords
from emotion_models.models.design import Design, make_design
from emotion_models.models.forward import remembered
from emotion_models.science.equations import ordinal

Floats = NDArray[np.float64]

SCRIPT: Final = Path(__file__).parents[2] / "datasets" / "hotel-stays" / "make.py"
NOISE_SEED: Final = 1
"""Seed of the latent noise in the true simulation: not that of any fit."""

DIMS: Final[dict[str, tuple[str, ...]]] = {
    "style_sd": (),
    "mood_sd": (),
    "base": ("emotion", "touchpoint"),
    "emotion_loading": ("emotion",),
    "rating_cutpoint": ("emotion", "rating_cut"),
    "lever_effect": ("lever_column", "emotion"),
    "lever_variation": (),
    "lever_departure": ("lever_place", "emotion"),
    "recall_base": ("touchpoint",),
    "recall_effect": ("recall_term",),
    "recall_sd": (),
    "memory_weight": ("emotion", "feature"),
    "salience": ("touchpoint",),
    "memory_centre": ("emotion",),
    "effect": ("emotion", "row"),
    "effect_by_segment": ("segment", "emotion", "row"),
    "control_effect": ("control", "any_row"),
    "bond_effect": ("construct", "behaviour_row"),
    "bond_correlation": ("bond_correlation_dim_0", "bond_correlation_dim_1"),
    "residual_correlation": ("construct", "construct_"),
    "item_loading": ("item",),
    "answer_cutpoint": ("item", "answer_cut"),
    "intercept": ("binary_row",),
    "amount_intercept": ("amount_row",),
    "amount_sd": ("amount_row",),
}
PEOPLE: Final[dict[str, tuple[str, ...]]] = {
    "style": ("respondent",),
    "mood": ("respondent",),
    "affect": ("touchpoint", "journey"),
    "recall_person": ("respondent",),
    "bond_residual": ("journey", "construct"),
}
RECALL_TERMS: Final = ("intensity", "valence balance", "first", "last", "delay")


@functools.cache
def make() -> ModuleType:
    """The script that makes the data."""
    spec = importlib.util.spec_from_file_location("hotel_make", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def true_fit(survey: em.Survey, known: dict[str, Any], *, copies: int = 1) -> em.Fit:
    """Return the truth as a fit.

    Parameters
    ----------
    survey : Survey
        The study that `known` made.
    known : dict
        From ``make.simulate``.
    copies : int
        Number of identical draws; more than one averages the latent noise of `em.simulate`.
    """
    model = em.JourneyModel.for_survey(survey)
    data = survey.data.drop_vars(["journey_id", "respondent_id"], errors="ignore").load()
    design = make_design(model, survey.codebook, data)
    truth = make().read_truth()
    values = _elicitation(design, known, truth) | _outcomes(design, known, truth)
    named = coords(model, design)
    fit = em.Fit(
        model=model,
        survey=describe(survey),
        data=data,
        posterior=_tree(values, _people(known, truth), named, copies),
        seed=NOISE_SEED,
        versions={},
        seconds={},
    )
    # Memory is centred over journeys: the centre follows from the weights and the ratings.
    values["memory_centre"] = remembered(model, design, fit.parameters(1))[0].mean(axis=0)
    return replace(fit, posterior=_tree(values, _people(known, truth), named, copies))


def _elicitation(design: Design, known: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    """Stage 1 and recall."""
    exposure = design.exposure
    places = int(exposure.several[exposure.pairs[:, 1]].sum())
    terms = [RECALL_TERMS.index(name) for name in coords(make().MODEL, design)["recall_term"]]
    return {
        "style_sd": truth["elicitation"]["style_sd"],
        "mood_sd": truth["elicitation"]["mood_sd"],
        "base": known["base"].T,
        "emotion_loading": known["emotion_loading"],
        "rating_cutpoint": known["rating_cutpoint"],
        "lever_effect": known["lever_effect"],
        # A lever does the same at every touchpoint that has it.
        "lever_variation": 0.0,
        "lever_departure": np.zeros((places, len(design.emotions))),
        "recall_base": known["recall_base"],
        "recall_effect": known["recall_effect"][terms],
        "recall_sd": truth["memory"]["recall_sd"],
    }


def _outcomes(design: Design, known: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    """Stages 2 to 4, with the levels that the data script adds by likelihood."""
    level, items = truth["outcome"], design.items
    correlation = np.array([[1, level["residual_correlation"]], [level["residual_correlation"], 1]])
    same = ("memory_weight", "salience", "effect", "effect_by_segment", "control_effect")
    loading = np.ones(len(items.ordinal_names))
    loading[items.loaded] = known["item_loading"]
    yes_no = items.others["binary"].row
    return {
        **{name: known[name] for name in (*same, "bond_effect")},
        "bond_correlation": np.linalg.cholesky(correlation),
        "residual_correlation": correlation,
        "item_loading": loading,
        "answer_cutpoint": _answer_cutpoints(design, level),
        "intercept": np.array([level["intercept"][design.rows[r].name] for r in yes_no]),
        "amount_intercept": level["amount_log_mean"] - items.others["amount"].centre,
        "amount_sd": np.array([level["amount_sd"]]),
    }


def _answer_cutpoints(design: Design, level: dict[str, Any]) -> Floats:
    """Cutpoints of every ordinal item, padded as in the fit."""
    exists = design.items.exists
    padded = np.zeros(exists.shape)
    for item, there in enumerate(exists):
        kappa = ordinal.cutpoints(np.array(level["seven" if there.sum() == 6 else "eleven"]))
        padded[item] = np.concatenate([kappa, np.repeat(kappa[-1], (~there).sum())])
    return padded


def _people(known: dict[str, Any], truth: dict[str, Any]) -> dict[str, Floats]:
    """What is particular to each guest, as in the fit: residuals standardised, the rest not."""
    correlation = truth["outcome"]["residual_correlation"]
    factor = np.linalg.cholesky(np.array([[1, correlation], [correlation, 1]]))
    return {
        **{name: known[name] for name in ("style", "mood", "affect", "recall_person")},
        "bond_residual": np.linalg.solve(factor, known["bond_residual"].T).T,
    }


def _tree(
    values: dict[str, Any], people: dict[str, Floats], named: dict[str, Any], copies: int
) -> xr.DataTree:
    """Repeat the values as draws of one chain."""

    def repeated(value: Any, lead: tuple[int, ...]) -> Floats:
        array = np.asarray(value, dtype=float)
        return np.broadcast_to(array, (*lead, *array.shape)).copy()

    posterior = xr.Dataset(
        {n: (("chain", "draw", *DIMS[n]), repeated(v, (1, copies))) for n, v in values.items()}
    )
    guests = xr.Dataset(
        {n: (("sample", *PEOPLE[n]), repeated(v, (copies,))) for n, v in people.items()},
        coords={"chain": ("sample", np.zeros(copies, int)), "draw": ("sample", np.arange(copies))},
    )
    return xr.DataTree.from_dict(
        {"posterior": _labelled(posterior, named), "people": _labelled(guests, named)}
    )


def _labelled(data: xr.Dataset, named: dict[str, Any]) -> xr.Dataset:
    return data.assign_coords({str(dim): named[str(dim)] for dim in data.dims if str(dim) in named})
