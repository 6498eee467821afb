import importlib
import pkgutil
import re
from dataclasses import fields

import pytest

from federation.errors import Rejected
from governance.errors import Refusal
from node.settings import PREFIX, Settings
from tests.house.reading import ROOT, text

FEDERATION = ROOT / "FEDERATION.md"
LEDGER = ROOT / "docs" / "ledger.md"
REFUSALS = ROOT / "docs" / "refusals.md"
SETTINGS = ROOT / "docs" / "settings.md"
ROW = re.compile(r"^\|\s*`([^`]+)`\s*\|(.*)\|\s*$", re.MULTILINE)


@pytest.fixture(scope="module")
def refusals():
    for package in ("governance", "node", "web"):
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    ours = ("federation.", "governance.", "node.", "web.")
    kinds = family(Refusal) | family(Rejected)
    return [kind for kind in kinds if kind.__module__.startswith(ours)]


def test_every_refusal_is_documented_and_every_documented_one_exists(refusals):
    assert rows(REFUSALS).keys() == {refusal.code for refusal in refusals}


def test_every_answer_to_other_nodes_names_tests_that_are_there():
    said = text(FEDERATION).partition("## What is refused")[2].partition("\n## ")[0]
    lines = [line for line in said.splitlines() if line.startswith("| ")][1:]
    files = (ROOT / "tests").rglob("test_inbox*.py")
    there = set(re.findall(r"^def (test_\w+)", "".join(map(text, files)), re.MULTILINE))

    named = [set(re.findall(r"`(test_\w+)`", line)) for line in lines]

    assert len(named) == 17
    assert all(named)
    assert set().union(*named) - there == set()


def test_every_invariant_of_the_ledger_names_tests_that_are_there():
    said = text(LEDGER).partition("## What must hold")[2].partition("\n## ")[0]
    lines = [line for line in said.splitlines() if re.match(r"\| \d+ \| ", line)]
    files = (ROOT / "tests").rglob("test_*.py")
    there = set(re.findall(r"^def (test_\w+)", "".join(map(text, files)), re.MULTILINE))

    numbers = [int(line.split("|")[1]) for line in lines]
    named = [set(re.findall(r"`(test_\w+)`", line)) for line in lines]

    assert numbers == [*range(1, 20)]
    assert all(named)
    assert set().union(*named) - there == set()


def test_no_two_refusals_share_a_code(refusals):
    codes = sorted(refusal.code for refusal in refusals)

    assert codes == sorted(set(codes))


def test_every_refusal_has_a_sentence_of_its_own(refusals):
    assert all("__doc__" in vars(refusal) and refusal.__doc__ for refusal in refusals)


def test_the_documented_status_is_the_one_that_is_sent(refusals):
    status_of = importlib.import_module("web.errors").status_of
    told = {code: rest.split("|")[0].strip() for code, rest in rows(REFUSALS).items()}

    assert told == {refusal.code: str(status_of(refusal.code)) for refusal in refusals}


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting):
    row = rows(SETTINGS)[PREFIX + setting.name.upper()]

    assert row.split("|")[0].strip() == shown(setting.default)


def test_every_documented_setting_exists():
    known = {PREFIX + setting.name.upper() for setting in fields(Settings)}

    assert rows(SETTINGS).keys() == known


def family(kind):
    return {kind}.union(*(family(child) for child in kind.__subclasses__()))


def rows(document):
    return dict(ROW.findall(text(document)))


def shown(default):
    if default in {"", ()}:
        return "empty"
    return f"`{int(default) if isinstance(default, bool) else default}`"
