"""Authority: a signer has no effect on what it does not own."""

import pytest

from node.models.publications import RemoteCase
from tests.support.door import all_of
from tests.support.knocking import (
    MISMATCH,
    ineffective,
    refuses,
    remote_case,
    stranger,
    turned_away,
)
from tests.support.stranger import PUBLIC, Stranger

CASE = "https://ash.example/ap/cases/" + "0" * 32


def c7(place):
    eve = stranger(place)
    dov = eve.id.replace("eve", "dov")
    for owner in (dov, [eve.id, dov], [dov], {"id": eve.id}, {"id": dov}, [], [{}], 7):
        for kind in ("Create", "Update"):
            note = eve.note(inReplyTo=place.case, attributedTo=owner)
            turned_away(place, eve, eve.act(kind, note))
        if owner not in ([], [{}], 7, {"id": eve.id}):
            refuses(place, eve, eve.act("Follow", attributedTo=owner), problem=MISMATCH)


def c8(place):
    eve = stranger(place)
    for id_ in (place.case, CASE, "https://ash.example/ap/activities/1", eve.group):
        refuses(
            place,
            eve,
            eve.act("Follow", id=id_),
            problem=MISMATCH,
            code="actor.localid",
        )
        for kind in ("Create", "Update"):
            note = eve.note(id=id_, inReplyTo=place.case)
            act = eve.act(kind, note)
            refuses(place, eve, act, problem=MISMATCH, code="actor.localid")
    dov = Stranger(place.village, place.node, eve.id.replace("eve", "dov"))
    mine = eve.act("Create", eve.note(inReplyTo=place.case), to=[PUBLIC])
    place.take(eve, mine)
    stolen = dov.note(
        id=mine["object"]["id"], inReplyTo=place.case, content="Mine now."
    )
    place.village.pass_time(minutes=2)
    ineffective(place, dov, dov.act("Create", stolen), dov.act("Update", stolen))
    refuses(place, dov, dov.act("Like", id=mine["id"]), 409, code="id.other-bytes")


def c11(place):
    eve = stranger(place)
    dov = Stranger(place.village, place.node, place.followed.id.replace("eve", "dov"))
    note = place.theirs["object"]["id"]
    for sender in (eve, dov):
        for about in (note, place.followed.id, place.case, sender.group, PUBLIC):
            named = {"id": about, "type": "Tombstone"}
            for each in (about, named):
                deleting = sender.act("Delete", each, to=[PUBLIC])
                [end] = ineffective(place, sender, deleting)
                assert end == "refused actor.mismatch"
    unknown = remote_case(place.followed)
    gone = place.followed.act("Delete", unknown["object"]["id"], to=[PUBLIC])
    assert ineffective(place, place.followed, gone, unknown) == ["done", "buried"]
    assert still_there(place)


def still_there(place):
    [row] = [
        one for one in all_of(place.node, RemoteCase)
        if one.id == place.theirs["object"]["id"]
    ]  # fmt: skip
    return row.name == "Light out" and row.deleted_at is None


def c12(place):
    bob, eve = place.followed, stranger(place)
    eve.put(
        f"{eve.id}/private",
        {**eve.act("Create", {"type": "fm:Case"}), "id": f"{eve.id}/private"},
    )
    for about in (
        eve.act("Announce", f"{eve.id}/1"), f"{eve.id}/private", place.case,
        eve.act("Create", eve.note(inReplyTo=place.case)),
    ):  # fmt: skip
        ineffective(place, bob, bob.act("Announce", about, to=[PUBLIC]))
    sealed = {**eve.act("Create", {"id": f"{eve.id}/2", "type": "fm:Case"})}
    turned_away(place, bob, bob.act("Announce", sealed, to=[PUBLIC]))


def c13(place):
    eve = stranger(place)
    for kind in ("Add", "Remove"):
        for target in (f"{eve.group}/followers", f"{place.followed.id}/followers"):
            ineffective(place, eve, eve.act(kind, eve.id, target=target))


def c14(place):
    eve = stranger(place)
    for target in (place.followed.id, eve.group, eve.id, f"{eve.id}2"):
        moving = eve.act("Move", eve.id, target=target)
        assert ineffective(place, eve, moving) == ["done ignored"]


def c15(place):
    eve = stranger(place)
    for parent in (
        CASE,
        place.case[:-1],
        f"{place.case}0",
        "https://ash.example/c/AM-1",
    ):
        note = eve.note(inReplyTo=parent)
        ends = ineffective(
            place, eve, eve.act("Create", note, to=[PUBLIC]), eve.act("Like", parent),
            eve.act("Follow", parent),
        )  # fmt: skip
        assert ends[:2] == ["done not-for-us", "done ignored"]


def c16(place):
    eve = stranger(place)
    note = {**place.theirs["object"], "to": [PUBLIC, eve.id]}
    refuses(place, eve, eve.act("Create", note), problem=MISMATCH)
    refuses(place, eve, eve.act("Update", note), problem=MISMATCH)
    ineffective(place, eve, eve.act("Announce", note), eve.act("Offer", note))
    assert still_there(place)


ROWS = {
    "C7": c7, "C8": c8, "C11": c11, "C12": c12, "C13": c13, "C14": c14, "C15": c15,
    "C16": c16,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
