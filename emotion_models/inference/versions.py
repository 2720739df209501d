"""Which versions made a result, without a word about the machine."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

PACKAGES: Final = (
    "emotion-models",
    "arviz-stats",
    "jax",
    "numpy",
    "nutpie",
    "pymc",
    "pytensor",
    "scipy",
    "xarray",
)


def package_versions() -> dict[str, str]:
    """Return the version of Python and of each package that can change a fit's numbers.

    Returns
    -------
    dict of str to str
        Without packages that are not installed.
    """
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
