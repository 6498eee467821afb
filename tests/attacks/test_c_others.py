"""Others: whoever says what of whom, only the owner's own word counts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node import replies
from node.models.follows import Follow
from node.models.inbox import Received
from node.models.peers import RemoteActor, RemoteKey
from node.models.publications import Publication, PublicReply, RemoteCase
from tests.support.door import all_of, counted, got
from tests.support.knocking import (
    rows,
    stranger,
    turned_away,
)
from tests.support.stranger import PUBLIC, Stranger


def c22(place):
    eve, alice = stranger(place), place.stranger()
    written = alice.act("Create", alice.note(inReplyTo=place.case), to=[PUBLIC])
    for document in (written, alice.prove(written)):
        turned_away(place, eve, document)
    relayed = eve.act("Announce", written, to=[PUBLIC])
    before = counted(place.node, PublicReply)
    place.take(eve, {**relayed, "cc": [eve.group]})
    assert counted(place.node, PublicReply) == before
    assert got(place.node, written) is None


def c23(place):
    """Permute who says what of whom: nothing of Ash or of Birch ever changes."""
    bob, eve = place.followed, stranger(place)
    dov = Stranger(place.village, place.node, bob.id.replace("eve", "dov"))
    theirs = place.theirs["object"]
    ids = [bob.id, eve.id, dov.id, eve.group, theirs["id"], place.case, f"{eve.id}/9"]
    kinds = ["Follow", "Undo", "Accept", "Reject", "Create", "Update", "Delete",
             "Announce", "Move", "Add", "Remove", "Block", "Flag", "Offer"]  # fmt: skip
    id_of = st.sampled_from(ids)
    note = st.fixed_dictionaries(
        {"id": id_of, "type": st.sampled_from(["Note", "Follow", "Person"])},
        optional={"attributedTo": id_of, "actor": id_of, "object": id_of,
                  "inReplyTo": id_of, "fm:caseStatus": st.just("fm:closed"),
                  "name": st.just("Owned")},
    )  # fmt: skip
    before = [rows(place, model) for model in (RemoteCase, Publication)]
    owned = [
        row for row in all_of(place.node, Follow) if bob.id in (row.actor, row.object)
    ]

    @settings(
        max_examples=150, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.sampled_from([eve, dov]), st.sampled_from(kinds), st.one_of(id_of, note),
           id_of, st.one_of(st.none(), id_of))  # fmt: skip
    def permute(sender, kind, about, actor, target):
        place.village.pass_time(seconds=5)
        act = sender.act(kind, about, actor=actor, target=target, to=[PUBLIC])
        if actor != sender.id:
            act["id"] = f"{actor}/forged/{place.village.now.timestamp()}"
        answer = sender.send(act)
        assert answer.status_code < 500, answer.data
        place.work()

    permute()

    place.work()
    assert [rows(place, model) for model in (RemoteCase, Publication)] == before
    after = [
        row for row in all_of(place.node, Follow) if bob.id in (row.actor, row.object)
    ]
    assert {row.id: row.state for row in after} == {row.id: row.state for row in owned}
    assert replies.listed(place.node, place.reference, by=place.ada) is not None
    assert {row.actor for row in all_of(place.node, Received)} >= {bob.id}
    assert {row.owner for row in all_of(place.node, RemoteKey)} >= {eve.id, dov.id}
    assert all(
        row.gone_at is None
        for row in all_of(place.node, RemoteActor)
        if row.id == bob.id
    )


ROWS = {
    "C22": c22, "C23": c23,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
