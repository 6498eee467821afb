import json

import pytest

from federation.errors import Unfetched
from federation.fetch import Guard, document
from tests.support.hostile_http import Clock, Hostile, answer, moved

# Never with `enable_socket`, which lifts the limit to loopback that `network` sets.
pytestmark = pytest.mark.network


class Ash:
    """Two names on one server: `ash`, which is asked, and `cedar`, a stranger."""

    def __init__(self, server):
        self.server = server
        self.port = server.port
        listed = {f"{name}.example:{self.port}" for name in ("ash", "cedar")}
        self.guard = Guard(
            "Folkmoot/1",
            insecure=frozenset(listed),
            resolve=lambda _host, _port: ["127.0.0.1"],
            monotonic=Clock(),
        )

    def serve(self, **documents):
        """Serve under `/name`: a document by its id, or what is said."""
        for name, said in documents.items():
            answered = said
            if isinstance(said, str):
                answered = answer(json.dumps({"id": self.iri(said)}).encode())
            self.server.answers[f"/{name}"] = answered

    def iri(self, path, host="ash"):
        return path if "://" in path else self.server.url(f"{host}.example", at=path)

    def fetch(self, path):
        return document(self.guard, self.iri(path), left=lambda: 10.0)

    def refusal(self, path):
        with pytest.raises(Unfetched) as refused:
            self.fetch(path)
        return refused.value.code

    @property
    def targets(self):
        return [one.target for one in self.server.asked]


@pytest.fixture
def ash():
    with Hostile({}) as server:
        yield Ash(server)


def test_a_document_that_lies_under_its_id_is_believed_at_once(ash):
    ash.serve(a="/a")

    found, raw = ash.fetch("/a")

    assert found == {"id": ash.iri("/a")}
    assert json.loads(raw) == found
    assert ash.targets == ["/a"]


def test_a_document_under_another_url_is_fetched_from_its_id(ash):
    ash.serve(short="/a", a=answer(json.dumps({"id": ash.iri("/a"), "n": 1}).encode()))

    found, raw = ash.fetch("/short")

    assert found == {"id": ash.iri("/a"), "n": 1} == json.loads(raw)
    assert ash.targets == ["/short", "/a"]


def test_a_redirect_within_an_origin_ends_at_the_id(ash):
    ash.serve(short=moved("/a"), a="/a")

    assert ash.fetch("/short")[0] == {"id": ash.iri("/a")}
    assert ash.targets == ["/short", "/a"]


def test_a_key_is_a_part_of_the_document_that_has_it(ash):
    ash.serve(a="/a#main-key")

    assert ash.fetch("/a#main-key")[0] == {"id": ash.iri("/a#main-key")}
    assert ash.targets == ["/a"]


def test_an_id_that_returns_another_id_is_refused(ash):
    ash.serve(short="/a", a="/b", b="/b")

    assert ash.refusal("/short") == "egress.id"
    assert ash.targets == ["/short", "/a"]


def test_an_id_that_leads_to_another_url_is_refused(ash):
    ash.serve(short="/a", a=moved("/b"), b="/a")

    assert ash.refusal("/short") == "egress.id"


def test_an_id_of_another_origin_is_refused_and_not_fetched(ash):
    ash.serve(a=ash.iri("/b", host="cedar"), b=ash.iri("/b", host="cedar"))

    assert ash.refusal("/a") == "egress.id"
    assert ash.targets == ["/a"]


# A7: a key, or an actor, comes from the host in its id.
def test_a_redirect_to_another_origin_is_refused_whatever_lies_there(ash):
    there = ash.iri("/b", host="cedar")
    ash.serve(a=moved(there), b=there, c=moved(ash.iri("/d", host="cedar")), d="/c")

    assert ash.refusal("/a") == "egress.id"
    assert ash.refusal("/c") == "egress.id"


@pytest.mark.parametrize(
    "id_",
    [None, 1, "", [], {}, "a", "urn:uuid:1", "https://1.1.1.1/", "http://ash.example/"],
)
def test_a_document_without_a_usable_id_is_refused(ash, id_):
    ash.serve(a=answer(json.dumps({"id": id_}).encode()), b=answer(b"{}"))

    assert ash.refusal("/a") == "egress.id"
    assert ash.refusal("/b") == "egress.id"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"a"', b"<html>", b'{"id": 1, "id": 2}', b"\xff", b"[" * 9000]
)
def test_what_is_no_document_is_refused(ash, body):
    ash.serve(a=answer(body))

    assert ash.refusal("/a") == "egress.type"


def test_each_fetch_of_a_document_is_signed(ash):
    ash.serve(short="/a", a="/a")

    signing = {"sign": lambda _m, url: {"Signature": url}, "left": lambda: 10.0}
    document(ash.guard, ash.iri("/short"), **signing)

    signed = [one.fields["signature"] for one in ash.server.asked]
    assert signed == [ash.iri("/short"), ash.iri("/a")]
