"""Which parts of a person a survey's ratings can tell apart.

A rating is the sum of what touchpoint and levers do, style (all emotions alike, always), mood
(along valence, always) and core affect (along valence, at one moment). Each needs ratings in
which it differs from the others:

- *affect*: two emotions rated at a moment, or it is noise of the only answer;
- *mood*: emotions of different valence, or it is style; and several moments of a journey or
  several journeys of a respondent, or it is the affect of the only moment;
- *style*: two ratings of a respondent, or it is noise of the only answer.

What cannot be told apart is left out: its spread would be its prior's, and the effects of
levers, measured in units of the answer noise, would stretch with it.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from emotion_models.models.design import Design

Term = Literal["style", "mood", "affect"]


def told_apart(design: Design) -> frozenset[Term]:
    """Terms of a person that the ratings identify.

    Parameters
    ----------
    design : Design

    Returns
    -------
    frozenset of {"style", "mood", "affect"}
    """
    answered = design.ratings.category >= 0  # (T, J, Q)
    emotions = (answered @ design.ratings.members.T > 0).sum(axis=2)
    moments = np.bincount(design.respondent, (emotions > 0).sum(axis=0))
    ratings = np.bincount(design.respondent, emotions.sum(axis=0))
    found: set[Term] = set()
    if (emotions > 1).any():
        found.add("affect")
    if (ratings > 1).any():
        found.add("style")
    if np.ptp(design.valence) > 0 and (moments > 1).any():
        found.add("mood")
    return frozenset(found)
