"""People whose feelings, memories and answers are known, and what a changed journey does to them.

NumPy throughout: nothing of the package's models is used. A truth is an average over the same
people with everything else about them held: another feeling, a moment less, another order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from deviations import DEVIATIONS, Deviation
from mechanisms import SKIPPED, Floats, Ints, Told

import emotion_models as em
from emotion_models.models.design import coordinates
from emotion_models.survey.audit import Audit
from emotion_models.survey.careless_flags import flag_careless
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.schema import empty_arrays, to_dataset

PLACES: Final = tuple(f"touchpoint {t}" for t in range(4))
EMOTIONS: Final = ("joy", "gratitude", "anger", "worry")
OUTCOMES: Final = ("overall", "trust", "recommend", "return")
CODEBOOK: Final = Codebook.model_validate(
    {
        "study": {"name": "wrong-models"},
        "layout": {"form": "wide", "journey": "visit"},
        "scales": {"felt": {"values": list(range(5))}, "agree": {"values": list(range(1, 8))}},
        "touchpoints": [{"name": name} for name in PLACES],
        "emotions": [{"name": name, "scale": "felt"} for name in EMOTIONS],
        "remembered": [{"name": "overall", "scale": "agree"}],
        "relationship": [
            {"name": "trust", "items": [{"name": f"trust {q}", "scale": "agree"} for q in range(2)]}
        ],
        "behaviours": [
            {"name": "recommend", "family": "ordinal", "scale": "agree"},
            {"name": "return", "family": "bernoulli"},
        ],
    }
)
TOP: Final = 4
VALENCE: Final = coordinates(CODEBOOK)[0]
FELT: Final = np.where(
    VALENCE[:, None] > 0, [-2.6, -1.0, 0.4, 2.0], [-0.6, 0.8, 2.0, 3.2]
)  # what pleases is felt by most, what hurts by some
SEVEN: Final = np.array([-3.2, -2.2, -1.2, -0.2, 1.0, 2.4])
SLOPES: Final = (3.0, 2.0, 1.5, 1.5)
"""What an emotion of valence 1 does over its full scale to each outcome, but for trust's part."""
LOADING: Final = 1.5
BOND: Final = 0.6
"""Logits of behaviours per unit of trust, whose residual has variance 1."""
OWN: Final = 0.5
STYLE, MOOD, AFFECT = 0.4, 0.6, 0.8
PER_SITE: Final = 20


@dataclass(frozen=True)
class People:
    """A world's people, with all that made their answers.

    Parameters
    ----------
    deviation : Deviation
    intensity : array, shape (J, T, E)
        Behind each feeling, noise included.
    position : int array, shape (J, T)
    weight : array, shape (4,)
        Of mean, peak, end and first in memory.
    effect : array, shape (E, outcomes)
    level : array, shape (J, outcomes)
        What else moves outcomes: trust's own residual; unmeasured cause, site, tails.
    site : int array, shape (J,)
    cause : array, shape (J,)
        The unmeasured one.
    centre : array, shape (outcomes,)
        Average response, which the levels of outcomes do not count.
    """

    deviation: Deviation
    intensity: Floats
    position: Ints
    weight: Floats
    effect: Floats
    level: Floats
    site: Ints
    cause: Floats
    centre: Floats

    @property
    def felt(self) -> Ints:
        """Categories of what is felt, if all used the scale alike."""
        return (self.intensity[..., None] > FELT).sum(axis=-1)


def draw(name: str, seed: int, n: int) -> People:
    """Draw people; those of one seed are as alike in all worlds as their worlds allow."""
    deviation, rng = DEVIATIONS[name], np.random.default_rng([seed, 1])
    shape = (n, len(PLACES))
    position = rng.permuted(np.broadcast_to(np.arange(shape[1]), shape), axis=1)
    weight, base = rng.dirichlet((9, 4, 5, 2)), rng.normal(0, 0.3, (shape[1], len(EMOTIONS)))
    slope = np.array(SLOPES) * rng.normal(1, 0.2, len(SLOPES))
    effect = VALENCE[:, None] * slope + OWN * rng.normal(size=(len(EMOTIONS), len(SLOPES)))
    mood, style, cause = MOOD * rng.normal(size=n), STYLE * rng.normal(size=n), rng.normal(size=n)
    affect = rng.normal(size=shape)
    noise = rng.logistic(size=(*shape, len(EMOTIONS)))
    site = np.arange(n) // PER_SITE
    of_site = rng.normal(size=(2, site.max() + 1))[:, site]
    level = np.zeros((n, len(OUTCOMES)))
    level[:, 1] = rng.normal(size=n)
    if deviation.tails:
        affect = rng.standard_t(2, shape)
        level = rng.standard_t(2, level.shape)
    (felt, done), (felt_here, done_here) = deviation.confounder, deviation.site
    mood = mood + felt * cause + felt_here * of_site[0]
    level = level + (done * cause + done_here * of_site[1])[:, None]
    pleasure = (mood[:, None] + AFFECT * affect)[..., None] * VALENCE
    intensity = base - base.mean(axis=0) + style[:, None, None] + pleasure + noise
    people = People(
        deviation, intensity, position, weight, effect, level, site, cause, np.zeros(len(OUTCOMES))
    )
    return replace(people, centre=response(people, people.felt / TOP, order(people)).mean(axis=0))


def order(people: People) -> Ints:
    """Touchpoints in the order experienced, (J, moments)."""
    return people.position.argsort(axis=1)


def remembered(people: People, score: Floats, sequence: Ints) -> Floats:
    """What is kept of each emotion (J, E) of scores (J, T, E)."""
    passed = np.take_along_axis(score, sequence[..., None], axis=1)
    return people.deviation.remember(passed, people.weight)


def response(people: People, score: Floats, sequence: Ints) -> Floats:
    """Logits that memory adds to each outcome."""
    return people.deviation.respond(remembered(people, score, sequence), people.effect)


def predictors(people: People, score: Floats, sequence: Ints) -> Floats:
    """Logits of outcomes (J, outcomes), of trust its latent value; behaviours follow trust."""
    eta = response(people, score, sequence) - people.centre + people.level
    eta[:, 2:] += BOND * eta[:, 1:2]
    return eta


def expected(people: People, score: Floats, sequence: Ints) -> Floats:
    """Expected outcomes (outcomes,), ticked as all would tick, averaged over the people."""
    overall, trust, recommend, returns = predictors(people, score, sequence).T
    scales = np.stack([overall, LOADING * trust, recommend])
    category = (1 / (1 + np.exp(SEVEN - scales[..., None]))).sum(axis=-1)
    return np.append(category.mean(axis=1), (1 / (1 + np.exp(-returns))).mean())


def truths(people: People) -> dict[tuple[str, str], Floats]:
    """What changes do to the outcomes, by question and what is changed.

    A point more of an emotion everywhere or at a touchpoint (at most to the top of the scale), a
    touchpoint less, a touchpoint straight after another.
    """
    score, sequence = people.felt / TOP, order(people)
    before = expected(people, score, sequence)
    found = {}
    for e, emotion in enumerate(EMOTIONS):
        for t, place in enumerate((*PLACES, "everywhere")):
            more = score.copy()
            at = slice(None) if place == "everywhere" else t
            more[:, at, e] = np.minimum(more[:, at, e] + 1 / TOP, 1)
            question = "emotion" if place == "everywhere" else "emotion at a touchpoint"
            found[question, f"{emotion}, {place}"] = expected(people, more, sequence) - before
    found["touchpoint removed", PLACES[1]] = expected(people, score, without(sequence, 1)) - before
    found["order changed", PLACES[0]] = expected(people, score, after(sequence, 0, 3)) - before
    return found


def without(sequence: Ints, place: int) -> Ints:
    """Journeys without a touchpoint that all of them pass."""
    return sequence[sequence != place].reshape(len(sequence), -1)


def after(sequence: Ints, moved: int, other: int) -> Ints:
    """Journeys in which one touchpoint comes straight after another."""
    found = without(sequence, moved)
    at = (found == other).argmax(axis=1) + 1
    return np.array([np.insert(row, k, moved) for row, k in zip(found, at, strict=True)])


CHANGES: Final = {
    ("touchpoint removed", PLACES[1]): em.Change().remove(PLACES[1]),
    ("order changed", PLACES[0]): em.Change().move(PLACES[0], after=PLACES[3]),
}
"""The same questions to `em.simulate`."""


def survey(people: People, seed: int) -> em.Survey:
    """What the people answer, as a survey."""
    rng = np.random.default_rng([seed, 2])
    n = len(people.level)
    overall, trust, recommend, returns = predictors(people, people.felt / TOP, order(people)).T
    latent = np.column_stack([overall, LOADING * trust, LOADING * trust, recommend])
    latent = latent + rng.logistic(size=latent.shape)
    cutpoint = np.tile(SEVEN, (latent.shape[1], 1))
    ticked = (latent[..., None] > cutpoint).sum(axis=-1)
    came = rng.random(n) < 1 / (1 + np.exp(-returns))
    flat = (n, people.felt[0].size)
    feelings = Told(
        people.felt.reshape(flat), people.intensity.reshape(flat), np.tile(FELT, (len(PLACES), 1))
    )
    rating, scales = people.deviation.tick(rng, (feelings, Told(ticked, latent, cutpoint)))
    rating = rating.reshape(people.felt.shape)
    if people.deviation.skipped:
        rating = np.where(rng.random(rating.shape) < _skips(people.felt), -1, rating)
    return _survey(people, rating, scales, came)


def _skips(felt: Ints) -> Floats:
    """Chance that a rating is not given: the worse the feeling, the more often."""
    badness = np.where(VALENCE > 0, TOP - felt, felt) / TOP
    return 0.05 + (SKIPPED - 0.05) * badness


def _survey(people: People, rating: Ints, scales: Ints, came: Any) -> em.Survey:
    n = len(rating)
    arrays = empty_arrays(CODEBOOK, n)
    arrays["visited"][:], arrays["position"][:] = True, people.position
    arrays["rating"][:], arrays["rating_status"][:] = rating, rating < 0
    arrays["remembered"][:, 0] = scales[:, 0]
    arrays["relationship"][:] = scales[:, 1:3]
    arrays["behaviour_value"][:] = np.column_stack([scales[:, 3], came])
    for name in ("remembered", "relationship", "behaviour"):
        arrays[f"{name}_status"][:] = 0
    arrays["respondent"], arrays["cluster"] = np.arange(n), people.site
    arrays["careless"] = flag_careless(CODEBOOK, arrays, np.full(n, np.nan))
    names = np.arange(n).astype(str)
    return em.Survey(CODEBOOK, to_dataset(CODEBOOK, arrays, names, names), Audit("drawn"))
