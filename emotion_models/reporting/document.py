"""`report`: a fit and its results as a document that can be saved in several forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from emotion_models.causal.identification import Fitted
from emotion_models.errors import InputProblems, Problem, did_you_mean, expected
from emotion_models.files import write_bytes, write_text
from emotion_models.previews import REFIT, is_preview
from emotion_models.reporting.anonymity import THRESHOLD
from emotion_models.reporting.blocks import Picture, ReportContent, every_block
from emotion_models.reporting.content import AUDIENCES, PARTS, build
from emotion_models.reporting.findings import Finding
from emotion_models.reporting.gathering import Result, gather
from emotion_models.reporting.inputs import FitLike
from emotion_models.reporting.look import PLAIN, Look
from emotion_models.reporting.markdown import markdown
from emotion_models.reporting.plain_data import plain_data

SUFFIXES = (".pdf", ".html", ".md", ".json")
Audience = Literal["board", "team", "paper"]


@dataclass(frozen=True)
class Report:
    """A finished report.

    Parameters
    ----------
    content : ReportContent
        All it says, in order.
    """

    content: ReportContent

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, also the withheld ones."""
        return self.content.findings

    def save(self, path: str | Path) -> Path:
        """Write the report; the suffix chooses the form.

        A file appears whole or not at all. Markdown puts its figures in a folder beside it.

        Parameters
        ----------
        path : str or Path
            Ending in ``.pdf``, ``.html``, ``.md`` or ``.json``.

        Returns
        -------
        Path

        Raises
        ------
        InputProblems
            For an unknown suffix or a folder that does not exist.
        ReportError
            When the report cannot be typeset.
        OSError
            When the file cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            what = f"cannot write '{suffix}'" if suffix else "no suffix"
            fix = did_you_mean(suffix, SUFFIXES)
            raise InputProblems("report", [Problem(str(path), what, fix)])
        check_place("report", path)
        match suffix:
            case ".pdf":
                from emotion_models.reporting.typesetting import pdf

                write_bytes(path, pdf(self.content))
            case ".html":
                from emotion_models.reporting.typesetting import html

                write_text(path, html(self.content))
            case ".md":
                self._save_markdown(path)
            case _:
                data = plain_data(self.content, svg=False)
                write_text(path, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False))
        return path

    def supplement(self, folder: str | Path) -> Path:
        """Write what a journal takes beside a paper, each piece as a file of its own.

        The report (PDF, HTML, JSON), every finding (CSV), every table (CSV and LaTeX), every
        figure (SVG, PDF, PNG at 300 dots per inch), and ``CONTENTS.md``, which names them.

        Parameters
        ----------
        folder : str or Path
            A new one; it appears whole or not at all.

        Returns
        -------
        Path

        Raises
        ------
        InputProblems
            If it exists already, or where it should lie does not.
        ReportError
            When something cannot be typeset.
        OSError
            When it cannot be written.
        """
        from emotion_models.reporting.supplement import write_supplement

        return write_supplement(self, Path(folder))

    def _save_markdown(self, path: Path) -> None:
        """Figures first, so that the text never points at a figure that is not there."""
        safe = re.sub(r"[^\w.-]", "-", path.stem)
        folder = path.with_name(f"{safe}-figures")
        folder.mkdir(exist_ok=True)
        for picture in pictures(self.content):
            write_bytes(folder / f"{picture.name}.svg", picture.svg)
        write_text(path, markdown(self.content, quote(folder.name)))


def check_place(subject: str, path: Path) -> None:
    """Refuse a path whose folder is not there.

    Raises
    ------
    InputProblems
    """
    if not path.parent.is_dir():
        problem = Problem(str(path), "its folder does not exist", "create it first")
        raise InputProblems(subject, [problem])


def pictures(content: ReportContent) -> tuple[Picture, ...]:
    """All figures of a report, in order."""
    return tuple(block for block in every_block(content) if isinstance(block, Picture))


def report(
    fit: FitLike,
    *results: Result,
    title: str | None = None,
    smallest_group: int = THRESHOLD,
    audience: Audience = "paper",
    sections: Sequence[str] | None = None,
    look: Look = PLAIN,
) -> Report:
    """Write up a fit: findings in words, figures, tables, methods.

    A finding is withheld when a check it rests on has failed. Groups with fewer than
    `smallest_group` respondents are not shown.

    Parameters
    ----------
    fit : Fit
    *results : Effects, Simulation, Comparison, Halo and what other verbs answer
        In any order. Effects are computed when none are given. What verbs such as `worth`,
        `optimise`, `priorities` or `importance` answer gets a section of its own.
    title : str, optional
        Default: the label of the study.
    smallest_group : int
        At least 10.
    audience : {"board", "team", "paper"}
        The first page is for everybody. A board is given changes and limits besides, a team all
        answers, a paper the methods, checks and data audit too.
    sections : sequence of str, optional
        Exactly these besides the first page, instead of the audience's: of ``journey``,
        ``drivers``, ``memory``, ``changes``, ``further``, ``causes``, ``checks``, ``methods``,
        ``audit``, ``limits``.
    look : Look
        Colour and logo.

    Returns
    -------
    Report

    Raises
    ------
    InputProblems
        For a preview, a result that cannot be reported, a group size below 10, or an unknown
        audience or section, with every problem.

    Examples
    --------
    >>> em.report(fit, result, audience="board").save("stays.pdf")  # doctest: +SKIP
    """
    expected("report", "fit", fit, Fitted, "give what em.fit(model, survey) returns")
    expected("report", "look", look, Look, "give em.Look(accent='#17517E', logo='logo.svg')")
    problems = []
    if smallest_group < THRESHOLD:
        fix = f"use {THRESHOLD} or more, so that nobody can be recognised"
        problems.append(Problem("smallest_group", f"{smallest_group} is too small", fix))
    if is_preview(fit.caution):
        problems.append(Problem("fit", f"is a preview: {fit.caution}", f"to report, {REFIT}"))
    if audience not in AUDIENCES:
        problems.append(_unknown("audience", audience, AUDIENCES))
    wanted = () if sections is None else (sections,) if isinstance(sections, str) else sections
    problems += [_unknown("section", name, PARTS) for name in wanted if name not in PARTS]
    if problems:
        raise InputProblems("report", problems)
    inputs = gather(fit, results, threshold=smallest_group)
    parts = AUDIENCES[audience] if sections is None else wanted
    return Report(build(inputs, title=title, parts=tuple(parts), look=look))


def _unknown(what: str, name: object, valid: Iterable[str]) -> Problem:
    return Problem(f"{what} '{name}'", "unknown", did_you_mean(str(name), tuple(valid)))
