"""Flights in long form, one row per touchpoint: ``python examples/airline.py out.html``.

Made-up flights whose truth is in `flights`: a delay worries and angers, anger makes people
complain, calm brings them back. Journeys differ: hand luggage needs no drop-off and no belt.
``--quick`` draws too little to trust.
"""

import sys

import numpy as np
import pandas as pd

import emotion_models as em

TOUCHPOINTS = ("booking", "bag-drop", "security", "gate", "cabin", "bags")
EMOTIONS = ("calm", "joy", "worry", "anger")
CODEBOOK = """
[study]
name = "flights"
label = "Flights"
journey_word = "flight"

[layout]
form = "long"
journey = "flight"
touchpoint = "touchpoint"
order = "order"
rating = "{emotion}"

[scales.felt]
values = [0, 1, 2, 3, 4]
labels = { 0 = "not at all", 4 = "very much" }

[scales.likely]
values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

[[levers]]
name = "delay"
kind = "numeric"
at = ["gate"]
unit = "minutes"
minimum = 0
maximum = 180
step = 10

[[behaviours]]
name = "again"
label = "Flew with us again"
family = "bernoulli"

[[behaviours]]
name = "complain"
label = "Complained"
family = "bernoulli"
desirable = false

[[behaviours]]
name = "recommend"
label = "Would recommend"
family = "ordinal"
scale = "likely"
"""


def codebook():
    """The codebook, with its touchpoints and emotions."""
    parts = [f'[[touchpoints]]\nname = "{name}"' for name in TOUCHPOINTS]
    parts += [f'[[emotions]]\nname = "{name}"\nscale = "felt"' for name in EMOTIONS]
    return em.Codebook.from_toml(CODEBOOK + "\n".join(parts))


def flights(n=150, seed=1):
    """Draw flights: one row for every touchpoint that a passenger met."""
    rng = np.random.default_rng(seed)
    rows = []
    for flight in range(n):
        delay, has_bag = int(rng.gamma(1.2, 25)), rng.random() < 0.7
        met = [t for t in TOUCHPOINTS if has_bag or t not in ("bag-drop", "bags")]
        mood, felt = rng.normal(), []
        for order, touchpoint in enumerate(met, start=1):
            late = min(delay, 180) / 40 if touchpoint == "gate" else 0.0
            means = (2.2 + mood - late, 1.6 + mood, 1.2 - mood / 2 + late, 0.6 - mood / 2 + late)
            felt.append(np.clip(np.round(rng.normal(means, 0.9)), 0, 4))
            place = {"flight": flight, "touchpoint": touchpoint, "order": order}
            waited = {"delay": min(delay, 180) if touchpoint == "gate" else np.nan}
            rows.append({**place, **waited, **dict(zip(EMOTIONS, felt[-1], strict=True))})
        calm, _, _, anger = np.mean(felt, axis=0)
        answers = {
            "again": int(rng.random() < 1 / (1 + np.exp(1.5 - calm))),
            "complain": int(rng.random() < 1 / (1 + np.exp(3 - 2 * anger))),
            "recommend": int(np.clip(np.round(rng.normal(4 + 1.5 * calm - anger, 2)), 0, 10)),
        }
        for row in rows[-len(met) :]:
            row.update(answers)
    return pd.DataFrame(rows)


def main(out, *, quick=False):
    """Read, fit, ask what fewer delays would do, report."""
    survey = em.read_survey(flights(60 if quick else 600), codebook=codebook())
    print(survey)
    length = {"draws": 50, "tune": 100, "chains": 2} if quick else {}
    fit = em.fit(em.JourneyModel.for_survey(survey), survey, seed=1, **length)
    print(fit.checks.status)
    punctual = em.simulate(fit, em.Change().at("gate").lever("delay", times=0.5))
    print(punctual)
    em.report(fit, punctual).save(out)


if __name__ == "__main__":
    main(sys.argv[1], quick="--quick" in sys.argv)
