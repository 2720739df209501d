"""Every equation gives the same numbers in NumPy and in PyTensor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest

from emotion_models.models.recall import recall_features
from emotion_models.models.symbolic import symbolic_features
from emotion_models.science.equations import elicitation, memory, ordinal, outcomes
from tests.models import builders
from tests.models.graphs import evaluate

RNG = np.random.default_rng(7)
DESIGN = builders.design(builders.FULL_MODEL, builders.book())
T, J, E = DESIGN.ratings.score.shape
K, R, G = 4, 5, 2


def simplex(*shape: int) -> Any:
    return RNG.dirichlet(np.ones(shape[-1]), size=shape[:-1] or None)


KAPPA = np.sort(RNG.normal(size=DESIGN.ratings.exists.shape), axis=1)
ETA = RNG.normal(size=(J, E))
MEMBERSHIP = np.eye(G)[RNG.integers(0, G, J)]
INTENSITY, BALANCE, ORDER = recall_features(DESIGN)

# Arguments that are parameters become tensors; what is known before sampling stays NumPy.
EQUATIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "cutpoints": (lambda xp, p: ordinal.cutpoints(p, xp), (simplex(3, 5),)),
    "edges": (lambda xp, k: ordinal.edges(k, DESIGN.ratings.exists, xp)[2], (KAPPA,)),
    "log_probability": (
        lambda xp, eta, kappa: ordinal.log_probability(
            DESIGN.ratings.category[0], eta, kappa, DESIGN.ratings.exists, xp
        ),
        (ETA, KAPPA),
    ),
    "salient_mean": (
        lambda xp, s: memory.salient_mean(s, DESIGN.ratings.score, DESIGN.ratings.answered, xp),
        (simplex(T),),
    ),
    "remembered": (
        lambda _, weights, *features: memory.remembered(weights, features),
        (simplex(E, K), *RNG.random((K, J, E))),
    ),
    "recalled": (
        lambda _, base, effects: memory.recalled(INTENSITY, BALANCE, base, ORDER, effects),
        (RNG.normal(size=T), RNG.normal(size=5)),
    ),
    "felt": (
        lambda xp, base, effect, style, mood, affect, loading: elicitation.felt(
            base,
            DESIGN.exposure.value,
            effect,
            elicitation.halo(style, mood, DESIGN.valence, affect, loading, xp),
            xp,
        ),
        (
            RNG.normal(size=(T, E)),
            RNG.normal(size=(T, DESIGN.exposure.value.shape[2], E)),
            RNG.normal(size=J),
            RNG.normal(size=J),
            RNG.normal(size=(T, J)),
            RNG.normal(size=E),
        ),
    ),
    "mood_and_affect": (
        lambda xp, z, each: elicitation.mood_and_affect(0.4, 0.9, z, each, xp)[0],
        (RNG.normal(size=J), RNG.normal(size=(T, J))),
    ),
    "effect_of_emotion": (
        lambda _, mu, departure: outcomes.effect_of_emotion(
            mu, DESIGN.valence, np.zeros((E, R)), departure
        ),
        (RNG.normal(size=R), RNG.normal(size=(E, R))),
    ),
    "beyond_valence": (
        lambda _, departure: outcomes.beyond_valence(departure, DESIGN.valence),
        (RNG.normal(size=(E, R)),),
    ),
    "pull": (
        lambda _, kept, effect: outcomes.pull(kept, effect, [*MEMBERSHIP.T]),
        (RNG.normal(size=(J, E)), RNG.normal(size=(G, E, R))),
    ),
    "predictor": (
        lambda _, pulled, effect, person, rest: outcomes.predictor(
            pulled, DESIGN.controls, effect, person, rest
        ),
        (
            RNG.normal(size=(J, R)),
            RNG.normal(size=(DESIGN.controls.shape[1], R)),
            RNG.normal(size=(J, R)),
            RNG.normal(size=(J, R)),
        ),
    ),
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_same_numbers(name: str) -> None:
    equation, arguments = EQUATIONS[name]
    symbols = [pt.as_tensor(value).type() for value in arguments]
    tensor = equation(pt, *symbols)
    got = evaluate(tensor, dict(zip(symbols, arguments, strict=True)))
    assert got == pytest.approx(np.asarray(equation(np, *arguments)), rel=1e-12, abs=1e-13)


def test_symbolic_features_are_the_observed_ones() -> None:
    """Ratings as tensors give the features that the same ratings as data give."""
    ratings = DESIGN.ratings
    assert ratings.filled == 0
    found = symbolic_features(
        builders.FULL_MODEL, DESIGN, pt.as_tensor(ratings.category.swapaxes(1, 2).astype("int64"))
    )
    names = ("score", "peak", "end", "first")
    values = dict(zip(names, evaluate([found[name] for name in names]), strict=True))
    assert values["score"] == pytest.approx(ratings.score)
    assert np.array_equal(found["answered"], ratings.answered)
    for name, value in DESIGN.features.items():
        assert values[name] == pytest.approx(value)
