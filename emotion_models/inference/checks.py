"""Checks as data: PASS, REVIEW or FAIL, the figure, its threshold, and what to do."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Self

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["PASS", "REVIEW", "FAIL"]
_ORDER: tuple[Status, ...] = ("PASS", "REVIEW", "FAIL")
NAMED: Final = 3
"""Failed checks that a caution names at most."""


@dataclass(frozen=True)
class Check:
    """One check.

    Parameters
    ----------
    name : str
    status : {"PASS", "REVIEW", "FAIL"}
    figure, threshold : float
    about : str
        What the figure is.
    advice : str
        What to do when it is not PASS.
    """

    name: str
    status: Status
    figure: float
    threshold: float
    about: str
    advice: str

    def __str__(self) -> str:
        return f"{self.status:6}  {self.name}: {self.about} ({self.figure:.4g})"


def judge(
    name: str,
    figure: float,
    *,
    passes: float,
    fails: float,
    about: str,
    advice: str,
) -> Check:
    """Judge a figure by two thresholds; a figure that is not a number fails.

    Parameters
    ----------
    name : str
    figure : float
    passes, fails : float
        The figure passes on the near side of `passes` and fails on the far side of `fails`;
        which side is which follows from their order. Between them: REVIEW.
    about, advice : str

    Returns
    -------
    Check
    """
    low_is_good = passes <= fails
    good = figure <= passes if low_is_good else figure >= passes
    bad = figure > fails if low_is_good else figure < fails
    status: Status = "FAIL" if math.isnan(figure) or bad else "PASS" if good else "REVIEW"
    return Check(name, status, figure, passes, about, "" if status == "PASS" else advice)


class Checks(Sequence[Check]):
    """The checks of a fit.

    Parameters
    ----------
    items : sequence of Check
    """

    def __init__(self, items: Sequence[Check] = ()) -> None:
        self._items = tuple(items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __iter__(self) -> Iterator[Check]:
        return iter(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Checks) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(self._items)

    @property
    def status(self) -> Status:
        """The worst status; FAIL when nothing was checked."""
        if not self._items:
            return "FAIL"
        return max((check.status for check in self._items), key=_ORDER.index)

    @property
    def caution(self) -> str:
        """What every summary of the fit says where checks failed; empty otherwise."""
        names = [check.name for check in self._items if check.status == "FAIL"]
        if not names:
            return ""
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return (
            f"Checks of this fit FAIL ({', '.join(names[:NAMED])}{more}): do not rely on these "
            "figures; see fit.checks."
        )

    def failed(self, name: str) -> bool:
        """Whether the check of that name exists and failed."""
        return any(check.name == name and check.status == "FAIL" for check in self._items)

    def table(self) -> pd.DataFrame:
        """One row per check."""
        import pandas as pd

        columns = ["name", "status", "figure", "threshold", "about", "advice"]
        return pd.DataFrame([asdict(check) for check in self._items], columns=columns)

    def as_list(self) -> list[dict[str, Any]]:
        """Plain values for JSON; a figure that is not finite becomes text."""
        return [
            {k: repr(v) if isinstance(v, float) else v for k, v in asdict(check).items()}
            for check in self._items
        ]

    @classmethod
    def from_list(cls, items: list[dict[str, Any]]) -> Self:
        """Read what `as_list` wrote."""
        return cls(
            [
                Check(
                    name=item["name"],
                    status=item["status"],
                    figure=float(item["figure"]),
                    threshold=float(item["threshold"]),
                    about=item["about"],
                    advice=item["advice"],
                )
                for item in items
            ]
        )

    def __repr__(self) -> str:
        return "\n".join(
            [f"Checks: {self.status}"]
            + [f"  {check}" + (f"; {check.advice}" if check.advice else "") for check in self]
        )

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(repr(self))}</pre>"
