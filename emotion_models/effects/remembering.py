"""`memory`: what is kept of what was felt, and which rule of memory predicts best."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from emotion_models.errors import InputProblems, Problem, expected
from emotion_models.inference import compare
from emotion_models.inference.asked import check_fit
from emotion_models.intervals import PROBABILITY, summarise
from emotion_models.models.recall import recall_observed
from emotion_models.summarised import Summarised, as_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from emotion_models.inference import Fit
    from emotion_models.inference.comparison import Comparison

RULES: Final = ("mean-only", "peak-end", "end-only", "first-only", "trend-only")
"""The rules of the literature, each a special case of the weights."""
GRID: Final = 21
"""Points of a recall curve."""


@dataclass(frozen=True, eq=False, repr=False)
class Memory(Summarised):
    """What a fit says about memory.

    Parameters
    ----------
    fit : Fit
    rules : Comparison or None
        The fit against the rules of the literature, if they were asked for.
    """

    fit: Fit
    rules: Comparison | None = None

    @property
    def caution(self) -> str:
        """That of the fit."""
        return self.fit.caution

    def table(self) -> pd.DataFrame:
        """Return the weights of the features, see `weights`.

        Returns
        -------
        pandas.DataFrame
            segment, emotion, feature, mean, lower, upper.
        """
        return self.weights.copy()

    @cached_property
    def weights(self) -> pd.DataFrame:
        """Weights of the features: segment, emotion, feature, mean, lower, upper.

        The segment is ``(all)`` where all segments weigh alike.
        """
        import pandas as pd

        fit = self.fit
        found = summarise(self._parameters.memory_weight)
        segments = fit.design.segments if fit.model.memory_by_segment else ("(all)",)
        names = ("segment", "emotion", "feature")
        levels: Any = [list(segments), list(fit.design.emotions), list(fit.model.memory)]
        return _labelled(pd.MultiIndex.from_product(levels, names=names), found)

    @cached_property
    def salience(self) -> pd.DataFrame:
        """Share of each touchpoint in the average: touchpoint, mean, lower, upper."""
        return self.fit.salience()

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Steps between answer categories where they were estimated.

        Columns emotion, step (1 is from the lowest category to the next), mean, lower, upper,
        equal: the size if all steps were equal.
        """
        import pandas as pd

        if self.fit.model.scoring == "linear":
            return pd.DataFrame(columns=["emotion", "step", "mean", "lower", "upper", "equal"])
        exists = self.fit.design.ratings.exists
        index = pd.MultiIndex.from_product(
            [list(self.fit.design.emotions), range(1, exists.shape[1] + 1)],
            names=["emotion", "step"],
        )
        table = _labelled(index, summarise(self._parameters.step))
        table["equal"] = (exists / exists.sum(axis=1, keepdims=True)).ravel()
        return table[exists.ravel()].reset_index(drop=True)

    @cached_property
    def fading(self) -> pd.DataFrame:
        """What is left of remembered emotions after the average delay.

        Columns tone, mean, lower, upper, and p_faster: the probability that this tone fades
        faster than the other. Empty where fading was not estimated.
        """
        import pandas as pd

        columns = ["tone", "mean", "lower", "upper", "p_faster"]
        draws = self.fit.posterior["posterior"].to_dataset()
        if "fading" not in draws:
            return pd.DataFrame(columns=columns)
        rate = draws["fading"].transpose("chain", "draw", "tone").to_numpy().reshape(-1, 2)
        left, faster = summarise(np.exp(-rate)), (rate > rate[:, ::-1]).mean(axis=0)
        tones = draws["tone"].to_numpy().astype(str)
        values = (tones, left.mean, left.lower, left.upper, faster)
        return pd.DataFrame(dict(zip(columns, values, strict=True)))

    @cached_property
    def recall(self) -> pd.DataFrame:
        """Curves of recall: how it changes with one term, the others at their average.

        For the average respondent and touchpoint, over the middle 90% of what was observed.
        Columns term, value (intensity and balance in score units from their mean; first and
        last 0 or 1; delay in standard deviations), mean, lower, upper: the probability of
        recall; for vividness the expected category from 0.
        """
        import pandas as pd

        columns = ["term", "value", "mean", "lower", "upper"]
        if not self.fit.model.recall:
            return pd.DataFrame(columns=columns)
        parts = [self._curve(k, term, values) for k, (term, values) in enumerate(self._grids())]
        return pd.concat(parts, ignore_index=True)[columns]

    @cached_property
    def _parameters(self) -> Any:
        sizes = self.fit.posterior["posterior"].sizes
        return self.fit.parameters(int(sizes["chain"] * sizes["draw"]))

    def _grids(self) -> list[tuple[str, Any]]:
        grids = []
        for term, observed in recall_observed(self.fit.design).items():
            if term in ("first", "last"):
                grids.append((term, np.array([0.0, 1.0])))
            else:
                low, high = np.quantile(observed, [0.05, 0.95])
                grids.append((term, np.linspace(float(low), float(high), GRID)))
        return grids

    def _curve(self, k: int, term: str, values: Any) -> pd.DataFrame:
        """One curve with its interval."""
        import pandas as pd

        draws = self.fit.posterior["posterior"].to_dataset()
        stacked = draws.stack(sample=("chain", "draw"), create_index=False).transpose("sample", ...)
        level = stacked["recall_base"].to_numpy().mean(axis=1)
        eta = level[:, None] + stacked["recall_effect"].to_numpy()[:, k, None] * values
        if "recall_cutpoint" in stacked:
            kappa = stacked["recall_cutpoint"].to_numpy()[:, 0]
            mean = (1 / (1 + np.exp(kappa[:, None, :] - eta[..., None]))).sum(axis=-1)
        else:
            mean = 1 / (1 + np.exp(-eta))
        found = summarise(mean)
        return pd.DataFrame(
            {"term": term, "value": values, "mean": found.mean}
            | {"lower": found.lower, "upper": found.upper}
        )

    def summary(self) -> str:
        """Say in words what is kept, and which rule predicts best."""
        from emotion_models.drawing.memory import FEATURE_WORDS

        lines = [f"What is remembered (association; {PROBABILITY:.0%} intervals):"]
        overall = self.weights.groupby("feature", sort=False)["mean"].mean()
        shares = [f"{FEATURE_WORDS[str(k)]} {v:.0%}" for k, v in overall.items()]
        lines.append("  weights, averaged over emotions: " + ", ".join(shares))
        if len(self.salience):
            top = self.salience.sort_values("mean", ascending=False).iloc[0]
            lines.append(
                f"  the touchpoint that counts most in the average: {top['touchpoint']} "
                f"({top['mean']:.0%} [{top['lower']:.0%}, {top['upper']:.0%}])"
            )
            told = set(self.salience["touchpoint"])
            others = [name for name in self.fit.design.touchpoints if name not in told]
            if others:
                lines.append(
                    f"  of {', '.join(others)} the journeys cannot tell it from the weight of the "
                    "first or last moment"
                )
        lines += [
            f"  {row['tone']} emotions keep {row['mean']:.0%} [{row['lower']:.0%}, "
            f"{row['upper']:.0%}] of their strength after the average delay; they fade faster "
            f"than the others with probability {row['p_faster']:.0%}"
            for row in self.fading.to_dict("records")
        ]
        if self.rules is not None:
            lines += ["  " + line for line in self.rules.summary().splitlines()]
        return as_text(lines, self.caution)

    def plot(self) -> Figure:
        """Draw the weights of every emotion (of the average segment)."""
        from emotion_models.drawing.memory import memory_weights

        design = self.fit.design
        valence = dict(zip(design.emotions, design.valence.tolist(), strict=True))
        table = self.weights.groupby(["emotion", "feature"], sort=False, as_index=False)
        return memory_weights(table[["mean", "lower", "upper"]].mean(), valence)

    def plot_recall(self) -> Figure:
        """Draw the curves of recall.

        Raises
        ------
        InputProblems
            If the fit has no recall.
        """
        from emotion_models.drawing.memory import recall_curves as draw_recall

        if not self.fit.model.recall:
            why = "describe [recall] in the codebook"
            raise InputProblems("memory", [Problem("fit", "has no stage of recall", why)])
        return draw_recall(self.recall)


def memory(fit: Fit, *, rules: tuple[str, ...] = (), progress: bool = True) -> Memory:
    """Say what is kept of what was felt.

    Parameters
    ----------
    fit : Fit
    rules : tuple of str
        Variants to fit and compare with, e.g. `RULES`; each is sampled anew.
    progress : bool

    Returns
    -------
    Memory

    Raises
    ------
    InputProblems
        If the fit has neither outcomes nor recall, or a rule is unknown.
    """
    check_fit("memory", fit)
    expected("memory", "rules", rules, (tuple, list), "give several names, e.g. ('peak-end',)")
    if not (fit.model.outcomes or fit.model.recall):
        raise InputProblems(
            "memory", [Problem("fit", "has no stage of memory", "describe outcomes or recall")]
        )
    return Memory(fit, compare(fit, *rules, progress=progress) if rules else None)


def _labelled(index: Any, found: Any) -> pd.DataFrame:
    """Summaries (…) beside their labels."""
    table = index.to_frame(index=False)
    for name in ("mean", "lower", "upper"):
        table[name] = getattr(found, name).ravel()
    frame: pd.DataFrame = table
    return frame
