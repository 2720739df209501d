"""Make tiny.fit: a short real fit of forty made-up stays, so that tests need not sample.

Run from the root of the repository::

    python -m tests.data.make_tiny_fit

Too few draws to conclude anything; the tests compare it with formulas, not with a truth.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import emotion_models as em

TINY = Path(__file__).with_name("tiny.fit")
N = 40
TOUCHPOINTS = ("check-in", "room", "check-out")
CHANNELS = ("desk", "app", "kiosk")
VALENCE = {"joy": 1, "gratitude": 1, "frustration": -1, "worry": -1}
TOP = {"joy": 4, "gratitude": 4, "frustration": 4, "worry": 2}
CODEBOOK = """
[study]
name = "tiny-stays"
label = "Tiny stays"
journey_word = "stay"

[layout]
form = "wide"
journey = "stay_id"
respondent = "guest_id"
rating = "{touchpoint}_{emotion}"
all_blank = "missing"

[missing]
not_visited = [-8]

[scales.intensity]
values = [0, 1, 2, 3, 4]

[scales.briefly]
values = [1, 2, 3]

[scales.yes_no]
values = [0, 1]

[scales.agree]
values = [1, 2, 3, 4, 5]

[[touchpoints]]
name = "check-in"
[[touchpoints]]
name = "room"
[[touchpoints]]
name = "check-out"

[[emotions]]
name = "joy"
scale = "intensity"
[[emotions]]
name = "gratitude"
scale = "intensity"
[[emotions]]
name = "frustration"
scale = "intensity"
[[emotions]]
name = "worry"
scale = "briefly"

[[levers]]
name = "wait_minutes"
kind = "numeric"
at = ["check-in", "check-out"]
column = "{touchpoint}_wait"
unit = "minutes"
minimum = 0
maximum = 45
centre = 10
step = 5
[[levers]]
name = "channel"
kind = "categorical"
at = ["check-in"]
categories = ["desk", "app", "kiosk"]
[[levers]]
name = "upgrade"
kind = "binary"
at = ["room"]

[recall]
scale = "yes_no"

[[remembered]]
name = "overall"
scale = "agree"
[[remembered]]
name = "frustration_kept"
scale = "intensity"
emotion = "frustration"

[[relationship]]
name = "trust"
[[relationship.items]]
name = "trust_1"
scale = "agree"
[[relationship.items]]
name = "trust_2"
scale = "agree"
[[relationship.items]]
name = "trust_3"
scale = "briefly"

[[behaviours]]
name = "return"
family = "bernoulli"
[[behaviours]]
name = "recommend"
family = "ordinal"
scale = "agree"
[[behaviours]]
name = "complain"
family = "bernoulli"
desirable = false
[[behaviours]]
name = "spend"
family = "amount"
unit = "EUR"
[[behaviours]]
name = "visits"
family = "count"

[segments]
column = "purpose"
categories = ["business", "leisure"]

[weights]
column = "weight"
meaning = "all stays of the year"
"""


def stays(seed: int = 3) -> pd.DataFrame:
    """Forty made-up stays."""
    rng = np.random.default_rng(seed)
    names = {
        "stay_id": [f"stay-{j:03d}" for j in range(N)],
        "guest_id": [f"guest-{j:03d}" for j in range(N)],
    }
    table = pd.DataFrame(names)
    table["purpose"] = rng.choice(["business", "leisure"], N)
    table["weight"] = rng.uniform(0.5, 2, N).round(2)
    table["channel"] = rng.choice(CHANNELS, N)
    table["upgrade"] = rng.integers(0, 2, N)
    mood, felt = rng.normal(0, 0.7, N), dict.fromkeys(TOP, np.zeros(N))
    for place in TOUCHPOINTS:
        wait = rng.integers(0, 40, N)
        if place != "room":
            table[f"{place}_wait"] = wait
        pleasant = mood + (table["upgrade"] - 0.5 if place == "room" else (15 - wait) / 10)
        away = rng.random(N) < (0.15 if place == "check-out" else 0)
        for emotion, top in TOP.items():
            latent = VALENCE[emotion] * pleasant + rng.logistic(0, 0.7, N)
            rating = np.clip(np.round(top * (latent + 2) / 4), 0, top).astype(int)
            felt[emotion] = felt[emotion] + rating / top / 3
            answer = (rating + (emotion == "worry")).astype(object)
            answer[rng.random(N) < 0.05] = ""
            table[f"{place}_{emotion}"] = np.where(away, -8, answer)
        recalled = rng.integers(0, 2, N)
        table[f"{place}_recall"] = np.where(away, -8, recalled)
    return _outcomes(rng, table, felt)


def _outcomes(
    rng: np.random.Generator, table: pd.DataFrame, felt: dict[str, np.ndarray]
) -> pd.DataFrame:
    pull = 3 * (felt["joy"] + felt["gratitude"] - felt["frustration"] - felt["worry"])
    bond = pull / 2 + rng.normal(0, 1, N)

    def ticks(latent: np.ndarray, low: int, high: int) -> np.ndarray:
        middle = (low + high) / 2
        return np.clip(np.round(middle + latent + rng.logistic(0, 0.5, N)), low, high).astype(int)

    table["overall"] = ticks(pull / 2, 1, 5)
    table["frustration_kept"] = ticks(4 * felt["frustration"] - 2, 0, 4)
    for item, high in (("trust_1", 5), ("trust_2", 5), ("trust_3", 3)):
        table[item] = ticks(bond / 2, 1, high)
    table["return"] = (bond + rng.logistic(0, 1, N) > 0).astype(int)
    table["recommend"] = ticks((bond + pull) / 4, 1, 5)
    table["complain"] = (4 * felt["frustration"] - 2 + rng.logistic(0, 1, N) > 0).astype(int)
    spent = rng.lognormal(3 + 0.2 * bond, 0.5).round(2)
    table["spend"] = np.where(rng.random(N) < 0.7, spent, 0)
    table["visits"] = rng.poisson(np.exp(0.5 + 0.2 * bond))
    return table


def survey() -> em.Survey:
    """Read the stays."""
    return em.read_survey(stays(), codebook=em.Codebook.from_toml(CODEBOOK))


def main() -> None:
    """Fit and save."""
    read = survey()
    model = em.JourneyModel.for_survey(read)
    fit = em.fit(model, read, seed=7, draws=26, tune=300, chains=2, progress=False)
    em.save(fit, TINY)


if __name__ == "__main__":
    main()
