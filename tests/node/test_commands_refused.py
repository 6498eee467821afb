"""What somebody types by mistake is answered in one line, and never with a trace."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from uuid import UUID

import pytest
import structlog
from click.testing import CliRunner

from folkmoot import main
from node import start
from node.settings import Settings
from tests.support.processes import free_port

LATER = "fixed:2100-01-01T00:00:00+00:00"


@pytest.fixture(autouse=True)
def _quiet():
    yield
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


def run(folder, *words, **more):
    """Run a command for a node whose folder is this."""
    told = {"FOLKMOOT_DATA": str(folder), **more}
    return CliRunner().invoke(main, words, env=told, catch_exceptions=False)


@pytest.fixture
def made(tmp_path):
    """The folder of a node that has a database and keys."""
    start.init(Settings(data=tmp_path / "made"), None).database.close()
    return tmp_path / "made"


def last(said):
    return said.stderr.splitlines()[-1]


def test_a_file_of_answers_that_is_no_text_is_named(tmp_path):
    junk = tmp_path / "junk"
    junk.write_bytes(b"\xff\xfe\x00")

    said = run(tmp_path / "new", "init", "--answers", str(junk))

    assert said.exit_code == 1
    assert last(said).startswith(f"Error: {junk} is not TOML: ")
    assert not (tmp_path / "new").exists()


@pytest.mark.network
def test_a_port_that_is_taken_is_named(made):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said = run(made, "serve", "--port", str(port))

    assert said.exit_code == 1
    assert last(said).startswith(f"Error: Nothing can be served at 127.0.0.1:{port}: ")
    assert "in use" in last(said)


@pytest.mark.network
def test_a_node_says_once_where_it_is_served_and_who_is_answered(made):
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "folkmoot", "serve", "--port", str(port)],
        env={**os.environ, "FOLKMOOT_DATA": str(made)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        first, second = process.stdout.readline(), process.stdout.readline()
        process.terminate()
        rest, lines = process.communicate(timeout=40)

    where = f"from port {port} of 127.0.0.1"
    assert first == f"http://localhost:8000 is served, {where}.\n"
    assert "Only requests for localhost:8000 are answered." in second
    assert (rest, "http.guard" in lines) == ("", False)


@pytest.mark.network
def test_a_host_that_is_none_is_named(made):
    said = run(made, "serve", "--host", "256.0.0.1")

    assert said.exit_code == 1
    assert "Nothing can be served at 256.0.0.1:" in last(said)


@pytest.mark.parametrize(
    "words", [["demo", "--port", "65534"], ["serve", "--port", "0"]]
)
def test_a_port_that_there_is_not_is_wrong_usage(tmp_path, words):
    said = run(tmp_path / "none", *words)

    assert said.exit_code == 2
    assert "--port" in last(said)


@pytest.mark.parametrize("words", [["health"], ["serve"], ["upgrade"], ["setup-url"]])
def test_a_damaged_database_is_said_to_be_one(made, words):
    path = made / "folkmoot.sqlite3"
    for beside in path.parent.glob("folkmoot.sqlite3-*"):
        beside.unlink()
    path.write_bytes(b"This is no database at all. " * 400)

    said = run(made, *words)

    assert said.exit_code == 1
    assert last(said).startswith("Error: The database is damaged: file is not a data")


def test_a_command_that_stands_in_a_group_is_found(tmp_path):
    where = {"rotate": "`ledger rotate`", "doctor": "`federation doctor`"}

    for typed, named in where.items():
        said = run(tmp_path, typed)

        assert said.exit_code == 2
        assert f"No such command '{typed}'. Did you mean {named}?" in last(said)
    assert "No such command 'nothing'" in last(run(tmp_path, "nothing"))


def test_doors_are_opened_by_a_community_that_is_there(made):
    with closing(sqlite3.connect(made / "folkmoot.sqlite3")) as db, db:
        db.execute("DELETE FROM community")

    said = run(made, "setup-url")

    assert said.exit_code == 1
    assert last(said).startswith("Error: There is no community here.")


def test_a_node_that_is_well_says_one_word(made):
    said = run(made, "health")
    as_json = json.loads(run(made, "health", "--json").stdout)

    assert (said.exit_code, said.stdout) == (0, "well\n")
    assert (as_json["well"], as_json["reasons"]) == (True, [])


def test_a_worker_that_left_work_undone_says_for_how_long(made):
    said = run(made, "health", "--role", "worker", FOLKMOOT_CLOCK=LATER)

    first, reason = said.stdout.splitlines()
    assert (said.exit_code, first) == (1, "not well:")
    assert re.fullmatch(r"  the oldest work has waited for [1-9]\d+ seconds", reason)


def test_people_are_listed_by_the_ids_that_commands_take(tmp_path):
    told = tomllib.loads(start.answers_example())
    start.init(Settings(data=tmp_path / "made"), told).database.close()

    listed = json.loads(run(tmp_path / "made", "people", "list", "--json").stdout)
    stewards = run(tmp_path / "made", "people", "list", "--role", "steward")
    nobody = run(tmp_path / "made", "people", "list", "--role", "harbourmaster")

    steward = next(one for one in listed if "steward" in one["roles"].split())
    assert {*steward} == {"person", "name", "roles"}
    assert steward["name"] == told["steward"]["name"]
    line = stewards.stdout.splitlines()[1].split()
    assert (UUID(line[0]), stewards.stdout.count("\n")) == (UUID(steward["person"]), 2)
    assert (nobody.stdout, nobody.stderr) == ("", "Nothing.\n")
    token = ("grants", "token", "--person", steward["person"], "--scope", "cases:read")
    assert run(tmp_path / "made", *token).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [["grants", "token"], ["federation", "block"], ["ledger", "recover"],
     ["ledger", "end"]],
)  # fmt: skip
def test_whoever_is_asked_for_a_person_is_told_where_ids_are(tmp_path, words):
    said = " ".join(run(tmp_path, *words, "--help").stdout.split())

    assert "`folkmoot people list" in said
