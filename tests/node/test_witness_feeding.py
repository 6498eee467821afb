from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from federation.fetch import Answer
from ledger import cosignature, note
from node import log, witness, work
from node.log import names
from node.models.log import LedgerCheckpoint
from node.models.witness import LedgerCosignature, LedgerWitness
from tests.support.logs import published
from tests.support.witnessing import KEY, POST, TEXT, cosigned, lines


def test_what_is_published_is_cosigned_and_served_so_to_everybody(oracle_on):
    ash, now = oracle_on.ash, oracle_on.village.now + timedelta(minutes=1)
    oracle_on.grow()
    assert log.status(ash).witnesses == 0
    oracle_on.answers[POST] = Answer(200, TEXT, cosigned(oracle_on))

    work.sweep(ash)

    own, theirs = lines(ash)
    text = note.parse(log.checkpoint(ash)).text
    assert own.by(names.log_signer(ash).vkey)
    assert cosignature.verify(text, theirs, KEY.vkey) == int(now.timestamp())
    assert log.status(ash).witnesses == 1
    assert log.checkpoints(ash)[0] == log.checkpoint(ash)
    [known] = witness.listed(ash)
    assert (known.size, known.at) == (published(ash).size, now)
    oracle_on.village.pass_time(hours=24)
    oracle_on.answers[POST] = Answer(200, TEXT, cosigned(oracle_on))
    assert oracle_on.feed() == [200, 200]
    assert lines(ash)[0] == own
    assert lines(ash)[1] != theirs


def test_two_communities_cosign_each_other_by_themselves(pair):
    pair.roads.lead_to(pair.ash)
    witness.add(pair.ash, str(names.log_signer(pair.birch).vkey))
    witness.add(pair.birch, str(names.witness_signer(pair.ash).vkey))
    pair.grow()

    for node in (pair.ash, pair.birch):
        work.sweep(node)

    assert [log.status(node).witnesses for node in (pair.ash, pair.birch)] == [1, 1]
    [cosigned_here, _] = witness.listed(pair.birch)
    assert cosigned_here.size == published(pair.ash).size


def test_the_next_size_is_proven_to_begin_with_the_last(pair):
    for _ in range(3):
        pair.grow()
        assert pair.feed() == [200]
        assert log.status(pair.ash).witnesses == 1

    assert pair.feed() == []


def test_a_witness_that_has_seen_less_is_shown_what_it_lacks(pair):
    pair.grow()
    pair.feed()
    pair.grow()
    with pair.ash.begin() as tx:
        tx.execute(update(LedgerWitness).values(size=0))

    assert pair.feed() == [409, 200]

    assert log.status(pair.ash).witnesses == 1
    assert pair.known().size == published(pair.ash).size


def test_a_silent_witness_is_asked_less_and_less_often_and_delays_nothing(pair):
    pair.grow()
    pair.roads.away.add("https://birch.example")
    waits = []
    for _ in range(14):
        [name] = witness.due(pair.ash)
        witness.run(pair.ash, name)
        assert pair.known().problem == "egress.unreachable"
        waits.append(pair.known().next_at - pair.village.now)
        assert witness.due(pair.ash) == []
        pair.village.pass_time(seconds=waits[-1].total_seconds())

    assert waits[:4] == [timedelta(seconds=5 * 2**n) for n in range(4)]
    assert set(waits[10:]) == {timedelta(hours=1)}
    pair.grow()
    assert published(pair.ash).size > pair.known().size
    pair.roads.away.clear()
    pair.village.pass_time(hours=1)
    assert pair.feed() == [200]
    assert (pair.known().problem, pair.known().tries) == ("", 0)


def test_what_is_published_meanwhile_does_not_wake_a_silent_witness(pair):
    pair.roads.away.add("https://birch.example")
    pair.grow()
    pair.feed()
    with pair.ash.begin() as tx:
        tx.execute(
            update(LedgerWitness).values(next_at=pair.village.now + timedelta(hours=1))
        )

    pair.grow()

    assert witness.due(pair.ash) == []


def test_a_witness_is_asked_by_one_at_a_time(pair):
    pair.grow()
    other, found = pair.village.open(pair.ash.settings), []
    [name] = witness.due(pair.ash)

    def meanwhile(_url):
        found.append((witness.due(other), witness.run(other, name)))

    pair.roads.linger = meanwhile
    assert witness.run(pair.ash, name) is True

    assert found == [([], False)]
    assert pair.asked() == [200]


def test_who_died_while_asking_is_replaced_after_a_while(pair):
    pair.grow()
    [name] = witness.due(pair.ash)

    def dies(_url):
        raise KeyboardInterrupt

    pair.roads.linger = dies
    with pytest.raises(KeyboardInterrupt):
        witness.run(pair.ash, name)
    pair.roads.linger = lambda _: None

    assert witness.due(pair.ash) == []
    pair.village.pass_time(minutes=2)
    assert pair.feed() == [200]


def test_who_comes_back_after_the_lease_changes_nothing(pair):
    pair.grow()
    other = pair.village.open(pair.ash.settings)
    [name] = witness.due(pair.ash)
    slow = [True]

    def lingers(_url):
        if slow:
            slow.clear()
            pair.village.pass_time(minutes=3)
            assert witness.run(other, name)
            pair.roads.away.add("https://birch.example")

    pair.roads.linger = lingers
    witness.run(pair.ash, name)

    assert (pair.known().problem, pair.known().tries) == ("", 0)
    assert pair.known().size == published(pair.ash).size
    assert len(lines(pair.ash)) == 2


def test_a_log_that_stands_still_is_cosigned_anew_every_day(pair):
    pair.grow()
    pair.feed()
    before = lines(pair.ash)[1]

    pair.village.pass_time(hours=23)
    assert witness.due(pair.ash) == []
    pair.village.pass_time(hours=1)
    assert pair.feed() == [200]

    own, theirs = lines(pair.ash)
    assert theirs != before
    with pair.ash.read() as tx:
        kept = tx.scalars(select(LedgerCosignature)).one()
    assert (kept.line, kept.at) == (theirs.encode(), pair.village.now)
    assert own.by(names.log_signer(pair.ash).vkey)


def test_every_witness_has_its_line(pair):
    cedar = pair.village.found("https://cedar.example")
    pair.roads.lead_to(cedar)
    witness.add(cedar, str(names.log_signer(pair.ash).vkey))
    witness.add(pair.ash, str(names.witness_signer(cedar).vkey))
    pair.grow()

    assert pair.feed() == [200, 200]

    assert {line.name for line in lines(pair.ash)} == {
        "ash.example/ledger", "birch.example/witness", "cedar.example/witness",
    }  # fmt: skip
    assert log.status(pair.ash).witnesses == 2


def test_no_more_lines_are_added_than_a_note_holds(pair, monkeypatch):
    pair.grow()
    monkeypatch.setattr(note, "LIMIT", len(log.checkpoint(pair.ash)) + 20)

    pair.feed()

    assert len(lines(pair.ash)) == 1
    assert log.status(pair.ash).witnesses == 1


def test_a_log_that_published_nothing_asks_nobody(pair):
    with pair.ash.begin() as tx:
        tx.execute(delete(LedgerCheckpoint))

    assert witness.due(pair.ash) == []


def test_errands_are_told_from_origins(pair):
    assert not witness.is_errand("https://birch.example")
    pair.grow()
    assert [witness.is_errand(name) for name in witness.due(pair.ash)] == [True]
