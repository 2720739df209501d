"""Other answers about a fit, each as it says itself: its summary, its table, its figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype, is_string_dtype

from emotion_models.drawing.style import svg
from emotion_models.reporting.anonymity import without
from emotion_models.reporting.blocks import Block, Bullets, Paragraph, Picture, Section
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.labelled import relabelled
from emotion_models.reporting.numbers import capital, digits_for, interval, number, unbroken, unit
from emotion_models.reporting.sections.answers import held_back
from emotion_models.reporting.tables import Column, Format, Table

if TYPE_CHECKING:
    from emotion_models.summarised import Summarised

TITLES: Final = {
    "Worth": "What the change is worth",
    "Optimum": "The best set of changes",
    "Sequences": "The best order",
    "Priorities": "Where to act first",
    "Information": "What to find out first",
    "Memory": "What is kept of what was felt",
    "Importance": "What explains how outcomes differ",
    "Robustness": "What would undo each effect",
    "Measurement": "How well the items measure",
    "Criticism": "Where the model and the answers disagree",
    "CrossValidation": "Prediction of people left out",
    "DesignCorrected": "Intervals that follow the sampling design",
    "Winners": "Who gains and who loses",
    "Uncertain": "Where the uncertainty comes from",
    "Kept": "What is remembered, before and after",
    "Explained": "Why it makes a difference",
}
"""Kinds of answers by the name of their class, and the title of their section."""

_HIDES: Final = (
    "Words and figure of this answer are left out: they would show groups that are not shown to "
    "protect respondents."
)
MOST_ROWS: Final = 40
_INTERVAL: Final = ("lower", "upper")
_IN_UNITS: Final = {
    *("importance", "difference", "contribution", "before", "after", "mean", "size", "regret"),
    *("guess", "perfect", *_INTERVAL),
}
"""Columns in the unit that the column ``unit`` names."""


def further_sections(inputs: Inputs) -> list[Section]:
    """One section for each further answer, in the order in which they were given."""
    return [_section(inputs, each, place) for place, each in enumerate(inputs.further, start=1)]


def _section(inputs: Inputs, result: Summarised, place: int) -> Section:
    title = TITLES[type(result).__name__]
    failed = tuple(check.name for check in inputs.fit.checks if check.status == "FAIL")
    if failed:
        return Section(title, (held_back(f"{title[:1].lower()}{title[1:]}", failed),))
    as_named: Any = result
    table: pd.DataFrame = as_named.table()
    hides = "segment" in table and bool(table["segment"].astype(str).isin(inputs.hidden).any())
    if "segment" in table:
        table = without(table, inputs.hidden)
    blocks: list[Block] = (
        [Paragraph(_HIDES, quiet=True)] if hides else _shown(result, inputs, place)
    )
    if not table.empty:
        blocks.append(as_table(title, inputs.names.label(table)))
    return Section(title, tuple(blocks))


def _shown(result: Summarised, inputs: Inputs, place: int) -> list[Block]:
    """What an answer says of itself, and draws, of all groups it knows."""
    answered = relabelled(result, inputs.names)
    said = answered.summary()
    blocks = _words(said)
    if hasattr(answered, "plot"):
        title = TITLES[type(result).__name__]
        blocks.append(Picture(f"further-{place}", svg(answered.plot()), f"{title}.", said))
    return blocks


def _words(summary: str) -> list[Block]:
    """Lines of a summary: indented ones are a list, the others paragraphs, what to mind quiet."""
    blocks: list[Block] = []
    lines = summary.splitlines()
    for line in lines:
        last = blocks[-1] if blocks else None
        if not line.startswith(" "):
            blocks.append(Paragraph(line, quiet=line is lines[-1] or line.startswith("note:")))
        elif isinstance(last, Bullets):
            blocks[-1] = Bullets((*last.items, line.strip()))
        else:
            blocks.append(Bullets((line.strip(),)))
    return blocks


def as_table(caption: str, frame: pd.DataFrame) -> Table:
    """Lay a frame out for print: what is the same in all rows is said once, below.

    Parameters
    ----------
    caption : str
    frame : DataFrame
        Its first numeric column before ``lower`` and ``upper`` is printed with them.

    Returns
    -------
    Table
        At most `MOST_ROWS` rows.
    """
    frame = _in_print(frame)
    same = [n for n in frame if len(frame) > 1 and frame[n].nunique(dropna=False) == 1]
    notes = [f"{_heading(n)}: {frame[n].iloc[0]}" for n in same if is_string_dtype(frame[n].dtype)]
    shown = frame.drop(columns=same)
    shown = _with_intervals(shown)
    if len(shown) > MOST_ROWS:
        notes.append(f"the first {MOST_ROWS} of {len(shown)} rows")
    columns = [Column(str(n), _heading(n), _format(str(n), shown[n])) for n in shown]
    records = shown.head(MOST_ROWS).to_dict("records")
    note = "; ".join(notes)
    return Table.from_records(
        caption, columns, records=records, note=f"{capital(note)}." if note else ""
    )


def _in_print(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn shares into percentage points and the like, as the rest of the report prints them."""
    if "unit" not in frame:
        return frame
    units = [unit(str(name)) for name in frame["unit"]]
    factors = [size.factor for size in units]
    moved = {str(n): frame[n] * factors for n in frame if n in _IN_UNITS}
    return frame.assign(**moved, unit=[size.change.strip() for size in units])


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """Put estimates and their intervals in one cell each."""
    for name in [str(n) for n in frame if is_float_dtype(frame[n])]:
        ends = [f"{name}_lower", f"{name}_upper"]
        if set(ends) <= set(frame):
            frame = _merged(frame, name, ends)
    if not set(_INTERVAL) <= set(frame):
        return frame
    before = list(frame)[: list(frame).index("lower")]
    estimates = [str(n) for n in before if is_float_dtype(frame[n]) and n != "sd"]
    return _merged(frame, estimates[-1], list(_INTERVAL)) if estimates else frame


def _merged(frame: pd.DataFrame, name: str, ends: list[str]) -> pd.DataFrame:
    width = float((frame[ends[1]] - frame[ends[0]]).median())
    digits = digits_for(width / 4)  # about a standard error
    rows = frame[[name, *ends]].itertuples(index=False, name=None)
    cells = [_cell(value, lower, upper, digits) for value, lower, upper in rows]
    merged = frame.assign(**{name: cells}).drop(columns=ends)
    return merged.rename(columns={name: f"{name} (90% interval)"})


def _cell(value: float, lower: float, upper: float, digits: int) -> str:
    if value != value:  # unknown
        return ""
    return f"{number(value, digits)} ({unbroken(interval(lower, upper, digits))})"


def _heading(name: object) -> str:
    words = str(name).replace("_", " ")
    return f"Chance: {words[2:]}" if str(name).startswith("p_") else capital(words)


def _format(name: str, values: pd.Series[Any]) -> Format:
    if is_bool_dtype(values) or not (is_float_dtype(values) or is_integer_dtype(values)):
        return "text"
    if name.startswith("p_"):
        return "percent"
    return "integer" if is_integer_dtype(values) else "number"
