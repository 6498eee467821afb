"""The document of doors says where each act can be asked for, and leaves none out."""

import re

import click
import pytest
from flask import Flask

import folkmoot
from tests.house.reading import ROOT
from web.api import SLICES
from web.blueprints import BLUEPRINTS
from web.guards.pages import PAGES

DOCUMENT = (ROOT / "docs" / "doors.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = ROW.findall(DOCUMENT)
#: Of pages alone: signing in, how pages look, and what needs no act of casework.
ALONE = {"accounts", "security", "start", "home", "ledger_pages"}
#: The groups of commands that are about cases and those who work on them.
CASEWORK = (
    "absences", "breaches", "cases", "holds", "interests", "jobs", "notices", "people",
    "releases", "requests", "roster", "snippets", "teams", "templates", "topics",
    "walls",
)  # fmt: skip
MOVES = "POST /api/v1/cases/REF/moves/"


def said(cell):
    return re.findall(r"`(.+?)`", cell)


def written(rule):
    """Return an address as the document writes it: `/cases/REF/erase/SEQ`."""
    plain = re.sub(r"<(?:[^:>]+:)?(.+?)_?>", lambda it: it[1].upper(), rule)
    return plain.rstrip("/")


@pytest.fixture(scope="module")
def rules():
    app = Flask("doors")
    for blueprint in (*BLUEPRINTS, *SLICES):
        app.register_blueprint(blueprint)
    return [
        (rule.endpoint, f"{method} {written(rule.rule)}")
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]


def test_every_form_of_a_page_stands_in_the_tables_once(rules):
    forms = [
        address
        for endpoint, address in rules
        if endpoint in PAGES
        and endpoint != "notices.stop"
        and endpoint.partition(".")[0] not in ALONE
        and not address.startswith("GET ")
    ]

    assert sorted(page for page, _, _ in ROWS) == sorted(forms)


def test_every_operation_that_is_named_exists_and_each_act_is_named(rules):
    there = {address for endpoint, address in rules if endpoint.startswith("api_")}
    named = {one for _, api, _ in ROWS for one in said(api)}
    moves = {one for one in named if one.startswith(MOVES)}

    assert named - moves <= there
    acts = {one for one in there if not one.startswith("GET ")}
    assert acts - named == set()


def test_every_move_that_is_named_is_one():
    from node.acting import ACTS  # noqa: PLC0415 - only this test needs the database

    named = {one for _, api, _ in ROWS for one in said(api) if one.startswith(MOVES)}

    assert {one.removeprefix(MOVES) for one in named} - {"ACTION"} <= ACTS


@pytest.mark.parametrize(
    "words", sorted({one for _, _, it in ROWS for one in said(it)})
)
def test_every_command_that_is_named_exists(words):
    program, *names = words.split()
    found = folkmoot.main
    for name in names:
        found = found.commands[name]

    assert program == "folkmoot"
    assert found.name == names[-1]


def test_every_command_of_casework_that_acts_is_named():
    named = {words for _, _, it in ROWS for words in said(it)}
    looks = re.compile(
        r"(?:list|show|hours|behind|aside|notes|to-triage|kept|asked-notes|of|waiting"
        r"|unmatched|versions|receipt|copies|read)$"
    )

    for group in CASEWORK:
        for words in below(folkmoot.main.commands[group], f"folkmoot {group}"):
            if not looks.match(words.split()[-1]):
                assert words in named


def below(group, words):
    """Return what is typed for each command of a group, and of those in it."""
    for name, found in group.commands.items():
        if isinstance(found, click.Group):
            yield from below(found, f"{words} {name}")
        else:
            yield f"{words} {name}"
