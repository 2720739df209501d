"""The list of references, from the records of `emotion_models.science.sources`."""

from __future__ import annotations

from collections.abc import Iterable

from emotion_models.science.sources import SOURCES, Source

NOTES = {"V": "", "S": " (known here from a secondary source)", "M": " (not checked here)"}


def cite(*keys: str) -> str:
    """Write sources as cited in running text: ``(Soscia 2007; Kruschke 2021)``.

    Raises
    ------
    KeyError
        For a source without a record.
    """
    return "(" + "; ".join(SOURCES[key].key for key in keys) + ")"


def reference(source: Source) -> str:
    """Write one entry of the list of references."""
    title = f" {source.title}." if source.title else ""
    doi = f" https://doi.org/{source.doi}." if source.doi else ""
    use = f" Used for: {source.supports}{NOTES[source.mark]}."
    return f"{source.authors} ({source.year}).{title}{doi}{use}"


def references_in(texts: Iterable[str]) -> tuple[str, ...]:
    """List every source whose key occurs in the texts, in alphabetical order."""
    joined = "\n".join(texts)
    used = [source for key, source in SOURCES.items() if key in joined]
    return tuple(reference(s) for s in sorted(used, key=lambda s: (s.authors.lower(), s.year)))
