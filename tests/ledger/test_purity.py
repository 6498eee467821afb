import ast
from pathlib import Path

import pytest

import ledger

FORBIDDEN = {
    "http",
    "logging",
    "os",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "urllib",
}
READS_FILES = {"argparse", "pathlib", "sys"}
FILES = sorted(Path(ledger.__file__).parent.rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module.partition(".")[0]


@pytest.mark.parametrize("path", FILES, ids=[str(n) for n in range(len(FILES))])
def test_a_module_only_computes(path):
    allowed = READS_FILES if path.name == "__main__.py" else set()

    assert not set(imported(path)) & (FORBIDDEN | READS_FILES) - allowed


def test_nothing_but_cryptography_is_needed_besides_the_standard_library():
    from_elsewhere = {"cryptography", "ledger"}
    standard = set(__import__("sys").stdlib_module_names)

    found = {name for path in FILES for name in imported(path)}

    assert found - standard == from_elsewhere
