from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from governance.errors import NotFound, NotYours
from ledger.encoding import b64u
from node import answers, following, log, neighbours, publications, replies
from node.models.follows import Follow
from node.models.publications import RemoteCase
from node.paging import PAGE, cut
from tests.support.neighbours import ASH, REPLY, TEXT, TITLE, street
from tests.support.publicly import withdraw_consent


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


def test_a_follow_counts_on_both_sides_once_it_was_accepted(lane):
    lane.acquaint()

    theirs, _ = following.listed(lane.ash, by=lane.stewards["ash"])
    _, ours = following.listed(lane.birch, by=lane.stewards["birch"])
    [here], [there] = theirs.lines, ours.lines
    assert (here.state, there.state) == ("accepted", "accepted")
    assert (here.address, there.address) == (
        "@birch@birch.example",
        "@ash@ash.example",
    )


def test_only_stewards_see_who_follows_whom(lane):
    with pytest.raises(NotYours):
        following.listed(lane.birch, by=lane.cleo)


def test_who_follows_is_listed_to_a_page_and_counted_to_the_last(lane):
    own = f"{ASH}/ap/c/ash"
    with lane.ash.begin() as tx:
        for number in range(PAGE + 5):
            one = f"https://n{number}.example/ap/u/one"
            asked = lane.village.now + timedelta(minutes=number)
            tx.add(
                Follow(actor=one, object=own, id=f"{one}/f", state="accepted",
                       asked_at=asked)
            )  # fmt: skip

    theirs, ours = following.listed(lane.ash, by=lane.stewards["ash"])

    assert (len(theirs.lines), theirs.count, theirs.hidden) == (PAGE, PAGE + 5, 5)
    assert theirs.lines[0].id == "https://n0.example/ap/u/one"
    assert (ours.lines, ours.count) == ((), 0)


def test_a_public_case_reaches_the_community_that_follows(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)

    [case] = neighbours.every(lane.birch, by=lane.cleo)
    assert (case.name, case.status, case.host) == (TITLE, "fm:open", "ash.example")
    assert TEXT.split(".")[0] in case.html
    assert "Private words" not in case.html


def test_an_answer_from_there_stands_here_once_it_was_approved(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()

    [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
    assert (line.host, line.state) == ("birch.example", "pending")
    assert line.html == f"<p>{REPLY}</p>"

    lane.approve(made)
    [case] = neighbours.every(lane.birch, by=lane.cleo)
    seen = neighbours.one(lane.birch, case.chain_id, by=lane.cleo)
    assert [(one.text, one.state) for one in seen.answers] == [(REPLY, "approved")]


def test_taking_it_back_deletes_it_there_and_shows_how_far_that_is(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)

    withdraw_consent(lane, made)

    assert neighbours.every(lane.birch, by=lane.cleo) == []
    shown = publications.shown(lane.ash, made.reference, by=lane.ada)
    assert (shown.title, shown.text) == ("", "")
    assert [(one.told, one.state) for one in shown.recipients] == [(False, "done")]


def test_a_long_list_goes_on_where_its_page_ends_whatever_came_since(lane):
    lane.acquaint()
    with lane.birch.begin() as tx:
        for number in range(2 * PAGE + 7):
            tx.add(_elsewhere(lane, f"{number:03}", minutes=number // 2))
    found, pages, last = [], 0, None
    while True:
        lines, more = cut(neighbours.every(lane.birch, by=lane.cleo, before=last))
        found += [line.name for line in lines]
        pages, last = pages + 1, lines[-1].chain_id
        if not more:
            break
        with lane.birch.begin() as tx:
            tx.add(_elsewhere(lane, f"new {pages}", minutes=1000 + pages))

    assert pages == 3
    assert found == [f"{number:03}" for number in reversed(range(2 * PAGE + 7))]


def _elsewhere(lane, name, *, minutes):
    at = lane.village.now + timedelta(minutes=minutes)
    return RemoteCase(
        id=f"{ASH}/ap/cases/{name}", chain_id=uuid4(), actor=f"{ASH}/ap/c/ash",
        name=name, html="", number="", status="fm:open", digest=bytes(32),
        published_at=at, received_at=at,
    )  # fmt: skip


def test_who_answered_can_prove_what_was_received_and_what_was_said(lane):
    lane.acquaint()
    lane.publish(lane.tell())
    lane.answer()
    with lane.birch.read() as tx:
        case = tx.scalars(select(RemoteCase)).one()

    received, said = verdicts(lane, case.chain_id)

    assert received.valid
    assert said.valid
    assert (received.kind, received.role) == ("refer.in", "node")
    assert dict(received.disclosed) == {"stmt": b64u(case.digest), "from": ASH}
    assert (said.kind, said.role) == ("reply", "advocate")
    assert dict(said.disclosed)["text"] == REPLY


def test_what_we_said_is_still_provable_when_they_took_their_case_back(lane):
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    with lane.birch.read() as tx:
        chain_id = tx.scalars(select(RemoteCase.chain_id)).one()
    withdraw_consent(lane, made)

    assert [it.kind for it in verdicts(lane, chain_id)] == ["refer.in", "reply"]


def test_nothing_is_provable_before_anything_was_answered(lane):
    lane.acquaint()
    lane.publish(lane.tell())
    [case] = neighbours.every(lane.birch, by=lane.cleo)

    with pytest.raises(NotFound):
        answers.bundle(lane.birch, case.chain_id, by=lane.cleo)


def test_receipts_of_answers_are_for_advocates_with_a_public_name(lane):
    lane.acquaint()
    lane.publish(lane.tell())
    lane.answer()
    [case] = neighbours.every(lane.birch, by=lane.cleo)

    with pytest.raises(NotYours):
        answers.bundle(lane.birch, case.chain_id, by=lane.stewards["birch"])


def verdicts(lane, chain_id):
    """Return what the receipts of an answer's chain say, in order."""
    raw = answers.bundle(lane.birch, chain_id, by=lane.cleo)
    with ZipFile(BytesIO(raw)) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith(".tlog-proof"))
        return [log.check(lane.birch, archive.read(name)) for name in names]
