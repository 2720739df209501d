"""The generative chain: levers -> emotions -> memory -> relationship -> behaviour.

Given the ratings, stage 1 shares no parameter with stages 2 to 4, and recall shares none with
either, so the joint posterior is a product and its factors are sampled apart, exactly
(`block`). `generative` is the same chain with nothing observed, ratings feeding memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm

from emotion_models.models import priors
from emotion_models.models.at_nodes.nodes import PER_LATENT
from emotion_models.models.design import Design
from emotion_models.models.elicitation import add_elicitation
from emotion_models.models.groups import shared_items
from emotion_models.models.literature import published_cells
from emotion_models.models.outcomes import add_outcomes
from emotion_models.models.recall import add_recall, recall_terms
from emotion_models.models.spec import JourneyModel
from emotion_models.models.symbolic import symbolic_features
from emotion_models.models.variables import Block, stages


def coords(model: JourneyModel, design: Design) -> dict[str, Any]:
    """Dimension labels of all variables.

    Parameters
    ----------
    model : JourneyModel
    design : Design

    Returns
    -------
    dict of str to list
    """
    rows, items, exposure, ratings = design.rows, design.items, design.exposure, design.ratings
    constructs = [row.name for row in rows if row.stage == "relationship"]
    names = [row.name for row in rows]
    several = exposure.several[exposure.pairs[:, 1]]
    return {
        "touchpoint": list(design.touchpoints),
        "salient_touchpoint": list(np.array(design.touchpoints)[design.salient]),
        "emotion": list(design.emotions),
        "emotion_item": list(ratings.names),
        "further_item": [ratings.names[q] for q in ratings.further],
        "repeated_emotion": [design.emotions[e] for e in ratings.repeated],
        "journey": np.arange(design.n_journeys),
        "respondent": np.arange(design.n_respondents),
        "segment": list(design.segments),
        "context": list(design.context_names),
        "control": list(design.control_names),
        "lever_column": list(exposure.columns),
        "lever_place": [
            f"{exposure.columns[c]} at {design.touchpoints[t]}"
            for (t, c), more in zip(exposure.pairs, several, strict=True)
            if more
        ],
        "feature": list(model.memory),
        "tone": ["pleasant", "unpleasant"],
        "recall_term": recall_terms(design),
        "recall_item": ["recall"],
        "any_row": names,
        "row": [row.name for row in rows if row.pooled],
        "published_cell": list(published_cells(model, design).labels),
        "single_row": [row.name for row in rows if not row.pooled],
        "construct": constructs,
        "construct_": constructs,
        "behaviour_row": [row.name for row in rows if row.stage == "behaviour"],
        "item": list(items.ordinal_names),
        "answer_group": list(design.answering.labels),
        "shared_construct": [rows[items.ordinal_row[own[0]]].name for own in shared_items(items)],
        "free_item": [items.ordinal_names[i] for i in items.free],
        "rating_cut": np.arange(design.ratings.exists.shape[1]),
        "recall_cut": np.arange(design.recall_categories - 1),
        "answer_cut": np.arange(items.exists.shape[1]),
        **{f"{kind}_row": [names[i] for i in found.row] for kind, found in items.others.items()},
        "period": 1 + np.arange(max((o.within.shape[1] for o in items.others.values()), default=0)),
    }


def block(model: JourneyModel, design: Design, name: Block, *, marginal: bool = False) -> pm.Model:
    """Build one independent factor of the posterior.

    Parameters
    ----------
    model : JourneyModel
    design : Design
    name : str
        One of `stages`.
    marginal : bool
        Whether everything that people and journeys bring is integrated out; where that
        `can_be_marginal`.

    Returns
    -------
    pymc.Model
    """
    with pm.Model(coords=coords(model, design)) as built:
        priors.use(model.prior_table)
        weight = design.exponents(model)
        match name:
            case "elicitation":
                category = design.ratings.category.swapaxes(1, 2).astype("int8")
                add_elicitation(design, pm.Data("rating_data", category), weight, marginal=marginal)
            case "recall":
                recall = pm.Data("recall_data", design.recall.astype("float64"))
                add_recall(design, recall, weight, at_nodes=marginal)
            case "outcomes":
                add_outcomes(model, design, observed_features(design), at_nodes=marginal)
    return built


def can_be_marginal(model: JourneyModel, design: Design, name: Block) -> bool:
    """Whether a block has a form with everything that people bring integrated out.

    Where respondents have one journey each; few constructs; no emotion of several items, whose
    latents lie within others. Not with weights, which here would be exponents of a respondent's
    likelihood, latents and all, and in the sampled form are exponents of the answers.
    """
    if design.n_respondents < design.n_journeys or model.respondents or model.weighted:
        return False
    if name == "elicitation":
        return not design.ratings.further.size
    if name == "recall":
        return True
    constructs = sum(row.stage == "relationship" for row in design.rows)
    # Items that groups answer in their own way respond to a residual by group.
    return constructs <= max(PER_LATENT) and not design.answering.labels


def prior_names(model: JourneyModel, design: Design) -> frozenset[str]:
    """Keys of the table of priors that some parameter of the model has its prior from."""
    built = (block(model, design, name) for name in stages(model))
    return frozenset().union(*(priors.used_in(each) for each in built))


def observed_features(design: Design) -> dict[str, Any]:
    """Scores of the ratings people gave, as model data."""
    named = {
        "score": design.scores,
        "answered": design.ratings.answered,
        **design.features,
    }
    return {name: pm.Data(f"{name}_data", value) for name, value in named.items()}


def generative(model: JourneyModel, design: Design) -> pm.Model:
    """Build the whole chain with every answer free: its prior is a simulated study.

    Parameters
    ----------
    model : JourneyModel
    design : Design
        Its ratings only say which touchpoints were visited and answered, in which order.

    Returns
    -------
    pymc.Model
        ``rating``, ``answer``, ``binary``, ``count``, ``amount`` are random.
    """
    with pm.Model(coords=coords(model, design)) as chain:
        priors.use(model.prior_table)
        rating = add_elicitation(design, None, design.exponents(model))
        if model.outcomes:
            add_outcomes(model, design, symbolic_features(model, design, rating), observe=False)
    return chain
