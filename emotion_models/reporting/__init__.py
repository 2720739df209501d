"""Findings in words, tables and figures; reports as PDF, HTML, Markdown and JSON."""

from emotion_models.reporting.document import Report, report
from emotion_models.reporting.look import Look
from emotion_models.reporting.tracking import track

__all__ = ["Look", "Report", "report", "track"]
