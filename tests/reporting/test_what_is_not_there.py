"""Paths that the model has not, outcomes of a single emotion, and scales that begin at 1."""

from __future__ import annotations

from dataclasses import dataclass

import fakes
import pandas as pd
import pytest

import emotion_models as em
from emotion_models.reporting.blocks import Picture, Section
from emotion_models.reporting.gathering import gather
from emotion_models.reporting.names import Names
from emotion_models.reporting.other_claims import simulated
from emotion_models.reporting.sections.answers import drivers_section
from emotion_models.reporting.sections.effect_tables import paths_table


@dataclass(frozen=True)
class SomeAre0(fakes.FakeEffects):
    """Nothing of trust goes through the relationship; on spend only joy acts."""

    def table(self) -> pd.DataFrame:
        table = super().table()
        nothing = (table["outcome"] == "trust") & (table["path"] == "via relationship")
        nothing |= (table["outcome"] == "spend") & (table["emotion"] != "joy")
        table.loc[nothing, ["mean", "lower", "upper"]] = 0.0
        return table


def test_a_path_that_the_model_has_not_has_no_column(study: fakes.FakeFit) -> None:
    inputs = gather(study, [SomeAre0(study)], threshold=10)
    with_it, without = paths_table(inputs, "return"), paths_table(inputs, "trust")
    assert with_it is not None
    assert without is not None
    assert "via relationship" in [column.key for column in with_it.columns]
    assert "via relationship" not in [column.key for column in without.columns]


def test_outcomes_of_a_single_emotion_are_counted_not_drawn(study: fakes.FakeFit) -> None:
    whole, fewer = (
        picture_of(drivers_section(gather(study, [effects], threshold=10)))
        for effects in (fakes.FakeEffects(study), SomeAre0(study))
    )
    assert "Not drawn" not in whole.caption
    assert "Spend" in whole.alt
    assert "Not drawn: 1 outcome on which a single emotion acts." in fewer.caption
    assert "Spend" not in fewer.alt


def picture_of(section: Section | None) -> Picture:
    assert section is not None
    (found,) = (block for block in section.blocks if isinstance(block, Picture))
    return found


@dataclass(frozen=True)
class LessWorry(fakes.FakeSimulation):
    """Less of what was remembered, which is better so; nothing else moves."""

    def table(self) -> pd.DataFrame:
        table = super().table()
        overall = table["outcome"] == "overall"
        table.loc[~overall, ["difference", "lower", "upper", "p_harm", "p_better"]] = 0.0
        less = {"difference": -0.45, "lower": -0.5, "upper": -0.4, "p_harm": 0.0, "p_better": 1.0}
        return table.mask(overall, table.assign(**less))


def test_a_change_tells_of_what_it_touches_and_knows_where_it_goes(study: fakes.FakeFit) -> None:
    change = LessWorry(study)
    (finding,) = simulated(gather(study, [change, fakes.FakeEffects(study)], threshold=10), change)
    assert "would almost certainly be lower" in finding.claim
    assert finding.probability == 1.0
    assert finding.caveats == ("Probability of harm: 0%.",)


@pytest.mark.parametrize(
    ("scale", "axis", "words"),
    [
        ({"values": [1, 2, 3], "labels": ["no", "so", "yes"]}, "1 to 3", "from 1 (no) to 3 (yes)"),
        ({"values": [1, 2, 3]}, "1 to 3", "from 1 to 3"),
        ({"values": ["low", "high"]}, "0 to 1", "from 0 (low) to 1 (high)"),
    ],
)
def test_the_axis_has_the_values_of_the_scale(scale: dict, axis: str, words: str) -> None:
    book = fakes.codebook().model_dump()
    book["scales"]["felt"] = scale
    names = Names.of(em.Codebook.model_validate(book))
    assert (names.rating_axis, names.rating_words) == (f"Mean rating ({axis})", words)
