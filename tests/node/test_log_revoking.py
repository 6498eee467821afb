"""A lost or stolen key: recovery keys replace it, and it convinces nobody any more."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from governance.errors import ChoiceInvalid
from ledger import checkpoint, note, policy, receipt, revocation, rotation
from ledger.encoding import unb64u
from ledger.note import ED25519, Signer
from node import keys, log, submissions
from node.accounts import GUEST
from node.core import Node
from node.errors import BadSetting, NoRecovery
from node.log import names, signing
from node.models.log import LedgerEntry, LedgerHead
from node.start.founding import found
from tests.support.cast import told
from tests.support.rotations import (
    grow,
    public,
    recoverable,
    recovery_keys,
    verified,
    words,
)

KEYS = recovery_keys()


@pytest.fixture
def elm(either):
    return recoverable(either, KEYS, 2)


@pytest.fixture
def old(elm):
    return names.log_signer(elm).vkey


def receipt_of(node: Node, made) -> bytes:
    log.sequence(node)
    with node.read() as tx:
        return log.receipt(node, tx, made.case_id, 0)


def tell(node):
    return submissions.submit(node, told(), by=GUEST)


def revoked(either, node, keys=KEYS[:2]):
    request = log.request_revocation(node)
    new = log.revoke(node, request, words(request, keys))
    grow(either, node)
    return new


def test_the_first_leaf_names_the_recovery_keys_and_how_many_must_sign(elm):
    body = log.entry(elm, 0).clear

    assert all(public(key) in body for key in KEYS)
    assert '"m":2' in body


def test_the_old_key_stops_at_once(either, elm, old):
    grow(either, elm)
    new = revoked(either, elm)

    raw = log.checkpoint(elm)

    checkpoint.open(raw, [new])
    assert not any(line.by(old) for line in note.parse(raw).lines)
    assert log.keys(elm)["log"] == [str(new)]
    assert log.keys(elm)["rotations"][0]["kind"] == "key.revoke"
    assert policy.parse(log.policy(elm).encode()).logs == (new,)
    assert list(log.fsck(elm)) == []


def test_a_reader_of_the_old_key_is_led_to_the_new_one(either, elm, old):
    made = tell(elm)
    new = revoked(either, elm)

    raw = receipt_of(elm, made)

    assert verified(elm, raw, old).valid
    assert verified(elm, raw, new).valid


def test_what_a_revoked_key_signs_convinces_nobody_who_has_the_revocation(
    either, elm, old
):
    made = tell(elm)
    thief = names.log_signer(elm)
    revoked(either, elm)
    raw = receipt_of(elm, made)
    # The thief signs the very same tree: the receipt carries the revocation.
    signed = receipt.read(raw).note
    stolen = raw.replace(
        note.join(signed.text, signed.lines), note.sign(signed.text, thief)
    )

    assert stolen != raw
    verdict = verified(elm, stolen, old)
    assert not verdict.valid
    first, *_ = [one for one in verdict.findings if not one.ok]
    assert (first.step, first.code) == (7, "log-unknown")


def test_an_earlier_receipt_still_holds_for_who_pinned_the_old_key(either, elm, old):
    made = tell(elm)
    raw = receipt_of(elm, made)
    revoked(either, elm)

    assert verified(elm, raw, old).valid


@pytest.mark.parametrize(
    ("by", "says"),
    [
        (KEYS[:1], "Too few recovery keys"),
        ([KEYS[0], KEYS[0]], "Too few recovery keys"),
        ([KEYS[0], recovery_keys(1, seed=8)[0]], "no recovery key of this log"),
        ([], "Too few recovery keys"),
    ],
)
def test_too_few_or_foreign_keys_replace_nothing(elm, old, by, says):
    request = log.request_revocation(elm)

    with pytest.raises(ChoiceInvalid, match=says):
        log.revoke(elm, request, words(request, by))

    with elm.read() as tx:
        assert signing.newest(elm, tx) == old


def test_words_on_another_request_replace_nothing(either, elm):
    request = log.request_revocation(elm)
    either.pass_time(minutes=1)
    later = log.request_revocation(elm)

    with pytest.raises(ChoiceInvalid):
        log.revoke(elm, later, words(request, KEYS[:2]))


def test_a_request_is_good_only_for_the_key_that_signs_now(elm):
    request = log.request_revocation(elm)
    log.revoke(elm, request, words(request, KEYS[:2]))

    with pytest.raises(ChoiceInvalid, match="key that signs now"):
        log.revoke(elm, request, words(request, KEYS[:2]))


def test_a_key_that_is_not_ours_never_becomes_the_new_one(elm):
    asked = revocation.read_request(log.request_revocation(elm))
    foreign = Signer(names.origin(elm), ED25519, KEYS[0]).vkey
    request = revocation.request(
        rotation.Change(log=asked.log, old=asked.old, new=foreign, overlap_until=0)
    )

    with pytest.raises(ChoiceInvalid, match="not among our key files"):
        log.revoke(elm, request, words(request, KEYS[:2]))


@pytest.mark.parametrize("raw", [b"", b"{}", b"hello"])
def test_files_that_are_none_of_these_are_refused(elm, raw):
    request = log.request_revocation(elm)

    with pytest.raises(ChoiceInvalid):
        log.revoke(elm, raw, [])
    with pytest.raises(ChoiceInvalid):
        log.revoke(elm, request, [raw])


def test_a_log_without_recovery_keys_says_what_that_means(village):
    ash = village.found("https://ash.example")
    folder = ash.settings.keys_folder

    with pytest.raises(NoRecovery, match="begun without recovery keys"):
        log.request_revocation(ash)

    assert not [*folder.glob("log-*")]


def test_a_key_that_is_lost_is_replaced_too(either, elm, old):
    made = tell(elm)
    log.sequence(elm)
    (elm.settings.keys_folder / "log.key").unlink()
    keys.add_log(elm.settings.keys_folder, elm.dice)
    again = either.open(elm.settings)
    assert log.start_check(again).startswith("ledger.key: ")

    request = log.request_revocation(again)
    new = log.revoke(again, request, words(request, KEYS[1:]))

    assert log.start_check(again) == ""
    grow(either, again)
    assert verified(again, receipt_of(again, made), old).valid
    with again.read() as tx:
        assert signing.trusted(again, tx) == (new,)


def test_recovery_keys_replace_one_key_after_another(either, elm, old):
    made = tell(elm)
    first, second = revoked(either, elm), revoked(either, elm, KEYS[1:])

    raw = receipt_of(elm, made)
    with elm.read() as tx:
        leaves = list(tx.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.idx)))
        head = tx.scalars(select(LedgerHead)).one()

    assert first != second
    assert rotation.walk(old, leaves) == [second]
    checkpoint.open(head.note, [second])
    assert verified(elm, raw, old).valid


@pytest.mark.parametrize(
    "given",
    [
        ("0", public(KEYS[0])),
        ("2", public(KEYS[0])),
        ("two", public(KEYS[0])),
        (public(KEYS[0]), public(KEYS[1])),
        ("1", public(KEYS[0]), public(KEYS[0])),
        ("1", "hello"),
        ("1", unb64u(public(KEYS[0])).hex()),
        ("1",),
    ],
)
def test_a_log_is_not_begun_with_recovery_keys_that_could_never_sign(village, given):
    with pytest.raises(BadSetting, match="FOLKMOOT_LEDGER_RECOVERY"):
        recoverable_with(village, given)


def recoverable_with(village, given):
    built = village.build("https://elm.example")
    found(village.open(replace(built.settings, ledger_recovery=given)), None)
