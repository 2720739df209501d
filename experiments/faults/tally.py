"""How often something was tried, and what went otherwise than it should."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
TINY: Final = ROOT / "tests" / "data" / "tiny.fit"
HOTEL: Final = ROOT / "datasets" / "hotel-stays"
SHOWN: Final = 200


@dataclass
class Tally:
    """One kind of fault.

    Parameters
    ----------
    fault : str
        What was done.
    should : str
        What should come of it.
    tried : int
    seen : dict of str to int
        What came of it, as it should, and how often.
    wrong : list of str
        What came otherwise, in words.
    """

    fault: str
    should: str
    tried: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def well(self, what: str) -> None:
        """Count a try that came out as it should."""
        self.tried += 1
        self.seen[what] = self.seen.get(what, 0) + 1

    def amiss(self, what: object) -> None:
        """Count one that did not."""
        self.tried += 1
        self.wrong.append(str(what)[:SHOWN])

    def row(self) -> dict[str, Any]:
        """As results keep it."""
        seen = ", ".join(f"{what} {times}" for what, times in sorted(self.seen.items()))
        return {
            "fault": self.fault,
            "should": self.should,
            "tried": self.tried,
            "came out": seen,
            "otherwise": len(self.wrong),
            "for example": self.wrong[0] if self.wrong else "",
        }
