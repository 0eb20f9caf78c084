"""Code stays in pieces that fit on a screen: the tail of long ones is what makes work hard."""

import ast
from collections.abc import Iterator
from pathlib import Path

CODE = ("src", "custom_components", "demo", "scripts", "bench")
FUNCTION_LINES = 50
FILE_LINES = 400

LONGER_WITH_REASON: dict[str, str] = {}
"""`path` or `path:function`, and why cutting it would make it harder to read."""


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function's name and its lines, not counting its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            told = 0 if docstring is None else docstring.count("\n") + 1
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - told


def python_files(root: Path, committed: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    for path in committed:
        relative = path.relative_to(root)
        if path.suffix == ".py" and relative.parts[0] in CODE:
            yield relative.as_posix(), path.read_text(encoding="utf-8")


def test_functions_stay_under_fifty_lines(root, committed):
    long = {
        f"{path}:{name}": lines
        for path, source in python_files(root, committed)
        for name, lines in functions(source)
        if lines > FUNCTION_LINES and f"{path}:{name}" not in LONGER_WITH_REASON
    }
    assert not long


def test_files_stay_under_four_hundred_lines(root, committed):
    long = {
        path: lines
        for path, source in python_files(root, committed)
        if (lines := source.count("\n")) > FILE_LINES and path not in LONGER_WITH_REASON
    }
    assert not long


def test_a_function_is_measured_without_its_docstring():
    source = 'def told():\n    """One.\n\n    Two.\n    """\n    return 1\n'
    assert list(functions(source)) == [("told", 2)]
