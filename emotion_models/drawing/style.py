"""The one look of all figures: seaborn's quiet axes, three tones, text drawn as paths.

Nothing here touches pyplot's global state: figures are `matplotlib.figure.Figure` objects, and the
style holds only while a figure is drawn or written.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any, Final

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.figure import Figure

# Dark blue, light orange and grey differ in lightness too, so they survive a grey printer.
PLEASANT: Final = "#17517E"
UNPLEASANT: Final = "#E08A1E"
NEUTRAL: Final = "#757575"
INK: Final = "#222222"
QUIET: Final = "#8A8A8A"
GRID: Final = "#E4E4E4"
WIDTH: Final = 6.7
"""Width of a figure in inches: the text width of the report, so that 8 pt stays 8 pt."""

FALLBACK_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Noto Sans SC",
    "Noto Sans KR",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Emoji",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Nirmala UI",
    "Hiragino Sans",
    "PingFang SC",
    "Arial Unicode MS",
)


@functools.cache
def font_families() -> tuple[str, ...]:
    """DejaVu Sans, which matplotlib ships, then whatever of `FALLBACK_FONTS` is installed."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return ("DejaVu Sans", *(name for name in FALLBACK_FONTS if name in installed))


@functools.cache
def settings() -> Any:
    """Matplotlib settings of the style, as `matplotlib.rc_context` takes them."""
    return {
        **sns.plotting_context("paper", font_scale=0.9),
        **sns.axes_style("ticks"),
        "font.family": list(font_families()),
        "font.size": 8,
        "axes.labelsize": 8,
        "axes.titlesize": 8.5,
        "xtick.labelsize": 7.5,
        "ytick.labelsize": 8,
        "axes.edgecolor": QUIET,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.titlelocation": "left",
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 3,
        "ytick.major.size": 3,
        "text.color": INK,
        # A dollar sign in a survey label is a dollar sign, not mathematics.
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        # The same figure gives the same bytes.
        "svg.hashsalt": "emotion_models",
    }


def styled[**P](draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a plotting function draw in the style and leave matplotlib's settings as they were."""

    @functools.wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context(settings()):
            return draw(*args, **kwargs)

    return wrapper


class Drawing(Figure):
    """A figure that notebooks show by itself, without pyplot, with what it is about in words."""

    def _repr_html_(self) -> str:
        picture = base64.b64encode(svg(self)).decode()
        words = html.escape(self.about(), quote=True)
        source = f"data:image/svg+xml;base64,{picture}"
        return f'<img alt="{words}" src="{source}" style="max-width: 100%">'

    def about(self) -> str:
        """Titles and axes, each once."""
        words = [self.get_suptitle(), self.get_supylabel(), self.get_supxlabel()]
        for axes in self.axes:
            words += [axes.get_title(loc="left"), axes.get_ylabel(), axes.get_xlabel()]
        said = [" ".join(each.split()) for each in words]
        return "Figure: " + "; ".join(dict.fromkeys(each for each in said if each))


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Make an empty figure of the style; sizes in inches."""
    return Drawing(figsize=(width, height), layout="constrained")


def svg(figure: Figure) -> bytes:
    """Write a figure as SVG with text as paths, the same bytes every time.

    Characters that no installed font has are drawn as boxes; `missing_characters` names them.
    """
    buffer = io.BytesIO()
    with mpl.rc_context(settings()), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


@functools.cache
def _drawable() -> frozenset[int]:
    known: set[int] = set()
    for family in font_families():
        path = font_manager.findfont(family)
        known.update(font_manager.get_font(path).get_charmap())
    return frozenset(known)


def missing_characters(text: str) -> str:
    """List the characters of `text` that figures cannot show with the fonts at hand, each once."""
    shown = [char for char in text if unicodedata.category(char)[0] not in "CZ"]
    marks = {0x200D, 0xFE0E, 0xFE0F}
    missing = [c for c in shown if ord(c) not in _drawable() and ord(c) not in marks]
    return "".join(dict.fromkeys(missing))


def tone(valence: float | None) -> str:
    """Colour of an emotion: pleasant, unpleasant, or neutral when its valence is near zero."""
    if valence is None or abs(valence) < 0.1:
        return NEUTRAL
    return PLEASANT if valence > 0 else UNPLEASANT


def marker(valence: float | None) -> str:
    """Marker of an emotion: circle, square or triangle, so that tone needs no colour."""
    if valence is None or abs(valence) < 0.1:
        return "^"
    return "o" if valence > 0 else "s"
