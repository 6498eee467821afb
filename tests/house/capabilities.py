"""The table of capabilities: row, the tests that hold it, and its state.

Run as a program it prints the table and writes `docs/capabilities.md`. The tests are
found by reading marks, so that the table says what is written, not what was run.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.reading import ROOT, TESTS, listed, name, tree

DOCUMENT = ROOT / "docs" / "capabilities.md"
HEAD = """# Capabilities

What Folkmoot is to be able to do, and the tests that hold it. A row is `held` when at
least one test is marked with its number, and `open` when none is: an open row is a
plan, not a feature. Written by `make capabilities`; a house test compares it with the
marks.
"""


def table() -> dict[str, str]:
    """Return every row's number and words, in the order of the list."""
    return {
        f"{source}.{number}": words
        for source, part in listed("capabilities.toml").items()
        for number, words in part["rows"].items()
    }


def marks() -> dict[str, list[str]]:
    """Return, for each row that is named by a mark, the tests that name it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for module in TESTS:
        for row, test in _marks(module):
            found[row].append(f"{name(module)}::{test}")
    return {row: sorted(set(tests)) for row, tests in found.items()}


def document(held: Mapping[str, list[str]]) -> str:
    """Return the whole document."""
    rows = table()
    done = len(rows.keys() & held.keys())
    parts = [HEAD, f"{done} of {len(rows)} rows are held.\n"]
    for source, part in listed("capabilities.toml").items():
        parts.append(f"## {source} - {part['title']}\n")
        lines = ["| row | capability | state | tests |", "|---|---|---|---|"]
        lines += [
            f"| {row} | {words} | {_state(held, row)} | {_files(held, row)} |"
            for row, words in rows.items()
            if row.startswith(f"{source}.")
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def main() -> int:
    """Print the table, row by row, and write the document."""
    held = marks()
    for row, words in table().items():
        sys.stdout.write(f"{row:5} {_state(held, row):5} {words}\n")
        for test in held.get(row, []):
            sys.stdout.write(f"            {test}\n")
    DOCUMENT.write_text(document(held), encoding="utf-8")
    return 0


def _state(held: Mapping[str, list[str]], row: str) -> str:
    return "held" if row in held else "open"


def _files(held: Mapping[str, list[str]], row: str) -> str:
    files = sorted({test.split("::")[0] for test in held.get(row, [])})
    return ", ".join(f"`{file.removeprefix('tests/')}`" for file in files)


def _marks(module: Path) -> Iterator[tuple[str, str]]:
    whole = list(_named(_pytestmark(tree(module))))
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for row in _named(node.decorator_list):
                yield row, node.name
            if node.name.startswith("test_"):
                yield from ((row, node.name) for row in whole)


def _pytestmark(module: ast.Module) -> list[ast.expr]:
    for node in module.body:
        if isinstance(node, ast.Assign):
            names = [one.id for one in node.targets if isinstance(one, ast.Name)]
            if names == ["pytestmark"]:
                listed_marks = isinstance(node.value, ast.List | ast.Tuple)
                return list(node.value.elts) if listed_marks else [node.value]
    return []


def _named(marks: list[ast.expr]) -> Iterator[str]:
    for mark in marks:
        match mark:
            case ast.Call(func=ast.Attribute(attr="capability"), args=rows):
                yield from (
                    str(row.value) for row in rows if isinstance(row, ast.Constant)
                )
            case _:
                pass


if __name__ == "__main__":
    raise SystemExit(main())
