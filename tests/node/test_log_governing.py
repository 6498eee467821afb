"""Governance's events in the log: written, published, served or not, told again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from governance.errors import NotFound
from ledger import entry
from ledger.encoding import b64u
from ledger.entry import Event, Role
from ledger.errors import Invalid
from node import log
from node.log import Whose
from node.models.log import (
    LedgerDisclosure,
    LedgerEntry,
    LedgerPayload,
    LedgerSeal,
)
from node.models.vault import ContentKey
from tests.support.village import MONDAY

HASH = "sha256:" + "7" * 64
#: One of each way; `{}` is filled with what it is about.
PUBLIC = {
    "poll.opened": {"poll": "p1", "options": ["yes", "no"]},
    "rules.adopted": {"previous": None, "proposal": None, "rules": HASH},
    "genesis": {"community": "https://ash.example", "founders": ["a"]},
}
PERSONAL = {
    "member.admitted": {"member": "m1", "door": "vouch"},
    "appeal.filed": {"appeal": "a1"},
    "proposal.supported": {"proposal": "p1", "voter": HASH},
}
ON_MEMBER = {
    "ballot.cast": {"poll": "p1", "value": "canary-yes", "voter": HASH},
    "objection.raised": {"objection": "o1"},
    "points.awarded": {"award": "w1", "points": 3},
    "points.annotated": {"award": "w1", "appeal": "a1"},
}
ON_CASE = {
    "duty.opened": {"duty": "canary-duty", "kind": "delete"},
    "terms.proffered": {"level": "named", "terms": "t1"},
}


def told(kind, public, *, actor=None, at="2026-03-02T10:00:00.000Z"):
    return Event(kind=kind, at=at, actor=actor, public=public, sealed=HASH)


def write(moot, event, **whose):
    with moot.node.begin(sealed=True) as tx:
        return log.event(moot.node, tx, event, Whose(**whose))


def publish(moot):
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())


def leaf_of(moot, ticket):
    log.sequence(moot.node)
    with moot.node.read() as tx:
        found = select(LedgerEntry.leaf).where(LedgerEntry.oid == ticket.oid)
        return tx.execute(found).scalar_one()


def commitment(moot, ticket):
    return b64u(entry.read_leaf(leaf_of(moot, ticket)).payload["event"])


def served(moot, ticket):
    """Return the event that everybody gets of a clear leaf; None if nobody does."""
    try:
        raw = log.payload(moot.node, commitment(moot, ticket))
    except NotFound:
        return None
    salt, data = raw[:32], raw[32:]
    assert b64u(entry.commit_payload(salt, data)) == commitment(moot, ticket)
    return entry.read_event(data)


def all_told(moot):
    log.sequence(moot.node)
    with moot.node.read() as tx:
        return list(log.events(moot.node, tx))


def ids(moot):
    return {"person_id": moot.ids["ada"]}


@pytest.mark.parametrize("kind", PUBLIC)
def test_what_is_public_is_served_to_everybody_once_it_is_published(moot, kind):
    event = told(kind, PUBLIC[kind], actor="a-member")

    ticket = write(moot, event)
    leaf = entry.read_leaf(leaf_of(moot, ticket))

    assert (leaf.kind, dict(leaf.body)) == (f"gov.{kind}", {})
    assert served(moot, ticket) is None
    publish(moot)
    assert served(moot, ticket) == event


@pytest.mark.parametrize("kind", PERSONAL)
def test_what_is_about_a_person_says_neither_its_kind_nor_its_hour(moot, kind):
    ticket = write(moot, told(kind, PERSONAL[kind]))
    publish(moot)
    leaf = entry.read_leaf(leaf_of(moot, ticket))

    assert leaf.kind == "gov.person"
    assert datetime.fromtimestamp(leaf.at / 1000, MONDAY.tzinfo) == MONDAY.replace(
        hour=0
    )
    assert kind.encode() not in leaf_of(moot, ticket)
    assert served(moot, ticket) is None


@pytest.mark.parametrize("kind", ON_MEMBER)
def test_what_would_show_who_took_part_is_sealed_on_the_members_chain(moot, kind):
    event = told(kind, ON_MEMBER[kind])
    ticket = write(moot, event, **ids(moot), role=Role.MEMBER)

    leaf = leaf_of(moot, ticket)
    assert isinstance(entry.read_leaf(leaf), entry.Sealed)
    with moot.node.read() as tx:
        raw = log.receipt(moot.node, tx, moot.ids["ada"], ticket.seq)
    verdict = log.check(moot.node, raw)
    assert verdict.valid
    assert (verdict.kind, verdict.role, verdict.seq) == (kind, "member", 1)
    assert dict(verdict.disclosed) == {"event": event.tuple}


@pytest.mark.parametrize("kind", ON_CASE)
def test_what_would_show_who_has_a_case_is_sealed_on_the_cases_chain(moot, kind):
    made = moot.tell()
    event = told(kind, ON_CASE[kind])

    write(moot, event, case_id=made.case_id)

    last = moot.entries(made)[-1]
    assert last.kind == kind
    assert dict(last.disclosed) == {"event": event.tuple}


def test_a_duty_of_no_case_is_public(moot):
    event = told("duty.opened", {"duty": "d1"})
    ticket = write(moot, event)
    publish(moot)

    assert entry.read_leaf(leaf_of(moot, ticket)).kind == "gov.duty.opened"
    assert served(moot, ticket) == event


def test_what_a_member_allows_by_default_is_on_their_own_chain(moot):
    event = told("terms.proffered", {"level": "named", "terms": "t2"})

    ticket = write(moot, event, **ids(moot))

    assert ticket.case_id == moot.ids["ada"]


def test_what_belongs_to_somebody_is_never_written_of_nobody(moot):
    before = all_told(moot)
    for kind in ("ballot.cast", "terms.answered"):
        with pytest.raises(Invalid, match="belongs to somebody"):
            write(moot, told(kind, {}))

    assert all_told(moot) == before


def test_papers_are_served_only_once_their_poll_has_closed(moot):
    papers = [
        told("papers.issued", {"poll": "p1", "day": f"2026-03-0{n}", "voters": [HASH]})
        for n in (2, 3)
    ]
    other = told("papers.issued", {"poll": "p2", "day": "2026-03-02", "voters": []})
    early, foreign = write(moot, papers[0]), write(moot, other)
    publish(moot)
    assert [served(moot, one) for one in (early, foreign)] == [None, None]

    closed = write(moot, told("poll.closed", {"poll": "p1"}))
    late = write(moot, papers[1])
    publish(moot)

    assert served(moot, early) == papers[0]
    assert served(moot, late) == papers[1]
    assert served(moot, closed) == told("poll.closed", {"poll": "p1"})
    assert served(moot, foreign) is None


def test_every_event_can_be_told_again_in_the_order_of_the_log(moot):
    made = moot.tell()
    said = []
    for kind, public in {**PUBLIC, **PERSONAL}.items():
        said.append(told(kind, public))
        write(moot, said[-1])
    for kind, public in ON_MEMBER.items():
        said.append(told(kind, public))
        write(moot, said[-1], **ids(moot))
    for kind, public in ON_CASE.items():
        said.append(told(kind, public))
        write(moot, said[-1], case_id=made.case_id)

    found = all_told(moot)

    assert [one.event for one in found] == said
    assert [one.index for one in found] == sorted(one.index for one in found)


def test_of_what_was_erased_only_the_commitment_is_told(moot):
    clear = write(moot, told("appeal.filed", {"appeal": "a1"}))
    cast = write(moot, told("ballot.cast", {"poll": "p1"}), **ids(moot))
    changed = write(moot, told("poll.closed", {"poll": "p1"}))
    with moot.node.begin() as tx:
        tx.execute(delete(LedgerPayload).where(LedgerPayload.oid == clear.oid))
        tx.execute(delete(LedgerDisclosure).where(LedgerDisclosure.oid == cast.oid))
        row = select(LedgerPayload).where(LedgerPayload.oid == changed.oid)
        tx.scalars(row).one().data = b'["poll.closed","",null,{},null]'

    found = all_told(moot)

    assert [(one.kind, one.event) for one in found] == [
        ("gov.person", None),
        ("ballot.cast", None),
        ("gov.poll.closed", None),
    ]


def test_one_chain_that_does_not_open_hides_no_other(moot):
    kept = told("ballot.cast", {"poll": "p1"})
    write(moot, kept, person_id=moot.ids["ben"])
    moved = write(moot, told("ballot.cast", {"poll": "p2"}), **ids(moot))
    write(moot, told("ballot.cast", {"poll": "p3"}), person_id=moot.ids["cleo"])
    with moot.node.begin() as tx:
        cell = select(LedgerDisclosure).where(LedgerDisclosure.oid == moved.oid)
        tx.scalars(cell).one().disclosure = b"\1" + bytes(40)
        key = tx.get_one(ContentKey, ("case", moot.ids["cleo"]))
        key.wrapped = bytes(60)

    assert [one.event for one in all_told(moot)] == [kept, None, None]


def test_a_persons_chain_begins_with_being_opened_by_the_node(moot):
    write(moot, told("ballot.cast", {"poll": "p1"}), **ids(moot))
    write(moot, told("ballot.cast", {"poll": "p2"}), **ids(moot))

    with moot.node.read() as tx:
        seals = select(LedgerSeal).where(LedgerSeal.case_id == moot.ids["ada"])
        kinds = [
            entry.read_entry(one.entry).kind
            for one in tx.scalars(seals.order_by(LedgerSeal.seq))
        ]
    assert kinds == ["member.open", "ballot.cast", "ballot.cast"]


def test_two_who_begin_a_persons_chain_at_once_write_into_one(moot):
    events = [told("ballot.cast", {"poll": f"p{n}"}) for n in range(6)]

    with ThreadPoolExecutor(len(events)) as pool:
        tickets = list(pool.map(lambda one: write(moot, one, **ids(moot)), events))

    assert sorted(ticket.seq for ticket in tickets) == [1, 2, 3, 4, 5, 6]


def test_keys_of_a_person_are_added_and_revoked_on_their_chain(moot):
    with moot.node.begin() as tx:
        log.add_key(moot.node, tx, moot.ids["ada"], "key-1", "Telephone")
        log.revoke_key(moot.node, tx, moot.ids["ada"], "key-1")
    log.sequence(moot.node)

    with moot.node.read() as tx:
        raw = [log.receipt(moot.node, tx, moot.ids["ada"], seq) for seq in range(3)]
    verdicts = [log.check(moot.node, one) for one in raw]
    assert [one.kind for one in verdicts] == ["member.open", "key.add", "key.revoke"]
    assert dict(verdicts[1].disclosed) == {"key": "key-1", "label": "Telephone"}
    assert dict(verdicts[2].disclosed) == {"key": "key-1"}
    assert all(one.valid and one.role == "node" for one in verdicts)


def test_the_log_is_whole_with_events_of_every_way(moot):
    made = moot.tell()
    write(moot, told("poll.opened", PUBLIC["poll.opened"]))
    write(moot, told("member.admitted", PERSONAL["member.admitted"]))
    write(moot, told("ballot.cast", ON_MEMBER["ballot.cast"]), **ids(moot))
    write(moot, told("duty.opened", ON_CASE["duty.opened"]), case_id=made.case_id)
    publish(moot)
    moot.village.now += timedelta(days=1)

    assert list(log.fsck(moot.node)) == []
