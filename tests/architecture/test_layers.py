"""Imports only go down, and nothing imports in a circle."""

from __future__ import annotations

import ast
import functools
import graphlib
import importlib.metadata
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "emotion_models"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A package may import itself and what stands in a row below it.
LAYERS: tuple[set[str], ...] = (
    {"cli"},
    {"commands"},
    {"app"},
    {"reporting"},
    {"decisions"},
    {"effects", "measurement", "simulation"},
    {"inference"},
    {"causal"},
    {"models"},
    {"datasets"},
    {"survey"},
    {"science", "drawing"},
    {"fit_status", "summarised"},
    {"by_name", "cores", "errors", "files", "intervals", "small_groups"},
    {"previews"},
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
# Written for somebody else than a survey or a result: pure numbers; figures of plain arrays.
FOREIGN = {"science": {"pymc", "pytensor", "pandas", "xarray"}, "models": {"matplotlib"}}
# Imported here, but another dependency of ours is what brings it.
BROUGHT = {
    "pytensor": "pymc",
    "pydantic_core": "pydantic",
    "jaxlib": "jax",
    "mlflow": "mlflow_skinny",
}
# What a user may install beside; `dev` and `docs` are for those who work on the project.
EXTRAS = ("mlflow",)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(module: str) -> str:
    """Name the part of the package a module belongs to; '' is the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@functools.cache
def imports(path: Path, *, lazy: bool = True) -> tuple[str, ...]:
    """Name every module that a file imports; `lazy` includes what happens inside functions."""
    return tuple(_imports(path, lazy=lazy))


def _imports(path: Path, *, lazy: bool) -> Iterator[str]:
    for node in _walk(ast.parse(path.read_text(encoding="utf-8")), lazy=lazy):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: say where from (no relative imports)"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _walk(node: ast.AST, *, lazy: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        is_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        if lazy or not (is_types or is_function):
            yield child
            yield from _walk(child, lazy=lazy)


def ours(names: Iterable[str]) -> set[str]:
    """Resolve `from emotion_models.x import y` to the module it reads."""
    known = {module_name(path) for path in MODULES}
    found = set()
    for name in names:
        while name.startswith("emotion_models") and name not in known:
            name = name.rpartition(".")[0]
        if name in known:
            found.add(name)
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_go_down(path: Path) -> None:
    here = layer(module_name(path))
    if here == "":  # the package itself names the homes of its public verbs
        return
    assert here in LEVEL, f"'{here}' is in no layer; add it to LAYERS"
    for target in ours(imports(path)):
        there = layer(target)
        if there == "":
            allowed = LEVEL[here] <= LEVEL["commands"]  # the doors use the public names
        else:
            allowed = there == here or LEVEL[there] > LEVEL[here]
        assert allowed, f"{module_name(path)} imports {target}, which is not below it"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_layers_keep_to_their_libraries(path: Path) -> None:
    forbidden = FOREIGN.get(layer(module_name(path)), set())
    assert not forbidden & {name.split(".")[0] for name in imports(path)}


def test_no_cycles() -> None:
    graph = {
        module_name(path): ours(imports(path, lazy=False)) - {module_name(path)} for path in MODULES
    }
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError


def test_every_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = project["dependencies"] + [text for name in EXTRAS for text in extras[name]]
    declared = {Requirement(text).name.replace("-", "_") for text in needed}
    homes = importlib.metadata.packages_distributions()
    used = {name.split(".")[0] for path in MODULES for name in imports(path)}
    for library in used - set(sys.stdlib_module_names) - {"emotion_models"}:
        library = BROUGHT.get(library, library)
        names = {name.replace("-", "_") for name in homes.get(library, [library])}
        assert names & declared, f"'{library}' is imported but not in pyproject.toml"


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    extras = project["optional-dependencies"]
    for group in (project["dependencies"], *(extras[name] for name in ("dev", *EXTRAS))):
        for requirement in map(Requirement, group):
            assert requirement.name in text, requirement.name
            assert "<" in str(requirement.specifier), f"{requirement.name} has no upper bound"
