"""The keys of epochs: an old copy opens for a while, and then nothing in it does."""

import shutil

import pytest

from node import cases, epochs, keys, tidying, vault
from node.epochs import KEPT, LASTS, REACHED
from node.erasing import Level, Wish
from node.models.threads import Message
from node.models.vault import ContentKey
from tests.support.cast import moot_on
from tests.support.erased import at, erase, put_back, settle, spoken
from tests.support.publicly import stored


@pytest.fixture
def looked(moot):
    """A community whose first epoch has begun."""
    moot.tell()
    epochs.look(moot.node)
    return moot


def names(moot):
    return sorted(path.name for path in moot.node.keys.folder.glob("wrap-*.key"))


def pass_time(moot, length):
    moot.village.pass_time(seconds=length.total_seconds())
    epochs.look(moot.node)


def test_an_epoch_gets_a_successor_and_living_keys_are_wrapped_anew(looked):
    pass_time(looked, LASTS / 2)
    assert names(looked) == ["wrap-1.key"]

    pass_time(looked, LASTS / 2)

    assert names(looked) == ["wrap-1.key", "wrap-2.key"]
    assert (looked.node.keys.folder / "wrap-2.key").stat().st_mode & 0o777 == 0o600
    assert set(stored(looked.node, ContentKey.epoch)) == {2}


def test_what_was_told_before_still_opens(moot):
    made = spoken(moot)
    epochs.look(moot.node)
    for _ in range(4):
        pass_time(moot, LASTS)

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert view.member_name == "Ann Onymous"
    assert view.timeline[0].text


def test_the_old_key_dies_35_days_after_its_successor_came(looked):
    pass_time(looked, LASTS)

    pass_time(looked, KEPT / 2)
    assert "wrap-1.key" in names(looked)
    pass_time(looked, KEPT / 2)

    assert names(looked) == ["wrap-2.key", "wrap-3.key"]


def test_other_processes_learn_of_it_when_they_next_need_a_key(looked):
    other = looked.village.open(looked.node.settings)
    pass_time(looked, LASTS)

    assert other.keys.epoch == 2
    pass_time(looked, KEPT)

    assert other.keys.epochs() == {2, 3}


def test_a_key_that_still_wraps_something_is_not_destroyed(looked):
    pass_time(looked, LASTS)
    with looked.node.begin() as tx:
        # As a process would that began before the successor came.
        row = tx.query(ContentKey).first()
        key = vault.open_key(looked.node, vault.Wrapped(
            row.kind, row.owner, row.epoch, row.wrapped))  # fmt: skip
        bound = row.kind.encode() + b"\0" + row.owner.bytes
        row.wrapped = vault.wrap(looked.node.keys, looked.node.dice, bound, key, 1)
        row.epoch = 1
    assert set(stored(looked.node, ContentKey.epoch)) == {1, 2}

    pass_time(looked, KEPT)

    assert set(stored(looked.node, ContentKey.epoch)) == {3}
    with looked.node.read() as tx:
        for row in tx.query(ContentKey):
            assert vault.key_of(looked.node, tx, row.kind, row.owner)


@pytest.mark.parametrize("level", Level)
def test_an_old_copy_opens_nothing_erased_once_its_time_is_over(tmp_path, level):
    # The copy is looked at with every key there is, and without the journal.
    home = tmp_path / "home"
    home.mkdir()
    with moot_on("", home) as moot:
        made = spoken(moot)
        epochs.look(moot.node)
        seq = at(moot, made)
        copy = tmp_path / "copy"
        shutil.copytree(moot.node.settings.data, copy)
        asked = Wish(
            level=level, seq=None if level is Level.CHAIN else seq,
            name="text" if level is Level.REDACT else "",
        )  # fmt: skip
        erase(moot, made, asked)
        settle(moot)
        with moot.node.read() as tx:
            living = vault.key_of(moot.node, tx, "case", made.case_id)
        for _ in range(3):
            pass_time(moot, REACHED / 2)
        moot.node.database.close()
        put_back(moot.node, copy)

        again = moot.village.open(moot.node.settings)

        with again.read() as tx, pytest.raises(vault.Damaged, match="epoch 1 is gone"):
            vault.key_of(again, tx, "case", made.case_id)
        with again.read() as tx:
            body = tx.query(Message).filter_by(entry_seq=seq).one()
            place = vault.Place("message", "body", body.id)
            with pytest.raises(vault.Damaged):
                vault.unseal(living or bytes(keys.SIZE), place, body.body)


def test_a_key_that_others_could_use_is_not_taken(looked):
    path = looked.node.keys.folder / "wrap-2.key"
    path.write_bytes(bytes(keys.SIZE))
    path.chmod(0o644)

    with pytest.raises(keys.KeysUnsafe):
        looked.node.keys.epochs()


def test_a_folder_that_cannot_be_written_keeps_its_epoch(looked):
    path = looked.node.keys.folder / "wrap-2.key"
    path.symlink_to("nowhere")
    pass_time(looked, LASTS)
    assert set(stored(looked.node, ContentKey.epoch)) == {1}

    path.unlink()
    epochs.look(looked.node)

    assert set(stored(looked.node, ContentKey.epoch)) == {2}


def test_it_is_looked_at_with_everything_else_that_is_over(looked):
    looked.village.pass_time(seconds=LASTS.total_seconds())

    tidying.tidy(looked.node, "all")

    assert names(looked) == ["wrap-1.key", "wrap-2.key"]
