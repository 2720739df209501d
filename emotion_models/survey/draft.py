"""Drafts a codebook from a data file, for its author to complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotion_models.errors import InputProblems, Problem
from emotion_models.survey.base import MAX_CATEGORIES
from emotion_models.survey.codebook import Codebook
from emotion_models.survey.codes import as_number, canonical
from emotion_models.survey.faults import Faults
from emotion_models.survey.grid import Grid, find_grid
from emotion_models.survey.open_table import open_table
from emotion_models.survey.table import Table
from emotion_models.survey.taxonomies import comments_on
from emotion_models.survey.taxonomies import taxonomy as named_taxonomy
from emotion_models.survey.toml_text import toml_text

_FEW = 12
_HEAD = """\
# Draft codebook of {name}. What is below loads and reads the file; what the file cannot say is
# marked TODO. emotion_models/survey/example_codebook.toml shows every key.
"""
_TAIL = "\n# TODO: further columns. Give each its role, or delete its lines.\n"


def draft_codebook(source: Any, *, taxonomy: str | None = None) -> str:
    """Draft a codebook from a data file.

    Parameters
    ----------
    source : str, Path or data frame
        CSV, Excel, SPSS or Parquet file.
    taxonomy : str, optional
        Name of a set of emotion words (`em.taxonomy`) to set beside those of the file.

    Returns
    -------
    str
        TOML text that ``Codebook.from_toml`` reads. What the file cannot tell (the meaning of
        codes, the roles of further columns) is marked TODO.

    Raises
    ------
    InputProblems
        When the file cannot be read, or holds nothing that looks like ratings; when there is
        no such taxonomy.
    """
    words = None if taxonomy is None else named_taxonomy(taxonomy)
    name = Path(source).name if isinstance(source, (str, Path)) else "data frame"
    faults = Faults()
    table = open_table(source, faults)
    if table is None or faults.problems:
        raise InputProblems(name, faults.problems)
    views = {column: _view(table, column) for column in table.columns}
    journey, touchpoint = _identifiers(table, views)
    grid = None if touchpoint else find_grid(list(views))
    rated = _rated(views, grid, {journey, touchpoint or ""})
    if not rated:
        what = "no column looks like a rating (2 to 120 distinct values)"
        raise InputProblems(name, [Problem("file", what, "write the codebook by hand")])
    document = _document(name, journey, touchpoint, grid, rated, views)
    used = {journey, touchpoint, *rated}
    rest = [view for column, view in views.items() if column not in used]
    emotions = [emotion["name"] for emotion in document["emotions"]]
    text = _HEAD.format(name=_one_line(name)) + "\n"
    text += _marked(toml_text(document), comments_on(words, emotions))
    text += _TAIL + "".join(_suggestion(view) for view in rest) if rest else ""
    Codebook.from_toml(text)
    return text


@dataclass(frozen=True)
class _View:
    """A column at a glance: its distinct answers in order, and codes that look like missing."""

    column: str
    answers: tuple[Any, ...]
    labels: tuple[str, ...]
    missing: tuple[Any, ...]
    numeric: bool
    unique: bool


def _view(table: Table, column: str) -> _View:
    encoded = table.encoded(column)
    cells = [cell for cell in encoded.distinct if table.key(cell) != ""]
    absent = {table.key(cell) for cell in table.user_missing.get(column, ())}
    named = table.value_labels.get(column, {})
    by_key: dict[Any, str] = {}
    for cell in cells:
        by_key.setdefault(table.key(cell), str(cell).strip())
    by_key |= {table.key(value): str(_number(value)) for value in named}
    numeric = all(isinstance(key, float) for key in by_key)
    gone = [key for key in by_key if key in absent or (isinstance(key, float) and key < 0)]
    kept = [key for key in by_key if key not in gone]
    kept = sorted(kept) if numeric else kept
    if numeric and kept and kept[-1] - kept[0] < MAX_CATEGORIES and _whole(kept):
        kept = [float(value) for value in range(int(kept[0]), int(kept[-1]) + 1)]
    answers = tuple(_number(key) if isinstance(key, float) else by_key[key] for key in kept)
    labels = tuple(str(named.get(key, answer)) for key, answer in zip(kept, answers, strict=True))
    unique = len(cells) == len(table) and len(by_key) == len(cells)
    return _View(column, answers, labels, tuple(map(_number, gone)), numeric, unique)


def _identifiers(table: Table, views: dict[str, _View]) -> tuple[str, str | None]:
    """Guess the journey column, and the touchpoint column of a long file."""
    unique = [view.column for view in views.values() if view.unique]
    if unique:
        likely = [column for column in unique if "id" in column.casefold()]
        return (likely or unique)[0], None
    first = next(iter(views))
    for view in views.values():
        if view.column != first and not view.numeric and 1 < len(view.answers) <= 60:
            pairs = set(
                zip(table.encoded(first).index, table.encoded(view.column).index, strict=True)
            )
            if len(pairs) == len(table):
                return first, view.column
    return first, None


def _rated(
    views: dict[str, _View], grid: Grid | None, taken: set[str]
) -> dict[str, tuple[str, str]]:
    """Columns that hold ratings, with their (touchpoint, emotion)."""
    if grid is not None:
        cells = {
            grid.pattern.replace("{touchpoint}", t).replace("{emotion}", e): (t, e)
            for t in grid.touchpoints
            for e in grid.emotions
        }
        yes_no = {e for e in grid.emotions if _only_yes_no(e, cells, views)}
        keep = yes_no if len(yes_no) == len(grid.emotions) else set(grid.emotions) - yes_no
        return {column: cell for column, cell in cells.items() if cell[1] in keep}
    return {
        view.column: ("", view.column)
        for view in views.values()
        if view.column not in taken and view.numeric and 2 <= len(view.answers) <= _FEW
        if len(view.column) <= 80 and "{" not in view.column
    }


def _only_yes_no(emotion: str, cells: dict[str, tuple[str, str]], views: dict[str, _View]) -> bool:
    """Whether a question of the grid is answered 0 or 1 only: recall, rather than an emotion."""
    columns = [column for column, cell in cells.items() if cell[1] == emotion]
    return all(set(views[column].answers) <= {0, 1} for column in columns)


def _document(
    name: str,
    journey: str,
    touchpoint: str | None,
    grid: Grid | None,
    rated: dict[str, tuple[str, str]],
    views: dict[str, _View],
) -> dict[str, Any]:
    ratings = [views[column] for column in rated]
    layout: dict[str, Any] = {"form": "wide", "journey": journey}
    sites: Sequence[Any] = grid.touchpoints if grid else ["journey"]
    if grid:
        layout["rating"] = grid.pattern
    elif touchpoint:
        layout |= {"form": "long", "touchpoint": touchpoint}
        sites = views[touchpoint].answers
    else:
        layout["rating"] = "{emotion}"
    emotions = list(dict.fromkeys(emotion for _, emotion in rated.values()))
    document: dict[str, Any] = {"study": {"name": _one_line(Path(name).stem)[:80] or "survey"}}
    document["layout"] = layout
    missing = sorted({code for view in ratings for code in view.missing}, key=str)
    document["missing"] = {"not_visited": [], "refused": [], "blank": missing}
    document["scales"] = {"rating": _scale(ratings)}
    document["touchpoints"] = [{"name": str(site)} for site in sites]
    document["emotions"] = [{"name": emotion, "scale": "rating"} for emotion in emotions]
    return document


def _scale(ratings: Sequence[_View]) -> dict[str, Any]:
    """One scale that holds the answers of all rating columns."""
    labels: dict[Any, tuple[Any, str]] = {}
    for view in ratings:
        for answer, label in zip(view.answers, view.labels, strict=True):
            if canonical(answer) not in labels or label != str(answer):
                labels[canonical(answer)] = (answer, label)
    keys = (
        sorted(labels, key=lambda key: (isinstance(key, str), key if key != "" else 0))
        if all(isinstance(key, float) for key in labels)
        else list(labels)
    )
    scale: dict[str, Any] = {"values": [labels[key][0] for key in keys]}
    if any(str(answer) != label for answer, label in labels.values()):
        scale["labels"] = [labels[key][1] for key in keys]
    return scale


def _marked(text: str, on_emotions: str) -> str:
    """Say where the author must look."""
    notes = {
        "[missing]": "# TODO: sort these codes into not_visited, refused and blank.\n",
        "[scales.rating]": "# TODO: all values of the scale, from low to high, used or not.\n",
        "[[touchpoints]]": "# TODO: in their usual order.\n",
        "[[emotions]]": on_emotions,
    }
    for line, note in notes.items():
        text = text.replace(f"\n{line}\n", f"\n{note}{line}\n", 1)
    return text


def _suggestion(view: _View) -> str:
    """Lines, commented out, that describe a column whose role is not known."""
    kind = "binary" if set(view.answers) <= {0, 1} else "numeric" if view.numeric else "categorical"
    part: dict[str, Any] = {"name": _one_line(view.column)[:80], "kind": kind}
    if kind == "numeric" and view.answers:
        part |= {"minimum": view.answers[0], "maximum": view.answers[-1]}
    elif kind == "categorical" and len(view.answers) <= _FEW:
        part["categories"] = [_one_line(str(answer)) for answer in view.answers]
    part["column"] = view.column
    body = toml_text(part).splitlines()
    return "\n" + "".join(f"# {line}\n" for line in ("[[levers]]  # or controls, ...", *body))


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _whole(values: Sequence[Any]) -> bool:
    return all(float(value).is_integer() for value in values)


def _number(value: Any) -> Any:
    number = as_number(value)
    return int(number) if number is not None and number.is_integer() else value
