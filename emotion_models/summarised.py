"""`Summarised`: results that show themselves by their summary, and never without a caution.

Where a fit is a preview or its checks fail, results have a caution, which ends every summary. That
of a preview is also the last column of every table (and so stands in CSV and JSON) and the foot
of every figure, since these are passed on without the summary.
"""

from __future__ import annotations

import functools
import html
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, Protocol

from emotion_models.previews import is_preview

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

CAUTIOUS: Final = ("str", "pd.DataFrame", "Figure")
"""What public methods return that users read: a summary, a table, a figure."""


class HasCaution(Protocol):
    """A result, or a fit."""

    @property
    def caution(self) -> str:
        """Empty where nothing is to be said."""
        ...


def cautioned[**P, R](method: Callable[P, R]) -> Callable[P, R]:
    """Let what a method of something with a caution returns carry that caution."""

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        found: Any = method(*args, **kwargs)
        owner: Any = args[0]
        return with_caution(found, owner.caution)  # type: ignore[no-any-return]

    return call


def with_caution(found: Any, caution: str) -> Any:
    """Add a caution to a text, a table or a figure that does not have it yet."""
    if not caution:
        return found
    if isinstance(found, str):
        return found if found.endswith(caution) else f"{found}\n{caution}"
    if not is_preview(caution):
        return found
    return _footed(found, caution) if hasattr(found, "savefig") else _column(found, caution)


def _column(table: pd.DataFrame, caution: str) -> pd.DataFrame:
    # Last, also where a table is made of another that has it already.
    return table.drop(columns="caution", errors="ignore").assign(caution=caution)


def _footed(figure: Figure, caution: str) -> Figure:
    if caution not in [text.get_text() for text in figure.texts]:
        figure.text(0.01, -0.01, caution, ha="left", va="top", fontsize=8, wrap=True)
    return figure


class Summarised(ABC):
    """A result whose summary is what the prompt and a notebook show.

    A dataclass of this kind says ``repr=False``, or it would list its fields instead. What its
    public methods return to be read carries the caution, whoever writes the method.
    """

    @property
    def caution(self) -> str:
        """What is to be minded about all of it; empty where nothing is."""
        return ""

    def __init_subclass__(cls, **how: Any) -> None:
        super().__init_subclass__(**how)
        for name, method in list(vars(cls).items()):
            read = isinstance(method, FunctionType) and not name.startswith("_")
            if read and method.__annotations__.get("return") in CAUTIOUS:
                setattr(cls, name, cautioned(method))

    @abstractmethod
    def summary(self) -> str:
        """Say the result in words."""

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"


def as_text(lines: Iterable[str], caution: str = "") -> str:
    """Join the lines of a summary; where there is a caution, it has the last word.

    Parameters
    ----------
    lines : iterable of str
    caution : str
        Empty where nothing is to be said.

    Returns
    -------
    str
    """
    return "\n".join([*lines, caution] if caution else lines)
