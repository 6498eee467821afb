"""The ledger as people look at it: who signed, every entry, every key."""

import re
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from federation.fetch import Answer
from ledger import cosignature, note
from ledger.note import COSIGNATURE, Signer
from node import log, witness
from node.models.log import LedgerCheckpoint, LedgerEntry, LedgerPayload, is_clear
from tests.support.logs import announce, grow, published
from tests.support.witnessing import POST, TEXT
from tests.web.reader import HERE

PAGES = [
    "/ledger",
    *(f"/ledger/{it}" for it in ("entries", "clear", "witnesses", "keys", "audit")),
]
KEY = Ed25519PrivateKey.from_private_bytes(b"b" * 32)
BIRCH = Signer("birch.example/witness", COSIGNATURE, KEY)
#: The one open entry after the first.
OPENED = 8


@pytest.fixture
def guest(house):
    """Somebody who looks at a log of some length."""
    announce(house.node)
    grow(house.village, house.node, 120)
    return house.reader()


def cosign(house, signer=BIRCH):
    """Let a witness sign the newest seal now."""
    witness.add(house.node, str(signer.vkey))
    at = int(house.node.now().timestamp())
    line = cosignature.cosign(note.parse(log.checkpoint(house.node)).text, signer, at)
    said = Answer(200, TEXT, line.encode())
    house.village.roads.stubs["https://birch.example"] = {POST: said}
    for name in witness.due(house.node):
        witness.run(house.node, name)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_every_other(guest, path):
    guest.open(path)

    assert {*PAGES, "/ledger/verify"} <= set(guest.links)


def test_a_seal_that_nobody_signed_says_so_in_red_words(guest):
    guest.open("/ledger")

    assert '<span class="bad">0 witnesses</span>' in guest.html
    assert "Entries not seen yet" not in guest.text


def test_a_witness_is_shown_with_the_age_of_what_it_signed(house, guest):
    cosign(house)
    house.village.pass_time(hours=3)

    guest.open("/ledger")

    assert "1 witness has signed this seal." in guest.text
    assert "birch.example/witness" in guest.text
    assert "3 hours" in guest.text
    assert "0 witnesses" not in guest.text


def test_a_witness_that_has_not_seen_the_newest_seal_does_not_count_for_it(
    house, guest
):
    cosign(house)
    old = published(house.node).size
    new = grow(house.village, house.node, 8)

    guest.open("/ledger")

    assert '<span class="bad">0 witnesses</span>' in guest.html
    assert f'data-label="Entries not seen yet">{new - old}</td>' in guest.html


def test_a_witness_whose_clock_is_ahead_signed_just_now(house):
    house.village.pass_time(hours=1)
    cosign(house)
    house.village.pass_time(hours=-1)

    [found] = log.witnesses(house.node)

    assert found.age.total_seconds() == 0


def test_a_witness_that_never_signed_is_shown_so(house, guest):
    witness.add(house.node, str(BIRCH.vkey))

    for path in ("/ledger", "/ledger/witnesses"):
        guest.open(path)
        assert "birch.example/witness never" in guest.text
        assert '<span class="bad">0 witnesses</span>' in guest.html


def others(count):
    """Return as many witnesses, each with a key of its own."""
    private = Ed25519PrivateKey.from_private_bytes
    return [
        Signer("birch.example/witness", COSIGNATURE, private(bytes([at + 1]) * 32))
        for at in range(count)
    ]


NOBODY = "Nobody but us."
ONE = "If one of them lied together with us"
EVEN = "Even if 1 of them lied together with us"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, (NOBODY, "without harm none: there is no witness")),
        (1, (ONE, "without harm 0", "1 of 1 witness signed")),
        (3, (ONE, "without harm 0", "2 of 3 witnesses signed")),
        (4, (EVEN, "without harm 1", "3 of 4 witnesses signed")),
    ],
)
def test_how_many_would_have_to_lie_is_printed(house, guest, number, said):
    for one in others(number):
        cosign(house, one)

    guest.open("/ledger/witnesses")

    assert all(words in guest.text for words in said)
    assert ('<span class="bad">0 witnesses</span>' in guest.html) is (number == 0)


def test_where_a_witness_itself_can_be_asked_is_told(house, guest):
    guest.open("/ledger/witnesses")

    digest = sha256(log.status(house.node).origin.encode()).hexdigest()
    assert f"/witness/{digest}/checkpoint" in guest.text


def test_whoever_worries_finds_each_word_explained_at_the_seal(guest):
    guest.open("/ledger")

    for question in ("What is an entry?", "What is the seal?", "What is my receipt?",
                     "What is a witness?", "What if something is erased?",
                     "What if I do not believe you?"):  # fmt: skip
        assert question in guest.text


def test_times_that_are_kept_have_a_year_and_a_zone(house, guest):
    for path in ("/ledger", "/ledger/clear"):
        guest.open(path)
        assert f"{house.node.now().year}, " in guest.text
        assert "GMT+00:00" in guest.text


def test_every_entry_is_listed_once_newest_first_and_page_by_page(house, guest):
    guest.open("/ledger/entries")
    listed = numbers(guest)
    while older := [link for link in guest.links if "?before=" in link]:
        guest.open(older[0])
        listed += numbers(guest)

    size = published(house.node).size
    assert listed == list(range(size - 1, -1, -1))
    assert f"{size} entries are published." in house.reader().open("/ledger/entries")


def numbers(guest):
    found = (re.fullmatch("/ledger/([0-9]+)", link) for link in guest.links)
    return [int(one[1]) for one in found if one]


def test_an_entry_is_listed_with_its_type_its_length_and_its_fingerprint(house, guest):
    guest.open("/ledger/entries?before=2")

    clear, sealed = log.entry(house.node, 0), log.entry(house.node, 1)
    assert f"sealed 49 {sealed.hash[:16]}" in guest.text
    assert f"open genesis {clear.length:,} {clear.hash[:16]}" in guest.text
    assert clear.length > 49


def test_a_single_entry_says_its_type_and_length(guest):
    guest.open("/ledger/1")
    assert "Type sealed Bytes 49" in guest.text

    guest.open("/ledger/0")
    assert "Type open genesis Bytes" in guest.text


def test_open_entries_are_listed_with_what_they_seal(guest):
    guest.open("/ledger/clear")

    assert numbers(guest) == [OPENED, 0]
    assert "gov.poll.opened" in guest.text
    assert [link for link in guest.links if link.startswith("/ledger/payload/")]
    assert "It says all there is to say in itself." in guest.text


def test_what_was_erased_is_said_to_be(house, guest):
    with house.node.begin() as tx:
        tx.query(LedgerPayload).delete()

    for path in ("/ledger/clear", f"/ledger/{OPENED}"):
        guest.open(path)
        assert "Erased. The entry stays" in guest.text
        assert not [link for link in guest.links if "payload" in link]


def test_what_is_about_a_person_is_not_offered(house, guest):
    with house.node.begin() as tx:
        tx.query(LedgerPayload).one().public = False

    guest.open("/ledger/clear")

    assert "About a person: kept, and shown to nobody." in guest.text
    assert not [link for link in guest.links if "payload" in link]


def test_what_is_offered_can_be_had(guest):
    guest.open("/ledger/clear")
    [link] = [link for link in guest.links if "payload" in link]

    assert guest.client.get(link, base_url=HERE).data.endswith(b'["poll.opened",1]')


def test_the_keys_are_those_that_programs_read(house, guest):
    guest.open("/ledger/keys")

    found = log.keys(house.node)
    for key in (*found["log"], found["statements"], found["witness"]):
        assert key.replace("+", "&#43;") in guest.html or key in guest.html
    assert "The key of the seal was never changed." in guest.text


@pytest.mark.parametrize("path", ["/ledger/entries", "/ledger/clear"])
@pytest.mark.parametrize("before", ["x", "-1", "1.5", "9" * 17, "٣"])
def test_a_place_that_is_no_number_is_not_looked_for(guest, path, before):
    guest.open(f"{path}?before={before}", status=400)


@pytest.mark.parametrize("path", ["/ledger/entries", "/ledger/clear"])
def test_below_the_first_entry_there_is_nothing(guest, path):
    guest.open(f"{path}?before=0")

    assert "There are no older entries." in guest.text


@pytest.mark.parametrize("path", PAGES)
def test_before_anything_is_sealed_every_page_says_so_or_explains(house, path):
    guest = house.reader()
    with house.node.begin() as tx:
        tx.query(LedgerCheckpoint).delete()

    guest.open(path)

    words = "Nothing has been sealed yet."
    explained = {"/ledger/keys", "/ledger/audit", "/ledger/witnesses"}
    assert (words in guest.text) is (path not in explained)


def test_open_entries_are_found_without_reading_the_sealed_ones(house):
    with house.node.read() as tx:
        found = select(LedgerEntry.idx).where(is_clear(LedgerEntry.leaf))
        spelled = str(found.compile(dialect=tx.get_bind().dialect))
        plan = tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {spelled}")

    assert "ix_ledger_entry_clear" in str(plan.all())
