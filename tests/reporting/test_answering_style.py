"""The section on answering style: the size of the correction, and what failed checks hide."""

from __future__ import annotations

from dataclasses import dataclass

import fakes
import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.reporting.blocks import Paragraph
from emotion_models.reporting.gathering import gather
from emotion_models.reporting.sections.answering_style import halo_section
from emotion_models.reporting.tables import Table


@dataclass(frozen=True)
class FakeHalo:
    def table(self) -> pd.DataFrame:
        rows = [
            ("return", "joy", 0.10, 0.15, 0.05, 0.01, 0.09, "probability"),
            ("return", "anger", -0.10, -0.05, 0.05, -0.02, 0.12, "probability"),
            ("spend", "joy", 20.0, 22.0, 2.0, -1.0, 5.0, "EUR"),
        ]
        columns = ["outcome", "emotion", "held", "free", "difference", "lower", "upper", "unit"]
        return pd.DataFrame(rows, columns=columns)


def section(fit: fakes.FakeFit) -> tuple[str, list[dict[str, object]]]:
    inputs = gather(fit, [fakes.FakeEffects(fit), FakeHalo()], threshold=10)
    (made,) = halo_section(inputs)
    (text,) = (b.text for b in made.blocks if isinstance(b, Paragraph))
    return text, [row for b in made.blocks if isinstance(b, Table) for row in b.shown()]


def test_size_is_relative_within_outcomes(study: fakes.FakeFit) -> None:
    text, rows = section(study)
    assert "moves effects by 30% of their size" in text  # (50% of return + 10% of spend) / 2
    assert len(rows) == 3


def test_outcome_with_a_failed_check_is_not_shown(study: fakes.FakeFit) -> None:
    text, rows = section(fakes.with_status(study, "posterior predictive: return", "FAIL"))
    assert "10% of their size" in text
    assert "because a check failed: Return within a year" in text
    assert len(rows) == 1


def test_nothing_without_it_and_one_is_enough(study: fakes.FakeFit) -> None:
    assert halo_section(gather(study, [fakes.FakeEffects(study)], threshold=10)) == ()
    with pytest.raises(InputProblems, match="halo: given 2 times"):
        gather(study, [fakes.FakeEffects(study), FakeHalo(), FakeHalo()], threshold=10)
