"""Reads behaviours that are not answered on a scale, by family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from emotion_models.survey.codebook import Codebook
from emotion_models.survey.decode import Decoded, Reader
from emotion_models.survey.parts import Behaviour, Family
from emotion_models.survey.survey import ANSWERED


@dataclass(frozen=True)
class Numbers:
    """What numbers a family takes: from `low` (None: any), whole ones only or not."""

    low: float | None = None
    whole: bool = False


NUMBERS: Final[Mapping[Family, Numbers]] = {
    "count": Numbers(low=0, whole=True),
    "amount": Numbers(low=0),
    "number": Numbers(),
    "duration": Numbers(low=1, whole=True),
}


def read_behaviour(reader: Reader, book: Codebook, behaviour: Behaviour) -> Decoded:
    """Decode a behaviour without a scale.

    Parameters
    ----------
    reader : Reader
    book : Codebook
    behaviour : Behaviour
        Not ordinal.

    Returns
    -------
    Decoded
        A duration is the period of its event, or half a period more than observed where the
        event had not happened; beyond the horizon it is cut off there.
    """
    missing = book.missing_of(behaviour)
    if behaviour.family == "bernoulli":
        return reader.yes_no(behaviour.column, behaviour.categories, missing)
    allowed = NUMBERS[behaviour.family]
    decoded = reader.numbers(behaviour.column, missing, low=allowed.low, whole=allowed.whole)
    if behaviour.family != "duration":
        return decoded
    assert behaviour.event is not None
    assert behaviour.horizon is not None
    event = reader.yes_no(behaviour.event, behaviour.categories, missing)
    lasted = np.where(event.value == 0, decoded.value + 0.5, decoded.value)
    lasted = np.minimum(lasted, behaviour.horizon + 0.5)
    status = np.where(decoded.status == ANSWERED, event.status, decoded.status)
    return Decoded(np.where(status == ANSWERED, lasted, np.nan), status)
