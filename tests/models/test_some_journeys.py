"""Some journeys of a design: what is said of them is what was said of them among all."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_models.inference import loo, predictive
from emotion_models.inference.result import Fit
from emotion_models.models import some_journeys as module
from emotion_models.models.design import make_design
from emotion_models.models.forward import arrays_of, predictors
from emotion_models.models.some_journeys import Journeys, some_journeys, spread_out
from emotion_models.models.spec import JourneyModel
from tests.models.builders import book, dataset, design


def test_predictors_are_those_among_all(tiny: Fit) -> None:
    everybody = Journeys(tiny.design, tiny.parameters(20), tiny.draws(20)[1])
    which = np.arange(1, tiny.design.n_journeys, 3)
    some = everybody.some(which)
    found = predictors(tiny.model, some.design, some.known, arrays_of(some.people))
    whole = predictors(tiny.model, everybody.design, everybody.known, arrays_of(everybody.people))
    np.testing.assert_allclose(found, whole[:, which], atol=1e-12)


def test_leave_one_out_is_the_same_in_blocks(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tiny.model, tiny.design, tiny.parameters(20), tiny.draws(20)[1]
    whole = loo.journey_log_likelihood(*given)
    monkeypatch.setattr(module, "NUMBERS", 20 * 7)
    np.testing.assert_allclose(loo.journey_log_likelihood(*given), whole, atol=1e-10)


def test_some_journeys_are_replicated_for_all(tiny: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [check.name for check in predictive.posterior_predictive(tiny)]
    monkeypatch.setattr(predictive, "JOURNEYS", 15)
    checks = predictive.posterior_predictive(tiny)
    assert [check.name for check in checks] == names
    assert all(np.isfinite(check.figure) for check in checks)


def test_every_array_is_cut(tiny: Fit) -> None:
    """An array along journeys that was forgotten would keep its length."""
    n = tiny.design.n_journeys
    some = some_journeys(tiny.design, np.arange(3))
    parts = [some, some.ratings, some.exposure, some.items, *some.items.others.values()]
    arrays = [
        value
        for part in parts
        for each in vars(part).values()
        for value in (each.values() if isinstance(each, dict) else [each])
        if isinstance(value, np.ndarray)
    ]
    assert len(arrays) > 20
    assert not [value.shape for value in arrays if n in value.shape]


def test_all_journeys_are_the_design_itself(tiny: Fit) -> None:
    which = spread_out(tiny.design, 10**6)
    assert some_journeys(tiny.design, which) is tiny.design
    assert spread_out(tiny.design, 5).tolist()[-1] == tiny.design.n_journeys - 1


def test_journeys_of_a_respondent_stay_together() -> None:
    codebook = book()
    panel = make_design(JourneyModel(), codebook, dataset(codebook, n=12, per_person=3))
    assert spread_out(panel, 5).size == 12
    with pytest.raises(ValueError, match="belong together"):
        some_journeys(panel, np.arange(4))


def test_groups_are_cut_with_their_journeys() -> None:
    codebook = book()
    model = JourneyModel(invariance="segment")
    whole = design(model, codebook, n=20)
    assert whole.answering.labels
    assert some_journeys(whole, np.arange(4)).answering.membership.shape[0] == 4
