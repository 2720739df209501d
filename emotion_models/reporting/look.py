"""How a report looks: its colour and its logo, checked before anything is typeset."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from emotion_models.errors import InputProblems, Problem

ACCENT: Final = "#17517E"
LEAST_CONTRAST: Final = 4.5
"""Contrast of text against its ground (WCAG 2.2, success criterion 1.4.3)."""
LARGEST_LOGO: Final = 500_000
"""Bytes."""
_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Look:
    """The colour and the logo of a report.

    Figures keep their own colours, which are told apart by everybody and in grey.

    Parameters
    ----------
    accent : str
        Colour of headings and rules, ``"#rrggbb"``, dark enough to be read on white.
    logo : str or Path, optional
        A picture for the first page, ``.svg`` or ``.png``.

    Raises
    ------
    InputProblems
        With every problem of colour and logo.
    """

    accent: str = ACCENT
    logo: str | Path | None = None

    def __post_init__(self) -> None:
        problems = [*_colour_problems(self.accent), *_logo_problems(self.logo)]
        if problems:
            raise InputProblems("look", problems)

    @cached_property
    def drawing(self) -> str:
        """The logo as SVG; empty without one."""
        if self.logo is None:
            return ""
        content = Path(self.logo).read_bytes()
        return _in_svg(content) if content.startswith(_PNG) else content.decode()


def contrast(colour: str) -> float:
    """Contrast of a colour ``"#rrggbb"`` on white, 1 to 21 (WCAG 2.2, relative luminance)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    luminance = sum(
        weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
    return 1.05 / (luminance + 0.05)


def _colour_problems(accent: str) -> list[Problem]:
    if not _HEX.fullmatch(accent):
        return [Problem("accent", f"'{accent}' is no colour", "write it as '#17517E'")]
    if contrast(accent) < LEAST_CONTRAST:
        what = f"'{accent}' is too light to be read on white (contrast {contrast(accent):.1f})"
        return [Problem("accent", what, f"take a darker one, contrast {LEAST_CONTRAST} or more")]
    return []


def _logo_problems(logo: str | Path | None) -> list[Problem]:
    if logo is None:
        return []
    path = Path(logo)
    if not path.is_file():
        return [Problem(str(path), "is no file", "name an .svg or .png file")]
    size = path.stat().st_size
    if size > LARGEST_LOGO:
        fix = f"take one of at most {LARGEST_LOGO:,} bytes"
        return [Problem(str(path), f"is too large: {size:,} bytes", fix)]
    content = path.read_bytes()
    if content.startswith(_PNG) or _is_svg(content):
        return []
    return [Problem(str(path), "is neither SVG nor PNG", "convert it to one of these")]


def _is_svg(content: bytes) -> bool:
    try:
        return "<svg" in content.decode()
    except UnicodeDecodeError:
        return False


def _in_svg(png: bytes) -> str:
    """A PNG as the only thing in a drawing of its size, the one form that a report takes."""
    width, height = struct.unpack(">II", png[16:24])
    data = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )


PLAIN: Final = Look()
"""Our own colour, no logo."""
