"""Labelled arrays to netCDF bytes and back, with nothing lost and nothing executed.

The bytes are ordinary netCDF 4 files that any netCDF reader opens. What netCDF alone would
change (the width of a text type, an attribute that is a list) is kept as JSON in one attribute.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

import h5py
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from emotion_models.errors import StoreError

_NOTES: Final = "emotion_models"
_KINDS: Final = "biufU"  # bool, integers, floats, fixed-width text
_SLACK: Final = 2**20  # bytes an honest file's arrays may hold beyond its own size


def to_netcdf(name: str, dataset: xr.Dataset) -> bytes:
    """Encode a dataset.

    Parameters
    ----------
    name : str
        What the dataset is called in an error message.
    dataset : xarray.Dataset
        Booleans, integers, floats and text, of any shape. Text of Python's own kind becomes
        numpy's fixed-width kind; attributes may be anything that JSON can hold.

    Returns
    -------
    bytes
        A netCDF 4 file.

    Raises
    ------
    StoreError
        The dataset holds something a plain file cannot, e.g. Python objects.
    """
    arrays = {
        str(key): (variable.dims, _plain(f"'{key}' of '{name}'", variable.values))
        for key, variable in dataset.variables.items()
    }
    notes: dict[str, Any] = {
        "attrs": dataset.attrs,
        "variables": {
            str(key): {"dtype": arrays[str(key)][1].dtype.str, "attrs": variable.attrs}
            for key, variable in dataset.variables.items()
        },
    }
    coords = {str(key) for key in dataset.coords}
    floats = [key for key, (_, values) in arrays.items() if values.dtype.kind == "f"]
    try:
        bare = xr.Dataset(
            {key: value for key, value in arrays.items() if key not in coords},
            coords={key: value for key, value in arrays.items() if key in coords},
            attrs={_NOTES: json.dumps(notes, allow_nan=False)},
        )
        # NaN stands for itself: no fill value may be put in its place.
        encoding = {key: {"_FillValue": None} for key in floats}
        return bytes(bare.to_netcdf(engine="h5netcdf", encoding=encoding))
    except (TypeError, ValueError) as error:
        raise StoreError(f"cannot save '{name}': {error}") from error


def from_netcdf(name: str, content: bytes) -> xr.Dataset:
    """Decode a dataset that `to_netcdf` encoded.

    Parameters
    ----------
    name : str
        What the dataset is called in an error message.
    content : bytes
        A netCDF 4 file.

    Returns
    -------
    xarray.Dataset
        In memory; equal to what was saved in values, types, labels and attributes.

    Raises
    ------
    StoreError
        The content is not a netCDF file of ours, or refers to something outside itself.
    """
    try:
        _refuse_foreign(name, content)
        with xr.open_dataset(
            io.BytesIO(content), engine="h5netcdf", decode_times=False, mask_and_scale=False
        ) as opened:
            bare = opened.load()
        notes = json.loads(bare.attrs[_NOTES])
        arrays = {
            str(key): (
                variable.dims,
                variable.values.astype(notes["variables"][key]["dtype"], copy=False),
                notes["variables"][key]["attrs"],
            )
            for key, variable in bare.variables.items()
        }
    except (OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise StoreError(f"the saved fit's '{name}' cannot be read: {error}") from error
    return xr.Dataset(
        {key: value for key, value in arrays.items() if key not in bare.coords},
        coords={key: value for key, value in arrays.items() if key in bare.coords},
        attrs=notes["attrs"],
    )


def _plain(where: str, values: NDArray[Any]) -> NDArray[Any]:
    """Give text a fixed width; refuse what is neither number nor text."""
    if values.dtype.kind == "T" or (
        values.dtype.kind == "O" and all(isinstance(item, str) for item in values.flat)
    ):
        values = values.astype(np.str_)
    if values.dtype.kind not in _KINDS:
        raise StoreError(f"cannot save {where}: its type {values.dtype} is not number or text")
    return values


def _refuse_foreign(name: str, content: bytes) -> None:
    """Refuse arrays kept in other files, and arrays that declare more than the file holds.

    HDF5 lets a file point at other files, and declare an array of any size without storing it;
    `to_netcdf` does neither.
    """
    declared = 0
    with h5py.File(io.BytesIO(content), "r") as file:
        for key in file:
            link = file.get(key, getlink=True)
            array = file[key] if isinstance(link, h5py.HardLink) else None
            if not isinstance(array, h5py.Dataset) or array.is_virtual or array.external:
                raise StoreError(
                    f"the saved fit's '{name}' refers to data outside itself ('{key}')"
                )
            declared += array.nbytes
    if declared > len(content) + _SLACK:
        raise StoreError(f"the saved fit's '{name}' declares more data than it holds")
