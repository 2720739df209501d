"""A story about immigrants, what it makes people feel, and a message sent to Congress."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from beside import (
    CHAINS,
    DRAWS,
    FIRST_STAGE,
    WIDE,
    Floats,
    Published,
    beside,
    checked,
    control,
    felt,
    fitted,
    lever_and_control,
    numeric,
    yes_no,
)

import emotion_models as em
from emotion_models.science.equations.families import binary_mean

SIMULATED, BOOTSTRAP = "mediate quasi-Bayes", "mediate bootstrap"
SCHOOLS: Final = [
    "less than high school",
    "high school",
    "some college",
    "bachelor's degree or higher",
]
MEDIATOR = "our emotion is answered on ten ordered categories, theirs is linear"
LINK = "ours logit and ordinal, theirs probit and linear"
POINTS: Final = 9


def compare(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Mediation: the story is a lever of the emotion and, for its direct effect, a control."""
    data, own = pd.read_csv(folder / "framing.csv"), Published(folder)
    fit = fitted(described(data), data, {"overrides": {**WIDE, **FIRST_STAGE}}, elicitation=True)
    moved, indirect = through_emotion(fit)
    direct = beside_emotion(fit)
    slope = felt(fit, "emo", "cong_mesg") / POINTS
    rows = [
        beside("treatment on emotion, points", own("lm emo", "treat"), moved, model="near",
               note=MEDIATOR),
        beside("emotion on message, logits", own("logit cong_mesg", "emo"), slope),
    ]  # fmt: skip
    for name, model in (("simulated", SIMULATED), ("bootstrap", BOOTSTRAP)):
        effects = {"ACME (average)": indirect, "ADE (average)": direct}
        effects |= {"Total effect": indirect + direct} if model == SIMULATED else {}
        rows += [
            beside(f"{quantity}, {name}", own(model, quantity), draws, model="near", note=LINK)
            for quantity, draws in effects.items()
        ]
    return rows, [checked("framing", fit)]


def described(data: pd.DataFrame) -> dict[str, Any]:
    """Everything acts on the emotion (as a lever) and on the message (as a control)."""
    causes = [
        yes_no("treat"),
        numeric(data["age"], "age"),
        {"name": "educ", "kind": "categorical", "categories": SCHOOLS},
        yes_no("gender", "male", "female"),
        numeric(data["income"], "income"),
    ]
    return {
        "scales": {"negative": {"values": list(range(3, 13))}},
        "emotions": [{"name": "emo", "scale": "negative", "valence": -1, "arousal": 0}],
        **lever_and_control(causes),
        "behaviours": [{"name": "cong_mesg", "family": "bernoulli"}],
    }


def through_emotion(fit: em.Fit) -> tuple[Floats, Floats]:
    """Everybody treated against nobody: draws of the change in emotion, and in the message."""
    change = em.Change().at("there")
    treated, not_treated = (
        em.simulate(fit, change.lever("treat", to=value), draws=CHAINS * DRAWS) for value in (1, 0)
    )
    message = treated.everybody("cong_mesg") - not_treated.everybody("cong_mesg")
    felt_by = [found.felt["there", "emo"] for found in (treated, not_treated)]
    return np.asarray(felt_by[0] - felt_by[1]), np.asarray(message)


def beside_emotion(fit: em.Fit) -> Floats:
    """The same with the emotion held as it was: draws of the change in the message."""
    response = fit.response(CHAINS * DRAWS)
    column = response.design.controls[:, response.design.control_names.index("held treat")]
    own = control(fit, "held treat", "cong_mesg")[:, None]
    eta = response.eta[:, 0] - own * column
    none = column.min()
    treated, not_treated = (binary_mean(eta + own * (none + value)) for value in (1, 0))
    return np.asarray((treated - not_treated).mean(axis=1))
