"""The audit trail: what was read, dropped, recoded and flagged on the way to a `Survey`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

AuditKind = Literal["read", "dropped", "recoded", "flagged", "excluded", "note", "warning"]


@dataclass(frozen=True)
class AuditEntry:
    """One thing that was done or noticed.

    Parameters
    ----------
    kind : {"read", "dropped", "recoded", "flagged", "excluded", "note", "warning"}
    what : str
        In words, without respondent identifiers.
    count : int, optional
        How many rows, journeys or answers it is about.
    """

    kind: AuditKind
    what: str
    count: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}" + ("" if self.count is None else f": {self.count:,}")


@dataclass(frozen=True)
class Audit:
    """The audit trail of a survey.

    Parameters
    ----------
    source : str
        Name of the file, or what was given instead.
    entries : tuple of AuditEntry
        In the order in which things happened.
    """

    source: str
    entries: tuple[AuditEntry, ...] = ()

    def count(self, kind: AuditKind) -> int:
        """Add up the counts of one kind of entry."""
        return sum(entry.count or 0 for entry in self.entries if entry.kind == kind)

    def of(self, *kinds: AuditKind) -> tuple[AuditEntry, ...]:
        """Entries of the given kinds."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` reads it back."""
        return {"source": self.source, "entries": [asdict(entry) for entry in self.entries]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Audit:
        """Read what `as_dict` wrote.

        Raises
        ------
        ValueError
            When it is something else.
        """
        try:
            return cls(str(data["source"]), tuple(_entries(data["entries"])))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an audit trail: {error}") from None

    def __str__(self) -> str:
        return "\n".join([f"Audit of {self.source}", *(f"  {entry}" for entry in self.entries)])


def _entries(items: Iterable[Mapping[str, Any]]) -> Iterable[AuditEntry]:
    for item in items:
        kind, count = item["kind"], item.get("count")
        if kind not in get_args(AuditKind):
            raise TypeError(f"unknown kind {kind!r}")
        yield AuditEntry(kind, str(item["what"]), None if count is None else int(count))
