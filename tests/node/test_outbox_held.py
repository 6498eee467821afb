import pytest
from sqlalchemy import select

from federation.delivery import State
from node import log, outbox, submissions
from node.accounts import GUEST
from node.models.log import LedgerOutbox
from node.models.outbox import Outgoing
from node.outbox.couriers import LEASE
from tests.support.byways import NOBODY, Died, dies
from tests.support.cast import told

PATIENCE = 30


def test_what_is_not_in_the_ledger_yet_does_not_leave(desk_on):
    submissions.submit(desk_on.ash, told(), by=GUEST)
    with desk_on.ash.read() as tx:
        oid = tx.scalars(select(LedgerOutbox.oid)).first()
    desk_on.say("sealed", oid=oid)
    desk_on.say("behind", kind="Update")
    desk_on.say("other", context="two")

    desk_on.send()
    assert desk_on.names() == ["other"]
    for _ in range(3):
        desk_on.village.now += LEASE
        desk_on.send()
    assert desk_on.names() == ["other"]

    log.sequence(desk_on.ash)
    desk_on.wait(minutes=5)
    assert desk_on.names() == ["other", "sealed", "behind"]


def test_not_even_to_find_out_whether_a_node_is_back(desk):
    desk.elm.usual = NOBODY
    desk.say("first", context="a")
    desk.wait(hours=1)
    submissions.submit(desk.ash, told(), by=GUEST)
    with desk.ash.read() as tx:
        oid = tx.scalars(select(LedgerOutbox.oid)).first()
    with desk.ash.begin() as tx:
        tx.execute(Outgoing.__table__.update().values(oid=oid))
    before = len(desk.elm.posts)

    desk.wait(hours=12)

    assert len(desk.elm.posts) == before


def test_words_taken_back_are_not_sent_and_their_bytes_are_gone(desk_on):
    seq = desk_on.say("words")
    with desk_on.ash.begin() as tx:
        outbox.forget(tx, [seq])
    desk_on.say("gone", kind="Delete")

    desk_on.send()

    assert desk_on.names() == ["gone"]
    assert desk_on.row("words").state is State.DROPPED
    assert desk_on.row("words").answer == "taken-back"
    with desk_on.ash.read() as tx:
        assert tx.get_one(Outgoing, seq).raw == b""


@pytest.mark.parametrize("said", [500, NOBODY, (429, {"retry-after": "5"}), 202])
def test_words_taken_back_while_they_are_under_way_are_not_tried_again(desk_on, said):
    def take_back(_post):
        with desk_on.ash.begin() as tx:
            outbox.forget(tx, [seq])
        desk_on.say("gone", kind="Delete")
        return said

    seq = desk_on.say("words")
    desk_on.elm.script = [take_back, 500] if said == 500 else [take_back]
    desk_on.send()

    desk_on.wait(minutes=10)

    arrived = ["words", "gone"] if said == 202 else ["gone"]
    assert desk_on.names() == arrived
    assert all(post.body for post in desk_on.elm.posts)


def test_words_taken_back_after_a_crash_are_not_sent_again(desk):
    seq = desk.say("words")
    desk.elm.script = [dies]
    with pytest.raises(Died):
        desk.send()
    with desk.ash.begin() as tx:
        outbox.forget(tx, [seq])
    desk.say("gone", kind="Delete")

    desk.village.now += LEASE
    desk.send()

    assert desk.names() == ["gone"]
