import ast

from tests.house.reading import CODE, calls, dotted, every, listed, name, nodes, tree

#: What asks the clock or throws dice. `at=` and `dice=` come in from outside.
ASKING = {"now", "today", "utcnow", "uuid1", "uuid4", "token_bytes", "urandom"}
ASKED = {"date", "datetime", "os", "random", "secrets", "time", "uuid"}
#: What reads files or talks to people.
LOOKING = {"open", "input", "print"}
READING = (".read_text", ".read_bytes", ".write_text", ".write_bytes", ".open")
TOLD = ("federation/", "governance/", "ledger/")
PURE = ("governance/", "ledger/")
EXCEPTIONS = listed("exceptions.toml")["looking_around"]
LOWER = [path for path in CODE if name(path).startswith(TOLD)]
#: Alembic's `env.py` is run, never imported.
IMPORTED = [path for path in CODE if name(path) != "node/migrations/env.py"]
COMPUTING = [path for path in CODE if name(path).startswith(PURE)]


@every(LOWER)
def test_the_lower_packages_are_told_the_time_and_the_dice(module):
    asked = {
        dotted(node)
        for node in nodes(module)
        if isinstance(node, ast.Attribute)
        and node.attr in ASKING
        and ASKED & set(dotted(node).split("."))
    }

    assert not asked


@every(COMPUTING)
def test_what_computes_does_not_look_around(module):
    looked = {
        called
        for called, _ in calls(module)
        if called in LOOKING
        or (called.endswith(READING) and called.split(".")[0] not in imported(module))
    }

    assert not looked or name(module) in EXCEPTIONS


@every(IMPORTED)
def test_importing_does_nothing(module):
    doing = {
        dotted(node.value.func)
        for node in tree(module).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    }

    assert not doing


def imported(module):
    # `note.open(...)` of our own module `note` opens no file.
    return {
        alias.asname or alias.name
        for node in nodes(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
