"""What people bring to every rating, and to recall, as sampled latents.

Stage 1 is fitted with them integrated out (`emotion_models.models.integrated`), except where an
emotion is asked by several items; its simulations draw them.
"""

from __future__ import annotations

from typing import Any, Final

import pymc as pm
import pytensor.tensor as pt

from emotion_models.models import priors
from emotion_models.models.design import Design
from emotion_models.models.information import INFORMATION
from emotion_models.models.integrated import rules
from emotion_models.models.integrated.op import People
from emotion_models.models.told_apart import SPREAD, told_apart
from emotion_models.science.equations import elicitation as equation

FEW: Final = 4
"""Ratings of a moment up to which they tell little of its affect."""
MANY_ANSWERS: Final = 20
"""Answers that tell a respondent's value as well as the others' values do: 1 / `INFORMATION`
over the variance of people, whose standard deviation is about 0.5."""

NEARLY_ZERO: Final = 1e-8
"""Far below any variance of people."""


def integrated(
    design: Design, loading: Any, weight: Any = None, *, exchangeable: bool = False
) -> People:
    """Standard deviations of style, mood and affect, for a likelihood without the latents.

    Parameters
    ----------
    design : Design
    loading : tensor, shape (E,)
        How emotions follow core affect.
    weight : array, shape (J,), optional
    exchangeable : bool
        Whether the nodes are data of the model (`rules.NAMES`), for whoever wants others.

    Returns
    -------
    People
    """
    known = told_apart(design)
    # Signed: integrated out, both signs are the same, and small ones are no funnel.
    spread = {
        term: priors.add_signed(name) if term in known else pt.zeros(())
        for term, name in SPREAD.items()
    }
    # Ratings tell the products, which are also what expansions of the likelihood read.
    response = pm.Deterministic("affect_response_z", spread["affect"] * loading, dims="emotion")
    differ = bool(known & {"style", "mood"}), "affect" in known
    usual = rules.ALONG if ratings_of_a_moment(design) <= FEW else rules.ALONG_KNOWN
    around, along = rules.AROUND if differ[0] else 1, usual if differ[1] else 1
    nodes: tuple[Any, ...] = (*rules.around(around), *rules.along(along))
    if exchangeable:
        for term in ("style", "mood"):
            if term in known:
                spread[term] = by_variance(SPREAD[term], spread[term])
        given = zip(rules.NAMES, rules.at("fine", *differ), strict=True)
        nodes = tuple(pm.Data(name, each) for name, each in given)
    valence = design.valence[design.ratings.emotion]
    sd = pt.stack([spread["style"], spread["mood"], pt.ones(())])
    return People(design.respondent, valence, response, sd, nodes, weight)


def by_variance(name: str, signed: Any) -> Any:
    """Magnitude of a signed scale, which likelihoods then read by its square.

    Of a scale they are even functions, near zero nothing like a parabola; of its square they are
    smooth, and nearly quadratic.

    Parameters
    ----------
    name : str
    signed : TensorVariable
        From `priors.add_signed`.

    Returns
    -------
    TensorVariable
    """
    # What is added keeps the derivative at zero finite.
    return pt.sqrt(pm.Deterministic(f"{name}_square_z", signed**2) + NEARLY_ZERO)


def ratings_of_a_moment(design: Design) -> float:
    """How many ratings tell of a moment that was rated, on average."""
    answered = (design.ratings.category >= 0).sum(axis=2)
    return float(answered.sum() / max(int((answered > 0).sum()), 1))


def style(design: Design) -> Any:
    """What every journey's respondent adds to all ratings alike."""
    if "style" not in told_apart(design):
        return of_journey(design, nobody_differs(design, "style"))
    each = (design.ratings.category >= 0).sum() / design.n_respondents
    return of_journey(design, people(design, "style", priors.add("style_sd"), answers=each))


def mood_and_affect(design: Design, loading: Any, pull: Any) -> tuple[Any, Any]:
    """Disposition of every journey's respondent, and core affect of every moment.

    What the ratings cannot tell apart is left out. Affect is sampled around that share of the
    levers' `pull` which ratings leave to it, so that the two are nearly independent in the
    posterior (hierarchical centring; same model).
    """
    n_touchpoints, n_journeys = design.ratings.position.shape
    dims, known = ("touchpoint", "journey"), told_apart(design)
    panel = design.n_respondents < n_journeys
    mood: Any = pt.zeros(n_journeys)
    if "mood" in known and (panel or "affect" not in known):
        mood = of_journey(
            design, people(design, "mood", priors.add("mood_sd"), answers=MANY_ANSWERS)
        )
    if "affect" not in known:
        return mood, pm.Deterministic("affect", pt.zeros((n_touchpoints, n_journeys)), dims=dims)
    if panel:
        return mood, _panel_affect(design, loading)
    sd = priors.add("affect_loading")
    told = _information_on_affect(design) * sd**2
    share = told / (1 + told) * pull / sd
    affect_z = pm.Normal("affect_z", share, 1, dims=dims) - share
    if "mood" not in known:
        return mood, pm.Deterministic("affect", sd * affect_z, dims=dims)
    mood_z = pm.Normal("mood_z", 0, 1, dims="respondent")
    mood, affect = equation.mood_and_affect(priors.add("mood_sd"), sd, mood_z, affect_z, pt)
    return (
        pm.Deterministic("mood", mood, dims="respondent"),
        pm.Deterministic("affect", affect, dims=dims),
    )


def _information_on_affect(design: Design) -> float:
    """What the ratings of a moment tell of its core affect, about, per squared logit."""
    answered = design.ratings.category >= 0
    moments = max(int(answered.any(axis=2).sum()), 1)
    along = design.valence[design.ratings.emotion]
    return INFORMATION * float((answered * along**2).sum()) / moments


def _panel_affect(design: Design, loading: Any) -> Any:
    """Core affect of many moments: sampled in the unit of the ratings' predictor.

    Many ratings tell the products ``loading_e affect[t,j]`` well, so a change of the loadings'
    common size would drag every affect along; measured in that size they stay where they are.
    Where they hardly differ the form changes to non-centred, as in `priors.add_pooling`.
    The priors of `affect_loading` and ``affect`` are those of the table all the same.
    """
    size = pt.sqrt((loading**2).mean())
    prior = priors.prior_of("affect_loading")
    if prior.family == "lognormal":
        sd = pm.LogNormal("affect_size_z", prior.location + pt.log(size), prior.scale)
    else:
        sd = pm.HalfNormal("affect_size_z", prior.scale * size)
    pm.Deterministic("affect_loading", sd / size)
    rated = design.ratings.rated.sum(axis=2)
    stretch = pt.sqrt(1 + INFORMATION * rated[rated > 0].mean() * sd**2)
    dims = ("touchpoint", "journey")
    z = pm.Normal("affect_z", 0, stretch, dims=dims)
    return pm.Deterministic("affect", sd / stretch / size * z, dims=dims)


def people(design: Design, name: str, sd: Any, *, answers: float) -> Any:
    """Values of respondents, normal with standard deviation `sd`, in the unit of the predictor.

    Where many answers inform each value the centred form mixes, and a common shift of all
    respondents, which the cutpoints carry, is taken out (sum to zero). With few answers the
    non-centred form mixes.

    Parameters
    ----------
    design : Design
    name : str
    sd : tensor
    answers : float
        That inform a respondent's value, on average.

    Returns
    -------
    TensorVariable, shape (I,)
    """
    dims = ("respondent",)
    if design.n_respondents == 1:
        return nobody_differs(design, name)
    if answers >= MANY_ANSWERS:
        return pm.ZeroSumNormal(name, sd, dims=dims)
    return pm.Deterministic(name, sd * pm.Normal(f"{name}_z", 0, 1, dims=dims), dims=dims)


def nobody_differs(design: Design, name: str) -> Any:
    """Values of respondents that are 0: of a single one, or where answers cannot tell them."""
    return pm.Deterministic(name, pt.zeros(design.n_respondents), dims=("respondent",))


def of_journey(design: Design, value: Any) -> Any:
    """Values of respondents, repeated for each of their journeys."""
    if design.n_respondents == design.n_journeys:
        return value  # sorted by respondent: one each, in the same order
    return value[design.respondent]
