"""The options of a command are the fields that the API takes, and no others."""

import click
import pytest
import structlog
from click.testing import CliRunner

import folkmoot
from tests.support.cast import moot_on
from tests.support.commands import Terminal
from web.commands.taking import taking
from web.schemas.api import (
    bonds,
    coming,
    later,
    notices,
    people,
    plans,
    proxies,
    releases,
    snippets,
    spoken,
    texts,
    together,
)

#: Of each command that takes what the API takes: which schema, and what it leaves out.
TAKEN = {
    "cases bonds mark": (bonds.NewBond, {"merged"}),
    "cases bonds merge": (bonds.NewBond, {"merged", "kind"}),
    "cases consents give": (coming.NewConsent, set()),
    "cases escalate": (coming.NewEscalation, set()),
    "cases later ask": (later.NewStatement, set()),
    "cases later change": (later.ChangedLater, set()),
    "cases later write": (later.NewLater, set()),
    "cases missed": (coming.NewCause, set()),
    "cases plan add": (plans.NewPlanStep, set()),
    "cases proxy": (proxies.ProxyAnswer, set()),
    "cases spoken": (spoken.NewSpoken, set()),
    "cases together answer": (together.ClaimAnswered, set()),
    "cases together open": (together.NewMatter, set()),
    "cases together settle": (together.MarkSettled, set()),
    "cases together update": (together.NewUpdate, set()),
    "interests declare": (coming.NewInterest, set()),
    "notices choose": (notices.NewWishes, set()),
    "people apart": (people.NewApart, set()),
    "people merge": (people.NewMerge, set()),
    "releases decide": (releases.NewDecision, set()),
    "snippets change": (snippets.NewSnippet, set()),
    "snippets write": (snippets.NewSnippet, set()),
    "templates propose": (texts.NewText, set()),
    "walls put-up": (coming.NewWall, {"person"}),
    "walls veto": (coming.NewWall, {"person"}),
}


def found(words):
    command = folkmoot.main
    for name in words.split():
        command = command.commands[name]
    return command


@pytest.mark.parametrize("words", sorted(TAKEN))
def test_a_command_takes_what_the_api_takes(words):
    shape, without = TAKEN[words]
    # Whom a command acts for is said by each of them.
    names = {one.name for one in found(words).params} - {"person"}

    assert set(shape().load_fields) - names == without


@pytest.mark.parametrize("shape", sorted({it for it, _ in TAKEN.values()}, key=str))
def test_every_field_is_described_for_both_doors(shape):
    bare = {
        name
        for name, field in shape().load_fields.items()
        if not field.metadata.get("description") and name != "paces"
    }

    assert bare == set()


@pytest.mark.parametrize("words", sorted(TAKEN))
def test_words_of_people_need_stand_on_no_line(words):
    shape, without = TAKEN[words]
    said = {
        name
        for name, field in shape().load_fields.items()
        if field.metadata.get("words") and name not in without
    }
    names = {one.name for one in found(words).params}

    assert {f"{name}_from" for name in said} <= names


@pytest.fixture(scope="module")
def moot(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cases plan add X --owner nobody", "'nobody' is not one of 'member'"),
        ("cases plan add X", "Missing option '--owner'"),
        ("cases later write X", "Missing option '--at'"),
        ("cases later change X 7 --at now --version 1", "'7' is not a valid UUID."),
        ("cases bonds mark X Y --kind like", "'like' is not one of"),
        ("cases together answer X perhaps", "'perhaps' is not one of 'solved'"),
        ("cases bonds look", "No such command 'look'"),
        ("people merge X Y", "'X' is not a valid UUID."),
        ("cases pieces split X nothing-here", "No such file"),
    ],
)
def test_wrong_usage_is_code_2_and_says_what_is_right(here, line, said):
    done = here.run(line, by="cleo")

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


def test_what_the_schema_refuses_is_said_with_its_field(moot, here):
    ref = moot.tell(by=moot["ada"]).reference

    done = here.run("cases plan add", ref, "--owner", "member", "--due", "x", by="cleo",
                    stdin="It.")  # fmt: skip

    assert done.exit_code == 1
    assert done.stderr == "Error: invalid: due: Not a valid date.\n"


def test_two_words_are_not_read_from_one_pipe():
    class Two(coming.Coming):
        """Two fields of words."""

        a = coming.fields.String(required=True, metadata=coming.said("A.", words=True))
        b = coming.fields.String(required=True, metadata=coming.said("B.", words=True))

    @click.command()
    @taking(Two)
    def two(given):
        """Never runs."""
        raise AssertionError(given)

    run = two.callback
    two.callback = lambda **more: run(None, **more)
    done = CliRunner().invoke(two, [], input="Words.")

    assert done.exit_code == 2
    assert "Only --a can be left out: say --b." in done.stderr


def test_the_help_of_cases_has_each_command_on_one_shelf():
    lines = CliRunner().invoke(folkmoot.main, ["cases", "--help"]).stdout.splitlines()
    begin = lines.index("See what there is:")
    named = [it.split()[0] for it in lines[begin:] if it.startswith("  ")]

    assert sorted(named) == sorted(found("cases").commands)
    assert len([it for it in lines[begin:] if it.endswith(":")]) == 4
    # Each says all it does in one line, at the width of an old terminal.
    assert [it for it in lines[begin:] if it.endswith("...")] == []
