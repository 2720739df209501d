"""Make the hotel-stays data from ``truth.toml``: ``python datasets/hotel-stays/make.py``.

600 simulated stays, drawn from the equations of the model itself
(``emotion_models.science.equations``), so that what an analysis should find is known.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from emotion_models.models.design import Design, make_design
from emotion_models.models.recall import recall_features
from emotion_models.models.spec import JourneyModel
from emotion_models.science.equations import elicitation, memory, ordinal, outcomes
from emotion_models.survey.codebook import Codebook

HERE = Path(__file__).parent
SEED, N_STAYS = 2024, 600
BLANK, NOT_VISITED, REFUSED = 1, 2, 3
MODEL = JourneyModel(recall=True, segments=True)


def read_truth() -> dict[str, Any]:
    """Read the parameters of the simulated world."""
    return tomllib.loads((HERE / "truth.toml").read_text(encoding="utf-8"))


def draw_stays(rng: np.random.Generator, codebook: Codebook) -> xr.Dataset:
    """Draw who stays, what they meet, and where nobody answers; ratings come later."""
    names, emotions = codebook.touchpoint_names, codebook.emotion_names
    leisure = rng.random(N_STAYS) < 0.6
    visited = np.ones((N_STAYS, len(names)), dtype=bool)
    visited[:, names.index("breakfast")] = rng.random(N_STAYS) < 0.75
    position = np.where(visited, visited.cumsum(axis=1) - 1, -1)
    status = np.zeros((N_STAYS, len(names), len(emotions)), dtype=np.int8)
    status[rng.random(status.shape) < 0.025] = BLANK
    status[rng.random(status.shape) < 0.005] = REFUSED
    status[~visited] = NOT_VISITED
    weight = np.where(leisure, 0.85, 1.25) * rng.uniform(0.8, 1.2, N_STAYS)
    per_journey = {
        "respondent": np.arange(N_STAYS),
        "segment": leisure.astype(int),
        "weight": weight.round(2),
        "delay": np.full(N_STAYS, np.nan),
    }
    zero = np.zeros((N_STAYS, 0))
    return xr.Dataset(
        {
            "rating": (("journey", "touchpoint", "emotion"), np.where(status == 0, 0, -1)),
            "rating_status": (("journey", "touchpoint", "emotion"), status),
            "visited": (("journey", "touchpoint"), visited),
            "position": (("journey", "touchpoint"), position),
            "lever_value": (
                ("journey", "touchpoint", "lever"),
                draw_levers(rng, codebook, visited),
            ),
            "recall": (("journey", "touchpoint"), np.full(visited.shape, -1)),
            "remembered": (("journey", "remembered_item"), np.full((N_STAYS, 1), -1)),
            "relationship": (("journey", "relationship_item"), np.full((N_STAYS, 6), -1)),
            "behaviour_value": (("journey", "behaviour"), np.full((N_STAYS, 4), np.nan)),
            "control_value": (("journey", "control"), zero),
            **{name: (("journey",), value) for name, value in per_journey.items()},
        },
        coords={
            "touchpoint": names,
            "emotion": emotions,
            "lever": codebook.lever_names,
            "remembered_item": codebook.remembered_names,
            "relationship_item": codebook.relationship_names,
            "behaviour": codebook.behaviour_names,
        },
    )


def draw_levers(rng: np.random.Generator, codebook: Codebook, visited: Any) -> Any:
    """Draw the design attributes each stay met."""
    shares = {"greeted_by_name": 0.4, "room_ready": 0.6, "upgrade": 0.15, "resolved_request": 0.5}
    lever = np.full((*visited.shape, len(codebook.levers)), np.nan)
    for index, part in enumerate(codebook.levers):
        for name in part.at:
            place = codebook.touchpoint_names.index(name)
            if part.name == "wait_minutes":
                lever[:, place, index] = np.minimum(rng.gamma(2.0, 6.0, len(visited)), 45).round()
            else:
                lever[:, place, index] = rng.random(len(visited)) < shares[part.name]
    return np.where(visited[:, :, None], lever, np.nan)


def elicit(rng: np.random.Generator, design: Design, truth: dict[str, Any]) -> dict[str, Any]:
    """Stage 1: parameters and people."""
    known = truth["elicitation"]
    size = (len(design.touchpoints), design.n_journeys, len(design.emotions))
    base = rng.normal(0, 0.35, (size[0], size[2]))
    effect = np.array([known["lever_effect"][name] for name in design.exposure.lever])
    by_place = np.zeros((size[0], *effect.shape))
    touchpoint, column = design.exposure.pairs.T
    by_place[touchpoint, column] = effect[column]
    probabilities = np.where(design.valence[:, None] > 0, known["positive"], known["negative"])
    return {
        "base": base - base.mean(axis=0),
        "lever_effect": effect,
        "lever_at": by_place,
        "style": rng.normal(0, known["style_sd"], design.n_journeys),
        "mood": rng.normal(0, known["mood_sd"], design.n_journeys),
        "affect": rng.normal(0, 1, size[:2]),
        "emotion_loading": known["affect_loading"] * design.valence + rng.normal(0, 0.1, size[2]),
        "rating_cutpoint": ordinal.cutpoints(probabilities),
    }


def rate(rng: np.random.Generator, design: Design, known: dict[str, Any]) -> Any:
    """Draw the ratings, shape (touchpoint, journey, emotion)."""
    person = elicitation.halo(
        known["style"], known["mood"], design.valence, known["affect"], known["emotion_loading"]
    )
    eta = elicitation.felt(known["base"], design.exposure.value, known["lever_at"], person)
    return ordinal.draw(rng, eta.swapaxes(1, 2), known["rating_cutpoint"], design.ratings.exists)


def remember(rng: np.random.Generator, design: Design, truth: dict[str, Any]) -> dict[str, Any]:
    """Stage 2: weights, salience, recall."""
    known = truth["memory"]
    rule = np.log([known["weight"][name] for name in MODEL.memory])
    raw = np.exp(rule + known["spread"] * rng.normal(size=(len(design.emotions), len(rule))))
    return {
        "memory_weight": raw / raw.sum(axis=1, keepdims=True),
        "salience": np.array(known["salience"]),
        "recall_base": np.array(known["recall_base"]),
        "recall_effect": np.array(known["recall_effect"]),
        "recall_person": rng.normal(0, known["recall_sd"], design.n_journeys),
    }


def recollect(rng: np.random.Generator, design: Design, known: dict[str, Any]) -> Any:
    """Draw which touchpoints are recalled, shape (touchpoint, journey)."""
    intensity, balance, order = recall_features(design)
    eta = memory.recalled(intensity, balance, known["recall_base"], order, known["recall_effect"])
    return rng.random(eta.shape) < 1 / (1 + np.exp(-(eta + known["recall_person"])))


def relate(rng: np.random.Generator, design: Design, truth: dict[str, Any]) -> dict[str, Any]:
    """Stages 3 and 4: effects and residuals."""
    known, rows = truth["outcome"], design.rows
    effect = np.array([truth["effect"][row.name] for row in rows]).T
    between = known["segment_spread"] * rng.normal(size=(1, *effect.shape))
    correlation = known["residual_correlation"]
    control = {"style": known["style"], "segment=leisure": known["leisure"]}
    return {
        "effect": effect,
        "effect_by_segment": effect + np.concatenate([between, -between]),
        "control_effect": np.array([[control[name]] * len(rows) for name in design.control_names]),
        "bond_residual": rng.multivariate_normal(
            [0, 0], [[1, correlation], [correlation, 1]], design.n_journeys, method="cholesky"
        ),
        "bond_effect": np.array([known["bond_effect"][c] for c in ("trust", "commitment")]),
        "item_loading": np.array(known["loading"]),
    }


def outcome_predictors(design: Design, known: dict[str, Any]) -> Any:
    """Linear predictors of all outcome rows, shape (journey, row)."""
    mean = memory.salient_mean(known["salience"], design.ratings.score, design.ratings.answered)
    features = tuple(mean if n == "mean" else design.features[n] for n in MODEL.memory)
    kept = memory.remembered(known["memory_weight"], features)
    pulled = outcomes.pull(
        kept - kept.mean(axis=0), known["effect_by_segment"], [*design.membership.T]
    )
    stage = np.array([row.stage for row in design.rows])
    rest = np.zeros(pulled.shape)
    rest[:, stage == "relationship"] = known["bond_residual"]
    eta = outcomes.predictor(pulled, design.controls, known["control_effect"], 0.0, rest)
    eta[:, stage == "behaviour"] += eta[:, stage == "relationship"] @ known["bond_effect"]
    return eta


def respond(
    rng: np.random.Generator, design: Design, truth: dict[str, Any], eta: Any, loading: Any
) -> dict[str, Any]:
    """Draw the outcome answers from their predictors."""
    known, rows = truth["outcome"], {row.name: i for i, row in enumerate(design.rows)}

    def ticked(column: Any, shares: str) -> Any:
        kappa = ordinal.cutpoints(np.array([known[shares]]))
        return ordinal.draw(rng, column[:, None], kappa, np.ones_like(kappa, dtype=bool))[:, 0]

    def happened(name: str) -> Any:
        log_odds = eta[:, rows[name]] + known["intercept"][name]
        return rng.random(len(eta)) < 1 / (1 + np.exp(-log_odds))

    items = [("trust", k) for k in range(3)] + [("commitment", k) for k in range(3)]
    amount = np.exp(
        rng.normal(known["amount_log_mean"] + eta[:, rows["spend: amount"]], known["amount_sd"])
    )
    return {
        "overall": ticked(eta[:, rows["overall"]], "seven"),
        "relationship": np.column_stack(
            [ticked(loading[n] * eta[:, rows[c]], "seven") for n, (c, _) in enumerate(items)]
        ),
        "return": happened("return"),
        "recommend": ticked(eta[:, rows["recommend"]], "eleven"),
        "complain": happened("complain"),
        "spend": np.where(happened("spend: any"), amount, 0).round(2),
    }


def simulate(seed: int = SEED) -> tuple[xr.Dataset, dict[str, Any]]:
    """Simulate the study.

    Returns
    -------
    data : xarray.Dataset
        As ``Survey.data``.
    known : dict
        Every true parameter, people included.
    """
    rng = np.random.default_rng(seed)
    codebook, truth = Codebook.load(HERE / "codebook.toml"), read_truth()
    data = draw_stays(rng, codebook)
    known = elicit(rng, make_design(MODEL, codebook, data), truth)
    ratings = rate(rng, make_design(MODEL, codebook, data), known).transpose(1, 0, 2)
    data["rating"] = data["rating"].dims, np.where(data["rating_status"] == 0, ratings, -1)
    design = make_design(MODEL, codebook, data)
    known |= remember(rng, design, truth) | relate(rng, design, truth)
    data["recall"] = (
        data["recall"].dims,
        np.where(data["visited"], recollect(rng, design, known).T, -1),
    )
    eta = outcome_predictors(design, known)
    answers = respond(rng, design, truth, eta, known["item_loading"])
    data["remembered"] = data["remembered"].dims, answers["overall"][:, None]
    data["relationship"] = data["relationship"].dims, _with_gaps(rng, answers["relationship"])
    columns = [answers[name] for name in codebook.behaviour_names]
    data["behaviour_value"] = data["behaviour_value"].dims, np.column_stack(columns).astype(float)
    return data, known


def _with_gaps(rng: np.random.Generator, answers: Any) -> Any:
    return np.where(rng.random(answers.shape) < 0.01, -1, answers)


def to_frame(codebook: Codebook, data: xr.Dataset) -> pd.DataFrame:
    """Lay the study out as the wide file a survey tool would export: one row per stay."""
    columns: dict[str, Any] = {
        "stay_id": [f"S{n:04d}" for n in range(1, N_STAYS + 1)],
        "guest_id": [f"G{n:04d}" for n in range(1, N_STAYS + 1)],
        "segment": np.array(["business", "leisure"])[data["segment"]],
        "weight": data["weight"].to_numpy(),
    }
    for t, touchpoint in enumerate(codebook.touchpoint_names):
        for e, emotion in enumerate(codebook.emotion_names):
            cell = data["rating"].to_numpy()[:, t, e].astype(str).astype(object)
            status = data["rating_status"].to_numpy()[:, t, e]
            for code, shown in ((BLANK, ""), (NOT_VISITED, "-8"), (REFUSED, "-9")):
                cell[status == code] = shown
            columns[f"{touchpoint}_{emotion}"] = cell
        recall = data["recall"].to_numpy()[:, t]
        columns[f"{touchpoint}_recall"] = np.where(recall < 0, "-8", recall.astype(str))
    columns |= _lever_columns(codebook, data)
    columns["overall"] = data["remembered"].to_numpy()[:, 0] + 1
    for q, item in enumerate(codebook.relationship_items):
        answer = data["relationship"].to_numpy()[:, q]
        value = np.where(answer < 0, "", (7 - answer if item.reversed else answer + 1).astype(str))
        columns[item.name] = value
    for k, behaviour in enumerate(codebook.behaviours):
        value = data["behaviour_value"].to_numpy()[:, k]
        columns[behaviour.name] = value if behaviour.family == "amount" else value.astype(int)
    return pd.DataFrame(columns)


def _lever_columns(codebook: Codebook, data: xr.Dataset) -> dict[str, Any]:
    columns = {}
    for index, lever in enumerate(codebook.levers):
        for name in lever.at:
            place = codebook.touchpoint_names.index(name)
            value = data["lever_value"].to_numpy()[:, place, index].astype(int)
            columns[lever.column.format(touchpoint=name, lever=lever.name)] = value
    return columns


def main() -> None:
    """Write ``hotel-stays.csv`` beside this script."""
    data, _ = simulate()
    frame = to_frame(Codebook.load(HERE / "codebook.toml"), data)
    frame.to_csv(HERE / "hotel-stays.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
