"""Stage 1 as a PyMC model: levers and people on ratings."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.linalg import null_space

from emotion_models.models import likelihoods, priors
from emotion_models.models.design import Design
from emotion_models.models.information import INFORMATION
from emotion_models.models.told_apart import told_apart
from emotion_models.science.emotions import AROUSAL_SD
from emotion_models.science.equations import elicitation as equation
from emotion_models.science.equations.ordinal import cutpoints

MANY_ANSWERS: Final = 20
"""Answers that tell a respondent's value as well as the others' values do: 1 / `INFORMATION`
over the variance of people, whose standard deviation is about 0.5."""


def add_elicitation(design: Design, observed: Any, weight: Any = None) -> Any:
    """Add stage 1 to the model in context.

    Parameters
    ----------
    design : Design
    observed : int tensor or None, shape (T, Q, J)
        Answers to the rating items, or None to generate them.
    weight : array, shape (J,), optional
        Exponent of each journey's likelihood.

    Returns
    -------
    TensorVariable
        The ratings; journeys last, where the sampler is fast.
    """
    asked = "emotion_item" if design.ratings.names else "emotion"
    kappa = add_cutpoints("rating", design.ratings.exists, asked)
    base = priors.add("base", dims=("emotion", "touchpoint")).T
    style = _style(design)
    lever_effect, pull = _levers(design)
    loading = _loading(design)
    mood, affect = _mood_and_affect(design, loading, pull)
    person = equation.halo(style, mood, design.valence, affect, loading, pt)
    exposure = equation.for_groups(design.exposure.value, design.lever_groups)
    eta = _asked(design, equation.felt(base, exposure, lever_effect, person, pt))
    return likelihoods.ordinal(
        "rating",
        eta,
        kappa,
        design.ratings.exists,
        observed,
        dims=("touchpoint", asked, "journey"),
        weight=weight,
    )


def _asked(design: Design, eta: Any) -> Any:
    """Latent intensity behind every rating item, where emotions have several.

    What is felt of such an emotion at a moment departs from what levers and person explain:
    its items share that departure. With a single item it could not be told from answer noise.
    """
    ratings = design.ratings
    if not ratings.further.size:
        return eta
    dims = ("touchpoint", "repeated_emotion", "journey")
    known = (INFORMATION * ratings.members[:, ratings.repeated].sum(axis=0)) ** -0.5
    sd, stretch = priors.add_pooling("emotion_moment_sd", known, dims=("repeated_emotion",))
    z = pm.Normal("emotion_moment_z", 0, stretch[:, None], dims=dims)
    moment = pm.Deterministic("emotion_moment", sd[:, None] * z, dims=dims)
    own = priors.add("emotion_free_loading", dims=("further_item",))
    loading = pt.set_subtensor(pt.ones(len(ratings.names))[ratings.further], own)
    loading = pm.Deterministic("emotion_item_loading", loading, dims="emotion_item")
    eta = pt.inc_subtensor(eta[:, ratings.repeated], moment)
    return equation.by_item(eta, loading, ratings.emotion)


def add_cutpoints(name: str, exists: Any, item: str) -> Any:
    """Add cutpoints with an induced Dirichlet prior, one distribution per scale length.

    Parameters
    ----------
    name : str
        The probabilities are called ``{name}_probability:{categories}``.
    exists : bool array, shape (Q, C)
    item : str
        Dimension of the items.

    Returns
    -------
    TensorVariable, shape (Q, C)
        Saved as ``{name}_cutpoint``.
    """
    model = pm.modelcontext(None)
    lengths = exists.sum(axis=1) + 1
    names = np.asarray(model.coords[item])
    blocks, order = [], []
    for length in np.unique(lengths):
        members = np.flatnonzero(lengths == length)
        item_dim, category_dim = f"{item}:{length}", f"category:{length}"
        model.add_coords({item_dim: names[members], category_dim: np.arange(length)})
        probability = priors.add(
            f"{name}_probability:{length}",
            dims=(item_dim, category_dim),
            key="rating_probability" if name == "rating" else "answer_probability",
        )
        kappa = cutpoints(probability, pt)
        padding = exists.shape[1] - (length - 1)
        blocks.append(pt.concatenate([kappa] + [kappa[:, -1:]] * padding, axis=1))
        order.append(members)
    stacked = pt.concatenate(blocks, axis=0)[np.argsort(np.concatenate(order))]
    return pm.Deterministic(f"{name}_cutpoint", stacked, dims=(item, f"{name}_cut"))


def _levers(design: Design) -> tuple[Any, Any]:
    """``B[t,l,e]``, and how far levers pull each moment (t, j) along valence.

    Effects are partially pooled over emotions by valence and arousal, then over touchpoints.
    """
    exposure = design.exposure
    shape = (len(design.touchpoints), len(exposure.columns), len(design.emotions))
    if not exposure.columns:
        return np.zeros(shape), np.zeros(design.ratings.position.shape)
    along = priors.add("lever_valence", dims=("lever_column",))
    by_valence, pull = along[:, None], exposure.value @ along
    by_arousal = priors.add("lever_arousal", dims=("lever_column",))[:, None]
    norms = np.stack([design.valence, design.arousal])
    centre = by_valence * norms[0] + by_arousal * norms[1]
    # Norms disagree on arousal: its uncertainty is integrated out, which widens the pooling.
    spread = pt.sqrt(priors.add("lever_spread") ** 2 + (AROUSAL_SD * by_arousal) ** 2)
    # Departures are what valence and arousal leave over, or they could not be told from them.
    beyond = null_space(norms)
    z = pm.Normal("lever_z", 0, 1, shape=(len(exposure.columns), beyond.shape[1]))
    pooled = pm.Deterministic(
        "lever_effect", centre + spread * (z @ beyond.T), dims=("lever_column", "emotion")
    )
    touchpoint, column = exposure.pairs.T
    effect = pooled[column]
    several = exposure.several[column]
    if several.any():
        place_z = pm.Normal("lever_place_z", 0, 1, dims=("lever_place", "emotion"))
        departure = pm.Deterministic(
            "lever_departure",
            priors.add_signed("lever_variation") * place_z,
            dims=("lever_place", "emotion"),
        )
        effect = pt.inc_subtensor(effect[np.flatnonzero(several)], departure)
    everywhere = pt.set_subtensor(pt.zeros(shape)[touchpoint, column], effect)
    return _by_group(design, everywhere), pull


def _by_group(design: Design, effect: Any) -> Any:
    """Lever effects, then their departures in each segment, which sum to zero over segments."""
    n_groups = design.lever_groups.shape[1]
    if n_groups == 0:
        return effect
    z = pm.ZeroSumNormal("lever_segment_z", 1, dims=("lever_column", "emotion", "segment"))
    departure = pm.Deterministic(
        "lever_effect_in_segment",
        priors.add_signed("lever_segment_spread") * z.transpose(2, 0, 1),
        dims=("segment", "lever_column", "emotion"),
    )
    n_touchpoints = len(design.touchpoints)
    own = [pt.stack([departure[g]] * n_touchpoints) for g in range(n_groups)]
    return pt.concatenate([effect, *own], axis=1)


def _loading(design: Design) -> Any:
    """How emotions follow core affect: by valence, and each a little in its own way."""
    if "loadings" not in told_apart(design):
        return pm.Deterministic("emotion_loading", pt.as_tensor(design.valence), dims="emotion")
    spread = priors.add("loading_spread")
    beyond = null_space(design.valence[None])
    own = pm.Normal("loading_departure", 0, spread, shape=beyond.shape[1])
    return pm.Deterministic("emotion_loading", design.valence + beyond @ own, dims="emotion")


def _style(design: Design) -> Any:
    """What every journey's respondent adds to all ratings alike."""
    if "style" not in told_apart(design):
        return of_journey(design, nobody_differs(design, "style"))
    each = (design.ratings.category >= 0).sum() / design.n_respondents
    return of_journey(design, people(design, "style", priors.add("style_sd"), answers=each))


def _mood_and_affect(design: Design, loading: Any, pull: Any) -> tuple[Any, Any]:
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
