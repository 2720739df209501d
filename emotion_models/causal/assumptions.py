"""`Assumptions`: what is declared about causes, as a frozen value that prints and saves."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from emotion_models.errors import InputProblems, Problem, did_you_mean

SUBJECT: Final = "assumptions"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Assumptions:
    """What is assumed about causes beyond the model's own order of events.

    Nothing here changes a fit. It changes how far an answer may be claimed, see `identify`.

    Parameters
    ----------
    randomised : sequence of str
        Levers whose value was assigned by chance: nothing that was not assigned causes them.
    confounders : sequence of str or None
        *All* common causes of emotions (or levers) and outcomes, out of the controls, ``segment``
        and ``style`` (the answering style, which the model measures by an index). What else the
        model adjusts for counts as one too. An empty sequence says that there is no other; None
        (the default) says nothing, and an unmeasured common cause of everything is taken to
        remain.
    edges : sequence of (cause, effect)
        Further arrows, e.g. from one emotion to another or from a lever straight to an outcome.
    absent : sequence of (cause, effect)
        Arrows of the model that are declared not to exist.
    latent : mapping of str to sequence of str
        Unmeasured common causes, each with the variables it touches.

    Raises
    ------
    InputProblems
        With everything that is wrong in itself. Names are checked against a codebook by
        `Fit.under` and `identify`.
    """

    randomised: tuple[str, ...] = ()
    confounders: tuple[str, ...] | None = None
    edges: tuple[Pair, ...] = ()
    absent: tuple[Pair, ...] = ()
    latent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        values: dict[str, Any] = {
            "randomised": _names("randomised", self.randomised, problems),
            "confounders": None
            if self.confounders is None
            else _names("confounders", self.confounders, problems),
            "edges": _pairs("edges", self.edges, problems),
            "absent": _pairs("absent", self.absent, problems),
            "latent": MappingProxyType(_latent(self.latent, problems)),
        }
        problems += [
            Problem(f"edges {arrow(pair)}", "is also declared absent", "keep one of the two")
            for pair in values["edges"]
            if pair in values["absent"]
        ]
        if problems:
            raise InputProblems(SUBJECT, problems)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __hash__(self) -> int:
        latent = tuple(sorted(self.latent.items()))
        return hash((self.randomised, self.confounders, self.edges, self.absent, latent))

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be copied to another process; plain values can.
        return (type(self).from_dict, (self.as_dict(),))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_dict` wrote, or a table of a TOML or JSON document.

        Parameters
        ----------
        data : mapping

        Returns
        -------
        Assumptions

        Raises
        ------
        InputProblems
            With every unknown key and every value that does not fit.
        """
        known = [part.name for part in fields(cls)]
        unknown = [
            Problem(f"key '{key}'", "unknown", did_you_mean(str(key), known))
            for key in data
            if key not in known
        ]
        try:
            read = cls(**{key: value for key, value in data.items() if key in known})
        except InputProblems as error:
            raise InputProblems(SUBJECT, [*unknown, *error.problems]) from None
        if unknown:
            raise InputProblems(SUBJECT, unknown)
        return read

    @classmethod
    def from_toml(cls, source: str | Path) -> Self:
        """Read from TOML text, or from a `Path`.

        Parameters
        ----------
        source : str or Path
            TOML text (str), or a file (Path).

        Returns
        -------
        Assumptions

        Raises
        ------
        InputProblems
            When it cannot be read, and with everything that is wrong.
        """
        try:
            text = source.read_text("utf-8-sig") if isinstance(source, Path) else source
            return cls.from_dict(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            problem = Problem("TOML", str(error), "correct it there")
        except (OSError, UnicodeDecodeError) as error:
            problem = Problem(str(source), f"cannot be read ({error})", "check the path")
        raise InputProblems(SUBJECT, [problem])

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values; what says nothing is left out."""
        values: dict[str, Any] = {
            "randomised": list(self.randomised),
            "edges": [list(pair) for pair in self.edges],
            "absent": [list(pair) for pair in self.absent],
            "latent": {name: list(touched) for name, touched in self.latent.items()},
        }
        values = {name: value for name, value in values.items() if value}
        if self.confounders is not None:
            values["confounders"] = list(self.confounders)
        return values

    def to_toml(self) -> str:
        """Write TOML that `from_toml` reads back to the same."""
        import tomli_w

        return tomli_w.dumps(self.as_dict())

    def sentences(self) -> tuple[str, ...]:
        """Say in words what is assumed, one sentence per declaration."""
        said = []
        if self.randomised:
            said.append(f"Assigned by chance: {', '.join(self.randomised)}.")
        if self.confounders is None:
            said.append(
                "Nothing is assumed about common causes of emotions and outcomes; an unmeasured "
                "one may remain."
            )
        else:
            named = ", ".join(self.confounders)
            said.append(
                "Common causes of emotions (or levers that were not assigned by chance) and "
                f"outcomes: {named}{' and ' if named else ''}what else the model adjusts for; "
                f"nothing more{', but the unmeasured named here' if self.latent else ''}."
            )
        said += [f"Unmeasured: {u} acts on {', '.join(on)}." for u, on in self.latent.items()]
        said += [f"Further arrow: {arrow(pair)}." for pair in self.edges]
        said += [f"No arrow: {arrow(pair)}." for pair in self.absent]
        return tuple(said)

    def __str__(self) -> str:
        return "\n".join(self.sentences())


def arrow(pair: Pair) -> str:
    """Write an arrow, ``joy → return``."""
    return f"{pair[0]} → {pair[1]}"


def _names(where: str, value: object, problems: list[Problem]) -> tuple[str, ...]:
    """Names without doubles, or none and a problem."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        problems.append(Problem(where, f"is {value!r}", "give a list of names"))
        return ()
    names = list(value)
    wrong = [name for name in names if not isinstance(name, str) or not name.strip()]
    problems += [Problem(where, f"{name!r} is not a name", "write it as text") for name in wrong]
    return tuple(dict.fromkeys(name for name in names if name not in wrong))


def _pairs(where: str, value: object, problems: list[Problem]) -> tuple[Pair, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        problems.append(Problem(where, f"is {value!r}", 'give a list of ("cause", "effect")'))
        return ()
    found: list[Pair] = []
    for item in value:
        names = tuple(item) if isinstance(item, (list, tuple)) else ()
        if len(names) != 2 or not all(isinstance(n, str) and n.strip() for n in names):
            problems.append(Problem(where, f"{item!r} is no arrow", 'write ("cause", "effect")'))
        elif names[0] == names[1]:
            problems.append(Problem(where, f"'{names[0]}' cannot cause itself", "leave it out"))
        else:
            found.append((names[0], names[1]))
    return tuple(dict.fromkeys(found))


def _latent(value: object, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        fix = 'give {"name": ["what", "it touches"]}'
        problems.append(Problem("latent", f"is {value!r}", fix))
        return {}
    found = {}
    for name, touched in value.items():
        names = _names(f"latent '{name}'", touched, problems)
        if len(names) < 2:
            fix = "name two or more variables it touches"
            problems.append(Problem(f"latent '{name}'", "is no common cause", fix))
        found[str(name)] = names
    return found
