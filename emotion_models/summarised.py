"""`Summarised`: results that show themselves by their summary."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Iterable


class Summarised(ABC):
    """A result whose summary is what the prompt and a notebook show.

    A dataclass of this kind says ``repr=False``, or it would list its fields instead.
    """

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
