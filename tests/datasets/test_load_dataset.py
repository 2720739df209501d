"""Data sets by name: found, checked, fetched once, and a way out when offline."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from emotion_models import datasets
from emotion_models.errors import EmotionModelsError

RAW = "A,B,C\n1,NA,x\n2,-9,y\n"


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sets with one that may not be bundled, and an empty cache."""
    source = tmp_path / "authors.csv"
    source.write_text(RAW)
    folder = tmp_path / "sets" / "diary"
    folder.mkdir(parents=True)
    (folder / "dataset.toml").write_text(
        'licence = "CC BY 4.0"\ncite = "Somebody (2024)"\nbundled = false\n'
        f'[[files]]\nname = "days.csv"\nurl = "https://invalid.invalid/days.csv"\n'
        f'sha256 = "{datasets.file_sha256(source)}"\n[files.columns]\nA = "day"\nB = "joy"\n'
    )
    monkeypatch.setattr(datasets, "_HOMES", (tmp_path / "absent", tmp_path / "sets"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(datasets.ENVIRONMENT, raising=False)
    return tmp_path


def test_names() -> None:
    assert "neubauer2024" in datasets.list_datasets()
    with pytest.raises(EmotionModelsError, match="did you mean 'neubauer2024'"):
        datasets.load_dataset("neubauer")


@pytest.mark.parametrize("name", datasets.list_datasets())
def test_every_set_is_whole(name: str) -> None:
    home, card = datasets.dataset_path(name), datasets.read_card(name)
    assert card.licence
    assert card.cite
    assert (home / "card.md").is_file()
    assert (home / "codebook.toml").is_file()
    for file in card.files:
        assert len(file.sha256) == 64
        if card.bundled:
            assert datasets.file_sha256(home / file.name) == file.sha256, file.name
        else:
            assert file.url.startswith("https://")
            assert not (home / file.name).exists()


def test_offline_says_what_to_do(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise ConnectionError("no network")

    monkeypatch.setattr("pooch.retrieve", offline)
    with pytest.raises(EmotionModelsError, match=r"cannot be reached.*path=FOLDER"):
        datasets.load_dataset("diary")


def test_fetched_once_renamed_and_licence_shown(
    homes: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def retrieve(url: str, known_hash: str, *, fname: str, path: Path) -> None:
        assert known_hash.startswith("sha256:")
        (path / fname).write_text(RAW)

    monkeypatch.setattr("pooch.retrieve", retrieve)
    card = datasets.read_card("diary")
    with caplog.at_level(logging.WARNING):
        folder = datasets._fetched("diary", card)
    assert "CC BY 4.0" in caplog.text
    assert (folder / "days.csv").read_text() == "day,joy\n1,NA\n2,-9\n"
    monkeypatch.setattr("pooch.retrieve", None)
    assert datasets._fetched("diary", card) == folder


def test_changed_file_is_refused(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def retrieve(*_: object, **__: object) -> None:
        raise ValueError("SHA256 hash of downloaded file does not match")

    monkeypatch.setattr("pooch.retrieve", retrieve)
    with pytest.raises(EmotionModelsError, match="its SHA-256 differs"):
        datasets.load_dataset("diary")


def test_own_copy(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = datasets.read_card("diary")
    with pytest.raises(EmotionModelsError, match=r"'days\.csv' of data set 'diary' is not there"):
        datasets.load_dataset("diary", path=homes)
    own = homes / "mine" / "diary"
    own.mkdir(parents=True)
    (own / "days.csv").write_text(RAW)
    assert datasets._own_folder("diary", card, own) == own
    monkeypatch.setenv(datasets.ENVIRONMENT, str(homes / "mine"))
    assert datasets._own_folder("diary", card, None) == own
