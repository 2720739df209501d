"""Findings in words, tables and figures; reports as PDF, HTML, Markdown and JSON."""

from emotion_models.reporting.document import Report, report

__all__ = ["Report", "report"]
