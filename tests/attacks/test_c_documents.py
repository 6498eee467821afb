"""JSON, objects, authority: a signer has no effect on what it does not own."""

import json
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from federation.errors import Rejected, Unfetched
from node import peers, replies
from node.models.follows import Follow
from node.models.inbox import Received
from node.models.log import LedgerEntry
from node.models.outbox import Outgoing
from node.models.peers import RemoteActor, RemoteKey
from node.models.publications import Publication, PublicReply, RemoteCase
from tests.support.door import Place, all_of, counted, got, known, refused, treat
from tests.support.stranger import AS2, PUBLIC, Stranger, dump
from tests.support.village import Village

MISMATCH = "principal-actor-mismatch"
EFFECTS = (Follow, PublicReply, RemoteCase, Outgoing, LedgerEntry, Publication)
CASE = "https://ash.example/ap/cases/" + "0" * 32


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(Village(tmp_path_factory.mktemp("place")))
    place.reference, place.case = place.publish()
    place.followed = place.stranger("birch.example")
    place.follow(place.followed)
    place.theirs = remote_case(place.followed)
    place.take(place.followed, place.theirs, place.followed.act("Follow"))
    yield place
    place.village.close()


def stranger(place):
    place.village.pass_time(minutes=10)
    place.work()
    return place.stranger()


def remote_case(eve, **changed):
    note = eve.note(name="Light out", **{"fm:caseStatus": "fm:open", **changed})
    return eve.act("Create", note, to=[PUBLIC])


def refuses(place, eve, document, status=400, **named):
    """Hold that this is refused, and that nothing of it is kept or asked for."""
    before = eve.fetched
    with place.nothing_kept(), capture_logs() as lines:
        assert refused(eve.send(document), status, **named), document
    assert sum(one["log_level"] == "warning" for one in lines) == 1
    return eve.fetched - before


def turned_away(place, eve, document):
    """Hold that this is refused as malformed or contradictory, by whatever name."""
    with place.nothing_kept():
        answer = eve.send(document)
    assert answer.status_code == 400, (document, answer.data)


def ineffective(place, eve, *documents):
    """Hold that these are taken and have no effect; return what became of them."""
    before = {model: rows(place, model) for model in EFFECTS}
    ends = place.take(eve, *documents)
    assert {model: rows(place, model) for model in EFFECTS} == before
    return ends


def rows(place, model):
    columns = model.__table__.columns.keys()
    return sorted(
        str([getattr(row, name) for name in columns])
        for row in all_of(place.node, model)
    )


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


def c9(place):
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "https://ash.example/sign-in",
    ):
        eve = stranger(place)
        eve.serve(
            url=url, name="Eve", endpoints={"sharedInbox": "https://ash.example/i"}
        )
        place.take(eve, eve.act("Like", url=url))
        actor, _ = known(place.node, eve)
        assert not actor.url.startswith(("javascript:", "data:"))
        assert (actor.origin, actor.shared_inbox) == (eve.origin, "")
    eve = stranger(place)
    eve.serve(inbox="https://ash.example/ap/inbox")
    turned_away(place, eve, eve.act("Follow"))


def c10(place):
    for id_ in (
        "https://birch.example/u/bob", "https://ash.example/ap/node", None, 7,
        "https://cedar.example/u/{}", "http://127.0.0.1/",
    ):  # fmt: skip
        eve = stranger(place)
        eve.put(eve.id, {**eve.document(), "id": id_})
        eve.put(f"{eve.id}2", {**eve.document(), "id": eve.id})
        refuses(place, eve, eve.act("Follow"), 401, code="sig.key")
        assert known(place.node, eve) == (None, None)
        with pytest.raises((Unfetched, Rejected)):
            peers.learn_actor(place.node, f"{eve.id}2")


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
                assert end.startswith(("refused", "done"))
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


def c19(place):
    for spelled in (
        "BIRCH1.example",
        "birch1.example.",
        "birch1.example:443",
        "BiRcH1.EXAMPLE.:443",
    ):
        eve = stranger(place)
        treat(place.node, "https://birch1.example", "blocked")
        id_ = f"https://{spelled}/u/eve"
        follow = eve.act("Follow", actor=id_, id=f"{id_}/1")
        signer = eve.signer(key_id=f"{id_}#main-key")
        with place.nothing_kept():
            answer = eve.send(follow, signer=signer)
            assert refused(answer, 403, "principal-not-authorized"), spelled
            answer = eve.send(follow)
            assert refused(answer, 403, "principal-not-authorized"), spelled
    for spelled in (
        "b\u0456rch.example",
        "stra\u00dfe.example",
        "b\u200dirch.example",
        "\u212aelvin.example",
    ):
        eve = stranger(place)
        id_ = f"https://{spelled}/u/eve"
        assert normalize("NFKC", id_)
        turned_away(place, eve, eve.act("Follow", actor=id_, id=f"{id_}/1"))


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


def c21(place):
    for name in (
        "admin",
        "node",
        "ash",
        "\u202eada",
        "a\u0000b"[:1],
        "ada\u200b",
        "dov2",
    ):
        eve = stranger(place)
        eve.serve(preferredUsername=name)
        place.take(eve, eve.act("Follow"))
        actor, _ = known(place.node, eve)
        assert actor.handle.isprintable()
        assert actor.origin == eve.origin
    client = eve.app.test_client()
    found = client.get(
        "/.well-known/webfinger?resource=acct:admin@ash.example",
        base_url="https://ash.example",
    )
    assert found.status_code == 404


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
    "C1": c1, "C2": c2, "C3": c3, "C4": c4, "C5": c5, "C6": c6, "C7": c7, "C8": c8,
    "C9": c9, "C10": c10, "C11": c11, "C12": c12, "C13": c13, "C14": c14, "C15": c15,
    "C16": c16, "C18": c18, "C19": c19, "C20": c20, "C21": c21, "C22": c22, "C23": c23,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
