"""A new key for the log: both sign for a while, and old readers find the new one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from governance.errors import ChoiceInvalid, ReadOnly
from ledger import checkpoint, entry, note, policy, rotation
from ledger.encoding import unb64u
from ledger.errors import Invalid
from ledger.note import VKey
from node import keys, log
from node.keys import KeysUnsafe
from node.log import names, signing
from node.models.log import LedgerHead
from tests.support.logs import receipts
from tests.support.races import in_turn
from tests.support.rotations import grow, verified

MONTH = timedelta(days=31)


@pytest.fixture
def old(moot):
    return names.log_signer(moot.node).vkey


def publish(moot):
    grow(moot.village, moot.node)


def signed_by(moot, *vkeys):
    """Say which of these keys signed the checkpoint that is served."""
    raw = log.checkpoint(moot.node)
    lines = note.parse(raw).lines
    by = [vkey for vkey in vkeys if any(line.by(vkey) for line in lines)]
    for vkey in by:
        checkpoint.open(raw, [vkey])
    return by


def test_both_keys_sign_until_the_overlap_is_over(moot, old):
    new = log.rotate(moot.node)
    publish(moot)
    assert signed_by(moot, old, new) == [old, new]

    moot.village.now += timedelta(days=29)
    publish(moot)
    assert signed_by(moot, old, new) == [old, new]
    moot.village.now += timedelta(days=1)
    publish(moot)

    assert signed_by(moot, old, new) == [new]


def test_nobody_waits_for_the_new_key_where_there_is_no_overlap(moot, old):
    new = log.rotate(moot.node, overlap=timedelta())
    publish(moot)

    assert signed_by(moot, old, new) == [new]


def test_a_receipt_leads_who_pinned_an_old_key_to_the_newest(moot, old):
    made = moot.tell()
    second = log.rotate(moot.node)
    publish(moot)
    moot.village.now += MONTH
    third = log.rotate(moot.node)
    publish(moot)
    moot.village.now += MONTH
    publish(moot)
    assert signed_by(moot, old, second, third) == [third]

    raw = receipts(moot.node)[made.reference, 0]

    for pinned in (old, second, third):
        verdict = verified(moot.node, raw, pinned)
        assert verdict.valid, verdict.findings


def test_an_old_receipt_holds_for_who_pinned_the_old_key_and_for_us(moot, old):
    made = moot.tell()
    publish(moot)
    raw = receipts(moot.node)[made.reference, 0]
    new = log.rotate(moot.node)
    publish(moot)
    moot.village.now += MONTH
    publish(moot)

    assert verified(moot.node, raw, old).valid
    assert log.check(moot.node, raw).valid
    assert not verified(moot.node, raw, new).valid


def test_the_change_is_a_public_entry_that_both_keys_signed(moot, old):
    new = log.rotate(moot.node)
    log.sequence(moot.node)
    assert log.keys(moot.node)["rotations"] == []
    publish(moot)

    told = log.keys(moot.node)

    assert told["log"] == [str(new), str(old)]
    (said,) = told["rotations"]
    assert said["kind"] == "key.rotate"
    assert (said["old"], said["new"]) == (str(old), str(new))
    assert rotation.walk(old, [unb64u(said["leaf"])]) == [old, new]
    leaf = entry.read_leaf(unb64u(said["leaf"]))
    assert leaf.body["overlap_until"] == said["overlap_until"]
    assert log.entry(moot.node, said["index"]).kind == "key.rotate"


def test_a_process_that_was_started_before_signs_with_the_new_key_too(moot, old):
    other = moot.village.open(moot.node.settings)
    publish(moot)
    new = log.rotate(moot.node)

    grow(moot.village, other)

    assert signed_by(moot, old, new) == [old, new]


def test_after_a_restart_the_same_keys_sign(moot, old):
    new = log.rotate(moot.node)
    again = moot.village.open(moot.node.settings)
    assert log.start_check(again) == ""

    grow(moot.village, again)

    assert signed_by(moot, old, new) == [old, new]


def test_the_old_keys_file_may_go_when_its_time_is_over(moot, old):
    new = log.rotate(moot.node)
    moot.village.now += MONTH
    (moot.node.settings.keys_folder / "log.key").unlink()

    again = moot.village.open(moot.node.settings)
    assert log.start_check(again) == ""
    grow(moot.village, again)

    assert signed_by(moot, old, new) == [new]


def test_without_the_newest_key_nothing_is_signed_and_the_file_is_named(moot):
    log.rotate(moot.node)
    folder = moot.node.settings.keys_folder
    (folder / "log-2.key").unlink()
    again = moot.village.open(moot.node.settings)

    assert log.start_check(again) == f"ledger.key: {folder} lacks the key of the log."
    with pytest.raises(ReadOnly):
        log.rotate(again)
    log.publishing.tail(again).read_only = ""
    with pytest.raises(KeysUnsafe, match="revoke-request"):
        log.rotate(again)


def test_a_key_that_a_crash_left_over_is_the_next_one(moot):
    folder = moot.node.settings.keys_folder
    keys.add_log(folder, moot.node.dice)

    log.rotate(moot.node)

    assert sorted(path.name for path in folder.glob("log*")) == ["log-2.key", "log.key"]


def test_two_who_rotate_at_once_announce_no_key_twice(moot, old):
    refused = []

    def rotate():
        try:
            log.rotate(moot.node)
        except ChoiceInvalid as no:
            refused.append(no)

    in_turn(moot.node, select(LedgerHead), rotate, rotate)
    publish(moot)

    with moot.node.read() as tx:
        known = [one.vkey for one in signing.known(moot.node, tx)]
    assert len(set(known)) == len(known) == 3 - len(refused)
    leaves = [unb64u(one["leaf"]) for one in log.keys(moot.node)["rotations"]]
    assert rotation.walk(old, leaves) == known


def test_the_log_is_whole_through_all_its_keys(moot):
    for _ in range(3):
        publish(moot)
        log.rotate(moot.node)
        publish(moot)
        moot.village.now += timedelta(days=20)

    assert list(log.fsck(moot.node)) == []


def test_a_log_of_an_older_version_begins_with_the_key_of_its_first_leaf(moot, old):
    with moot.node.begin() as tx:
        tx.execute(update(LedgerHead).values(signers=None))
    publish(moot)
    assert signed_by(moot, old) == [old]

    new = log.rotate(moot.node)
    publish(moot)

    assert signed_by(moot, old, new) == [old, new]
    with moot.node.read() as tx:
        assert signing.trusted(moot.node, tx) == (new, old)


def test_the_policy_names_every_key_that_counts(moot, old):
    new = log.rotate(moot.node)

    assert policy.parse(log.policy(moot.node).encode()).logs == (new, old)
    assert log.status(moot.node).vkey == str(new)


def test_a_saved_case_says_how_the_key_changed(moot, old):
    new = log.rotate(moot.node)
    publish(moot)

    with moot.node.read() as tx:
        told = log.keys_in(moot.node, tx)
    assert [VKey.parse(one) for one in told["log"]] == [new, old]
    assert len(told["rotations"]) == 1


def test_who_has_only_a_forged_rotation_is_led_nowhere(moot, old):
    new = log.rotate(moot.node)
    publish(moot)
    leaf = unb64u(log.keys(moot.node)["rotations"][0]["leaf"])
    body = entry.read_leaf(leaf).body["sig_old"]

    forged = leaf.replace(body.encode(), (body[:-2] + "AA").encode())

    with pytest.raises(Invalid):
        rotation.walk(old, [forged])
    assert rotation.walk(new, [leaf]) == [new]
