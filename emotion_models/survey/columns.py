"""Which columns of the file a codebook speaks of."""

from __future__ import annotations

from emotion_models.survey.codebook import Codebook


def site_columns(book: Codebook) -> list[str]:
    """Columns that belong to touchpoints: all of them (wide), or those of the long file."""
    wide = book.layout.form == "wide"
    names = book.touchpoint_names if wide else [""]
    columns = [
        book.rating_column(item, touchpoint=name) for item in book.emotion_items for name in names
    ]
    patterns = [part.column for part in (book.order, book.duration, book.recall) if part]
    patterns += [book.layout.visited] if book.layout.visited else []
    columns += [book.column(pattern, touchpoint=name) for pattern in patterns for name in names]
    for lever in book.levers:
        sites = book.lever_sites(lever) if wide else [""]
        columns += [book.column(lever.column, touchpoint=t, lever=lever.name) for t in sites]
    columns += [column for column in (book.layout.touchpoint, book.layout.order) if column]
    return list(dict.fromkeys(columns))


def journey_columns(book: Codebook) -> list[str]:
    """Columns with one value per journey, without the identifiers."""
    columns = [item.column for item in (*book.remembered, *book.relationship_items)]
    columns += [part.column for part in (*book.behaviours, *book.controls)]
    columns += [part.event for part in book.behaviours if part.event]
    if book.segments:
        columns += [book.segments.column] if book.segments.column else [*book.segments.columns]
    single = (book.weights, book.customer_value, book.delay, book.date, book.wave)
    for part in (*single, book.cluster, book.stratum):
        columns += [part.column] if part else []
    columns += [book.careless.seconds] if book.careless.seconds else []
    return list(dict.fromkeys(columns))


def expected_columns(book: Codebook) -> list[str]:
    """All columns of the codebook, identifiers first."""
    layout = book.layout
    identifiers = [layout.journey] + ([layout.respondent] if layout.respondent else [])
    return list(dict.fromkeys([*identifiers, *site_columns(book), *journey_columns(book)]))
