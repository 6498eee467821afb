"""The ledger as bytes, as auditors and witnesses read it over HTTP."""

import pytest

from ledger import tiles, tree
from ledger.encoding import b64u
from ledger.entry import commit_payload
from node import log
from node.models.log import LedgerOutbox, LedgerPayload
from tests.support.logs import (
    DATA,
    announce,
    grow,
    inside,
    published,
)
from tests.web.reader import HERE

FOR_EVER = "public, max-age=31536000, immutable"
SOON = "public, max-age=5"
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Folkmoot-Size",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@pytest.fixture
def get(house):
    grow(house.village, house.node, 700)
    client = house.app.test_client()
    return lambda path: client.get(f"/ledger/{path}", base_url=HERE)


def test_tiles_of_the_published_size_reproduce_its_root(house, get):
    head = published(house.node)
    paths = tiles.needed(0, head.size)
    found = {path: get(path) for path in paths}

    assert {one.status_code for one in found.values()} == {200}
    assert {one.content_type for one in found.values()} == {"application/octet-stream"}
    assert {one.headers["Cache-Control"] for one in found.values()} == {FOR_EVER}
    bottom = [found[path].data for path in paths if path.startswith("tile/0/")]
    leaves = b"".join(bottom)
    hashes = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
    edge, _ = tree.append(tree.Edge(), hashes)
    assert (edge.size, tree.root(edge)) == (head.size, head.root)


def test_bundles_hold_the_leaves_of_their_tiles(house, get):
    head = published(house.node)
    last = head.size // 256
    paths = [tiles.path(-1, n, tiles.width(-1, n, head.size)) for n in range(last + 1)]

    bundles = [get(path) for path in paths]

    leaves = [leaf for one in bundles for leaf in tiles.unbundle(one.data)]
    assert leaves == inside(house.node).leaves[: head.size]
    assert {one.headers["Cache-Control"] for one in bundles} == {FOR_EVER}


@pytest.mark.parametrize(
    "path", ["tile/0/003", "tile/1/000", "tile/1/000.p/3", "tile/entries/002.p/255",
             "tile/0/000.p/9", "tile/x", "tile/0/1", "tile/entries/000.p/0"],
)  # fmt: skip
def test_a_tile_that_is_not_there_is_not_missed_for_long(get, path):
    found = get(path)

    assert (found.status_code, found.headers["Cache-Control"]) == (404, SOON)


#: What asks for more than is published, and what only says how much that is.
BEYOND = (
    "/ledger/tile/0/{n}.p/{wider}", "/ledger/tile/entries/{n}.p/{wider}",
    "/ledger/tile/0/{next}", "/ledger/tile/entries/{next}.p/1",
    "/ledger/tile/9/000.p/1", "/ledger/tags?prefix=a&size={more}", "/ledger/{size}",
    "/ledger/{last}", "/ledger/payload/{commitment}",
)  # fmt: skip
WITHIN = ("/ledger/checkpoint", "/ledger", "/ledger/entries", "/ledger/clear")


def test_nothing_beyond_the_published_size_is_served_whichever_way_one_asks(house, get):
    del get
    size = published(house.node).size
    commitment = announce(house.node)
    with house.node.begin(sealed=True) as tx:
        tx.add_all(LedgerOutbox(leaf=b"\1" + bytes([at]) * 48) for at in range(9))
    log.sequence(house.node)
    whole, client = inside(house.node), house.app.test_client()
    n, width = divmod(size, 256)
    told = {
        "n": f"{n:03}", "next": f"{n + 1:03}", "wider": width + 1, "more": size + 1,
        "size": size, "last": whole.size - 1, "commitment": b64u(commitment),
    }  # fmt: skip

    assert whole.size == size + 10
    for path in BEYOND:
        found = client.get(path.format(**told), base_url=HERE)
        assert found.status_code == 404, path
        assert found.headers["Cache-Control"] in {SOON, "no-cache"}, path
    for path in WITHIN:
        found = client.get(f"{path}?before={whole.size}", base_url=HERE).text
        for leaf in whole.leaves[size:]:
            assert tree.leaf_hash(leaf).hex()[:16] not in found
        assert f"/ledger/{size}" not in found


@pytest.mark.parametrize(
    "path", ["checkpoint", "checkpoints", "tile/0/000", "tile/entries/000", "keys.json",
             "policy", "tags?prefix=a", "tile/0/999", "payload/x", "tags?prefix=A"],
)  # fmt: skip
def test_scripts_of_other_sites_may_read_it_and_nobody_is_told_apart(get, path):
    found = get(path)

    for name, value in ANYWHERE.items():
        assert found.headers[name] == value
    assert "Access-Control-Allow-Credentials" not in found.headers
    assert "Set-Cookie" not in found.headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_scripts_of_other_sites_only_read(house, get, method):
    del get
    send = getattr(house.app.test_client(), method)
    found = send("/ledger/checkpoint", base_url=HERE, headers={"Origin": "https://x"})

    assert found.status_code in {403, 405}
    assert "Access-Control-Allow-Methods" not in found.headers


@pytest.mark.parametrize("path", ["/ledger", "/ledger/0", "/ledger/verify", "/"])
def test_pages_are_read_by_people_and_not_by_scripts_of_other_sites(house, path):
    found = house.app.test_client().get(path, base_url=HERE)

    assert "Access-Control-Allow-Origin" not in found.headers


def test_checkpoints_are_listed_newest_first_and_page_by_page(house, get):
    newest = published(house.node)
    grow(house.village, house.node, 8)

    first, later = get("checkpoints"), get(f"checkpoints?before={newest.size + 1}")

    assert first.data == log.checkpoint(house.node) + b"\n" + later.data
    assert later.data.startswith(newest.origin.encode() + b"\n%d\n" % newest.size)
    assert {one.headers["Cache-Control"] for one in (first, later)} == {SOON}
    assert get("checkpoints?before=0").data == b""


@pytest.mark.parametrize(
    "query", ["checkpoints?before=", "checkpoints?before=-1", "checkpoints?before=1e3",
              "checkpoints?before=" + "9" * 17, "tags?prefix=", "tags", "tags?prefix=A",
              "tags?prefix=g", "tags?prefix=a&size=x", "tags?prefix=" + "a" * 33,
              "tags?prefix=%D9%A1"],
)  # fmt: skip
def test_what_is_no_number_and_no_beginning_cannot_be_read(get, query):
    found = get(query)

    assert (found.status_code, found.json["code"]) == (400, "malformed")


def test_tags_come_with_the_size_they_were_looked_up_in(house, get):
    head = published(house.node)

    found = get("tags?prefix=a")
    older = get("tags?prefix=a&size=8")

    assert found.data == log.look_up(house.node, "a").records
    assert found.data.startswith(older.data)
    assert (found.headers["Folkmoot-Size"], older.headers["Folkmoot-Size"]) == (
        str(head.size),
        "8",
    )
    assert found.content_type == "application/octet-stream"


def test_a_long_beginning_is_refused_and_a_size_beyond_is_not_there(get):
    long, beyond = get("tags?prefix=ab"), get("tags?prefix=a&size=100000")

    assert (long.status_code, long.json["code"]) == (400, "prefix-too-long")
    assert (beyond.status_code, beyond.headers["Cache-Control"]) == (404, SOON)


def test_tags_are_asked_for_thirty_times_a_minute(house, get):
    found = [get("tags?prefix=a").status_code for _ in range(31)]
    refused = get("tags?prefix=b")
    house.village.pass_time(minutes=1)

    assert found == [200] * 30 + [429]
    assert refused.headers["Cache-Control"] == "no-cache"
    assert int(refused.headers["Retry-After"]) > 0
    assert get("tags?prefix=a").status_code == 200


def payload(get, commitment):
    found = get(f"payload/{b64u(commitment)}")
    assert found.headers["Cache-Control"] == SOON
    if found.status_code != 200:
        return found.status_code
    salt, data = found.data[:32], found.data[32:]
    assert commit_payload(salt, data) == commitment
    return data


def test_what_a_clear_entry_commits_to_is_served_once_it_is_published(house, get):
    commitment = announce(house.node)
    log.sequence(house.node)

    before = payload(get, commitment)
    grow(house.village, house.node, 0)

    assert (before, payload(get, commitment)) == (404, DATA)


def test_what_was_erased_is_gone_and_its_entry_stays(house, get):
    commitment = announce(house.node)
    size = grow(house.village, house.node, 0)
    with house.node.begin() as tx:
        tx.query(LedgerPayload).delete()

    assert payload(get, commitment) == 404
    assert published(house.node).size == size


def test_what_is_about_a_person_is_served_to_nobody(house, get):
    commitment = announce(house.node, public=False)
    grow(house.village, house.node, 0)

    assert payload(get, commitment) == 404


@pytest.mark.parametrize("name", ["x", "A" * 43, "A" * 44, "%C3%A9", "=" * 43])
def test_what_is_no_commitment_of_ours_is_not_there(get, name):
    found = get(f"payload/{name}")

    assert (found.status_code, found.headers["Cache-Control"]) == (404, SOON)
