"""The commands about the log, as whoever runs the node types them."""

import json
from uuid import UUID

import pytest
import structlog
from sqlalchemy import text

from ledger import proof
from node import beside, log
from node.erasing import Erasure, Level, journal
from tests.support.commands import typed
from tests.support.logs import announce, grow


@pytest.fixture
def run(moot):
    grow(moot.village, moot.node, 40)
    yield lambda *words: typed(moot, "ledger", *words)
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


def test_a_log_that_is_whole_is_said_to_be(run, moot):
    announce(moot.node)

    said = run("fsck")

    assert (said.exit_code, said.stdout) == (0, "")
    assert said.stderr == "The log is whole.\n"


def test_what_differs_is_a_line_each_and_the_command_fails(run, moot):
    with moot.node.begin() as tx:
        tx.execute(text("DELETE FROM ledger_tag WHERE idx IN (9, 11)"))

    said, as_json = run("fsck"), run("fsck", "--json")

    assert (said.exit_code, as_json.exit_code) == (1, 1)
    assert said.stderr == "2 things differ.\n"
    sentence = log.SENTENCES["tag.missing"]
    assert [line.split(maxsplit=2) for line in said.stdout.splitlines()] == [
        ["tag.missing", "9", sentence], ["tag.missing", "11", sentence],
    ]  # fmt: skip
    assert [json.loads(line) for line in as_json.stdout.splitlines()] == [
        {"code": "tag.missing", "where": "9"}, {"code": "tag.missing", "where": "11"},
    ]  # fmt: skip


def test_a_proof_is_printed_as_the_file_that_others_read(run, moot):
    newest, older = run("prove", "7"), run("prove", "7", "--size", "8")

    assert newest.stdout_bytes == log.prove(moot.node, 7)
    assert proof.read(older.stdout_bytes).index == 7
    assert b"\n8\n" in proof.read(older.stdout_bytes).checkpoint


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["9999"], 1), (["0", "--size", "7"], 1), (["-1"], 2), (["one"], 2), ([], 2),
        (["0", "--size", "0"], 2), ([str(2**63)], 2),
    ],
)  # fmt: skip
def test_what_cannot_be_proven_is_refused_in_a_sentence(run, words, code):
    said = run("prove", *words)

    assert (said.exit_code, said.stdout) == (code, "")
    assert "Traceback" not in said.stderr
    assert said.stderr.strip()


def test_what_a_restore_brought_back_is_erased_by_hand(run, moot):
    made = moot.tell()
    at, chain = moot.node.now(), made.case_id
    for id_, of in ((1, chain), (2, UUID(int=9))):
        line = Erasure(id=UUID(int=id_), at=at, level=Level.CHAIN, chain=of)
        journal.append(moot.node, line)

    first, second = run("erasures", "replay"), run("erasures", "replay")

    left = "1 are of things this database does not have."
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stderr.splitlines()[-2:] == ["1 erased again.", left]
    assert second.stderr.splitlines()[-2:] == ["0 erased again.", left]


def test_a_journal_that_cannot_be_read_is_named(run, moot):
    path = beside.journals(moot.node.settings)[0]
    path.write_text("nonsense\n\n")

    said = run("erasures", "replay")

    assert said.exit_code == 1
    assert f"Line 1 of {path} cannot be read." in said.stderr
