import pytest

from federation.errors import OtherBytes, PrincipalBlocked
from federation.inbox import (
    Inbox,
    Seen,
    Treatment,
    buries,
    fingerprint,
    is_buried,
    is_farewell,
    marks,
    seen,
    tombstone,
    treatment,
)
from federation.policy import Mode
from tests.federation.arrivals import (
    BIRCH,
    CASE,
    CLEO,
    DOV,
    EVE,
    activity,
    create,
    follow,
    reply,
)

NOTE = f"{BIRCH}/notes/1"
FOLLOW = f"{BIRCH}/activities/1"


def test_an_id_means_the_same_bytes_for_ever():
    known = fingerprint(b'{"id":1}')

    assert seen(None, known) is Seen.NEW
    assert seen(known, fingerprint(b'{"id":1}')) is Seen.AGAIN
    with pytest.raises(OtherBytes) as caught:
        seen(known, fingerprint(b'{"id": 1}'))
    assert caught.value.status == 409


@pytest.mark.parametrize("gone", [NOTE, {"id": NOTE, "type": "Tombstone"}, [NOTE]])
def test_what_was_deleted_stays_deleted(gone):
    stone = buries(activity("Delete", gone))

    assert is_buried(create(reply()), {stone})
    assert is_buried(activity("Update", reply()), {stone})
    assert is_buried(activity("Announce", create(reply()), actor=EVE), {stone})
    assert not is_buried(create(reply(id=f"{BIRCH}/notes/2")), {stone})


def test_a_follow_that_comes_after_its_undo_is_dropped():
    stone = buries(activity("Undo", follow(), id=f"{BIRCH}/activities/2"))

    assert is_buried(follow(), {stone})
    assert not is_buried(follow(id=f"{BIRCH}/activities/3"), {stone})


def test_an_actor_that_deleted_itself_is_not_heard_again():
    stone = buries(activity("Delete", CLEO))

    assert is_buried(follow(), {stone})
    assert not is_buried(follow(actor=DOV), {stone})


@pytest.mark.parametrize("document", [activity("Delete", NOTE), activity("Undo", NOTE)])
def test_taking_back_twice_is_not_dropped(document):
    assert not is_buried(document, {buries(document)})


def test_a_neighbour_buries_nothing_of_ours_or_of_anybody():
    assert buries(activity("Delete", CASE)) is None
    assert buries(activity("Delete", NOTE, actor=EVE)) is None

    stone = buries(activity("Delete", NOTE, actor=DOV))
    assert not is_buried(create(reply()), {stone})


@pytest.mark.parametrize(
    "document",
    [
        follow(),
        activity("Reject", NOTE),
        activity("Undo", {"id": NOTE, "type": "Block"}),
        activity("Delete", None),
        activity("Delete", NOTE, actor=None),
    ],
)
def test_nothing_else_puts_up_a_stone(document):
    assert buries(document) is None


def test_a_stone_is_of_one_id_and_one_owner():
    assert tombstone(NOTE, owner=CLEO) in marks(create(reply()))
    assert tombstone(NOTE, owner=CLEO) != tombstone(NOTE, owner=DOV)
    assert len(tombstone(NOTE, owner=CLEO)) == 32


def test_what_has_an_unsure_owner_is_looked_up_by_who_sends_it():
    assert tombstone(NOTE, owner=CLEO) in marks(create(reply(attributedTo=[])))


def test_who_is_gone_says_farewell_with_its_own_key_only():
    document = activity("Delete", CLEO)

    assert is_farewell(document, f"{CLEO}#main-key")
    assert not is_farewell(document, f"{EVE}#main-key")
    assert not is_farewell(document, "nonsense")
    assert not is_farewell(activity("Delete", NOTE), f"{CLEO}#main-key")
    assert not is_farewell(activity("Undo", CLEO), f"{CLEO}#main-key")
    assert not is_farewell(activity("Delete", None, actor=None), f"{CLEO}#main-key")


@pytest.mark.parametrize("mode", Mode)
def test_what_shares_less_is_honoured_from_everywhere(mode):
    assert treatment([mode], activity("Delete", NOTE)) is Treatment.TAKE
    assert treatment([mode], activity("Undo", follow())) is Treatment.TAKE
    assert treatment([mode], activity("Reject", NOTE)) is Treatment.TAKE


def test_a_limited_origin_may_ask_to_follow_and_a_steward_decides():
    assert treatment([Mode.LIMITED], follow()) is Treatment.TAKE


@pytest.mark.parametrize("others", [[], [Mode.OPEN]])
def test_an_origin_is_treated_by_the_strictest_of_its_modes(others):
    assert treatment(others, follow()) is Treatment.TAKE
    assert treatment([Mode.LIMITED, *others], create()) is Treatment.QUARANTINE
    with pytest.raises(PrincipalBlocked) as caught:
        treatment([*others, Mode.LIMITED, Mode.BLOCKED], follow())
    assert caught.value.status == 403


def test_a_type_has_one_handler():
    inbox = Inbox()

    @inbox.on("Follow")
    def first():
        return "first"

    with pytest.raises(ValueError, match="Follow has a handler already"):
        inbox.on("Follow")(lambda: None)
    inbox.on("Delete")(lambda: None)
    assert inbox.handler("Follow") is first
    assert inbox.handler("Like") is None
    assert inbox.types() == tuple(inbox) == ("Delete", "Follow")
