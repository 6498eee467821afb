from datetime import timedelta

import pytest

from node import inbox, tidying
from node.models.actors import AdvocateActor
from node.models.peers import SeenSignature
from node.start import founding
from tests.support import members
from tests.support.door import counted, got, refused
from tests.support.stranger import ACTIVITY, AS2, Stranger, dump, rsa_key
from tests.support.village import Village

ELSEWHERE = "https://birch.example/u/bob"


# The row that is no refusal.


@pytest.mark.parametrize("profile", ["rfc9421", "cavage"])
def test_what_is_signed_and_meant_is_kept_byte_for_byte(place, eve, profile):
    follow = eve.act("Follow")

    answer = eve.send(follow, f"/ap/c/{eve.slug}/inbox", profile)

    row = got(place.node, follow)
    assert (answer.status_code, answer.data) == (202, b"")
    assert (row.raw, row.profile, row.state) == (dump(follow), profile, "stored")
    assert (row.actor, row.origin, row.lane) == (eve.id, eve.origin, "U")


# Shape.


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"x"', b"\xff{}", b'\xef\xbb\xbf{"id":1}',
        '{"a":1}'.encode("utf-16"), b'{"id":1,"id":1}', b'{"a":NaN}', b'{"a":1e999}',
        b'{"a":"\\ud800"}', b'{"a":"\\u0000"}', b'{"a":9007199254740993}',
        b"[" * 40 + b"]" * 40, b'{"a":-0}',
    ],
)  # fmt: skip
def test_what_is_not_strict_json_is_refused(place, eve, body):
    with place.nothing_kept():
        assert refused(eve.send(body), 400)
    assert eve.fetched == 0


def test_a_body_that_is_too_large_is_refused(place, eve):
    with place.nothing_kept():
        for size in (2**20 + 1, 3 * 2**20):
            body = dump({"x": "y" * size})
            assert eve.send(body).status_code == 413
    assert eve.fetched == 0


def test_a_body_of_the_largest_size_is_taken(eve):
    follow = dump(eve.act("Follow"))

    answer = eve.send(follow + b" " * (2**20 - len(follow)))

    assert answer.status_code == 202


def test_a_body_without_a_length_is_refused(place, eve):
    body = dump(eve.act("Follow"))
    with place.nothing_kept():
        answer = eve.knock(body, eve.sign(body), CONTENT_LENGTH=None)
        assert refused(answer, 411, code="length.missing")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "text/plain", "", "application/ld+json",
     f"text/html; x={ACTIVITY}", "application/x-www-form-urlencoded"],
)  # fmt: skip
def test_another_content_type_is_refused(place, eve, kind):
    body = dump(eve.act("Follow"))
    fields = [(name, value) for name, value in eve.sign(body) if name != "Content-Type"]
    with place.nothing_kept():
        answer = eve.knock(body, fields, CONTENT_TYPE=kind or None)
        assert refused(answer, 415, code="media.unsupported")


def test_an_encoded_body_is_refused(place, eve):
    body = dump(eve.act("Follow"))
    with place.nothing_kept():
        fields = [*eve.sign(body), ("Content-Encoding", "gzip")]
        assert refused(eve.knock(body, fields), 415)


def test_the_other_content_type_is_as_good(eve):
    body = dump(eve.act("Follow"))
    kind = f'application/ld+json; profile="{AS2}"'

    answer = eve.knock(body, eve.sign(body), CONTENT_TYPE=kind)

    assert answer.status_code == 202


def test_a_document_is_not_served_as_something_else(eve):
    asked = eve.app.test_client().get(
        "/ap/node", base_url="https://ash.example", headers={"Accept": "image/png"}
    )

    assert asked.status_code == 406


# Signature.


def _unsigned(_eve, _body):
    return [("Content-Type", ACTIVITY)]


def _expired(eve, body, profile="rfc9421"):
    return eve.sign(body, profile=profile, at=eve.village.now - timedelta(hours=13))


def _early(eve, body):
    return eve.sign(body, at=eve.village.now + timedelta(hours=2))


def _other_body(eve, body):
    return eve.sign(body + b" ")


def _other_key(eve, body):
    return eve.sign(body, signer=eve.signer(rsa_key(3)))


def _broken(eve, body):
    return [
        (name, "sig1=:AAAA:" if name == "Signature" else value)
        for name, value in eve.sign(body)
    ]


def _both(eve, body):
    # A good signature of the older kind does not save a bad one of the newer.
    older = dict(eve.sign(body, profile="cavage"))
    return [*older.items(), ("Signature-Input", "sig1=()")]


SIGNATURES = {
    "missing": (_unsigned, "sig.missing"),
    "expired": (_expired, "sig.window"),
    "expired, older": (lambda eve, body: _expired(eve, body, "cavage"), "sig.window"),
    "from the future": (_early, "sig.window"),
    "over other bytes": (_other_body, "sig.digest"),
    "by another key": (_other_key, "sig.bad"),
    "broken": (_broken, "sig.bad"),
    "of both kinds": (_both, ""),
}


@pytest.mark.parametrize("how", SIGNATURES)
def test_a_signature_that_proves_nothing_is_refused(place, eve, how):
    fields, code = SIGNATURES[how]
    body = dump(eve.act("Follow"))
    with place.nothing_kept():
        assert refused(eve.knock(body, fields(eve, body)), 401, code=code)


# The door.


@pytest.mark.parametrize("path", ["/ap/c/nowhere/inbox", "/ap/u/nobody/inbox"])
def test_an_inbox_that_does_not_exist_takes_nothing(place, eve, path):
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Follow"), path), 404)
    assert eve.fetched == 0


def test_an_inbox_is_not_read(eve):
    client = eve.app.test_client()
    for path in ("/ap/inbox", "/ap/node/inbox", f"/ap/c/{eve.slug}/inbox"):
        answer = client.get(path, base_url="https://ash.example")
        assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)


def test_another_host_is_refused(place, eve):
    body = dump(eve.act("Follow"))
    with place.nothing_kept():
        answer = eve.knock(body, eve.sign(body), HTTP_HOST="evil.example")
    assert answer.status_code == 400


def test_a_refusal_leaves_no_signature_behind(place, eve):
    before = counted(place.node, SeenSignature)
    eve.send(eve.act("Follow", actor=ELSEWHERE))
    assert counted(place.node, SeenSignature) == before


def test_the_inbox_of_somebody_who_left_says_so(place, eve):
    handle = f"gone-{place.village.now.timestamp():.0f}"
    person = members.join(place.node, f"{handle}@ash.example")
    with place.node.begin() as tx:
        tx.add(
            AdvocateActor(
                handle=handle,
                person_id=person,
                name="Cleo",
                opened_at=place.node.now(),
                closed_at=place.node.now(),
            )
        )
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow"), f"/ap/u/{handle}/inbox")
        assert refused(answer, 410, code="actor.gone")
    assert eve.fetched == 0


def test_a_community_that_nobody_has_named_takes_nothing(tmp_path):
    village = Village(tmp_path)
    node = village.build("https://ash.example")
    founding.found(node, None)
    village.roads.lead_to(node)
    eve = Stranger(village, node)
    for path in ("/ap/inbox", "/ap/node/inbox", "/ap/c/community/inbox"):
        assert eve.send(eve.act("Follow"), path).status_code in {404, 503}, path
    assert counted(node)["received"] == 0
    village.close()


def test_a_signature_is_remembered_until_it_is_too_old_to_be_sent_again(place, eve):
    inbox.forget_signatures(place.node)
    assert eve.send(eve.act("Like")).status_code == 202

    place.village.pass_time(hours=13)
    tidying.tidy(place.node, "all")
    assert counted(place.node, SeenSignature)["seen_signature"] >= 1

    place.village.pass_time(hours=2)
    tidying.tidy(place.node, "all")
    assert counted(place.node, SeenSignature)["seen_signature"] == 0
