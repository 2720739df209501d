"""PDF and HTML from one Typst source; the report reaches it as data, never as markup."""

from __future__ import annotations

import atexit
import functools
import json
import re
import shutil
import tempfile
import warnings
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import matplotlib
import typst

from emotion_models.errors import EmotionModelsError
from emotion_models.reporting.blocks import Picture, ReportContent
from emotion_models.reporting.plain_data import plain_data

DOTS_PER_INCH: Final = 300
_FIGURE: Final = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", alt: sys.inputs.alt)
"""
_NO_GLYPH = re.compile(r"text `\"(.+?)\"` could not be displayed")


class ReportError(EmotionModelsError):
    """A report cannot be typeset; the message says why and what to do."""


class MissingGlyphWarning(UserWarning):
    """Some characters have no font on this machine, so the PDF is not PDF/UA."""


@functools.cache
def _fonts() -> Any:
    """Typst's own fonts, those of the system, and DejaVu Sans, which matplotlib ships."""
    # A folder of its own: beside them lies a font whose glyphs are empty boxes for everything,
    # which would hide that a character is missing.
    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    folder = tempfile.mkdtemp(prefix="emotion-models-fonts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"):
        shutil.copyfile(source / name, Path(folder) / name)
    return typst.Fonts(font_paths=[folder])


def pdf(content: ReportContent) -> bytes:
    """Typeset as PDF/UA-1, an accessible, tagged PDF.

    Where a character has no font on this machine, the PDF is still tagged but cannot be declared
    PDF/UA-1.

    Warns
    -----
    MissingGlyphWarning
        Naming the characters.

    Raises
    ------
    ReportError
    """
    try:
        return _compile(content, "pdf", ["ua-1"])
    except typst.TypstError as error:
        lost = "".join(dict.fromkeys("".join(_NO_GLYPH.findall(error.diagnostic))))
        if not lost:
            raise ReportError(f"the PDF could not be typeset: {error.message}") from error
    warnings.warn(
        f"no font on this machine has the characters {lost}: the PDF leaves them out and is not "
        "declared PDF/UA-1; install a font that has them, such as one of the Noto family",
        MissingGlyphWarning,
        stacklevel=3,
    )
    try:
        return _compile(content, "pdf", [])
    except typst.TypstError as error:
        raise ReportError(f"the PDF could not be typeset: {error.message}") from error


def html(content: ReportContent) -> str:
    """Typeset as one HTML file: figures inside, no scripts, nothing loaded from elsewhere.

    Raises
    ------
    ReportError
    """
    try:
        page = _compile(content, "html", []).decode()
    except typst.TypstError as error:
        raise ReportError(f"the HTML could not be typeset: {error.message}") from error
    style = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    style += f":root {{ --accent: {content.look.accent}; }}\n"
    return page.replace("</head>", f"<style>\n{style}</style></head>", 1)


def figure_as(form: Literal["pdf", "png"], picture: Picture) -> bytes:
    """Turn a figure into a PDF page of its own size, or into a PNG at 300 dots per inch.

    Raises
    ------
    ReportError
    """
    given = {"svg": picture.svg.decode(), "alt": picture.alt}
    try:
        made = typst.compile(_FIGURE, format=form, ppi=DOTS_PER_INCH, sys_inputs=given, timestamp=0)
    except typst.TypstError as error:
        raise ReportError(f"{picture.name} could not be typeset: {error.message}") from error
    if not isinstance(made, bytes):
        raise ReportError(f"{picture.name} could not be typeset: it takes several pages")
    return made


def _compile(content: ReportContent, form: Literal["pdf", "html"], standards: list[Any]) -> bytes:
    source = resources.files(__package__).joinpath("report.typ").read_bytes()
    data = json.dumps(plain_data(content, svg=True), ensure_ascii=False, allow_nan=False)
    made, _ = typst.compile_with_warnings(
        source,
        format=form,
        font_paths=_fonts(),
        sys_inputs={"data": data, "form": form},
        pdf_standards=standards,
        timestamp=0,
    )
    return made
