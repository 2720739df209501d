"""A `Fit` taken apart into plain text and labelled arrays, and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from emotion_models.causal import Assumptions
from emotion_models.errors import StoreError
from emotion_models.inference.checks import Checks
from emotion_models.inference.store import StoredParts
from emotion_models.models.spec import JourneyModel
from emotion_models.previews import METHODS, Method
from emotion_models.survey import Codebook
from emotion_models.survey.audit import Audit

if TYPE_CHECKING:
    from emotion_models.inference.result import Fit

IMPUTATIONS: Final = "imputations"
"""Group of a posterior that says which of its draws belong to which completed data set."""


def taken_apart(fit: Fit) -> StoredParts:
    """Take a fit apart for `save`."""
    return StoredParts(
        model_json=fit.model.model_dump_json(),
        codebook_toml=fit.survey.codebook.to_toml(),
        manifest={
            "n_journeys": fit.survey.n_journeys,
            "n_respondents": fit.survey.n_respondents,
            "data_hash": fit.survey.hash,
            "audit": fit.survey.audit.as_dict(),
            "seed": fit.seed,
            "method": fit.method,
            "versions": dict(fit.versions),
            "seconds": dict(fit.seconds),
            "partial": fit.partial,
            "checks": fit.checks.as_list(),
            **({"assumptions": fit.assumptions.as_dict()} if fit.assumptions else {}),
        },
        datasets={
            "data": fit.data,
            **{name: node.to_dataset() for name, node in fit.posterior.children.items()},
        },
    )


def put_together(parts: StoredParts) -> dict[str, Any]:
    """Read the fields of a fit from its parts, but for what it remembers of the survey."""
    import xarray as xr

    manifest = parts.manifest
    groups = {name: data for name, data in parts.datasets.items() if name != "data"}
    return {
        "model": JourneyModel.model_validate_json(parts.model_json),
        "data": parts.datasets["data"],
        "posterior": xr.DataTree.from_dict(groups),
        "seed": manifest["seed"],
        "method": _read_method(manifest),
        "versions": manifest["versions"],
        "seconds": manifest["seconds"],
        "checks": Checks.from_list(manifest["checks"]),
        "partial": manifest["partial"],
        "assumptions": _read_assumptions(manifest),
    }


def put_survey_together(parts: StoredParts) -> dict[str, Any]:
    """Read the fields of what a fit remembers of its survey."""
    manifest = parts.manifest
    return {
        "codebook": Codebook.from_toml(parts.codebook_toml),
        "n_journeys": manifest["n_journeys"],
        "n_respondents": manifest["n_respondents"],
        "hash": manifest["data_hash"],
        "audit": Audit.from_dict(manifest["audit"]),
    }


def _read_method(manifest: Mapping[str, Any]) -> Method:
    """How a saved fit was made; earlier versions knew only NUTS."""
    method = manifest.get("method", "nuts")
    if method not in METHODS:
        raise StoreError(f"a fit by the unknown method '{method}'; install a newer emotion-models")
    found: Method = method
    return found


def _read_assumptions(manifest: Mapping[str, Any]) -> Assumptions | None:
    """What a saved fit declares; fits of earlier versions declare nothing."""
    declared = manifest.get("assumptions")
    return None if declared is None else Assumptions.from_dict(declared)
