"""What each option of a model needs of a survey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from emotion_models.errors import Problem
from emotion_models.models.groups import groups_of

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.models.spec import JourneyModel
    from emotion_models.survey import Codebook


def unmet(model: JourneyModel, codebook: Codebook, data: xr.Dataset) -> list[Problem]:
    """List the options that a survey cannot inform.

    Parameters
    ----------
    model : JourneyModel
    codebook : Codebook
    data : xarray.Dataset

    Returns
    -------
    list of Problem
        One per option, saying what is missing.
    """
    delay = data["delay"].to_numpy()
    known = delay[np.isfinite(delay)]
    has_segments = codebook.segments is not None and len(codebook.segments.categories) > 1
    asked = [codebook.scale_of(item).kind for item in codebook.emotion_items]
    several = len(codebook.touchpoints) > 1
    needs: dict[str, tuple[bool, bool, str]] = {
        "fading": (
            model.fading,
            bool(known.size and np.ptp(known) > 0),
            "a delay that varies: describe [delay] in the codebook",
        ),
        "by_touchpoint": (model.by_touchpoint, several, "two or more touchpoints"),
        "segments": (model.segments, has_segments, "two or more categories in [segments]"),
        "levers_by_segment": (
            model.levers_by_segment,
            has_segments and bool(codebook.levers),
            "levers, and two or more categories in [segments]",
        ),
        "moderator": (
            model.moderator == "value",
            _varies(data),
            "a value of customers that varies: describe [customer_value] in the codebook",
        ),
        "scoring": (
            model.scoring != "linear",
            not codebook.several_items and not any(scale == "slider" for scale in asked),
            "emotions with one item each and no slider: steps are those between its categories",
        ),
        "invariance": (
            model.invariance != "none",
            bool(groups_of(model.invariance, codebook, data).labels),
            f"two or more categories in [{_GROUPS[model.invariance]}], and a construct with two "
            "or more items: of one, a shift is a change of the construct",
        ),
        "peak": (
            model.peak == "moment",
            "peak" in model.memory,
            "'peak' among the memory features",
        ),
    }
    return [
        Problem(f"option '{name}'", "the survey cannot inform it", f"it needs {what}")
        for name, (asked, met, what) in needs.items()
        if asked and not met
    ]


_GROUPS: Final = {"none": "", "segment": "segments", "wave": "wave"}


def _varies(data: xr.Dataset) -> bool:
    """Whether there are different positive values of customers."""
    if "customer_value" not in data:
        return False
    value = data["customer_value"].to_numpy()
    value = value[np.isfinite(value) & (value > 0)]
    return bool(value.size and np.ptp(value) > 0)
