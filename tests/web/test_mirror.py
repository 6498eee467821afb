from hashlib import sha256

import pytest

from ledger import checkpoint, tiles
from node import log, witness, work
from tests.support.histories import Shelf

ELM = Shelf(300)
HERE = "https://ash.example"
ROOT = f"/mirror/{sha256(ELM.origin.encode()).hexdigest()}"


@pytest.fixture
def http(house):
    village = house.village
    shelf = village.roads.stubs["https://elm.example"] = {}
    witness.add(house.node, ELM.vkey)
    ELM.show(shelf, 300)
    assert (
        witness.add_checkpoint(house.node, ELM.asks(0, 300, ELM.hashes)).status == 200
    )
    work.sweep(house.node)
    return house.app.test_client()


def get(http, path):
    return http.get(f"{ROOT}/{path}", base_url=HERE)


def test_anybody_can_have_a_whole_log_from_its_copy(http):
    note = get(http, "checkpoint")
    assert (note.status_code, note.content_type) == (200, "text/plain; charset=utf-8")
    assert note.headers["Cache-Control"] == "public, max-age=5"
    assert checkpoint.open(note.data, [ELM.signer.vkey]).size == 300

    leaves = []
    for path in ("tile/entries/000", "tile/entries/001.p/44"):
        found = get(http, path)
        assert found.content_type == "application/octet-stream"
        assert "immutable" in found.headers["Cache-Control"]
        leaves += tiles.unbundle(found.data)
    assert tuple(leaves) == ELM.all


def test_tags_are_looked_up_in_a_copy(http):
    found = get(http, "tags?prefix=a&size=100")

    assert (found.status_code, found.headers["Folkmoot-Size"]) == (200, "100")
    assert len(found.data) % 24 == 0
    assert get(http, "tags?prefix=aa").status_code == 400
    assert get(http, "tags?prefix=A").status_code == 400


@pytest.mark.parametrize(
    "path", ["tile/0/009", "tile/x", "tile/entries/001", "tags?prefix=a&size=301"]
)
def test_what_is_not_there_is_not_remembered_for_long(http, path):
    found = get(http, path)

    assert (found.status_code, found.headers["Cache-Control"]) == (
        404, "public, max-age=5",
    )  # fmt: skip


def test_of_a_log_that_nobody_named_there_is_no_copy(http):
    for path in ("checkpoint", "tile/0/000", "tags?prefix=a"):
        found = http.get(f"/mirror/{'0' * 64}/{path}", base_url=HERE)
        assert found.status_code == 404
    assert http.get("/mirror/abc/checkpoint", base_url=HERE).status_code == 404


def test_a_ledger_that_must_not_go_on_is_a_problem_that_programs_know(http, house):
    log.halt(house.node, log.origin(house.node), "ledger.rollback: behind")

    ready = http.get("/readyz", base_url=HERE)

    assert ready.status_code == 503
    assert get(http, "checkpoint").status_code == 200
