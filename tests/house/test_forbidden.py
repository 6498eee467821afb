import ast
import re

from node.logging import FIELDS
from tests.house.reading import (
    CODE,
    PACKAGES,
    ROOT,
    TESTS,
    calls,
    dotted,
    every,
    imports,
    kept,
    listed,
    name,
    nodes,
    text,
    within,
)

EXCEPTIONS = listed("exceptions.toml")
FORBIDDEN_IMPORTS = {
    "bleach", "cPickle", "dbm", "flask_caching", "html2text", "jose", "jwt", "lxml",
    "marshal", "pickle", "shelve", "html5lib", "pyld", "yaml", "ruamel", "dill",
    "xml.etree", "xml.dom", "xml.sax", "tarfile", "ctypes", "pty", "code", "pdb",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "breakpoint",
    "yaml.load", "numpy.load", "importlib.import_module",
}  # fmt: skip
CLOCK = {
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now",
    "date.today", "datetime.date.today", "time.time", "time.time_ns",
}  # fmt: skip
STRICT = ("federation/strict.py", "ledger/")
LOG_CALLS = {"debug", "info", "warning", "error", "critical", "exception", "msg"}
CODE_OF_A_LINE = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*")
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.*"))


@every(CODE)
def test_no_dangerous_library_is_imported(module):
    found = {
        imported
        for imported in imports(module)
        for family in FORBIDDEN_IMPORTS
        if within(imported, family)
    }

    assert not found


@every(CODE)
def test_nothing_becomes_code_at_run_time(module):
    found = {
        f"{called}:{call.lineno}"
        for called, call in calls(module)
        if called in FORBIDDEN_CALLS
    }

    assert not found


@every(CODE)
def test_no_shell_and_no_unverified_connection(module):
    found = {
        f"{called}({word.arg}):{call.lineno}"
        for called, call in calls(module)
        for word in call.keywords
        if (word.arg, literal(word.value)) in {("shell", True), ("verify", False)}
        or called.endswith(("_create_unverified_context", ".extractall"))
    }

    assert not found


@every(CODE)
def test_foreign_json_is_read_by_the_strict_reader(module):
    if name(module).startswith(STRICT) or name(module) in EXCEPTIONS["json_loads"]:
        return

    assert not {"json.loads", "json.load"} & {called for called, _ in calls(module)}
    assert not {"json.loads", "json.load"} & set(imports(module))


@every(CODE)
def test_one_file_chooses_the_clock(module):
    asked = {
        dotted(node)
        for node in nodes(module)
        if isinstance(node, ast.Attribute) and dotted(node) in CLOCK
    }

    assert not asked or name(module) in EXCEPTIONS["clock"], asked


@every(CODE)
def test_one_file_chooses_the_dice(module):
    thrown = {
        imported
        for imported in imports(module)
        if imported in {"random", "secrets", "uuid.uuid4", "uuid.uuid1", "os.urandom"}
    } | {
        called
        for called, _ in calls(module)
        if called in {"uuid.uuid4", "uuid.uuid1", "os.urandom"}
    }

    assert not thrown or name(module) in EXCEPTIONS["dice"], thrown


@every(CODE)
def test_only_constants_become_markup_and_only_in_listed_files(module):
    made = [call for called, call in calls(module) if called.endswith("Markup")]

    assert all(isinstance(literal(call.args[0]), str) for call in made)
    assert not made or name(module) in EXCEPTIONS["markup"]


@every(TEMPLATES)
def test_no_template_trusts_text(template):
    trusting = re.findall(r"\|\s*safe\b|autoescape\s+false|tojson", text(template))

    assert not trusting or name(template) in EXCEPTIONS["markup"]


@every(CODE)
def test_no_statement_is_built_from_text(module):
    built = {
        f"{called}:{call.lineno}"
        for called, call in calls(module)
        if called.rsplit(".", 1)[-1]
        in {"text", "exec_driver_sql", "execute", "executescript"}
        and call.args
        and made_of_parts(call.args[0])
    }

    assert not built or name(module) in EXCEPTIONS["sql_text"], built


@every(CODE)
def test_a_log_line_is_a_constant_code_with_fields_of_a_closed_list(module):
    free = {
        f"{called}:{call.lineno}"
        for called, call in calls(module)
        if is_log(called) and not (is_code(call) and has_known_fields(call))
    }

    assert not free


@every(CODE)
def test_no_module_of_the_program_imports_the_tests(module):
    assert not [imported for imported in imports(module) if within(imported, "tests")]


@every(TESTS)
def test_our_own_modules_are_never_mocked(module):
    mocked = {
        imported for imported in imports(module) if within(imported, "unittest.mock")
    }

    assert not mocked


def test_no_file_names_a_folder_of_one_machine():
    personal = re.compile(r"(?<![\w.-])/(?:work|home|Users|root)/\w")
    texts = {
        ".py",
        ".md",
        ".toml",
        ".yml",
        ".yaml",
        ".html",
        ".txt",
        ".lock",
        ".cfg",
        "",
    }
    found = [
        f"{name(path)}:{number}"
        for path in kept()
        if path.suffix in texts and "vectors" not in path.parts and path != SELF
        for number, line in enumerate(text(path).splitlines(), start=1)
        if personal.search(line)
    ]

    assert not found


SELF = ROOT / "tests" / "house" / "test_forbidden.py"


def literal(node):
    return node.value if isinstance(node, ast.Constant) else None


def made_of_parts(node):
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod) and holds_text(node)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
    )


def holds_text(node):
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str)
        for part in ast.walk(node)
    )


def is_log(called):
    owner, _, verb = called.rpartition(".")
    said = owner.rsplit(".", 1)[-1].removesuffix("()")
    return verb in LOG_CALLS and said in {"log", "logger", "logging"}


def is_code(call):
    first = call.args[0] if len(call.args) == 1 else None
    if isinstance(first, ast.Attribute):
        return first.attr == "code"  # a refusal's: constant in its class
    word = literal(first)
    return isinstance(word, str) and CODE_OF_A_LINE.fullmatch(word) is not None


def has_known_fields(call):
    return {word.arg for word in call.keywords} <= FIELDS


def test_the_packages_are_the_five_that_the_layers_name():
    assert {path.parts[len(ROOT.parts)] for path in CODE} <= {*PACKAGES, "folkmoot.py"}


def test_no_test_reaches_beyond_this_machine():
    # It lifts the limit to loopback that `network` sets.
    lifted = "mark." + "enable_socket"

    assert not [path for path in TESTS if lifted in text(path)]
