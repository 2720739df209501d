"""Reading stays fast; the limit is generous, for busy machines."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import read_survey
from tests.survey.builders import book, csv_text, frame


def test_thirty_thousand_rows(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text(csv_text(frame(30_000)))
    start = time.process_time()
    survey = read_survey(path, codebook=book())
    assert time.process_time() - start < 3
    assert survey.n_journeys == 30_000


def test_many_faults_are_found_quickly() -> None:
    data = frame(30_000).assign(overall=9, wait=-1.5)
    data["trust_1"] = range(100, 30_100)
    start = time.process_time()
    with pytest.raises(InputProblems) as caught:
        read_survey(data, codebook=book())
    assert time.process_time() - start < 5
    assert len(caught.value.problems) == 30_002
