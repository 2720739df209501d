"""Data sets by name: those that come with the package, and those fetched from their authors.

A set is a folder: ``card.md`` (origin, licence, limits), ``codebook.toml``, ``dataset.toml`` (see
`Card`), its data files if they may be passed on, and ``prepare.py`` if the authors' files need
work before they are ratings and journeys. ``prepare.py`` offers ``read(folder)``, which returns
frames, and ``prepare(*frames)``, which returns an object with ``.ratings`` and ``.journeys``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_models.errors import EmotionModelsError, did_you_mean
from emotion_models.files import atomic_path, cache_folder

if TYPE_CHECKING:
    from emotion_models.survey import Survey

ENVIRONMENT: Final = "EMOTION_MODELS_DATA"

_PACKAGE: Final = Path(__file__).parent
_HOMES: Final = (_PACKAGE / "_datasets", _PACKAGE.parent / "datasets")  # wheel, repository
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceFile:
    """A data file of a set.

    Parameters
    ----------
    name : str
        File name.
    sha256 : str
        Checksum of the file, as bundled or as its authors publish it.
    url : str, optional
        Where its authors publish it; empty for a bundled file.
    columns : dict of str to str, optional
        What the authors' columns are called here; the others are left out. Empty: all, as is.
    """

    name: str
    sha256: str
    url: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """What ``dataset.toml`` says of a set.

    Parameters
    ----------
    licence : str
        Licence of the data.
    cite : str
        What to cite.
    bundled : bool
        Whether the files come with the package.
    files : tuple of SourceFile
        The first is the survey itself, unless there is a ``prepare.py``.
    """

    licence: str
    cite: str
    bundled: bool
    files: tuple[SourceFile, ...]


def list_datasets() -> list[str]:
    """Return the names `load_dataset` knows.

    Returns
    -------
    list of str
        Sorted.
    """
    found = (home.glob("*/dataset.toml") for home in _HOMES if home.is_dir())
    return sorted({toml.parent.name for group in found for toml in group})


def dataset_path(name: str) -> Path:
    """Return the folder of a set: its card, its codebook and, if bundled, its data.

    Parameters
    ----------
    name : str
        One of `list_datasets`.

    Returns
    -------
    Path

    Raises
    ------
    EmotionModelsError
        There is no set of that name.
    """
    names = list_datasets()
    if name not in names:
        raise EmotionModelsError(f"there is no data set '{name}'; {did_you_mean(name, names)}")
    return next(home / name for home in _HOMES if (home / name / "dataset.toml").is_file())


def read_card(name: str) -> Card:
    """Read what ``dataset.toml`` says of a set.

    Parameters
    ----------
    name : str
        One of `list_datasets`.

    Returns
    -------
    Card

    Raises
    ------
    EmotionModelsError
        There is no set of that name.
    """
    content = tomllib.loads((dataset_path(name) / "dataset.toml").read_text(encoding="utf-8"))
    files = tuple(SourceFile(**entry) for entry in content.pop("files"))
    return Card(files=files, **content)


def load_dataset(name: str, *, path: str | Path | None = None) -> Survey:
    """Load a data set as a survey.

    Parameters
    ----------
    name : str
        One of `list_datasets`.
    path : str or Path, optional
        Folder with the files of a set that is not bundled; taken as it is. Default: the folder
        ``NAME`` in the folder that the environment variable ``EMOTION_MODELS_DATA`` names, else
        the authors' files, fetched once, checked against their checksum and kept in the user's
        cache folder.

    Returns
    -------
    Survey

    Raises
    ------
    EmotionModelsError
        There is no set of that name, or its files cannot be fetched.
    """
    from emotion_models.survey import read_survey

    home, card = dataset_path(name), read_card(name)
    source = home if card.bundled else _own_folder(name, card, path) or _fetched(name, card)
    codebook = home / "codebook.toml"
    if not (home / "prepare.py").is_file():
        return read_survey(source / card.files[0].name, codebook=codebook)
    prepare = _module(name, home / "prepare.py")
    prepared = prepare.prepare(*prepare.read(source))
    return read_survey(prepared.ratings, codebook=codebook, journeys=prepared.journeys)


def _own_folder(name: str, card: Card, path: str | Path | None) -> Path | None:
    """Return the user's copy of a set, if there is one."""
    if path is None and not os.environ.get(ENVIRONMENT):
        return None
    folder = Path(path) if path is not None else Path(os.environ[ENVIRONMENT]) / name
    missing = [file.name for file in card.files if not (folder / file.name).is_file()]
    if not missing:
        return folder
    if path is None:
        return None
    raise EmotionModelsError(f"{folder}: '{missing[0]}' of data set '{name}' is not there")


def _fetched(name: str, card: Card) -> Path:
    """Fetch the authors' files into the user's cache, once."""
    folder = cache_folder(name)
    for file in card.files:
        if not (folder / file.name).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _fetch(name, card, file, folder)
    return folder


def _fetch(name: str, card: Card, file: SourceFile, folder: Path) -> None:
    import pooch

    _LOG.warning("fetching %s of '%s' (%s; %s)", file.name, name, card.licence, card.cite)
    original = f"original-{file.name}"
    try:
        pooch.retrieve(file.url, f"sha256:{file.sha256}", fname=original, path=folder)
    except OSError as error:
        raise EmotionModelsError(
            f"data set '{name}' may not be bundled and {file.url} cannot be reached ({error}); "
            f"with a copy of {', '.join(f.name for f in card.files)}, say "
            f"load_dataset('{name}', path=FOLDER) or set {ENVIRONMENT}"
        ) from error
    except ValueError as error:
        raise EmotionModelsError(
            f"{file.url}: not the file that data set '{name}' was made for (its SHA-256 differs); "
            "its authors may have changed it"
        ) from error
    _rename_columns(file, folder / original, folder / file.name)


def _rename_columns(file: SourceFile, original: Path, target: Path) -> None:
    import pandas as pd

    # As text: what the authors wrote is what prepare.py reads.
    frame = pd.read_csv(original, dtype=str, keep_default_na=False)
    if file.columns:
        frame = frame[list(file.columns)].rename(columns=file.columns)
    with atomic_path(target) as part:
        frame.to_csv(part, index=False)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as ``dataset.toml`` lists it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _module(name: str, path: Path) -> Any:
    """Import the ``prepare.py`` of a set, which is part of this package."""
    full_name = f"emotion_models_dataset_{name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(full_name, path)
    if spec is None or spec.loader is None:
        raise EmotionModelsError(f"{path}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full_name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
