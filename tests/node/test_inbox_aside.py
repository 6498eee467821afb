"""What a limited node sends: set aside, and looked at once it is like any other."""

from datetime import timedelta

import pytest

from federation.markup import plain
from federation.policy import Mode
from node import federation_desk, inbox, replies, tidying
from node.federation_desk import Treatment
from node.inbox.aside import KEPT, MOST
from node.models.follows import Follow
from node.models.inbox import Received
from node.models.outbox import Target
from tests.support.door import all_of, got
from tests.support.stranger import PUBLIC


@pytest.fixture
def case(place):
    """A public case: its reference and its id."""
    return place.publish()


@pytest.fixture
def limited(place, eve):
    """Somebody whose node stewards do not trust for now."""
    place.take(eve, eve.act("Like"))
    treat(place, eve, Mode.LIMITED)
    return eve


def host(stranger):
    return stranger.origin.partition("//")[2]


def treat(place, stranger, mode):
    how = Treatment(mode, "Noise.", 7)
    federation_desk.treat(place.node, host(stranger), how, by=place.steward)
    place.work()


def aside(place, stranger):
    return federation_desk.set_aside(place.node, host(stranger), by=place.steward)


def texts(place, case):
    found = replies.listed(place.node, case[0], by=place.ada)
    return [(plain(one.html), one.state) for one in found]


def answer(eve, case, words="Same here."):
    note = eve.note(inReplyTo=case[1], content=f"<p>{words}</p>")
    return eve.act("Create", note, to=[PUBLIC])


def test_what_was_set_aside_has_its_effect_once_its_node_is_like_any_other(
    place, limited, case
):
    said = [answer(limited, case, words) for words in ("One.", "Two.")]
    for each in said:
        place.village.pass_time(seconds=1)
        assert place.take(limited, each) == ["quarantined"]
        inbox.handle(place.node, each["id"])
    assert (texts(place, case), aside(place, limited)) == ([], 2)

    treat(place, limited, Mode.OPEN)

    assert texts(place, case) == [("One.", "pending"), ("Two.", "pending")]
    assert aside(place, limited) == 0
    assert [got(place.node, each).raw for each in said] == [None, None]


@pytest.mark.parametrize("mode", [Mode.LIMITED, Mode.BLOCKED])
def test_what_was_set_aside_stays_so_while_its_node_is_not_trusted(
    place, limited, case, mode
):
    place.take(limited, answer(limited, case))

    treat(place, limited, mode)

    assert (texts(place, case), aside(place, limited)) == ([], 1)


def test_what_one_node_sent_is_released_and_no_other(place, limited, case):
    other = place.stranger()
    treat(place, other, Mode.LIMITED)
    place.take(other, answer(other, case, "Other."))
    place.take(limited, answer(limited, case, "Limited."))

    treat(place, limited, Mode.OPEN)

    assert texts(place, case) == [("Limited.", "pending")]
    assert aside(place, other) == 1


def test_what_was_taken_back_meanwhile_does_not_appear(place, limited, case):
    written = answer(limited, case)
    place.take(limited, written)
    place.take(limited, limited.act("Delete", written["object"]["id"], to=[PUBLIC]))

    treat(place, limited, Mode.OPEN)

    assert texts(place, case) == []
    assert (got(place.node, written).state, got(place.node, written).raw) == (
        "buried",
        None,
    )


def test_who_is_limited_may_ask_to_follow_and_waits_for_a_steward(place, limited):
    assert place.take(limited, limited.act("Follow")) == ["done"]

    [row] = [one for one in all_of(place.node, Follow) if one.actor == limited.id]
    assert (row.state, row.decided_at) == ("pending", None)
    sent = [one for one in all_of(place.node, Target) if one.origin == limited.origin]
    assert sent == []


def test_no_more_is_set_aside_than_stewards_could_look_through(place, limited, case):
    begun = answer(limited, case)
    place.take(limited, begun)
    with place.node.begin() as tx:
        row = tx.get_one(Received, begun["id"])
        like = {one.name: getattr(row, one.name) for one in Received.__table__.columns}
        tx.add_all(
            Received(**like | {"id": f"{limited.id}/full/{n}"}) for n in range(MOST - 1)
        )

    on_top = answer(limited, case)
    assert place.take(limited, on_top) == ["dropped"]

    assert (got(place.node, on_top).raw, aside(place, limited)) == (None, MOST)


def test_after_ninety_days_it_is_let_go_of(place, limited, case):
    written = answer(limited, case)
    place.take(limited, written)
    place.village.pass_time(seconds=KEPT.total_seconds() - 60)
    tidying.tidy(place.node, "all")
    assert aside(place, limited) == 1

    place.village.pass_time(minutes=1)
    tidying.tidy(place.node, "all")
    treat(place, limited, Mode.OPEN)

    assert timedelta(days=90) == KEPT
    assert (aside(place, limited), texts(place, case)) == (0, [])
    row = got(place.node, written)
    assert (row.state, row.raw) == ("dropped", None)
    assert limited.send(written).status_code == 202
    assert got(place.node, written).state == "dropped"
