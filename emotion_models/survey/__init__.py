"""From survey files to one clean, labelled `Survey`, described by a codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emotion_models.by_name import imports

if TYPE_CHECKING:
    from emotion_models.survey.audit import Audit, AuditEntry
    from emotion_models.survey.codebook import Codebook
    from emotion_models.survey.draft import draft_codebook
    from emotion_models.survey.flagged import CarelessAnswers, careless, without_flagged
    from emotion_models.survey.read import read_survey
    from emotion_models.survey.survey import Survey, data_hash
    from emotion_models.survey.taxonomies import taxonomy

_HOME = {
    "Audit": "audit",
    "AuditEntry": "audit",
    "CarelessAnswers": "flagged",
    "Codebook": "codebook",
    "Survey": "survey",
    "careless": "flagged",
    "data_hash": "survey",
    "draft_codebook": "draft",
    "read_survey": "read",
    "taxonomy": "taxonomies",
    "without_flagged": "flagged",
}

__all__ = [
    "Audit",
    "AuditEntry",
    "CarelessAnswers",
    "Codebook",
    "Survey",
    "careless",
    "data_hash",
    "draft_codebook",
    "read_survey",
    "taxonomy",
    "without_flagged",
]


__getattr__ = imports(__name__, _HOME)
