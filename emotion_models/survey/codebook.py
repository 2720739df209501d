"""The codebook: what the columns of a survey file mean, as one frozen TOML document."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError, model_validator

from emotion_models.errors import InputProblems, Problem
from emotion_models.survey.base import Missing, Scale
from emotion_models.survey.codes import show
from emotion_models.survey.crosscheck import cross_problems
from emotion_models.survey.document import Document
from emotion_models.survey.parts import (
    Behaviour,
    EmotionItem,
    Item,
    Lever,
    Recall,
)
from emotion_models.survey.rated import RatedItem
from emotion_models.survey.toml_text import toml_text
from emotion_models.survey.translate import FaultsError, toml_problem, translate

_PLACEHOLDER = re.compile(r"\{(touchpoint|emotion|item|lever)\}")


class Codebook(Document):
    """Everything a reader needs to turn a survey file into a `Survey`.

    See ``emotion_models/survey/example_codebook.toml`` for every key with a comment.
    Categories, ranges and scales come from here, never from the data at hand.
    """

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        faults = cross_problems(self)
        if faults:
            raise FaultsError(faults)
        return self

    @classmethod
    def from_toml(cls, source: str | Path) -> Codebook:
        """Read a codebook from TOML text, or from a `Path`.

        Parameters
        ----------
        source : str or Path
            TOML text (str), or a file (Path).

        Raises
        ------
        InputProblems
            With every fault of the codebook.
        """
        if isinstance(source, Path):
            return cls.load(source)
        return _parse(source, "codebook")

    @classmethod
    def load(cls, path: str | Path) -> Codebook:
        """Read a codebook file.

        Raises
        ------
        InputProblems
            When the file cannot be read, and with every fault of the codebook.
        """
        path = Path(path)
        return _parse(read_toml_text(path), f"codebook {path.name}")

    def to_toml(self) -> str:
        """Write as TOML that `from_toml` reads back to an equal codebook."""
        return toml_text(self.model_dump(mode="json", exclude_none=True, exclude_defaults=True))

    @property
    def touchpoint_names(self) -> list[str]:
        """Names of the touchpoints, in default order."""
        return [part.name for part in self.touchpoints]

    @property
    def emotion_names(self) -> list[str]:
        """Names of the emotions."""
        return [part.name for part in self.emotions]

    @property
    def emotion_items(self) -> list[RatedItem]:
        """All rating questions, emotion by emotion; one each where none declares `items`."""
        questions = (RatedItem.of(e, i, self.layout.rating) for i, e in enumerate(self.emotions))
        return [item for asked in questions for item in asked]

    @property
    def several_items(self) -> bool:
        """Whether an emotion declares `items`: then ratings have the dimension ``emotion_item``."""
        return any(emotion.items for emotion in self.emotions)

    @property
    def rating_dim(self) -> Literal["emotion", "emotion_item"]:
        """Dimension of ratings beside journey and touchpoint."""
        return "emotion_item" if self.several_items else "emotion"

    @property
    def lever_names(self) -> list[str]:
        """Names of the levers."""
        return [part.name for part in self.levers]

    @property
    def remembered_names(self) -> list[str]:
        """Names of the remembered items."""
        return [part.name for part in self.remembered]

    @property
    def construct_names(self) -> list[str]:
        """Names of the relationship constructs."""
        return [part.name for part in self.relationship]

    @property
    def relationship_items(self) -> list[Item]:
        """All relationship items, construct by construct."""
        return [item for construct in self.relationship for item in construct.items]

    @property
    def relationship_names(self) -> list[str]:
        """Names of the relationship items."""
        return [item.name for item in self.relationship_items]

    @property
    def construct_of_item(self) -> list[int]:
        """Index of the construct of each relationship item."""
        return [c for c, construct in enumerate(self.relationship) for _ in construct.items]

    @property
    def behaviour_names(self) -> list[str]:
        """Names of the behaviours."""
        return [part.name for part in self.behaviours]

    @property
    def control_names(self) -> list[str]:
        """Names of the controls."""
        return [part.name for part in self.controls]

    @property
    def segment_names(self) -> list[str]:
        """Labels of the segments; ``["(all)"]`` when there are none."""
        return list(self.segments.labels) if self.segments else ["(all)"]

    def scale_of(self, item: EmotionItem | RatedItem | Item | Recall | Behaviour) -> Scale:
        """Answer scale of an emotion, item, recall question or ordinal behaviour.

        Raises
        ------
        ValueError
            When the behaviour is not ordinal.
        """
        if item.scale is None:
            raise ValueError("a behaviour of this family has no answer scale")
        return self.scales[item.scale]

    def missing_of(self, part: object) -> Missing:
        """Missing codes that hold for a part: its own, else its scale's, else the codebook's."""
        own = getattr(part, "missing", None)
        if isinstance(own, Missing):
            return own
        scale = self.scales.get(getattr(part, "scale", None) or "")
        return scale.missing if scale is not None and scale.missing is not None else self.missing

    def column(
        self,
        pattern: str,
        *,
        touchpoint: str = "",
        emotion: str = "",
        item: str = "",
        lever: str = "",
    ) -> str:
        """Fill a column pattern with names.

        The touchpoint is written by its code, as in the file.
        """
        code = next((str(t.code) for t in self.touchpoints if t.name == touchpoint), touchpoint)
        names = {"touchpoint": code, "emotion": emotion, "item": item, "lever": lever}
        filled = _PLACEHOLDER.sub(lambda match: names[match.group(1)], pattern)
        return unicodedata.normalize("NFC", filled).strip()

    def rating_column(self, item: RatedItem, touchpoint: str = "") -> str:
        """Column of the answers to a rating question at a touchpoint."""
        return self.column(item.pattern, touchpoint=touchpoint, emotion=item.word, item=item.name)

    def lever_sites(self, lever: Lever) -> list[str]:
        """Touchpoints a lever applies at: its `at`, or all of them."""
        return list(lever.at) or self.touchpoint_names


def read_toml_text(path: Path) -> str:
    """Read a codebook file as UTF-8, with or without byte order mark."""
    where, subject = show(str(path)), f"codebook {path.name[:60]}"
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem(where, "is not UTF-8 text", "save the codebook as UTF-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        problem = Problem(where, f"cannot be read ({reason})", "check the path")
    raise InputProblems(subject, [problem])


def _parse(text: str, subject: str) -> Codebook:
    data: object = None
    try:
        data = tomllib.loads(text)
        return Codebook.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise InputProblems(subject, [toml_problem(error)]) from None
    except ValidationError as error:
        faults = translate(error, data, Document)
        raise InputProblems(subject, [fault.problem for fault in faults]) from None
