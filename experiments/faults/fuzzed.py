"""Surveys, codebooks and changes spoilt at random: read, or refused in words."""

from __future__ import annotations

import copy
import tempfile
import time
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import tomli_w
from tally import HOTEL, TINY, Tally

import emotion_models as em
from emotion_models.errors import EmotionModelsError

ROWS: Final = 30
SLOW: Final = 20.0
"""Seconds after which reading a small file counts as hanging."""
NASTY: Final = (
    *("", " ", "NA", "nan", "inf", "-0", "1e999", "=1+1", "@SUM(A1)", "'", '"', "\\", "\x00"),
    *("\ufeff", "\u202eevil", "🙂", "é" * 300, "9" * 400, "../../etc/passwd", "<script>", "{x}"),
    *("%s", "${a}", "\r", "\n\n", ",,,,", ";", "\t", "[[emotions]]", "0x10", "1_000", "١٢"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, -1, 0, 10**30, 1.5, float("nan"), float("inf"), "", "x" * 2000, [], [[]], {}),
    *({"a": {"b": 1}}, [1, "1", None], "wide", "\x00", ["joy", "joy"], [0], [3, 2, 1]),
)
CHANGE: Final = (
    em.Change()
    .reaching(0.5)
    .at("check-in")
    .emotion("frustration", by=-1)
    .at("room")
    .emotion("joy", times=1.2)
    .move("room", before="check-in")
    .remove("check-out")
    .add("farewell", after="room", feels={"joy": 3})
)


def fuzzed(minutes: float, seed: int = 1) -> list[Tally]:
    """Spoil and read each kind of file for a quarter of the time."""
    rng = np.random.default_rng(seed)
    fit = em.load(TINY)
    should = "read, or refused in words"
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name)
        lines = (HOTEL / "hotel-stays.csv").read_bytes().splitlines(keepends=True)[: ROWS + 1]
        codebook = HOTEL / "codebook.toml"
        tables = tomllib.loads(codebook.read_text(encoding="utf-8"))
        steps = tomllib.loads(CHANGE.to_toml())
        data = folder / "whole.csv"
        data.write_bytes(b"".join(lines))

        def survey() -> object:
            path = folder / "spoilt.csv"
            path.write_bytes(spoilt(b"".join(lines), rng))
            return em.read_survey(path, codebook=codebook)

        def book() -> object:
            path = folder / "spoilt.toml"
            path.write_bytes(spoilt_toml(tables, rng))
            return em.read_survey(data, codebook=path)

        others = _other_formats(data, folder)

        def other() -> object:
            path = others[rng.integers(len(others))]
            damaged = folder / f"spoilt{path.suffix}"
            damage = (_bytes, _cut)[rng.random() < 0.2]
            damaged.write_bytes(damage(path.read_bytes(), rng))
            return em.read_survey(damaged, codebook=codebook)

        def change() -> object:
            path = folder / "change.toml"
            path.write_bytes(spoilt_toml(steps, rng))
            return em.simulate(fit, em.Change.from_toml(path), draws=4)

        return [
            _for(minutes / 4, read, Tally(f"a {what} spoilt at random", should))
            for what, read in (
                ("survey", survey),
                ("survey of SPSS, Excel or Parquet", other),
                ("codebook", book),
                ("change", change),
            )
        ]


def _other_formats(data: Path, folder: Path) -> list[Path]:
    """The survey as other programs write it; SPSS knows no hyphens in names."""
    import pyreadstat

    table = pd.read_csv(data)
    made = [folder / f"whole{ending}" for ending in (".sav", ".xlsx", ".parquet")]
    renamed = table.rename(columns=lambda name: name.replace("-", "_"))
    pyreadstat.write_sav(renamed, str(made[0]))
    table.to_excel(made[1], index=False)
    table.to_parquet(made[2])
    return made


def _for(minutes: float, read: Callable[[], object], tally: Tally) -> Tally:
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        start = time.monotonic()
        try:
            read()
        except EmotionModelsError as error:
            tally.well("refused") if str(error).strip() else tally.amiss("refused without a word")
        except Exception as error:  # noqa: BLE001
            tally.amiss(repr(error))
        else:
            tally.well("read")
        if time.monotonic() - start > SLOW:
            tally.amiss(f"{time.monotonic() - start:.0f} s")
    return tally


def spoilt(content: bytes, rng: np.random.Generator) -> bytes:
    """A table with some of its bytes, cells, lines or columns spoilt."""
    for _ in range(rng.integers(1, 4)):
        content = _TABLE[rng.integers(len(_TABLE))](content, rng)
    return content


def _bytes(content: bytes, rng: np.random.Generator) -> bytes:
    found = bytearray(content)
    for place in rng.integers(0, max(len(found), 1), size=int(rng.integers(1, 20))):
        found[place : place + 1] = rng.bytes(1)
    return bytes(found)


def _cut(content: bytes, rng: np.random.Generator) -> bytes:
    return content[: rng.integers(len(content) + 1)]


def _cells(content: bytes, rng: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    for _ in range(rng.integers(1, 6)):
        row = int(rng.integers(len(lines)))
        cells = lines[row].split(b",")
        cells[rng.integers(len(cells))] = str(rng.choice(NASTY)).encode("utf-8", "surrogatepass")
        lines[row] = b",".join(cells)
    return b"\n".join(lines)


def _lines(content: bytes, rng: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    order = rng.integers(0, len(lines), size=int(rng.integers(1, len(lines) + 2)))
    return b"\n".join(lines[i] for i in order)


def _column(content: bytes, rng: np.random.Generator) -> bytes:
    """A column lost, or answered alike by all."""
    rows = [line.split(b",") for line in content.split(b"\n")]
    column, value = int(rng.integers(max(len(rows[0]), 1))), str(rng.choice(NASTY)).encode()
    lost = rng.random() < 0.5
    for row in rows[1 - lost :]:
        if column < len(row):
            row[column : column + 1] = [] if lost else [value]
    return b"\n".join(b",".join(row) for row in rows)


def _encoding(content: bytes, rng: np.random.Generator) -> bytes:
    to = str(rng.choice(["utf-16", "utf-32", "cp1252", "utf-8-sig"]))
    return content.decode("utf-8", "replace").encode(to, "replace")


_TABLE: Final = (_bytes, _cut, _cells, _cells, _lines, _column, _column, _encoding)


def spoilt_toml(tables: dict[str, Any], rng: np.random.Generator) -> bytes:
    """Tables with some of their values spoilt; now and then the text itself."""
    found = copy.deepcopy(tables)
    for _ in range(rng.integers(1, 4)):
        _spoil(found, rng)
    text = tomli_w.dumps(_without_none(found)).encode("utf-8", "surrogatepass")
    return _bytes(text, rng) if rng.random() < 0.2 else text


def _spoil(node: Any, rng: np.random.Generator) -> None:
    """Walk down at random and change, lose, repeat or rename something."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    if not keys:
        return
    key = keys[rng.integers(len(keys))]
    child = node[key]
    if isinstance(child, dict | list) and child and rng.random() < 0.75:
        _spoil(child, rng)
        return
    deed = rng.integers(4)
    if deed == 0:
        node[key] = copy.deepcopy(VALUES[rng.integers(len(VALUES))])
    elif deed == 1:
        del node[key]
    elif deed == 2 and isinstance(node, list):
        node.append(copy.deepcopy(child))
    elif deed == 2:
        node[str(rng.choice(NASTY)) or "x"] = node.pop(key)
    else:
        node[key] = str(rng.choice(NASTY))


def _without_none(node: Any) -> Any:
    """TOML knows no None: such a key is not there."""
    if isinstance(node, dict):
        return {str(k): _without_none(v) for k, v in node.items() if v is not None}
    if isinstance(node, list):
        return [_without_none(v) for v in node if v is not None]
    return node
