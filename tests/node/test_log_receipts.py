from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from governance.cases import Act, State
from governance.errors import NotFound
from ledger import entry, policy, tiles, tree
from ledger import receipt as ledger_receipt
from ledger.note import VKey
from node import cases, log, vault
from node.log.chains import open_case_key
from node.models.log import LedgerChain
from node.models.vault import ContentKey
from tests.support.cast import STORY, moot_on
from tests.support.logs import inside, leaves_served, published, receipts
from tests.support.village import Village


def verify(moot, raw):
    """Check a receipt as somebody does who kept the keys and asks nobody."""
    keys = log.keys(moot.node)
    pins = ledger_receipt.Pins(statements=(VKey.parse(keys["statements"]),))
    own = policy.parse(f"log {keys['log'][0]}\nquorum none\n".encode())
    return ledger_receipt.verify(raw, own, pins)


def story(moot):
    """Bring one case from the first words to the end; return what was told."""
    made = moot.tell(wanted="A repair.", contact="ada.lovelace@mailbox.example")
    moot.bring(made, State.WAITING_MEMBER)
    moot.bring(other := moot.tell(), State.CLOSED)
    moot.act(made, Act.WITHDRAW, moot.guest(made))
    return made, other


def publish(moot):
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())


def head_of(moot, made):
    with moot.node.read() as tx:
        raw = log.head(moot.node, tx, made.case_id)
    return ledger_receipt.read_head(
        raw, [VKey.parse(log.keys(moot.node)["statements"])]
    )


def case_key(moot, made):
    with moot.node.read() as tx:
        key = vault.key_of(moot.node, tx, "case", made.case_id)
        row = tx.get_one(LedgerChain, made.case_id)
        return open_case_key(key, made.case_id, row.case_key)


def test_every_receipt_of_every_entry_holds_offline(moot):
    story(moot)
    log.sequence(moot.node)

    found = receipts(moot.node)
    verdicts = {which: verify(moot, raw) for which, raw in found.items()}

    assert len(found) > 12
    assert not [which for which, verdict in verdicts.items() if not verdict.valid]
    assert all(one.seq == seq for (_, seq), one in verdicts.items())
    size = inside(moot.node).size
    assert len({one.index for one in verdicts.values()}) == len(found) <= size


@pytest.mark.parametrize("then", ["publish", "grow", "restart"])
def test_receipts_go_on_holding(moot, then):
    story(moot)
    log.sequence(moot.node)
    old = receipts(moot.node)

    node = moot.node
    if then == "restart":
        node = moot.village.open(moot.node.settings)
    publish(moot)
    if then == "grow":
        story(moot)
        publish(moot)

    new = receipts(node)
    for which, raw in old.items():
        assert verify(moot, raw).valid
        assert verify(moot, new[which]).valid
        assert verify(moot, raw).index == verify(moot, new[which]).index


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_however_long_the_log_is_receipts_hold(between):
    with TemporaryDirectory() as home, moot_on("", Path(home)) as moot:
        for number in between:
            moot.tell()
            with moot.node.begin(sealed=True) as tx:
                tx.add_all(
                    log.chains.LedgerOutbox(leaf=b"\1" * 49) for _ in range(number * 7)
                )
            log.sequence(moot.node)
        publish(moot)

        assert all(verify(moot, raw).valid for raw in receipts(moot.node).values())


def test_a_receipt_from_between_two_publications_is_under_the_next_one(moot):
    made = moot.tell()
    log.sequence(moot.node)
    early = receipts(moot.node)[made.reference, 0]
    stated = ledger_receipt.read(early).stated
    publish(moot)
    head = published(moot.node)

    row = b"".join(map(tree.leaf_hash, leaves_served(moot.node, head.size)))
    proof = tiles.consistency(stated.size, head.size, lambda *_: row)

    assert stated.size < head.size
    tree.verify_consistency(stated.size, head.size, stated.root, head.root, proof)


def test_before_it_has_an_index_there_is_no_receipt(moot):
    made = moot.tell()

    assert receipts(moot.node)[made.reference, 0] is None
    assert cases.receipt(moot.node, made.reference, 0, by=moot.guest(made)) is None


def test_a_receipt_shows_the_words_and_a_mailed_one_none(moot):
    made = moot.tell(text=STORY)
    log.sequence(moot.node)
    with moot.node.read() as tx:
        full, mailed = (
            log.receipt(moot.node, tx, made.case_id, 0, words=words)
            for words in (True, False)
        )

    assert dict(verify(moot, full).disclosed)["text"] == STORY
    assert verify(moot, mailed).valid
    assert verify(moot, mailed).disclosed == ()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_receipt_survives_a_changed_character(data, kept):
    moot, raw = kept
    at = data.draw(st.integers(0, len(raw) - 1))
    letter = data.draw(st.sampled_from(b"0123456789ABCDEFabcdef+/=\n "))

    changed = raw[:at] + bytes([letter]) + raw[at + 1 :]
    before, after = verify(moot, raw), verify(moot, changed)

    assert not after.valid or (after == before)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A published receipt, and where it comes from."""
    with moot_on("", tmp_path_factory.mktemp("log")) as moot:
        made = moot.tell()
        publish(moot)
        yield moot, receipts(moot.node)[made.reference, 0]


def test_another_nodes_keys_are_not_believed(moot, tmp_path):
    made = moot.tell()
    log.sequence(moot.node)
    elsewhere = Village(tmp_path / "elsewhere", seed=3)
    double = elsewhere.build("https://ash.example")

    verdict = log.check(double, receipts(moot.node)[made.reference, 0])

    elsewhere.close()
    assert not verdict.valid


def test_the_head_note_says_how_long_a_case_is_at_the_published_size(moot):
    made, _ = story(moot)
    log.sequence(moot.node)
    before = head_of(moot, made)
    publish(moot)
    after = head_of(moot, made)

    length = len([one for one in receipts(moot.node) if one[0] == made.reference])
    assert (before.count, before.head) == (0, None)
    assert (after.count, after.size) == (length, published(moot.node).size)
    assert after.head == verify(moot, receipts(moot.node)[made.reference, length - 1]).c


def test_every_entry_of_a_case_is_in_the_log_once_and_there_are_no_more(moot):
    made, _ = story(moot)
    publish(moot)
    key, count = case_key(moot, made), head_of(moot, made).count

    leaves = leaves_served(moot.node, published(moot.node).size)
    tags = [leaf[1:17] for leaf in leaves if leaf[0] == 1]
    places = [tags.index(entry.tag(key, seq)) for seq in range(count)]

    assert [tags.count(entry.tag(key, seq)) for seq in range(count)] == [1] * count
    assert places == sorted(places)
    assert not {entry.tag(key, seq) for seq in range(count, count + 16)} & set(tags)


def test_receipts_are_for_those_who_may_see_the_case(moot):
    made, other = moot.tell(), moot.tell()
    log.sequence(moot.node)

    for who in (moot["ben"], moot.guest(other)):
        with pytest.raises(NotFound):
            cases.receipt(moot.node, made.reference, 0, by=who)
        with pytest.raises(NotFound):
            cases.receipt_head(moot.node, made.reference, by=who)
    with pytest.raises(NotFound):
        cases.receipt(moot.node, made.reference, 99, by=moot.guest(made))


def test_an_erased_case_has_no_receipt_and_others_still_do(moot):
    made, other = moot.tell(), moot.tell()
    log.sequence(moot.node)
    with moot.node.begin() as tx:
        tx.execute(delete(ContentKey).where(ContentKey.owner == made.case_id))

    with moot.node.read() as tx:
        with pytest.raises(log.ChainErased):
            log.receipt(moot.node, tx, made.case_id, 0)
        raw = log.receipt(moot.node, tx, other.case_id, 0)
    assert verify(moot, raw).valid
