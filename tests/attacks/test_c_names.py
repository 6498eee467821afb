"""Names: an id means one thing, and only what lies under it counts."""

from unicodedata import normalize

import pytest

from federation.errors import Rejected, Unfetched
from node import peers
from tests.support.door import known, refused, treat
from tests.support.knocking import (
    refuses,
    stranger,
    turned_away,
)


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


ROWS = {
    "C9": c9, "C10": c10, "C19": c19, "C21": c21,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
