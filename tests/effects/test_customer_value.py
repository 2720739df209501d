"""Effects by customer value: as a weight, and compared between thirds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import emotion_models as em
from emotion_models.errors import InputProblems
from emotion_models.inference import Fit
from emotion_models.inference.customer_value import THIRDS, value_thirds
from emotion_models.inference.estimands import ALL, averages
from emotion_models.survey.codebook import Codebook


def worth(fit: Fit, value: np.ndarray) -> Fit:
    """The fit of a survey that knew what customers are worth."""
    tables = fit.survey.codebook.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    book = Codebook.model_validate(tables | {"customer_value": {"column": "revenue"}})
    data = fit.data.assign(customer_value=("journey", np.asarray(value, dtype=float)))
    return replace(fit, survey=replace(fit.survey, codebook=book), data=data)


@pytest.fixture(scope="module")
def value(tiny: Fit) -> np.ndarray:
    drawn = np.random.default_rng(1).lognormal(3, 1, tiny.design.n_journeys)
    drawn[3] = np.nan
    return drawn


def test_everybody_worth_the_same_changes_nothing(tiny: Fit) -> None:
    fit = worth(tiny, np.full(tiny.design.n_journeys, 20.0))
    same = em.effects(fit, on="return", weight="value")
    assert same.values == pytest.approx(em.effects(tiny, on="return").values)
    assert "averaged by customer value" in same.summary()
    assert "averaged by customer value" not in em.effects(tiny, on="return").summary()


def test_one_valuable_customer_decides(tiny: Fit) -> None:
    alone = np.zeros(tiny.design.n_journeys)
    alone[5] = 100.0
    fit = worth(tiny, alone)
    over = averages(fit, by_segment=True, weight="value")
    assert over[ALL].tolist() == (np.arange(len(alone)) == 5).tolist()
    (own,) = [name for name in over if name != ALL]  # only the segment of that customer is worth
    assert own == tiny.survey.codebook.segments.categories[int(tiny.data["segment"][5])]  # type: ignore[union-attr]


def test_the_weight_is_survey_weight_times_value(tiny: Fit, value: np.ndarray) -> None:
    survey_weight = np.random.default_rng(2).uniform(0.5, 2, len(value))
    fit = worth(replace(tiny, data=tiny.data.assign(weight=("journey", survey_weight))), value)
    found = averages(fit, by_segment=False, weight="value")[ALL]
    expected = survey_weight * np.nan_to_num(value)
    assert found == pytest.approx(expected / expected.sum())
    assert found[3] == 0


def test_thirds(tiny: Fit, value: np.ndarray) -> None:
    flat = tiny.data.assign(weight=("journey", np.ones(len(value))))
    groups = value_thirds(worth(replace(tiny, data=flat), value))
    assert tuple(groups) == THIRDS
    assert [int(own.sum()) for own in groups.values()] == [13, 13, 13]
    low, middle, high = (value[own] for own in groups.values())
    assert low.max() < middle.min() <= middle.max() < high.min()
    assert not any(own[3] for own in groups.values())  # unknown


def test_survey_weights_move_the_borders(tiny: Fit) -> None:
    rising = np.arange(1.0, tiny.design.n_journeys + 1)
    weight = np.where(rising > 20, 1.5, 1.0)
    data = tiny.data.assign(weight=("journey", weight))
    groups = value_thirds(worth(replace(tiny, data=data), rising))
    shares = [weight[own].sum() / weight.sum() for own in groups.values()]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.03)


def test_effects_by_thirds(tiny: Fit, value: np.ndarray) -> None:
    fit = worth(tiny, value)
    result = em.effects(fit, on="return", by="value")
    assert result.segments == (ALL, *THIRDS)
    groups = value_thirds(fit)
    weight = tiny.design.weight
    share = [(weight * own).sum() for own in groups.values()]
    everybody = np.isfinite(value)
    parts = np.average(result.values[..., 1:, :], axis=-2, weights=share)
    only_known = em.effects(worth(tiny, everybody.astype(float)), on="return", weight="value")
    assert parts == pytest.approx(only_known.values[..., 0, :], abs=1e-6)
    table = result.table()
    assert set(table["segment"]) == {ALL, *THIRDS}


def test_difference_between_groups_is_paired(tiny: Fit, value: np.ndarray) -> None:
    result = em.effects(worth(tiny, value), on="return", by="value")
    found = result.between("return", "joy", "high value", "low value")
    own = result.values[0, 0, result.emotions.index("joy"), 0]
    assert found["mean"] == pytest.approx((own[3] - own[1]).mean())
    back = result.between("return", "joy", "low value", "high value")
    assert back["upper"] == pytest.approx(-found["lower"])
    with pytest.raises(
        InputProblems, match="group 'high valu': not here; did you mean 'high value'"
    ):
        result.between("return", "joy", "high valu", "low value")


def test_what_cannot_be_answered(tiny: Fit) -> None:
    n = tiny.design.n_journeys
    for ask in ({"by": "value"}, {"weight": "value"}):
        with pytest.raises(InputProblems, match="the survey has no customer value"):
            em.effects(tiny, **ask)  # type: ignore[arg-type]
        with pytest.raises(InputProblems, match="known of nobody, or 0 for all"):
            em.effects(worth(tiny, np.full(n, np.nan)), **ask)  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="thirds need 10 people each"):
        em.effects(worth(tiny, np.where(np.arange(n) < 20, np.arange(n), np.nan)), by="value")
    with pytest.raises(InputProblems, match="weight 'money': unknown"):
        em.effects(tiny, weight="money")  # type: ignore[arg-type]


def test_equal_values_stay_together(tiny: Fit) -> None:
    two = np.where(np.arange(tiny.design.n_journeys) < 25, 5.0, 50.0)
    with pytest.raises(InputProblems, match="0 people: too few"):
        em.effects(worth(tiny, two), by="value")
