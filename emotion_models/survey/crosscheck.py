"""Does a codebook agree with itself: names, references, columns and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from emotion_models.errors import Problem, did_you_mean
from emotion_models.survey.base import Missing, Scale
from emotion_models.survey.codes import as_number, canonical, listed, show
from emotion_models.survey.document import Document
from emotion_models.survey.translate import Fault, Loc, describe
from emotion_models.survey.value import value_problems

_BRACES = re.compile(r"\{([^{}]*)\}")
_KNOWN = ("touchpoint", "emotion", "item", "lever")
# Of families that take numbers from somewhere on; a plain number may be anything, so what the
# codebook calls a missing code is one.
_LOWEST = {"count": 0.0, "amount": 0.0, "duration": 1.0}


def cross_problems(book: Document) -> list[Fault]:
    """Find every contradiction inside a codebook whose parts are valid one by one.

    Parameters
    ----------
    book : Document

    Returns
    -------
    list of Fault
        Empty when the codebook is sound.
    """
    data = book.model_dump()
    found = [*_names(book), *_references(book), *_patterns(book), *_scales(book), *_codes(book)]
    if book.value is not None:
        found += value_problems(book.value, book.behaviours, book.customer_value is not None)
    return [Fault(loc, Problem(describe(loc, data), what, fix)) for loc, what, fix in found]


_Found = Iterator[tuple[Loc, str, str]]


def _names(book: Document) -> _Found:
    groups: dict[str, list[tuple[Loc, str]]] = {
        group: [((group, i), part.name) for i, part in enumerate(getattr(book, group))]
        for group in ("touchpoints", "emotions", "levers", "controls")
    }
    groups["rating items"] = _rating_items(book)
    groups["relationship items"] = [
        (("relationship", c, "items", q), item.name)
        for c, construct in enumerate(book.relationship)
        for q, item in enumerate(construct.items)
    ]
    groups["remembered items, constructs and behaviours"] = [
        ((group, i), part.name)
        for group in ("remembered", "relationship", "behaviours")
        for i, part in enumerate(getattr(book, group))
    ]
    for group, members in groups.items():
        seen: set[str] = set()
        for loc, name in members:
            if canonical(name) in seen:
                yield loc, f"the name {show(name)} is used twice in {group}", "rename one of them"
            seen.add(str(canonical(name)))
    codes: set[object] = set()
    for t, touchpoint in enumerate(book.touchpoints):
        if canonical(touchpoint.code) in codes:
            yield ("touchpoints", t, "code"), f"{show(touchpoint.code)} is used twice", ""
        codes.add(canonical(touchpoint.code))


def _rating_items(book: Document) -> list[tuple[Loc, str]]:
    """Names along the dimension of rating questions, where any emotion declares items."""
    if not any(emotion.items for emotion in book.emotions):
        return []
    found: list[tuple[Loc, str]] = []
    for e, emotion in enumerate(book.emotions):
        found += [(("emotions", e, "items", q), item.name) for q, item in enumerate(emotion.items)]
        found += [] if emotion.items else [(("emotions", e), emotion.name)]
    return found


def _references(book: Document) -> _Found:
    scaled: list[tuple[Loc, str | None]] = [
        (("emotions", e), emotion.scale)
        for e, emotion in enumerate(book.emotions)
        if not emotion.items
    ]
    scaled += [
        (("emotions", e, "items", q), item.scale)
        for e, emotion in enumerate(book.emotions)
        for q, item in enumerate(emotion.items)
    ]
    scaled += [(("recall",), book.recall.scale)] if book.recall else []
    scaled += [(("remembered", i), item.scale) for i, item in enumerate(book.remembered)]
    scaled += [
        (("relationship", c, "items", q), item.scale)
        for c, construct in enumerate(book.relationship)
        for q, item in enumerate(construct.items)
    ]
    scaled += [(("behaviours", k), behaviour.scale) for k, behaviour in enumerate(book.behaviours)]
    for loc, scale in scaled:
        if scale is not None and scale not in book.scales:
            fix = did_you_mean(scale, list(book.scales))
            yield (*loc, "scale"), f"{show(scale)} is not among the scales", fix
    touchpoints = [touchpoint.name for touchpoint in book.touchpoints]
    for i, lever in enumerate(book.levers):
        for name in lever.at:
            if name not in touchpoints:
                fix = did_you_mean(name, touchpoints)
                yield ("levers", i, "at"), f"{show(name)} is not among the touchpoints", fix
    controls = [control.name for control in book.controls]
    for name in book.segments.context if book.segments else ():
        if name not in controls:
            fix = did_you_mean(name, controls)
            yield ("segments", "context"), f"{show(name)} is not among the controls", fix
    emotions = [emotion.name for emotion in book.emotions]
    for i, item in enumerate(book.remembered):
        if item.emotion is not None and item.emotion not in emotions:
            fix = did_you_mean(item.emotion, emotions)
            yield (
                ("remembered", i, "emotion"),
                f"{show(item.emotion)} is not among the emotions",
                fix,
            )


def _patterns(book: Document) -> _Found:
    for loc, pattern, required, optional in _pattern_rules(book):
        allowed = tuple(dict.fromkeys((*required, *optional)))
        held = _BRACES.findall(pattern)
        for word in held:
            if word not in allowed:
                fix = did_you_mean(word, allowed or _KNOWN)
                yield loc, f"{{{word}}} in {show(pattern)} has no meaning here", fix
        for word in required:
            if word not in held:
                yield loc, f"{show(pattern)} lacks {{{word}}}", "every one has a column of its own"
    if book.order is not None and book.layout.form == "long":
        yield ("order",), "is for the wide form", "use 'layout.order' in long form"
    yield from _shared_columns(book)


def _pattern_rules(
    book: Document,
) -> Iterator[tuple[Loc, str, tuple[str, ...], tuple[str, ...]]]:
    """Every column pattern with the placeholders it must hold and those it may hold."""
    wide = book.layout.form == "wide"
    may = ("touchpoint",) if wide else ()
    site = may if len(book.touchpoints) > 1 else ()
    yield from _rating_patterns(book, site, may)
    if book.layout.visited is not None:
        yield ("layout", "visited"), book.layout.visited, site, may
    for role in ("order", "duration", "recall"):
        part = getattr(book, role)
        if part is not None:
            yield (role, "column"), part.column, site, may
    for i, lever in enumerate(book.levers):
        yield ("levers", i, "column"), lever.column, (), (*may, "lever")


def _rating_patterns(
    book: Document, site: tuple[str, ...], may: tuple[str, ...]
) -> Iterator[tuple[Loc, str, tuple[str, ...], tuple[str, ...]]]:
    """Patterns of rating questions; one that serves several holds the word they differ in."""
    words = ("emotion", "item")
    shared = [e for e in book.emotions if e.column is None]
    asked = [e for e in shared if not e.items or any(item.column is None for item in e.items)]
    if asked:
        pattern = book.layout.rating
        needs = "item" if "{item}" in pattern else "emotion"
        yield ("layout", "rating"), pattern, (*site, needs), (*may, *words)
    for e, emotion in enumerate(book.emotions):
        if emotion.column is not None:
            differ = sum(item.column is None for item in emotion.items) > 1
            plain = "{item}" not in emotion.column and "{emotion}" in emotion.column
            need = (*site, "emotion" if plain else "item") if differ else site
            yield ("emotions", e, "column"), emotion.column, need, (*may, *words)
        for q, item in enumerate(emotion.items):
            if item.column is not None:
                yield ("emotions", e, "items", q, "column"), item.column, site, (*may, *words)


def _shared_columns(book: Document) -> _Found:
    single: list[tuple[Loc, str]] = [
        (("remembered", i), item.column) for i, item in enumerate(book.remembered)
    ]
    single += [
        (("relationship", c, "items", q), item.column)
        for c, construct in enumerate(book.relationship)
        for q, item in enumerate(construct.items)
    ]
    single += [(("behaviours", k), item.column) for k, item in enumerate(book.behaviours)]
    single += [(("behaviours", k), b.event) for k, b in enumerate(book.behaviours) if b.event]
    single += [
        (("emotions", e), emotion.column)
        for e, emotion in enumerate(book.emotions)
        if emotion.column is not None and not emotion.items
    ]
    single += [
        (("emotions", e, "items", q), item.column)
        for e, emotion in enumerate(book.emotions)
        for q, item in enumerate(emotion.items)
        if item.column is not None and "{item}" not in item.column
    ]
    seen: set[str] = set()
    for loc, column in single:
        if column in seen:
            yield (*loc, "column"), f"{show(column)} is already the column of another item", ""
        seen.add(column)


def _scales(book: Document) -> _Found:
    for name, scale in book.scales.items():
        keys = [canonical(value) for value in scale.values]
        if len(set(keys)) < len(keys):
            yield ("scales", name, "values"), "a value is listed twice", ""
        for i, label in enumerate(scale.labels):
            key = canonical(label)
            others = keys[:i] + keys[i + 1 :] + [canonical(text) for text in scale.labels[:i]]
            if key in others:
                what = f"the label {show(label)} also stands for another value"
                yield ("scales", name, "labels"), what, "make the labels distinct"
    for group in ("levers", "controls"):
        for i, part in enumerate(getattr(book, group)):
            keys = [canonical(code) for code in part.categories]
            if len(set(keys)) < len(keys):
                yield (group, i, "categories"), "a category is listed twice", ""


def _codes(book: Document) -> _Found:
    """Find missing codes that are also answers."""
    yield from _twice(book.missing, ("missing",))
    for name, scale in book.scales.items():
        own = scale.missing
        if own is not None:
            yield from _twice(own, ("scales", name, "missing"))
        for code in _taken(own or book.missing, scale):
            fix = f"give this scale its own codes in [scales.{name}.missing]"
            yield ("scales", name), f"the missing code {show(code)} is also an answer", fix
    numeric: list[tuple[Loc, Missing, float, float]] = [
        (("behaviours", k), part.missing or book.missing, _LOWEST[part.family], float("inf"))
        for k, part in enumerate(book.behaviours)
        if part.family in _LOWEST
    ]
    for group in ("levers", "controls"):
        numeric += [
            ((group, i), part.missing or book.missing, part.minimum, part.maximum)
            for i, part in enumerate(getattr(book, group))
            if part.kind == "numeric" and part.minimum is not None and part.maximum is not None
        ]
    for loc, missing, low, high in numeric:
        for code in _all(missing):
            number = as_number(code)
            if number is not None and low <= number <= high:
                fix = "give it its own codes with the key 'missing'"
                yield loc, f"the missing code {show(code)} is also a possible value", fix


def _all(missing: Missing) -> Sequence[object]:
    return (*missing.not_visited, *missing.refused, *missing.blank)


def _twice(missing: Missing, loc: Loc) -> _Found:
    keys = [canonical(code) for code in _all(missing)]
    doubled = sorted({key for key in keys if keys.count(key) > 1}, key=str)
    if doubled:
        yield loc, f"a code has two meanings or stands twice: {listed(doubled)}", ""


def _taken(missing: Missing, scale: Scale) -> list[object]:
    answers = {canonical(value) for value in (*scale.values, *scale.labels)}
    return [code for code in _all(missing) if canonical(code) in answers or _on(scale, code)]


def _on(scale: Scale, code: object) -> bool:
    """Whether a number stands somewhere on a slider."""
    number = as_number(code)
    low, high = scale.span
    return scale.kind == "slider" and number is not None and low <= number <= high
