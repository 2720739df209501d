"""Rating questions as they stand in the file, whether an emotion has one or several."""

from __future__ import annotations

from dataclasses import dataclass

from emotion_models.survey.parts import EmotionItem


@dataclass(frozen=True)
class RatedItem:
    """One rating question as it stands in the file.

    Parameters
    ----------
    name, label : str
        The emotion's own where it has one question.
    emotion : int
        Index of the emotion it asks about.
    scale : str
    reversed : bool
    pattern : str
        Column pattern.
    word : str
        What ``{emotion}`` in the pattern stands for.
    """

    name: str
    label: str
    emotion: int
    scale: str
    reversed: bool
    pattern: str
    word: str

    @classmethod
    def of(cls, emotion: EmotionItem, index: int, layout: str) -> tuple[RatedItem, ...]:
        """List the questions of an emotion; `layout` is the pattern of those without their own."""
        default = layout if emotion.column is None else emotion.column
        name, label = emotion.name, emotion.label
        if not emotion.items:
            return (cls(name, label, index, emotion.scale, False, default, name),)
        return tuple(
            cls(
                item.name,
                item.label,
                index,
                item.scale,
                item.reversed,
                item.column or default,
                name if item.column or "{item}" in default else item.name,
            )
            for item in emotion.items
        )
