"""Of a panel all journeys are taken, and with them all of its people."""

from __future__ import annotations

import numpy as np
import xarray as xr

from emotion_models.models.some_journeys import some_people, spread_out
from tests.models.builders import FULL_MODEL, book, design


def test_people_of_a_panel_stay_together() -> None:
    panel = design(FULL_MODEL, book(), per_person=2)
    assert panel.n_respondents < panel.n_journeys
    people = xr.Dataset(
        {
            "style": (("sample", "respondent"), np.zeros((3, panel.n_respondents))),
            "affect": (("sample", "journey"), np.zeros((3, panel.n_journeys))),
        }
    )
    assert some_people(people, panel, spread_out(panel, 5)) is people
