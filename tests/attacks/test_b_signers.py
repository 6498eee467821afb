"""Signers: a request counts for whoever signed it, once, and here."""

import pytest

from tests.support.door import counted, settle
from tests.support.knocking import MISMATCH, changed, knocks, stranger
from tests.support.posting import Beside
from tests.support.stranger import (
    ACTIVITY,
    Stranger,
    dump,
)


def b1(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    assert knocks(place, eve, body, [("Content-Type", ACTIVITY)]) == "sig.missing"
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        for junk in ("x", "sig1=::", "sig1=:%%%:", "sig1=:AA:", 'keyId="', "=", ",,"):
            event = knocks(place, eve, body, changed(fields, Signature=junk))
            assert event.startswith("sig."), junk
    assert eve.fetched <= 1


def b2(place):
    eve = stranger(place)
    follow = eve.act("Follow", actor="https://birch.example/u/alice")
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(dump(follow), profile=profile)
        knocks(place, eve, dump(follow), fields, 400, problem=MISMATCH)


def b3(place):
    eve = stranger(place)
    alice = Stranger(place.village, place.node, eve.id.replace("eve", "alice"))
    for kind, about in (("Follow", None), ("Delete", alice.id), ("Undo", alice.id)):
        act = eve.act(kind, about, actor=alice.id, id=f"{alice.id}/acts/1")
        knocks(place, eve, dump(act), eve.sign(dump(act)), 400, problem=MISMATCH)


def b8(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        assert eve.knock(body, fields).status_code == 202
        place.work()
        # What is promised in the cases here goes its own way meanwhile.
        place.village.pass_time(hours=11)
        place.work()
        before = counted(place.node)
        assert eve.knock(body, fields).status_code == 202
        place.work()
        assert counted(place.node) == before
        place.village.pass_time(hours=2)
        knocks(place, eve, body, fields)


def b9(place):
    eve = stranger(place)
    elm = settle(Beside(place.village.folder / "beside", place.village), "elm")
    body = dump(eve.act("Like"))
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        for path in ("/ap/node/inbox", f"/ap/c/{eve.slug}/inbox", "/ap/inbox?x=1"):
            if (profile, path) != ("cavage", "/ap/inbox?x=1"):
                knocks(place, eve, body, fields, to=path)
        there = Stranger(place.village, elm, eve.id)
        before = counted(elm)
        assert there.knock(body, fields).status_code in {400, 401}
        host = [*fields, ("Host", "ash.example")]
        assert there.knock(body, host).status_code in {400, 401}
        assert counted(elm) == before


ROWS = {
    "B1": b1, "B2": b2, "B3": b3, "B8": b8, "B9": b9,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
