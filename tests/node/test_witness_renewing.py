"""Witnesses learn a log's new key from the log, and a revoked one's from a steward."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from ledger import note
from node import log, witness
from node.log import names
from node.models.witness import WitnessLog
from tests.support.rotations import recoverable, recovery_keys, words
from tests.support.witnessing import Pair

ORIGIN = "ash.example/ledger"


@pytest.fixture
def both(village):
    pair = Pair(village)
    pair.roads.lead_to(pair.ash)
    return pair


def known(both):
    with both.birch.read() as tx:
        return tx.get_one(WitnessLog, ORIGIN).vkeys.split()


def look(both):
    both.village.pass_time(minutes=11)
    witness.run(both.birch, f"look/{ORIGIN}")


def problem(both):
    return next(one.problem for one in witness.listed(both.birch) if one.kind == "log")


def old_key(both):
    return str(names.log_signer(both.ash).vkey)


def test_a_witness_learns_the_new_key_and_forgets_the_old_one_in_time(both):
    both.grow()
    both.feed()
    old, new = old_key(both), str(log.rotate(both.ash))
    both.grow()
    look(both)
    assert known(both) == [old]

    look(both)
    assert known(both) == [old, new]
    both.village.now += timedelta(days=31)
    both.grow()
    look(both)

    assert known(both) == [new]
    both.grow()
    assert both.feed()[-1] == 200
    assert problem(both) == ""


def test_it_goes_on_cosigning_through_the_whole_change(both):
    both.grow()
    both.feed()
    log.rotate(both.ash)
    for _ in range(10):
        both.village.now += timedelta(days=4)
        both.grow()
        look(both)
        both.feed()

        lines = note.parse(log.checkpoint(both.ash)).lines
        assert any(line.by(both.key) for line in lines)


def says(both, monkeypatch, body):
    """Let what Ash says of its keys be something else."""
    fetch = both.roads.get

    def get(url, **asked):
        found = fetch(url, **asked)
        return replace(found, body=body) if url.endswith("keys.json") else found

    monkeypatch.setattr(both.roads, "get", get)


def rotated(both):
    """Let Ash have a new key, announced in the tree that Birch cosigned."""
    both.grow()
    both.feed()
    log.rotate(both.ash)
    both.grow()
    look(both)


def test_what_is_not_in_the_tree_that_was_cosigned_is_not_believed(both, monkeypatch):
    rotated(both)
    told = dict(log.keys(both.ash))
    elsewhere = {**told["rotations"][0], "index": 0}
    says(both, monkeypatch, json.dumps({"rotations": [elsewhere]}).encode())

    look(both)

    assert known(both) == [old_key(both)]


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b'{"rotations":[1]}', b'{"rotations":[{}]}', b"\xff"]
)
def test_nonsense_about_keys_changes_nothing(both, said, monkeypatch):
    rotated(both)
    says(both, monkeypatch, said)

    look(both)

    assert known(both) == [old_key(both)]
    assert problem(both) == ""


def test_who_was_away_for_the_whole_change_has_to_be_told(both):
    both.grow()
    both.feed()
    new = log.rotate(both.ash)
    both.village.now += timedelta(days=31)
    both.grow()
    look(both)
    assert problem(both) == "log-unknown"

    witness.add(both.birch, str(new))
    look(both)

    assert problem(both) == ""
    both.grow()
    assert both.feed()[-1] == 200


def test_a_revoked_keys_successor_is_learned_from_a_steward_only(village):
    keys = recovery_keys()
    elm = recoverable(village, keys, 1)
    birch = village.found("https://birch.example")
    village.roads.lead_to(elm)
    old = str(names.log_signer(elm).vkey)
    witness.add(birch, old)
    witness.run(birch, "look/elm.example/ledger")
    request = log.request_revocation(elm)
    new = str(log.revoke(elm, request, words(request, keys[:1])))
    village.pass_time(minutes=11)
    log.publish(elm, at=elm.now())
    witness.run(birch, "look/elm.example/ledger")
    with birch.read() as tx:
        assert tx.get_one(WitnessLog, "elm.example/ledger").vkeys == old

    witness.add(birch, new, only=True)
    witness.run(birch, "look/elm.example/ledger")

    with birch.read() as tx:
        row = tx.get_one(WitnessLog, "elm.example/ledger")
        assert (row.vkeys, row.problem) == (new, "")
