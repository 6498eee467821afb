from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, func, select, update

from ledger import entry
from ledger.encoding import b64u
from ledger.entry import Role
from node import log, vault
from node.core import Collision
from node.log import Saying
from node.log.chains import open_case_key
from node.models.log import (
    LedgerChain,
    LedgerDisclosure,
    LedgerEntry,
    LedgerOutbox,
    LedgerSeal,
)
from node.models.vault import ContentKey
from node.upsert import insert_rows
from tests.support.logs import seal
from tests.support.village import MONDAY


@pytest.fixture
def made(moot):
    return moot.tell(text="canary-words: the heating is off")


def say(moot, made, *words):
    with moot.node.begin(sealed=True) as tx:
        chain = log.chain(moot.node, tx, made.case_id)
        for one in words:
            chain.say(Saying(kind="reply", role=Role.ADVOCATE, fields={"text": one}))
        return chain.write()


def seals_of(moot, made):
    with moot.node.read() as tx:
        query = select(LedgerSeal).where(LedgerSeal.case_id == made.case_id)
        return tx.scalars(query.order_by(LedgerSeal.seq)).all()


def case_key(moot, made):
    with moot.node.read() as tx:
        key = vault.key_of(moot.node, tx, "case", made.case_id)
        row = tx.get_one(LedgerChain, made.case_id)
        return open_case_key(key, made.case_id, row.case_key)


def leaves_of(moot):
    log.sequence(moot.node)
    with moot.node.read() as tx:
        return dict(tx.execute(select(LedgerEntry.oid, LedgerEntry.leaf)).all())


def count(moot, model):
    with moot.node.read() as tx:
        return tx.scalar(select(func.count()).select_from(model))


def test_a_chain_is_numbered_without_a_gap_and_each_entry_names_the_one_before(
    moot, made
):
    say(moot, made, "first", "second")
    say(moot, made, "third")

    seals = seals_of(moot, made)
    entries = [entry.read_entry(one.entry) for one in seals]
    commitments = [entry.commit(one.nonce, one.entry) for one in seals]

    assert [one.seq for one in entries] == list(range(len(seals)))
    assert [one.prev for one in entries] == [None, *commitments[:-1]]
    assert len({one.kc for one in entries}) == 1
    assert sorted(one.oid for one in seals) == [one.oid for one in seals]


def test_each_leaf_is_the_tag_and_commitment_of_its_entry(moot, made):
    say(moot, made, "first", "second")
    key, leaves = case_key(moot, made), leaves_of(moot)

    for one in seals_of(moot, made):
        c = entry.commit(one.nonce, one.entry)
        assert leaves[one.oid] == entry.sealed(entry.tag(key, one.seq), c)


def test_an_entry_says_what_was_signed_and_by_which_key(moot, made):
    say(moot, made, "first")

    last = seals_of(moot, made)[-1]
    read, statement = entry.read_entry(last.entry), entry.read_statement(last.stmt)

    assert (
        (read.kind, read.role)
        == ("reply", Role.ADVOCATE)
        == (statement.kind, read.role)
    )
    assert (read.log, read.case) == ("ash.example/ledger", made.case_id.bytes)
    assert (read.stmt, read.proof) == (
        sha256(last.stmt).digest(),
        sha256(last.proof).digest(),
    )
    assert last.eid == read.stmt
    assert statement.ts == read.at


def test_what_is_disclosed_is_what_was_signed_and_empty_fields_are_left_out(moot, made):
    fields = {"text": "Thursday at ten.", "template": None}
    with moot.node.begin(sealed=True) as tx:
        chain = log.chain(moot.node, tx, made.case_id)
        chain.say(Saying(kind="reply", role=Role.ADVOCATE, fields=fields))
        ticket = chain.write()

    with moot.node.read() as tx:
        key = vault.key_of(moot.node, tx, "case", made.case_id)
        rows = tx.scalars(
            select(LedgerDisclosure).where(LedgerDisclosure.oid == ticket.oid)
        ).all()
        signed = entry.read_statement(tx.get_one(LedgerSeal, ticket.oid).stmt).fields
    place = vault.Place("ledger_disclosure", "disclosure", f"{ticket.oid}/0")

    assert [row.digest for row in rows] == list(signed)
    shown = entry.read_disclosure(vault.unseal(key, place, rows[0].disclosure))
    assert (shown.name, shown.value) == ("text", "Thursday at ten.")


@pytest.mark.parametrize(
    ("words", "beside"),
    [("x" * 4094, False), ("x" * 4095, True), ('"' * 2047, False), ("\n" * 2048, True)],
    ids=["long", "too long", "long quotes", "too many lines"],
)
def test_long_words_stand_beside_the_entry_and_their_hash_in_it(
    moot, made, words, beside
):
    ticket = say(moot, made, words)

    log.sequence(moot.node)
    with moot.node.read() as tx:
        raw = log.receipt(moot.node, tx, made.case_id, ticket.seq)
    shown = dict(log.check(moot.node, raw).disclosed)["text"]

    hashed = {
        "len": len(words),
        "sha256": b64u(sha256(words.encode()).digest()),
        "type": "text/plain; charset=utf-8",
    }
    assert shown == (hashed if beside else words)


def test_a_clock_that_is_set_back_never_takes_the_chain_back(moot, made):
    moot.village.pass_time(hours=1)
    say(moot, made, "late")
    moot.village.pass_time(hours=-2)
    say(moot, made, "earlier, says the clock")

    moments = [entry.read_entry(one.entry).at for one in seals_of(moot, made)]

    assert moments == sorted(moments)
    assert moments[-1] == moments[-2]


def test_what_was_given_up_leaves_no_trace_and_no_gap(moot, made):
    before = [count(moot, one) for one in (LedgerSeal, LedgerOutbox, LedgerDisclosure)]

    def give_up():
        with moot.node.begin(sealed=True) as tx:
            seal(moot.node, tx, made.case_id)
            raise LookupError

    with pytest.raises(LookupError):
        give_up()
    after = [count(moot, one) for one in (LedgerSeal, LedgerOutbox, LedgerDisclosure)]
    ticket = say(moot, made, "next")

    assert after == before
    assert ticket.seq == seals_of(moot, made)[-1].seq == len(seals_of(moot, made)) - 1


def test_whoever_speaks_at_once_gets_a_number_each(moot, made):
    before = len(seals_of(moot, made))

    with ThreadPoolExecutor(4) as crowd:
        tickets = list(crowd.map(lambda one: say(moot, made, str(one)), range(12)))

    seals = seals_of(moot, made)
    assert {ticket.seq for ticket in tickets} == set(range(before, before + 12))
    assert [one.seq for one in seals] == list(range(before + 12))
    prevs = [entry.read_entry(one.entry).prev for one in seals]
    assert prevs[1:] == [entry.commit(one.nonce, one.entry) for one in seals[:-1]]


def test_a_statement_or_a_number_stands_in_the_tables_once(moot, made):
    last = seals_of(moot, made)[-1]
    row = {"oid": 9999, "case_id": made.case_id, "seq": 999, "nonce": b"", "entry": b"",
           "stmt": b"", "proof": b"", "eid": b"another"}  # fmt: skip

    for same in ({"eid": last.eid}, {"seq": last.seq}):
        with pytest.raises(Collision):
            insert_seal(moot.node, row | same)


def insert_seal(node, row):
    with node.begin() as tx:
        insert_rows(tx, LedgerSeal, row)


def test_a_ticket_can_be_had_again(moot, made):
    first = say(moot, made, "first")

    with moot.node.read() as tx:
        again = log.ticket(tx, made.case_id, first.seq)

    assert again == first


def test_a_chain_under_another_key_is_not_written_to(moot, made):
    with moot.node.begin() as tx:
        tx.execute(
            update(LedgerChain)
            .where(LedgerChain.case_id == made.case_id)
            .values(kc=b"k" * 32)
        )

    with pytest.raises(vault.Damaged, match="another"):
        say(moot, made, "more")


def test_an_erased_chain_is_not_written_to(moot, made):
    with moot.node.begin() as tx:
        tx.execute(delete(ContentKey).where(ContentKey.owner == made.case_id))

    with pytest.raises(log.ChainErased):
        say(moot, made, "more")


def test_two_cases_share_no_key(moot, made):
    other = moot.tell()

    assert case_key(moot, made) != case_key(moot, other)
    assert (
        len({entry.key_commitment(case_key(moot, one)) for one in (made, other)}) == 2
    )


def test_a_sealed_leaf_is_49_bytes_and_says_nothing(moot, made):
    say(moot, made, "canary-reply")
    log.publish(moot.node, at=MONDAY + timedelta(days=1))

    with moot.node.read() as tx:
        leaves = tx.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.idx)).all()

    sealed = leaves[1:]
    known = [b"canary", made.case_id.bytes, made.reference.encode(), b"reply"]
    assert leaves[0][0] == 0
    assert {(len(leaf), leaf[0]) for leaf in sealed} == {(49, 1)}
    assert not [one for one in known if one in b"".join(sealed)]
