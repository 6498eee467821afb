from datetime import timedelta

import pytest

from federation import keys, signatures
from federation.delivery import State
from federation.signatures import Request
from node import actors, outbox, peers
from node.models.outbox import Outgoing
from tests.support.byways import NOBODY
from tests.support.posting import ELM, FIR, INBOX

MOVED = f"{ELM}/somewhere/else"


def verified(desk, post):
    # Who sent it, as a server would find out that has our key.
    def find(key_id):
        with desk.ash.read() as tx:
            pem = actors.public(tx, "/ap/c/ash", at=desk.village.now).rsa_pem
        return keys.read_pem(pem, id=key_id, owner=key_id.partition("#")[0])

    fields = {"Host": "elm.example", **post.fields}
    request = Request("POST", post.url, tuple(fields.items()), post.body)
    return signatures.verify(request, find, at=desk.village.now)


def remembered(desk):
    with desk.ash.read() as tx:
        return peers.memory(tx, ELM, at=desk.village.now).profile


def test_what_was_written_is_sent_signed_and_is_done(desk_on):
    desk_on.say("first")

    assert outbox.due(desk_on.ash) == [ELM]
    assert desk_on.send() == 1

    row, [post] = desk_on.row("first"), desk_on.elm.posts
    assert (row.state, row.answer, row.attempts) == (State.DONE, "202", 1)
    assert verified(desk_on, post).owner == "https://ash.example/ap/c/ash"
    assert outbox.due(desk_on.ash) == []
    assert desk_on.send() == 0


def test_the_same_bytes_go_to_each_inbox_once_however_often_it_is_named(desk):
    desk.say("first", to=(INBOX, INBOX, f"{FIR}/inbox"))

    assert desk.send() + desk.send(FIR) == 2

    assert [post.url for post in desk.elm.posts] == [INBOX]
    assert desk.fir.posts[0].body == desk.elm.posts[0].body


def test_it_is_tried_again_later_and_later_with_a_new_signature(desk):
    desk.elm.script = [500, 500, 500, 500, 500, 500]  # each knock is two requests
    desk.say("first")
    waits = []
    for _ in range(3):
        desk.send()
        waits.append(desk.row("first").next_try_at - desk.village.now)
        desk.village.now = desk.row("first").next_try_at
    desk.send()

    for wait, doubled in zip(waits, (1, 2, 4), strict=True):
        assert timedelta(seconds=doubled / 2) <= wait
        assert wait <= timedelta(seconds=doubled * 1.5)
    assert desk.row("first").state is State.DONE
    assert len({post.body for post in desk.elm.posts}) == 1
    assert len({post.fields["Signature-Input"] for post in desk.elm.posts[::2]}) == 4


def test_before_its_time_nothing_is_tried_again(desk):
    desk.elm.script = [NOBODY]
    desk.say("first")
    desk.send()

    desk.send()

    assert len(desk.elm.posts) == 1
    assert desk.row("first").answer == "no-answer"


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("600", 600, 600),
        ("1000000000", 86400, 86400),
        ("-5", 1, 1),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 3600, 3600),
        ("Mon, 02 Mar 2020 10:00:00 GMT", 1, 1),
        ("NaN", 1, 1.5),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_time_is_given_it_within_reason(desk, status, asked, least, most):
    desk.elm.usual = (status, {"retry-after": asked})
    desk.say("first")
    before = desk.village.now

    desk.send()

    wait = desk.row("first").next_try_at - before
    assert timedelta(seconds=least) <= wait <= timedelta(seconds=most)
    assert desk.courier().failures == ""


def test_who_asks_for_time_is_not_sent_the_rest_meanwhile(desk):
    desk.elm.usual = (429, {"retry-after": "600"})
    for number in range(30):
        desk.say(f"{number}", context=f"case {number}")

    desk.send()
    desk.wait(minutes=9)
    assert len(desk.elm.posts) == 1

    desk.elm.usual = 202
    desk.wait(minutes=2)
    assert len(desk.elm.taken) == 30


def test_what_is_written_while_a_node_rests_waits_with_the_rest(desk):
    desk.elm.script = [(429, {"retry-after": "600"})]
    desk.say("first", context="a")
    desk.send()

    desk.say("second", context="b")
    desk.wait(minutes=5)
    assert desk.names() == []

    desk.wait(minutes=10)
    assert sorted(desk.names()) == ["first", "second"]


def only_the_older_draft(post):
    return 202 if post.profile == "cavage" else 401


def test_who_wants_the_other_profile_gets_it_and_it_is_remembered_30_days(desk_on):
    desk_on.elm.usual = only_the_older_draft
    desk_on.say("first")
    desk_on.send()
    desk_on.say("second")
    desk_on.send()

    profiles = [post.profile for post in desk_on.elm.posts]
    assert profiles == ["rfc9421", "cavage", "cavage"]
    assert verified(desk_on, desk_on.elm.posts[-1]).profile == "cavage"
    assert desk_on.row("second").profile == "cavage"

    desk_on.village.pass_time(days=30, seconds=-1)
    assert remembered(desk_on) == "cavage"
    desk_on.village.pass_time(seconds=2)
    desk_on.say("third")
    desk_on.send()
    profiles = [post.profile for post in desk_on.elm.posts]
    assert profiles[3:] == ["rfc9421", "cavage"]


def test_the_memory_of_a_profile_is_renewed_by_success(desk):
    desk.elm.usual = only_the_older_draft
    for name in ("first", "second", "third"):
        desk.say(name)
        desk.send()
        desk.village.pass_time(days=29)

    assert remembered(desk) == "cavage"
    assert len(desk.elm.posts) == 4


def test_three_refusals_in_a_row_clear_the_memory_of_a_profile(desk):
    desk.say("before")
    desk.send()
    desk.elm.usual = 401
    for number in range(3):
        assert remembered(desk) == "rfc9421"
        desk.say(f"{number}")
        desk.send()

    assert remembered(desk) is None


def test_what_an_accept_signature_asks_for_is_signed_exactly(desk):
    asked = 'wish=("@method" "@authority" "@path" "content-digest" "content-type");'
    asked += 'created;nonce="n-17";tag="taking"'
    desk.elm.script = [(401, {"Accept-Signature": asked})]
    desk.say("first")

    desk.send()

    first, second = desk.elm.posts
    found = verified(desk, second)
    assert set(found.covered) == {
        "@method", "@authority", "@path", "content-digest", "content-type",
    }  # fmt: skip
    given = second.fields["Signature-Input"]
    assert given.startswith("wish=")
    assert 'nonce="n-17"' in given
    assert 'tag="taking"' in given
    assert second.fields["Signature-Input"] != first.fields["Signature-Input"]
    assert desk.names() == ["first"]
    assert remembered(desk) == "rfc9421"


AGREEMENT = {"type": "Offer", "object": {"type": "fm:Agreement"}}


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_between_parties_only_the_newer_profile_is_spoken(desk, status):
    desk.elm.usual = only_the_older_draft
    desk.say("news")
    desk.send()
    desk.elm.usual = status
    desk.say("offer", as_=AGREEMENT)
    for _ in range(3):
        desk.send()

    profiles = [post.profile for post in desk.elm.posts]
    assert profiles == ["rfc9421", "cavage", "rfc9421"]
    assert remembered(desk) == "cavage"
    waits = status == 500
    assert desk.row("offer").state is (State.WAITING if waits else State.PARKED)


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_a_public_thing_that_is_refused_twice_is_dropped(desk, status):
    desk.elm.usual = status
    desk.say("first")

    desk.send()

    row = desk.row("first")
    assert (row.state, row.answer) == (State.DROPPED, str(status))
    assert len(desk.elm.posts) == (1 if status == 422 else 2)
    assert outbox.due(desk.ash) == []


def test_other_bytes_under_our_id_are_parked_and_stewards_can_see_it(desk, capsys):
    desk.elm.script = [409]
    desk.say("first")

    desk.send()

    assert desk.row("first").state is State.PARKED
    assert "delivery.conflict" in "".join(capsys.readouterr())


def test_a_row_that_only_fails_while_others_arrive_is_parked_after_a_day(desk):
    def poison(post):
        return 500 if post.id == desk.ids["poison"] else 202

    desk.elm.usual = poison
    desk.say("poison", context="sick")
    for hour in range(44):
        desk.say(f"{hour}", context=f"case {hour}")
        desk.wait(hours=1)

    assert len(desk.elm.taken) == 44
    assert desk.row("poison").state is State.PARKED


def test_a_row_that_fails_alone_is_never_parked(desk):
    desk.elm.usual = 500
    desk.say("first")

    desk.wait(days=3)

    assert desk.row("first").state is State.WAITING


def test_what_cannot_be_signed_keeps_nothing_else_waiting(desk):
    desk.say("first", context="a")
    with desk.ash.begin() as tx:
        tx.query(Outgoing).update({"actor": "/ap/u/nobody"})
    desk.say("second", context="b")

    desk.wait(minutes=10)

    assert desk.names() == ["second"]
    assert desk.row("first").state is not State.DONE
