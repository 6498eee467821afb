import pytest
from sqlalchemy import select

from node.models.inbox import Received
from node.models.outbox import Outgoing
from node.models.publications import PublicReply
from tests.support.neighbours import street
from tests.support.stranger import PUBLIC, Stranger
from tests.web.abroad import made_public, reader

WORDS = "Ours was cold until March."
GONE = "Whoever wrote this took it back."


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        found.acquaint()
        yield found


@pytest.fixture
def eve(lane):
    return Stranger(lane.village, lane.ash)


def replied(lane, eve):
    """Let a stranger answer Ada's public case, and Ada let it stand."""
    ada, case = made_public(lane)
    page = next(link for link in ada.links if link.startswith("/public/"))
    parent = f"https://ash.example/ap/cases/{page.rpartition('/')[2]}"
    reply = eve.act("Create", eve.note(inReplyTo=parent, content=f"<p>{WORDS}</p>"))
    assert eve.send(reply).status_code == 202
    lane.run()
    ada.open(case)
    form = next(one for one in ada.forms if "/replies/" in one.action)
    ada.send(form.action, verdict="approve")
    lane.run()
    ada.open(case)
    assert WORDS in ada.text
    return ada, case, page, reply


def kept(node):
    with node.read() as tx:
        columns = (Outgoing.raw, Received.raw, PublicReply.raw)
        rows = [raw for column in columns for raw in tx.scalars(select(column))]
    return [raw for raw in rows if raw and WORDS.encode() in raw]


def test_a_reply_that_its_author_took_back_leaves_a_line_and_no_words(lane, eve):
    ada, case, page, reply = replied(lane, eve)
    assert kept(lane.ash)

    eve.send(eve.act("Delete", reply["object"]["id"], to=[PUBLIC]))
    lane.run()

    ada.open(case)
    timeline = ada.html.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    assert GONE in timeline
    assert "answered from <bdi>cedar.example</bdi>" in timeline
    assert WORDS not in ada.html
    everybody = reader(lane.ash)
    everybody.open(page)
    assert WORDS not in everybody.html
    assert kept(lane.ash) == []


def test_whoever_was_told_of_a_reply_is_told_that_it_was_taken_back(lane, eve):
    _, _, _, reply = replied(lane, eve)
    gone = eve.act("Delete", reply["object"]["id"], to=[PUBLIC])
    eve.send(gone)
    lane.run()

    with lane.ash.read() as tx:
        rows = tx.scalars(select(Outgoing).where(Outgoing.type == "Announce"))
        passed = [row.raw for row in rows if gone["id"].encode() in row.raw]
    assert len(passed) == 1
    eve.send(gone)
    lane.run()
    with lane.ash.read() as tx:
        found = tx.scalars(select(Outgoing).where(Outgoing.type == "Announce"))
        assert len(found.all()) == 2


def test_a_reply_that_nobody_let_stand_leaves_nothing(lane, eve):
    ada, case = made_public(lane)
    page = next(link for link in ada.links if link.startswith("/public/"))
    parent = f"https://ash.example/ap/cases/{page.rpartition('/')[2]}"
    reply = eve.act("Create", eve.note(inReplyTo=parent, content=f"<p>{WORDS}</p>"))
    eve.send(reply)
    lane.run()
    eve.send(eve.act("Delete", reply["object"]["id"], to=[PUBLIC]))
    lane.run()

    ada.open(case)

    assert WORDS not in ada.html
    assert GONE not in ada.html
    assert kept(lane.ash) == []
