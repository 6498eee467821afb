from base64 import b64decode
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import checkpoint, note, tiles, tree
from ledger.errors import Invalid
from tests.ledger.test_tree import GO, LEAVES, consistency, inclusion, numbered
from tests.ledger.worked import EXAMPLE, VECTORS

TESSERA = VECTORS / "tessera-log/testdata/log"
MIRROR = next(
    (VECTORS / "sunlight-tiles/cmd/skylight/testdata/witness/mirror").glob("0*")
)


class Store:
    # All full tiles and the edge: what a node keeps.
    def __init__(self, hashes):
        self.edge, full = tree.append(tree.Edge(), hashes)
        self.full = {(level, n): row for level, n, row in full}

    def read(self, level, n):
        return self.full.get((level, n)) or self.edge.levels[level]


def from_folder(folder, size, level, n):
    return (folder / tiles.path(level, n, tiles.width(level, n, size))).read_bytes()


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (tiles.Tile(0, 0), "tile/0/000"),
        (tiles.Tile(0, 273, 112), "tile/0/273.p/112"),
        (tiles.Tile(1, 1, 17), "tile/1/001.p/17"),
        (tiles.Tile(63, 1234067), "tile/63/x001/x234/067"),
        (tiles.Tile(tiles.ENTRIES, 1000, 255), "tile/entries/x001/000.p/255"),
    ],
)
def test_a_tile_has_one_path(tile, path):
    assert tiles.path(tile.level, tile.n, tile.width) == path
    assert tiles.parse_path(path) == tile


@given(st.integers(-1, 63), st.integers(0, 2**63), st.integers(1, 256))
def test_every_path_reads_back(level, n, width):
    expected = tiles.Tile(level, n, width)

    assert tiles.parse_path(tiles.path(level, n, width)) == expected


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x002",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/",
        "tile/-1/000",
        "tile/entries/000/",
        "tile/0/000\n",
        "tile/0/\u0660\u0660\u0660",
        "/tile/0/000",
    ],
)
def test_what_is_not_a_tiles_path_is_refused(path):
    with pytest.raises(Invalid):
        tiles.parse_path(path)


@given(st.text("tile/entries0123456789x.p", max_size=30))
def test_arbitrary_paths_are_read_or_refused_and_nothing_else(path):
    try:
        tile = tiles.parse_path(path)
    except Invalid:
        return
    assert tiles.path(tile.level, tile.n, tile.width) == path


def test_a_log_of_70000_has_the_tiles_of_the_design():
    paths = tiles.needed(0, 70_000)

    assert len(paths) == GO["tile_count_70000"]
    names = GO["tile_paths_go_sumdb_style_size_70000_first20"]
    assert paths[:20] == [name.replace("tile/8/", "tile/") for name in names]
    assert paths[273:] == [
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


def test_growth_needs_only_what_changed():
    assert tiles.needed(5, 5) == []
    assert tiles.needed(0, 256) == ["tile/0/000", "tile/1/000.p/1"]
    assert tiles.needed(256, 300) == ["tile/0/001.p/44"]
    assert tiles.needed(300, 512) == ["tile/0/001", "tile/1/000.p/2"]


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_a_needed_tile_has_the_width_of_its_size(one, other):
    m, n = sorted([one, other])

    for path in tiles.needed(m, n):
        tile = tiles.parse_path(path)
        assert tile.width == tiles.width(tile.level, tile.n, n)
        assert tile.width != tiles.width(tile.level, tile.n, m)


def test_an_entry_bundle_is_as_wide_as_its_tile():
    assert tiles.width(tiles.ENTRIES, 1, 300) == tiles.width(0, 1, 300) == 44
    assert tiles.width(0, 2, 300) == 0


@given(st.integers(1, 700), st.data())
def test_proofs_from_tiles_are_those_of_the_definition(size, data):
    hashes = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    older = data.draw(st.integers(1, size))
    store = Store(numbered(700))  # a larger log serves every older size

    assert tiles.inclusion(index, size, store.read) == inclusion(index, hashes)
    assert tiles.consistency(older, size, store.read) == consistency(older, hashes)


def test_proofs_reach_over_three_levels():
    hashes = numbered(70_000)
    store = Store(hashes)
    root = tree.root(store.edge)
    older, _ = tree.append(tree.Edge(), hashes[:65_537])

    for index in (0, 65_535, 65_536, 69_999):
        proof = tiles.inclusion(index, 70_000, store.read)
        tree.verify_inclusion(index, 70_000, hashes[index], proof, root)
    proof = tiles.consistency(65_537, 70_000, store.read)
    tree.verify_consistency(65_537, 70_000, tree.root(older), root, proof)


def test_the_proofs_of_the_go_code_come_out():
    store = Store(LEAVES)

    for case in GO["inclusion"]:
        proof = tiles.inclusion(case["index"], case["size"], store.read)
        assert proof == [b64decode(one) for one in case["proof"]]
    for case in GO["consistency"]:
        proof = tiles.consistency(case["size1"], case["size2"], store.read)
        assert proof == [b64decode(one) for one in case["proof"]]


@pytest.mark.parametrize(("m", "n"), [(-1, 3), (3, 3), (4, 3), (0, 0)])
def test_there_is_no_proof_for_what_is_not_in_the_tree(m, n):
    with pytest.raises(Invalid):
        tiles.inclusion(m, n, Store(numbered(3)).read)


@pytest.mark.parametrize(("m", "n"), [(0, 3), (4, 3), (-1, 2)])
def test_there_is_no_proof_between_sizes_out_of_order(m, n):
    with pytest.raises(Invalid):
        tiles.consistency(m, n, Store(numbered(3)).read)


def test_a_tile_that_is_too_narrow_is_noticed():
    with pytest.raises(Invalid) as refused:
        tiles.inclusion(0, 8, lambda _level, _n: b"a" * 32)

    assert refused.value.code == "tile-short"


@pytest.mark.parametrize("size", range(1, 16))
def test_tesseras_log_has_the_roots_its_checkpoints_state(size):
    vkey = note.VKey.parse(tessera_vkey())
    raw = (TESSERA / f"checkpoint.{size}").read_bytes()
    stated = checkpoint.open(raw, [vkey])
    bundle = (TESSERA / tiles.path(tiles.ENTRIES, 0, size)).read_bytes()

    hashes = [tree.leaf_hash(leaf) for leaf in tiles.unbundle(bundle)]

    assert from_folder(TESSERA, size, 0, 0) == b"".join(hashes)
    edge, _ = tree.append(tree.Edge(), hashes)
    assert (stated.size, stated.root) == (size, tree.root(edge))
    assert tiles.bundle(tiles.unbundle(bundle)) == bundle


def tessera_vkey():
    lines = (VECTORS / "tessera-log/ORIGIN").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("vkey:"))


def test_tesseras_tiles_prove_its_growth():
    vkey = note.VKey.parse(tessera_vkey())
    roots = [
        checkpoint.open((TESSERA / f"checkpoint.{size}").read_bytes(), [vkey]).root
        for size in range(1, 16)
    ]

    for older in range(1, 16):
        proof = tiles.consistency(older, 15, partial(from_folder, TESSERA, 15))
        tree.verify_consistency(older, 15, roots[older - 1], roots[-1], proof)


def test_sunlights_tiles_lead_to_the_root_of_its_checkpoint():
    found = note.parse((MIRROR / "checkpoint").read_bytes())
    stated = checkpoint.parse(found.text)
    read = partial(from_folder, MIRROR, stated.size)

    for index in range(0, 300, 7):
        row = read(0, index // 256)
        leaf = row[index % 256 * 32 :][:32]
        proof = tiles.inclusion(index, stated.size, read)
        tree.verify_inclusion(index, stated.size, leaf, proof, stated.root)


def test_the_worked_example_has_its_bundle():
    leaves = [bytes.fromhex(leaf) for leaf in EXAMPLE["leaves"]]

    assert tiles.bundle(leaves).hex() == EXAMPLE["entry_bundle"]
    assert tiles.unbundle(bytes.fromhex(EXAMPLE["entry_bundle"])) == leaves


@given(st.lists(st.binary(max_size=80), max_size=256))
def test_bundles_read_back(leaves):
    assert tiles.unbundle(tiles.bundle(leaves)) == leaves


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_bundle_or_refused(raw):
    try:
        leaves = tiles.unbundle(raw)
    except Invalid:
        return
    assert tiles.bundle(leaves) == raw


@pytest.mark.parametrize("leaves", [[b""] * 257, [b"a" * 65_536]])
def test_what_does_not_fit_into_a_bundle_is_refused(leaves):
    with pytest.raises(Invalid):
        tiles.bundle(leaves)


@pytest.mark.parametrize("raw", [b"\0", b"\0\5abc", b"\0\0" * 257])
def test_what_is_not_a_bundle_is_refused(raw):
    with pytest.raises(Invalid):
        tiles.unbundle(raw)
