"""A stranger's public reply that was let stand, and then taken back or erased."""

from itertools import count

import pytest
from sqlalchemy import select

from federation import strict
from node import approvals, cases, erasing, log, publications, replies
from node.erasing import Level, Wish
from node.models.cases import Case
from node.models.log import LedgerErasure
from node.models.outbox import Outgoing
from node.models.publications import PublicReply
from tests.support.door import all_of
from tests.support.erased import left, secrets, tombstones
from tests.support.stranger import PUBLIC

WORDS = "canary: ours was cold until March"
NUMBERS = count(1)


@pytest.fixture
def stands(place, eve):
    """A reply that stands: the case, the reply's id, and the number of its entry."""
    reference, case = place.publish()
    # The place is shared: what other tests left has other words.
    note = eve.note(inReplyTo=case, content=f"<p>{WORDS} {next(NUMBERS)}</p>")
    create = eve.act("Create", note, to=[PUBLIC])
    place.take(eve, create)
    [line] = replies.listed(place.node, reference, by=place.ada)
    approvals.approve(place.node, reference, line.key, by=place.ada)
    place.work()
    with place.node.read() as tx:
        case_id = tx.scalars(select(Case.id).where(Case.reference == reference)).one()
        found = select(PublicReply.entry_seq).where(PublicReply.key == line.key)
        seq = tx.scalars(found).one()
    return reference, case_id, note["id"], seq


def erasures(place, case_id):
    return [row for row in all_of(place.node, LedgerErasure) if row.case_id == case_id]


def test_what_its_author_deletes_leaves_the_sealed_entry_too(place, eve, stands):
    reference, case_id, note, seq = stands
    known = secrets(place.node, case_id, seq).of(Level.CONTENT)
    assert left(place.node, known)

    for _ in range(2):  # to be told twice changes nothing
        place.take(eve, eve.act("Delete", note, to=[PUBLIC]))

    assert left(place.node, known) == set()
    [row] = erasures(place, case_id)
    assert (row.level, row.seq) == ("content", seq)
    assert tombstones(place)[-1].body["basis"] == "author"
    raw = cases.receipt(place.node, reference, seq, by=place.ada)
    verdict = log.check(place.node, raw)
    assert (verdict.valid, verdict.kind, verdict.disclosed) == (True, "reply", ())


def test_a_reply_that_never_stood_needs_no_erasing(place, eve):
    _, case = place.publish()
    before = len(all_of(place.node, LedgerErasure))
    note = eve.note(inReplyTo=case, content=f"<p>{WORDS}</p>")
    place.take(eve, eve.act("Create", note, to=[PUBLIC]))

    place.take(eve, eve.act("Delete", note["id"], to=[PUBLIC]))

    assert len(all_of(place.node, LedgerErasure)) == before


def test_a_member_who_erases_a_reply_takes_it_from_beside_the_case(place, stands):
    reference, case_id, _, seq = stands
    known = secrets(place.node, case_id, seq).of(Level.CONTENT)

    asked = Wish(level=Level.CONTENT, seq=seq)
    erasing.erase(place.node, reference, asked, by=place.ada)
    place.work()

    assert left(place.node, known) == set()
    [line] = replies.listed(place.node, reference, by=place.ada)
    assert (line.state, line.html) == ("deleted", "")
    assert all_of(place.node, Outgoing)[-1].type == "Undo"


def test_a_story_that_goes_takes_its_public_words_along(place, stands):
    reference = stands[0]
    shown = publications.shown(place.node, reference, by=place.ada)

    erasing.erase(place.node, reference, Wish(level=Level.REDACT, seq=0, name="text"),
                  by=place.ada)  # fmt: skip
    place.work()

    rows = all_of(place.node, Outgoing)
    sent = [row for row in rows if row.raw and row.context == shown.address]
    assert strict.loads(sent[-1].raw)["type"] == "Delete"
    assert not any(b"Three weeks." in row.raw for row in sent)


def test_an_erased_case_keeps_no_reply_and_nobody_takes_one_back(place, eve, stands):
    reference, case_id, note, _ = stands

    erasing.erase(place.node, reference, Wish(level=Level.CHAIN), by=place.ada)
    place.work()
    assert place.take(eve, eve.act("Delete", note, to=[PUBLIC])) == ["done"]

    [row] = [one for one in all_of(place.node, PublicReply) if one.id == note]
    assert (row.html, row.raw, row.entry_seq) == ("", None, None)
    assert [one.level for one in erasures(place, case_id)] == ["chain"]
