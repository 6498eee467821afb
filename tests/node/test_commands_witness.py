"""The commands about witnesses, as whoever runs the node types them."""

import json

import pytest
import structlog

from node import witness
from tests.support.commands import typed
from tests.support.histories import Log, witness_key

ELM = Log()
KEY = witness_key()


@pytest.fixture
def run(moot):
    yield lambda *words: typed(moot, "ledger", "witness", *words)
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


def test_who_is_named_is_listed_with_how_far_it_went(run, moot):
    assert run("add", ELM.vkey).exit_code == 0
    assert run("add", str(KEY.vkey), "https://elm.example/w").exit_code == 0
    witness.add_checkpoint(moot.node, ELM.asks(0, 20))

    log, other = json.loads(run("list", "--json").stdout)

    assert (log["kind"], log["name"], log["size"]) == ("log", ELM.origin, 20)
    assert (other["kind"], other["name"]) == ("witness", KEY.name)
    assert other["url"] == "https://elm.example/w"
    table = run("list").stdout.splitlines()
    assert table[0].split() == ["kind", "name", "url", "size", "at", "problem"]
    assert table[2].split()[3:] == ["-", "-", "-"]


def test_nobody_is_listed_before_anybody_is_named(run):
    listed = run("list")

    assert (listed.exit_code, listed.stdout) == (0, "")
    assert listed.stderr == "Nothing.\n"


def test_what_is_no_key_is_refused_in_one_line(run):
    refused = run("add", "hello")

    assert refused.exit_code == 1
    assert refused.stderr == "Error: invalid.choice: This is not a verifier key.\n"
