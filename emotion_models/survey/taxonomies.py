"""Taxonomies of emotions to draw survey questions from, and emotions without coordinates."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emotion_models.errors import InputProblems, Problem, did_you_mean
from emotion_models.science.emotions import catalogue
from emotion_models.science.sources import MARKS
from emotion_models.science.taxonomies import NAMES, EmotionWord, Preset, TaxonomyName, presets
from emotion_models.summarised import Summarised
from emotion_models.survey.toml_text import toml_text

if TYPE_CHECKING:
    import pandas as pd

    from emotion_models.survey.codebook import Codebook

NO_NORM = "# valence = TODO  # -1..1; no norm is known here: without it positivity passes it by\n"


@dataclass(frozen=True, repr=False)
class Taxonomy(Summarised):
    """A named set of emotion words.

    Parameters
    ----------
    preset : Preset
        Its words, sources and the mark that says how sure they are.
    """

    preset: Preset

    @property
    def emotions(self) -> tuple[EmotionWord, ...]:
        """Its words, with coordinates where a cited norm gives them."""
        return self.preset.emotions

    def table(self) -> pd.DataFrame:
        """Table of the words: emotion, group, mild, intense, valence, arousal, note."""
        import pandas as pd

        rows = [
            (
                word.name,
                word.group,
                word.mild,
                word.intense,
                float("nan") if word.valence is None else word.valence,
                float("nan") if word.arousal is None else word.arousal,
                _note(word),
            )
            for word in self.emotions
        ]
        columns = ["emotion", "group", "mild", "intense", "valence", "arousal", "note"]
        return pd.DataFrame(rows, columns=columns)

    def to_toml(self, *, scale: str = "rating") -> str:
        """Write the words as the emotion tables of a codebook.

        Parameters
        ----------
        scale : str
            Name of their answer scale in the codebook.

        Returns
        -------
        str
            Words without coordinates are marked TODO.
        """
        tables = []
        for word in self.emotions:
            text = toml_text({"emotions": [{"name": word.name, "scale": scale}]})
            text += "" if word.valence is not None else NO_NORM
            text += f"# {_note(word)}\n" if word.is_outcome else ""
            tables.append(text)
        return "\n".join(tables)

    def summary(self) -> str:
        """Say what the taxonomy is, where it is from and what it lacks."""
        preset = self.preset
        cited = "; ".join(
            f"{source.authors} {source.year}" + (f", doi {source.doi}" if source.doi else "")
            for source in preset.sources
        )
        without = [word.name for word in self.emotions if word.valence is None]
        lines = [
            f"{preset.label} ({len(self.emotions)} words). {preset.about}",
            f"Source: {cited}; {MARKS[preset.mark]}.",
        ]
        if without:
            lines.append(f"No coordinates are known here for: {', '.join(without)}.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        shown = self.table().to_html(index=False, na_rep="")
        return f"<p>{html.escape(self.summary())}</p>{shown}"


def taxonomy(name: TaxonomyName | str) -> Taxonomy:
    """Return a named set of emotion words.

    Parameters
    ----------
    name : {"default", "ekman", "plutchik", "goemotions", "consumer"}

    Returns
    -------
    Taxonomy
        With ``table()``, ``summary()`` and ``to_toml()`` for a codebook.

    Raises
    ------
    InputProblems
        If there is no such taxonomy.
    """
    if name not in NAMES:
        fix = did_you_mean(str(name), NAMES)
        raise InputProblems("taxonomy", [Problem(f"'{name}'", "unknown", fix)])
    return Taxonomy(presets()[name])


def without_valence(codebook: Codebook) -> tuple[str, ...]:
    """Emotions whose valence neither the codebook nor a cited norm gives.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    tuple of str
        Their valence counts as 0: nothing of positivity acts on them, their effects are their
        own, and the index of answering style leaves them out.
    """
    return tuple(
        emotion.name
        for emotion in codebook.emotions
        if emotion.valence is None and emotion.name not in catalogue()
    )


def comments_on(chosen: Taxonomy | None, emotions: Iterable[str]) -> str:
    """Comment lines for a drafted codebook: its emotions against norms and a taxonomy.

    Parameters
    ----------
    chosen : Taxonomy or None
        The taxonomy to compare with.
    emotions : iterable of str

    Returns
    -------
    str
        Lines that start with ``#``; empty where there is nothing to say.
    """
    asked = list(emotions)
    unknown = [emotion for emotion in asked if emotion not in catalogue()]
    lines = []
    if unknown:
        lines.append(f"TODO: no norm for {', '.join(unknown)}: give each a valence (-1..1).")
    if chosen is not None:
        words = [word.name for word in chosen.emotions]
        lines.append(f"Beside the taxonomy '{chosen.preset.name}' ({chosen.preset.label}):")
        lines.append("  asked, not in it: " + (", ".join(_less(asked, words)) or "none"))
        lines.append("  in it, not asked: " + (", ".join(_less(words, asked)) or "none"))
    return "".join(f"# {_printable(line)}\n" for line in lines)


def _printable(line: str) -> str:
    """Keep a column's name from ending the comment it stands in."""
    return "".join(char if char.isprintable() else " " for char in line)


def _less(some: list[str], others: list[str]) -> list[str]:
    return [each for each in some if each not in others]


def _note(word: EmotionWord) -> str:
    if word.is_outcome:
        return "do not ask where it is an outcome too: that would be circular"
    return "" if word.valence is not None else "no coordinates known here"
