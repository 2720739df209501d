"""Small modules, small functions, and signatures that a typo cannot slip through."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "emotion_models"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_MODULE, MAX_FUNCTION = 300, 50
MAX_ARGUMENTS, MAX_WITH_NAMED = 7, 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def label(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def functions(path: Path) -> Iterator[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def code_lines(function: Function) -> int:
    """Count the lines of a function without its decorators and its docstring."""
    assert function.end_lineno is not None
    docstring = ast.get_docstring(function, clean=False)
    return function.end_lineno - function.lineno + 1 - len((docstring or "").splitlines())


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Yield public functions, classes and methods with their dotted name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not _protocol(node):
            for member in node.body:
                if isinstance(member, Function) and not member.name.startswith("_"):
                    yield f"{node.name}.{member.name}", member


def _protocol(node: ast.ClassDef) -> bool:
    """Say whether a class only lists what others have; they describe it."""
    return any(ast.unparse(base).endswith("Protocol") for base in node.bases)


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_module_size(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_functions(path: Path) -> None:
    for function in functions(path):
        where = f"{label(path)}:{function.lineno} {function.name}"
        assert code_lines(function) < MAX_FUNCTION, f"{where} is too long"
        spec = function.args
        names = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
        count = len([name for name in names if name not in {"self", "cls"}])
        most = MAX_WITH_NAMED if spec.kwonlyargs else MAX_ARGUMENTS
        assert count <= most, f"{where} has {count} arguments"


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_no_open_keywords(path: Path) -> None:
    for name, node in public(path):
        if isinstance(node, Function):
            assert node.args.kwarg is None, f"{label(path)} {name} takes **{node.args.kwarg}"


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_public_things_are_described(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "module docstring"
    for name, node in public(path):
        assert isinstance(node, Function | ast.ClassDef)
        assert ast.get_docstring(node), f"{label(path)}: {name} has no docstring"
