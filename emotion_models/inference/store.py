"""A saved fit is data, not objects: one zip file that loading only reads.

================== =====================================================================
member             holds
================== =====================================================================
``manifest.json``  schema version, versions, data hash, seed, seconds, SHA-256 of the rest
``model.json``     the frozen model specification
``codebook.toml``  the codebook of the survey
``NAME.nc``        one labelled dataset each (``posterior``, ``data``, ...), netCDF 4
================== =====================================================================

There is no pickle, and no journey or respondent identifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from emotion_models.errors import StoreError, expected
from emotion_models.inference.archive import read_archive, write_archive

if TYPE_CHECKING:
    import xarray as xr

    from emotion_models.inference import Fit

SCHEMA: Final = 1
FORMAT: Final = "emotion-models fit"
IDENTIFIERS: Final = ("journey_id", "respondent_id")

_MODEL: Final = "model.json"
_CODEBOOK: Final = "codebook.toml"


@dataclass(frozen=True)
class StoredParts:
    """What a fit is made of, as plain text and labelled arrays.

    Parameters
    ----------
    model_json : str
        The model specification.
    codebook_toml : str
        The codebook.
    manifest : dict
        Facts about the fit (data hash, seed, seconds, versions, ...); plain JSON values.
    datasets : dict of str to xarray.Dataset
        By name: ``"posterior"``, ``"data"``, ``"sample_stats"``, ...; lower-case letters,
        digits and underscores.
    """

    model_json: str
    codebook_toml: str
    manifest: dict[str, Any]
    datasets: dict[str, xr.Dataset]


@runtime_checkable
class Storable(Protocol):
    """Anything that can be taken apart for saving, i.e. a `Fit`."""

    def to_parts(self) -> StoredParts:
        """Return the parts to save."""
        ...


def save(fit: Storable, path: str | Path) -> Path:
    """Save a fit to one file.

    Parameters
    ----------
    fit : Fit
        The fit.
    path : str or Path
        The file, by custom ``NAME.fit``; replaced in one step if it exists.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StoreError
        It could not be written; nothing is left behind and an older file is as it was.
    """
    expected("save", "fit", fit, Storable, "give what em.fit(model, survey) returns")
    return write_parts(fit.to_parts(), Path(path))


def load(path: str | Path) -> Fit:
    """Load a saved fit; executes nothing from the file.

    Parameters
    ----------
    path : str or Path
        A file that `save` wrote.

    Returns
    -------
    Fit
        Equal to the one that was saved, without respondents' identifiers.

    Raises
    ------
    StoreError
        There is no such file, it is not a saved fit, it is cut short or was changed, or a
        newer version of this package wrote it.
    """
    from emotion_models.inference import Fit

    expected("load", "path", path, (str, PathLike), "give the file that em.save wrote")
    return Fit.from_parts(read_parts(Path(path)))


def write_parts(parts: StoredParts, path: Path) -> Path:
    """Save the parts of a fit; see `save`."""
    from emotion_models.inference.netcdf import to_netcdf

    members = {
        _MODEL: parts.model_json.encode(),
        _CODEBOOK: parts.codebook_toml.encode(),
        **{
            f"{name}.nc": to_netcdf(name, dataset.drop_vars(IDENTIFIERS, errors="ignore"))
            for name, dataset in parts.datasets.items()
        },
    }
    header = {
        "format": FORMAT,
        "schema": SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "fit": parts.manifest,
    }
    write_archive(path, members, header)
    return path


def read_parts(path: Path) -> StoredParts:
    """Load the parts of a fit; see `load`."""
    from emotion_models.inference.netcdf import from_netcdf

    manifest, members = read_archive(path)
    _refuse_other(path, manifest)
    texts: dict[str, str] = {}
    datasets: dict[str, xr.Dataset] = {}
    for member, content in members:
        stem, _, kind = member.rpartition(".")
        if kind == "nc":
            datasets[stem] = from_netcdf(stem, content)
        else:
            texts[member] = content.decode()
    for member in (_MODEL, _CODEBOOK):
        if member not in texts:
            raise StoreError(f"{path}: '{member}' is missing; save the fit again")
    return StoredParts(texts[_MODEL], texts[_CODEBOOK], manifest["fit"], datasets)


def _refuse_other(path: Path, manifest: Mapping[str, Any]) -> None:
    schema = manifest.get("schema")
    if manifest.get("format") != FORMAT or not isinstance(schema, int):
        raise StoreError(f"{path}: not a saved fit")
    if schema > SCHEMA:
        raise StoreError(
            f"{path}: saved by a newer emotion-models (schema {schema}, this version reads up "
            f"to {SCHEMA}); install the newer version"
        )
