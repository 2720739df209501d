"""The diary data: small made-up frames for the rules, the shared copy for the counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from emotion_models.datasets import load_dataset
from emotion_models.survey import Codebook
from tests.scripts import ROOT, load

FOLDER = ROOT / "datasets" / "neubauer2024"
COPY = ROOT.parent / "shared" / "data" / "neubauer2024"

needs_copy = pytest.mark.skipif(
    not COPY.is_dir(), reason="no ../shared/data/neubauer2024: the diary data are not bundled"
)


prepare = load("datasets/neubauer2024/prepare.py")


def prompts(beeps: dict[tuple[str, int], list[int]]) -> pd.DataFrame:
    rows = [
        {"id": person, "day": day, "beep": beep, "toolate": 0}
        for (person, day), answered in beeps.items()
        for beep in answered
    ]
    frame = pd.DataFrame(rows)
    frame[list(prepare.EMOTIONS)] = 4.0
    return frame


def evenings(days: list[tuple[str, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(days, columns=["id", "day"])
    frame["date"] = [f"2021-05-{14 + day:02d}" for day in frame["day"]]  # day 1 is a Saturday
    frame["toolate"] = 0
    frame[list(prepare.REMEMBERED)] = 5.0
    frame[list(prepare.STUDY)] = 2.0
    return frame


def count(audit: pd.DataFrame, step: str, unit: str) -> int:
    chosen = audit[(audit["step"] == step) & (audit["unit"] == unit)]
    return int(chosen["count"].item())


def test_keeps_days_with_an_evening_and_three_prompts() -> None:
    momentary = prompts({("a", 0): [1, 2, 5], ("a", 1): [1, 2], ("b", 0): [1, 2, 3, 4, 5]})
    daily = evenings([("a", 0), ("a", 1), ("c", 0)])
    result = prepare.prepare(momentary, daily)
    assert result.journeys["journey"].tolist() == ["a-00"]
    assert result.ratings["touchpoint"].tolist() == ["beep-1", "beep-2", "beep-5"]
    assert result.ratings["order"].tolist() == [1, 2, 5]
    assert count(result.audit, "dropped: fewer than 3 prompts", "day") == 1
    assert count(result.audit, "dropped: no evening report", "day") == 1
    assert count(result.audit, "dropped: no prompt", "day") == 1
    assert count(result.audit, "used", "day") == 1


def test_late_and_blank_reports_are_dropped_and_counted() -> None:
    momentary = prompts({("a", 0): [1, 2, 3, 4, 5]})
    momentary.loc[0, "toolate"] = 1
    momentary.loc[1, list(prepare.EMOTIONS)] = float("nan")
    result = prepare.prepare(momentary, evenings([("a", 0)]))
    assert result.ratings["touchpoint"].tolist() == ["beep-3", "beep-4", "beep-5"]
    assert count(result.audit, "dropped: late", "prompt") == 1
    assert count(result.audit, "dropped: blank", "prompt") == 1


def test_a_partly_answered_prompt_stays_with_its_gap() -> None:
    momentary = prompts({("a", 0): [1, 2, 3]})
    momentary.loc[0, "happy"] = float("nan")
    result = prepare.prepare(momentary, evenings([("a", 0)]))
    assert result.ratings["happy"].isna().tolist() == [True, False, False]
    assert result.ratings["sad"].notna().all()


def test_weekend_follows_the_date() -> None:
    momentary = prompts({("a", day): [1, 2, 3] for day in range(4)})
    result = prepare.prepare(momentary, evenings([("a", day) for day in range(4)]))
    assert result.journeys["weekend"].tolist() == [0, 1, 1, 0]


def test_row_order_does_not_matter() -> None:
    momentary = prompts({("a", 0): [1, 2, 3], ("b", 2): [2, 3, 4]})
    daily = evenings([("a", 0), ("b", 2)])
    forward = prepare.prepare(momentary, daily)
    backward = prepare.prepare(momentary[::-1], daily[::-1])
    pd.testing.assert_frame_equal(forward.ratings, backward.ratings)
    pd.testing.assert_frame_equal(forward.journeys, backward.journeys)


def test_input_is_not_changed() -> None:
    momentary, daily = prompts({("a", 0): [1, 2, 3]}), evenings([("a", 0)])
    before = momentary.copy(), daily.copy()
    prepare.prepare(momentary, daily)
    pd.testing.assert_frame_equal(momentary, before[0])
    pd.testing.assert_frame_equal(daily, before[1])


def test_a_repeated_report_is_refused_by_name() -> None:
    momentary = prompts({("a", 0): [1, 2, 2]})
    with pytest.raises(ValueError, match=r"momentary\.csv: 1 rows repeat .* id a, day 0, beep 2"):
        prepare.prepare(momentary, evenings([("a", 0)]))


def test_missing_code_is_read_as_missing(tmp_path: Path) -> None:
    momentary, daily = prompts({("a", 0): [1, 2, 3]}), evenings([("a", 0)])
    daily["study_enjoy"] = -9
    momentary.to_csv(tmp_path / "momentary.csv", index=False)
    daily.to_csv(tmp_path / "daily.csv", index=False)
    result = prepare.prepare(*prepare.read(tmp_path))
    assert result.journeys["study_enjoy"].isna().all()
    assert result.journeys["study_satisfied"].tolist() == [2]


def test_codebook_names_the_columns_prepare_writes() -> None:
    book = Codebook.load(FOLDER / "codebook.toml")
    momentary, daily = prompts({("a", 0): [1, 2, 3, 4, 5]}), evenings([("a", 0)])
    result = prepare.prepare(momentary, daily)
    assert list(result.ratings.columns[4:]) == book.emotion_names
    assert result.ratings["touchpoint"].tolist() == [str(t.code) for t in book.touchpoints]
    items = [*book.remembered, *book.relationship_items, *book.behaviours, *book.controls]
    assert {item.column for item in items} == set(result.journeys.columns[2:])
    assert [item.emotion for item in book.remembered] == book.emotion_names


@pytest.mark.needs_shared
@needs_copy
def test_counts_of_the_shared_copy(tmp_path: Path) -> None:
    result = prepare.prepare(*prepare.read(COPY))
    assert count(result.audit, "used", "day") == len(result.journeys) == 926
    assert count(result.audit, "used", "person") == 136
    assert count(result.audit, "used", "prompt") == len(result.ratings) == 3891
    answers = result.ratings[list(prepare.EMOTIONS)]
    assert answers.min().min() == 1
    assert answers.max().max() == 7
    assert result.ratings.groupby("journey").size().between(3, 5).all()
    assert set(result.ratings["journey"]) == set(result.journeys["journey"])
    prepare.write(result, tmp_path)
    assert len(pd.read_csv(tmp_path / "audit.csv")) == len(result.audit)


@pytest.mark.needs_shared
@needs_copy
def test_the_shared_copy_reads_as_a_survey() -> None:
    survey = load_dataset("neubauer2024", path=COPY)
    result = prepare.prepare(*prepare.read(COPY))
    assert (survey.n_journeys, survey.n_respondents) == (926, 136)
    data = survey.data
    assert int(data["visited"].sum()) == len(result.ratings)
    answers = int(result.ratings[list(prepare.EMOTIONS)].notna().to_numpy().sum())
    assert int((data["rating"] >= 0).sum()) == answers
    assert int(data["remembered"].min()) == 0
    assert int(data["remembered"].max()) == 6
    unanswered = result.journeys["study_consider_quitting"].isna().sum()
    assert int(data["behaviour_value"].isnull().sum()) == unanswered
