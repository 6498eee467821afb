from uuid import uuid4

import pytest
from sqlalchemy import inspect, select

from governance.errors import NotFound
from node import approvals, consent, log, public_cases, publications, replies
from node.accounts import Visitor
from node.models.cases import Case
from node.models.consent import Consent
from node.models.publications import Publication
from node.paging import PAGE, cut
from tests.support import members
from tests.support.members import Statements
from tests.support.neighbours import REPLY, TEXT, TITLE, street


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


def key_of(lane):
    [(key, *_)] = publications.every(lane.ash)
    return key


def test_the_page_holds_the_words_that_were_agreed_to_and_no_others(lane):
    made = lane.tell()
    lane.publish(made)

    page = public_cases.page(lane.ash, key_of(lane))

    assert (page.title, page.text, page.status) == (TITLE, TEXT, "fm:open")
    assert page.address.endswith(f"/ap/cases/{key_of(lane)}")
    assert made.reference not in repr(page)
    assert "Private words" not in repr(page)


def test_only_replies_that_were_let_stand_are_on_the_page(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    assert public_cases.page(lane.ash, key_of(lane)).replies == ()

    lane.approve(made)

    [line] = public_cases.page(lane.ash, key_of(lane)).replies
    assert (line.html, line.host) == (f"<p>{REPLY}</p>", "birch.example")


def test_what_ended_has_no_words_and_no_replies_left(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    key = key_of(lane)
    with lane.ash.read() as tx:
        row = tx.scalars(select(Consent).where(Consent.purpose == "publish")).one()
    consent.revoke(lane.ash, made.reference, row.id, by=lane.ada)

    assert public_cases.ended_at(lane.ash, key) == lane.village.now
    with pytest.raises(NotFound):
        public_cases.page(lane.ash, key)


def test_what_never_was_public_is_not_found(lane):
    with pytest.raises(NotFound):
        public_cases.page(lane.ash, "0123456789abcdef")
    assert public_cases.ended_at(lane.ash, "0123456789abcdef") is None


def test_the_seal_of_a_reply_comes_with_the_log(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    assert public_cases.beside(lane.ash, made.reference, by=lane.ada).seals == {}

    lane.approve(made)
    log.sequence(lane.ash)

    found = public_cases.beside(lane.ash, made.reference, by=lane.ada)
    [(seq, seal)] = found.seals.values()
    assert seq > 0
    assert seal


def test_what_stands_beside_a_case_is_read_in_one_go(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    with Statements(lane.ash) as said:
        found = public_cases.beside(lane.ash, made.reference, by=lane.ada)

    assert [line.state for line in found.replies] == ["approved"]
    assert found.shown.title == TITLE
    assert len(said) <= 8


def test_a_reply_that_was_turned_down_stands_beside_nothing(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
    approvals.reject(lane.ash, made.reference, line.key, by=lane.ada)

    found = public_cases.beside(lane.ash, made.reference, by=lane.ada)

    assert found.replies == ()


def test_a_stranger_is_told_of_no_seal(lane):
    made = lane.tell()
    ben = members.join(lane.ash, "ben@ash.example")

    with pytest.raises(NotFound):
        public_cases.beside(
            lane.ash, made.reference, by=Visitor(kind="member", person_id=ben)
        )


def test_every_public_case_is_on_a_page_of_the_list(lane):
    lane.publish(lane.tell())
    with lane.ash.begin() as tx:
        case, row = (
            tx.scalars(select(Case)).one(),
            tx.scalars(select(Publication)).one(),
        )
        for number in range(PAGE + 3):
            id_ = uuid4()
            tx.add(_copy(case, id=id_, reference=f"AM-{number:07}"))
            tx.flush()
            tx.add(_copy(row, case_id=id_, key=f"{number:032}", title=str(number)))

    first, more = cut(publications.every(lane.ash))
    rest, over = cut(publications.every(lane.ash, first[-1][0]))

    assert (len(first), more, over) == (PAGE, True, False)
    assert len({line[0] for line in (*first, *rest)}) == PAGE + 4


def _copy(row, **other):
    kept = {it.key: getattr(row, it.key) for it in inspect(type(row)).column_attrs}
    return type(row)(**kept | other)
