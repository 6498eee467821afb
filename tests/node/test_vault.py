from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from node import keys, vault
from node.models.vault import ContentKey
from node.vault import Damaged, Place
from tests.support.members import join

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
PLACE = Place("submission", "text", "row-1")
ROOTS = Random(7)  # noqa: S311 - the same bytes again
ADA, BEN = UUID(int=1), UUID(int=2)

words = st.text(max_size=60)
places = st.builds(
    Place, *(st.text("abc_", min_size=1, max_size=4),) * 2, st.integers(0, 99)
)


class Dice:
    """The only part of a node that sealing needs."""

    def dice(self, size):
        return ROOTS.randbytes(size)


def ring_of(*epochs):
    """Return keys whose content keys are wrapped under these epochs."""
    wraps = {epoch: bytes([epoch]) * 32 for epoch in epochs}
    return keys.Keys(b"r" * 32, None, None, None, wraps)


@given(words, places)
def test_what_is_sealed_opens_where_it_was_put(text, place):
    cell = vault.seal(Dice(), KEY, place, text)

    assert vault.unseal(KEY, place, cell) == text


@given(words, st.data())
def test_no_cell_survives_a_changed_bit(text, data):
    cell = bytearray(vault.seal(Dice(), KEY, PLACE, text))
    bit = data.draw(st.integers(0, 8 * len(cell) - 1))
    cell[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Damaged):
        vault.unseal(KEY, PLACE, bytes(cell))


@given(words, st.data())
def test_no_cell_survives_being_cut(text, data):
    cell = vault.seal(Dice(), KEY, PLACE, text)
    end = data.draw(st.integers(0, len(cell) - 1))

    with pytest.raises(Damaged):
        vault.unseal(KEY, PLACE, cell[:end])


@given(words, places, places)
def test_a_cell_that_was_moved_does_not_open(text, here, there):
    cell = vault.seal(Dice(), KEY, here, text)

    if here == there:
        assert vault.unseal(KEY, there, cell) == text
    else:
        with pytest.raises(Damaged):
            vault.unseal(KEY, there, cell)


@given(words)
def test_another_key_opens_nothing(text):
    cell = vault.seal(Dice(), KEY, PLACE, text)

    with pytest.raises(Damaged):
        vault.unseal(OTHER_KEY, PLACE, cell)


@given(st.text(min_size=3, max_size=60))
def test_the_same_words_are_sealed_differently_each_time(text):
    cells = {vault.seal(Dice(), KEY, PLACE, text) for _ in range(3)}

    assert len(cells) == 3
    assert not [cell for cell in cells if text.encode() in cell]


@given(st.data())
def test_no_wrap_survives_a_change_another_owner_or_epoch(data):
    ring = ring_of(1, 2)
    wrapped = vault.wrap(ring, Dice().dice, b"person ada", KEY)
    bit = data.draw(st.integers(0, 8 * len(wrapped) - 1))
    changed = bytearray(wrapped)
    changed[bit // 8] ^= 1 << bit % 8

    assert vault.unwrap(ring, 2, b"person ada", wrapped) == KEY
    for epoch, bound, raw in [
        (2, b"person ada", bytes(changed)),
        (2, b"person ada", wrapped[: data.draw(st.integers(0, len(wrapped) - 1))]),
        (2, b"person ben", wrapped),
        (2, b"case ada", wrapped),
        (1, b"person ada", wrapped),
    ]:
        with pytest.raises(Damaged):
            vault.unwrap(ring, epoch, bound, raw)


def test_once_an_epochs_key_is_gone_its_wraps_open_no_more():
    wrapped = vault.wrap(ring_of(1), Dice().dice, b"person ada", KEY)

    with pytest.raises(Damaged, match="gone"):
        vault.unwrap(ring_of(2), 1, b"person ada", wrapped)


def test_content_keys_of_two_people_differ_and_come_back(village):
    ash = village.build("https://ash.example")
    with ash.begin() as tx:
        made = [vault.new_key(ash, tx, "person", one) for one in (ADA, BEN)]

    with ash.read() as tx:
        found = [vault.key_of(ash, tx, "person", one) for one in (ADA, BEN)]

    assert found == made
    assert len(set(made)) == 2


def test_a_wrap_put_into_anothers_row_does_not_open(village):
    ash = village.build("https://ash.example")
    with ash.begin() as tx:
        for one in (ADA, BEN):
            vault.new_key(ash, tx, "person", one)
    with ash.begin() as tx:
        stolen = tx.get_one(ContentKey, ("person", ADA)).wrapped
        tx.execute(
            update(ContentKey).where(ContentKey.owner == BEN).values(wrapped=stolen)
        )

    with ash.read() as tx, pytest.raises(Damaged):
        vault.key_of(ash, tx, "person", BEN)


def test_a_destroyed_key_is_none_and_what_it_sealed_stays_shut(village):
    ash = village.build("https://ash.example")
    ada = join(ash)
    with ash.begin() as tx:
        tx.execute(delete(ContentKey).where(ContentKey.owner == ada))

    with ash.read() as tx:
        assert vault.key_of(ash, tx, "person", ada) is None
