"""Roles, as whoever runs the node gives them in a steward's name."""

import json

import pytest
import structlog

from tests.support.commands import typed


@pytest.fixture
def run(moot):
    yield lambda *words: typed(moot, "grants", *words)
    structlog.reset_defaults()


def ids(moot, *names):
    return [str(moot.ids[name]) for name in names]


def test_a_role_is_given_listed_and_ended_by_commands(moot, run):
    ben, dov = ids(moot, "ben", "dov")

    made = run(
        "give", "advocate", "--to", ben, "--days", "30", "--person", dov,
        "--topic", "housing", "--topic", "debt",
    )  # fmt: skip
    (line,) = [
        it for it in json.loads(run("list", "--json").stdout) if it["person"] == ben
    ]
    ended = run("end", made.stdout.strip(), "--person", dov)

    assert (made.exit_code, made.stdout.strip()) == (0, line["grant"])
    assert (line["role"], line["topics"], line["areas"]) == (
        "advocate",
        "debt housing",
        "all",
    )
    assert ended.exit_code == 0
    assert ben not in run("list", "--role", "advocate").stdout
    over = json.loads(run("list", "--over", "--json").stdout)
    assert [it["grant"] for it in over] == [line["grant"]]


def test_the_operator_gives_nothing_that_the_steward_could_not(moot, run):
    ben, dov, iris = ids(moot, "ben", "dov", "iris")

    own = run("give", "advocate", "--to", dov, "--days", "30", "--person", dov)
    other = run("give", "advocate", "--to", ben, "--days", "30", "--person", iris)
    ended = run("end", dov, "--person", dov)

    assert own.stderr.startswith("Error: grant.own: Nobody gives a role to themselves.")
    assert other.stderr == "Error: rules.denied: Roles are given by stewards.\n"
    assert ended.stderr == "Error: not-found: There is no such role here.\n"
    assert {own.exit_code, other.exit_code, ended.exit_code} == {1}
    assert moot["ben"].roles == frozenset()
