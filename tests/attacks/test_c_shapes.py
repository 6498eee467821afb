"""Shapes: bytes are read one way, names have one meaning, amounts have an end."""

import json

import pytest

from node.models.publications import PublicReply, RemoteCase
from tests.support.door import all_of, refused
from tests.support.knocking import (
    ineffective,
    refuses,
    remote_case,
    stranger,
    turned_away,
)
from tests.support.stranger import AS2, PUBLIC, dump


def c1(place):
    eve = stranger(place)
    text = json.dumps(eve.act("Follow"))[1:]
    for key in ("id", "actor", "type", "\\u0069d", "\\u0061ctor", "@context"):
        for body in (f'{{"{key}": "x", {text}', f'{{"a": {{"b": 1, "b": 2}}, {text}'):
            assert refuses(place, eve, body.encode(), code="json.duplicate") == 0


def c2(place):
    eve = stranger(place)
    text = json.dumps(eve.act("Follow"))[1:]
    for number in (
        "NaN", "Infinity", "-Infinity", "1e400", "9" * 5000, "-0", "-0.0",
        "9007199254740993", "1" * 400 + ".0", "0x1", "01", "1.",
    ):  # fmt: skip
        body = f'{{"x": {number}, {text}'.encode()
        assert refuses(place, eve, body, code="json.malformed") == 0


def c3(place):
    eve = stranger(place)
    text = json.dumps(eve.act("Follow"))
    for body in (
        f'{{"x": "\\ud800", {text[1:]}'.encode(),
        f'{{"x": "\\u0000", {text[1:]}'.encode(),
        b'{"x": "\xc0\xaf", ' + text[1:].encode(), b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"), text.encode("utf-32"), text.encode("utf-16-le"),
    ):  # fmt: skip
        assert refuses(place, eve, body, code="json.malformed") == 0

    odd = "\u202eno\u2066" + "\u0301" * 1000
    note = eve.note(inReplyTo=place.case, content=f"<p>{odd}</p>")
    assert place.take(eve, eve.act("Create", note, to=[PUBLIC])) == ["done"]
    [row] = [one for one in all_of(place.node, PublicReply) if one.id == note["id"]]
    assert row.html == f"<p>{odd}</p>"


def c4(place):
    eve = stranger(place)
    bad = (
        [f"https://birch.example/{n}" for n in range(1000)], [[AS2]], [[[{}]]], [7],
        {"x": {"@id": {"@id": "y"}}}, {"@vocab": "x"}, {"@import": "https://x.example"},
        {"actor": "https://x.example/actor"}, {"type": None}, {"id": "@type"},
        {"object": "@id"}, {"kind": "@type"},
    )  # fmt: skip
    before = len(place.village.roads.carried)
    for context in bad:
        follow = eve.act("Follow", **{"@context": context})
        turned_away(place, eve, follow)
    opaque = [AS2, "http://127.0.0.1/ctx", "https://birch.example/ctx", {"x": "y:z"}]
    assert place.take(eve, eve.act("Follow", **{"@context": opaque})) == ["done"]
    asked = {
        url
        for method, url, _ in place.village.roads.carried[before:]
        if method == "GET"
    }
    assert asked == {eve.id}


def c5(place):
    eve = stranger(place)
    follow = eve.prove(eve.act("Follow"))
    legacy = {
        "type": "RsaSignature2017",
        "creator": eve.key_id,
        "signatureValue": "AA==",
    }
    for document in (follow, {**eve.act("Follow"), "signature": legacy}):
        with place.nothing_kept():
            body = dump(document)
            answer = eve.knock(body, [("Content-Type", "application/activity+json")])
            assert refused(answer, 401, code="sig.missing")
    assert eve.fetched == 0


def c6(place):
    eve = stranger(place)
    proven = eve.prove(eve.act("Follow", summary="x", endTime=1))
    turned = dict(reversed(proven.items()))
    spaced = json.dumps({**turned, "id": turned["id"]}, indent=2).encode()
    same = spaced.replace(b'"endTime": 1', b'"endTime": 1.0')
    assert eve.send(same).status_code == 202
    for changed in (
        {**proven, "x": 1}, {**proven, "summary": "y"}, {**proven, "endTime": 2},
        {key: it for key, it in proven.items() if key != "summary"},
        {**proven, "proof": [proven["proof"]]},
        {**proven, "proof": {**proven["proof"], "x": 1}},
    ):  # fmt: skip
        assert refuses(place, eve, changed, 401, code="proof.bad") == 0


def c18(place):
    eve = stranger(place)
    many = [eve.note() for _ in range(500)]
    for about in (many, many[:2]):
        refuses(place, eve, eve.act("Create", about))
        place.village.pass_time(minutes=1)
    names = {f"k{n}": n for n in range(1001)}
    refuses(place, eve, eve.act("Like", **names), code="json.malformed")
    crowd = [f"https://birch.example/u/{n}" for n in range(201)]
    refuses(place, eve, eve.act("Like", to=crowd))
    refuses(place, eve, eve.act("Like", content="x" * 200_001))
    endless = {
        "type": "OrderedCollection",
        "totalItems": 10**12,
        "first": f"{eve.id}/1",
    }
    before = eve.fetched
    ineffective(place, eve, eve.act("Announce", {**endless, "id": f"{eve.id}/1"}))
    assert eve.fetched - before <= 2  # the key, and what is passed on


def c20(place):
    bob = place.followed
    for published in (
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "-1",
        -1,
        "x",
        [],
    ):
        act = remote_case(bob, published=published, endTime="1970-01-01T00:00:00Z")
        assert place.take(bob, act) == ["done"]
        [row] = [
            one for one in all_of(place.node, RemoteCase)
            if one.id == act["object"]["id"]
        ]  # fmt: skip
        assert 1970 <= row.published_at.year < 2200
        assert row.received_at == place.node.now()
        place.village.pass_time(minutes=1)


ROWS = {
    "C1": c1, "C2": c2, "C3": c3, "C4": c4, "C5": c5, "C6": c6, "C18": c18, "C20": c20,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
