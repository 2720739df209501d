"""A drafted codebook loads, and reads the file it was drafted from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from emotion_models.errors import InputProblems
from emotion_models.survey import Codebook, draft_codebook, read_survey
from tests.survey.builders import frame, to_long, write_csv


def test_wide(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "clinic visits.csv", frame(24))
    text = draft_codebook(path)
    drafted = Codebook.from_toml(text)
    assert drafted.study.name == "clinic visits"
    assert drafted.layout.journey == "visit"
    assert drafted.touchpoint_names == ["check-in", "room"]
    assert drafted.emotion_names == ["joy", "anger"]
    assert drafted.scales["rating"].values == (0, 1, 2, 3)
    assert "TODO" in text
    assert '# name = "wait"' in text
    assert read_survey(path, codebook=drafted).n_journeys == 24


def test_emotion_first() -> None:
    data = frame(24).rename(columns=lambda c: "_".join(reversed(c.split("_"))) if "_" in c else c)
    drafted = Codebook.from_toml(draft_codebook(data))
    assert drafted.layout.rating == "{emotion}_{touchpoint}"
    assert drafted.emotion_names == ["joy", "anger"]


def test_long() -> None:
    visits, _ = to_long(frame(24))
    drafted = Codebook.from_toml(draft_codebook(visits))
    assert drafted.layout.form == "long"
    assert drafted.layout.touchpoint == "touchpoint"
    assert read_survey(visits, codebook=drafted).n_journeys == 24


def test_text_answers_and_one_touchpoint() -> None:
    data = pd.DataFrame({"id": range(6), "joy": [0, 1, 2] * 2, "anger": [2, 1, 0] * 2})
    drafted = Codebook.from_toml(draft_codebook(data))
    assert drafted.emotion_names == ["joy", "anger"]
    assert read_survey(data, codebook=drafted).n_journeys == 6


def test_nothing_to_draft_from(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nx\ny\n")
    with pytest.raises(InputProblems, match="no column looks like a rating"):
        draft_codebook(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("")
    with pytest.raises(InputProblems, match="is empty"):
        draft_codebook(tmp_path / "b.csv")
