"""`Information`: what further answers are worth, by what they are about and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion_models.decisions.words import NOT_CAUSAL, size
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = NDArray[np.floating[Any]]
MOST_OF_IT: Final = 0.8
"""Share of what perfect knowledge is worth, at which further answers are called enough."""


@dataclass(frozen=True, eq=False, repr=False)
class Information(Summarised):
    """Expected value of information before a choice, per journey.

    Parameters
    ----------
    groups, what : tuple of str
        What would be learnt about, and by asking what.
    sizes : tuple of int
        Numbers of further people.
    worth : array, shape (group, size)
        Expected value of their answers.
    perfect : array, shape (group,)
        Expected value of knowing these parameters.
    so_far : float
        People that the posterior rests on.
    unit : str
    journeys : float or None
        Of a period.
    period : str
    cost_per_answer : float or None
    claim : str
    caution : str
        From `Fit.caution`.
    """

    groups: tuple[str, ...]
    what: tuple[str, ...]
    sizes: tuple[int, ...]
    worth: Floats
    perfect: Floats
    so_far: float
    unit: str
    journeys: float | None
    period: str
    cost_per_answer: float | None
    claim: str
    caution: str = ""

    def table(self) -> pd.DataFrame:
        """Return what to measure next, most worth first, and how many answers it takes.

        Returns
        -------
        pandas.DataFrame
            about, ask, perfect (expected value of knowing it, per journey), all_journeys (the
            same for a period; missing where journeys are unknown), answers (further people for
            four fifths of it; missing where none of the sizes is enough), and with a cost per
            answer best_answers and net (what they are worth in a period less what they cost),
            unit, claim.
        """
        import pandas as pd

        rows = []
        for g, name in enumerate(self.groups):
            row: dict[str, object] = {
                "about": name,
                "ask": self.what[g],
                "perfect": float(self.perfect[g]),
                "all_journeys": float(self.perfect[g]) * (self.journeys or np.nan),
                "answers": self._enough(g),
            }
            if self.cost_per_answer is not None and self.journeys is not None:
                row["best_answers"], row["net"] = self._best(g)
            rows.append(row | {"unit": self.unit, "claim": self.claim})
        table = pd.DataFrame(rows)
        return table.sort_values("perfect", ascending=False, kind="stable", ignore_index=True)

    def by_size(self) -> pd.DataFrame:
        """Return what each number of answers is worth.

        Returns
        -------
        pandas.DataFrame
            about, answers, worth (per journey), share (of what perfect knowledge is worth), unit.
        """
        import pandas as pd

        rows = [
            (name, n, float(self.worth[g, k]), self._share(g, k), self.unit)
            for g, name in enumerate(self.groups)
            for k, n in enumerate(self.sizes)
        ]
        return pd.DataFrame(rows, columns=["about", "answers", "worth", "share", "unit"])

    def _share(self, g: int, k: int) -> float:
        return float(self.worth[g, k] / self.perfect[g]) if self.perfect[g] > 0 else np.nan

    def _enough(self, g: int) -> float:
        enough = [n for k, n in enumerate(self.sizes) if self._share(g, k) >= MOST_OF_IT]
        return float(enough[0]) if enough else np.nan

    def _best(self, g: int) -> tuple[int, float]:
        """Number of answers with the most left after their cost, and what is left."""
        assert self.cost_per_answer is not None
        assert self.journeys is not None
        left = self.journeys * self.worth[g] - self.cost_per_answer * np.array(self.sizes)
        k = int(left.argmax())
        return (self.sizes[k], float(left[k])) if left[k] > 0 else (0, 0.0)

    def summary(self) -> str:
        """Say in words what to measure next."""
        lines = [
            f"Worth of knowing more before choosing ({self.claim}; expected gain per "
            f"journey; the posterior rests on {self.so_far:.0f} people):"
        ]
        for row in self.table().to_dict("records"):
            if row["perfect"] <= 0:
                lines.append(f"  {row['about']}: nothing, it would not change the choice")
                continue
            words = f"  {row['about']}: at most {size(row['perfect'], self.unit)}"
            if self.journeys is not None:
                words += f" ({row['all_journeys']:,.0f} a {self.period})"
            known = row["answers"] == row["answers"]
            words += f"; {row['answers']:,.0f} more people" if known else "; no number tried"
            words += f" give {MOST_OF_IT:.0%} of it" if known else f" gives {MOST_OF_IT:.0%} of it"
            if "net" in row:
                words += f"; best is to ask {row['best_answers']:,.0f}, {row['net']:,.0f} net"
            lines.append(words)
        lines.append(
            "An approximation: normal posteriors, answers like those there are, priors not "
            "counted, so that small numbers look somewhat too good."
        )
        return as_text([*lines, NOT_CAUSAL[self.claim]], self.caution)

    def plot(self) -> Figure:
        """Draw what answers are worth by how many there are."""
        from emotion_models.drawing.information import worth_of_answers

        return worth_of_answers(self.by_size(), self.unit)
