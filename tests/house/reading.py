"""How the house tests read the code: as text and as syntax, never by running it."""

import ast
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HOUSE = Path(__file__).parent
PACKAGES = ("federation", "governance", "ledger", "node", "web")

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


def _modules() -> tuple[Path, ...]:
    folders = [ROOT / package for package in PACKAGES]
    found = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    program = ROOT / "folkmoot.py"
    return tuple([*found, program] if program.exists() else found)


#: Every module of the program.
CODE = _modules()
#: Every module of the tests; what npm brought for a peer is not ours.
TESTS = tuple(
    path
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if "node_modules" not in path.parts
)


def name(path: Path) -> str:
    """Return a file's name as people of this house say it."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    """Return what a file says."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's syntax."""
    return ast.parse(text(path), filename=name(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all that a module's syntax is made of."""
    return tuple(ast.walk(tree(path)))


def lines(path: Path) -> int:
    """Return how many lines a file has."""
    return len(text(path).splitlines())


def functions(path: Path) -> list[type_of_function]:
    """Return every function and method of a module."""
    return [
        node
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(function: type_of_function) -> int:
    """Return how many lines a function has, from its name to its last word."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: type_of_function) -> int:
    """Return how many things a caller may say, the object itself not counted."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return len([one for one in named if one.arg not in {"self", "cls"}])


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return the full name of everything a module imports, wherever it does so."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def calls(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    """Return each call of a module with the dotted name it is made by."""
    return tuple(
        (dotted(node.func), node) for node in nodes(path) if isinstance(node, ast.Call)
    )


def dotted(node: ast.expr) -> str:
    """Return `a.b().c` for an expression like that; what has no name is `?`."""
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def within(module: str, family: str) -> bool:
    """Say whether a module is one of a family: `os.path` is of `os`."""
    return module == family or module.startswith(family + ".")


@cache
def listed(file: str) -> dict[str, Any]:
    """Return one of the lists beside these tests."""
    return tomllib.loads(text(HOUSE / file))


@cache
def kept() -> tuple[Path, ...]:
    """Return every file that is or would be in the repository."""
    shown = subprocess.run(  # git knows what is ignored
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git of this machine
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    names = sorted(set(shown.stdout.split("\0")) - {""})
    return tuple(path for one in names if (path := ROOT / one).is_file())


def every(
    files: Iterable[Path],
) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Make one test of what is asked of each file; it names every file that fails.

    With a test for each file and each rule, half of all tests would be such ones, and
    to count them would take longer than to ask.
    """

    def made(ask: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            wrong = {}
            for file in files:
                try:
                    ask(file)
                except AssertionError as error:
                    wrong[name(file)] = str(error)
            assert not wrong, "\n".join(f"{one}: {why}" for one, why in wrong.items())

        test.__name__, test.__module__ = ask.__name__, ask.__module__
        return test

    return made
