from contextlib import ExitStack

import pytest
from structlog.testing import capture_logs

from node import crowding, throttle
from node.inbox import AT_ONCE
from tests.support.door import FEP, refused
from tests.support.stranger import ACTIVITY, dump

CASES = "https://ash.example/ap/cases"
ADDRESS = "198.51.100.7"


class Unread:
    """A body that nobody may touch."""

    def read(self, *_size):
        raise AssertionError("the body was read")

    readline = readinto = read


def unread(eve, to="/ap/inbox", **environ):
    body = dump(eve.act("Follow"))
    environ.setdefault("CONTENT_LENGTH", str(len(body)))
    environ["wsgi.input"] = Unread()
    return eve.knock(body, eve.sign(body, to), to, **environ)


# Before a body is read.


@pytest.mark.parametrize("size", [2**20 + 1, 2**20 + 2**19, 2**21, 2**21 + 1, 2**40])
def test_what_says_that_it_is_too_large_is_not_read(place, eve, size):
    with place.nothing_kept():
        assert refused(unread(eve, CONTENT_LENGTH=str(size)), 413)


def test_what_does_not_say_how_large_it_is_is_not_read(place, eve):
    chunked = {"CONTENT_LENGTH": None, "wsgi.input_terminated": True}
    with place.nothing_kept():
        assert refused(unread(eve, **chunked), 411, code="length.missing")


def test_what_is_of_another_kind_is_not_read(place, eve):
    with place.nothing_kept():
        assert refused(unread(eve, CONTENT_TYPE="text/plain"), 415)


def test_what_is_for_nobody_here_is_not_read(place, eve):
    with place.nothing_kept():
        assert refused(unread(eve, "/ap/c/nowhere/inbox"), 404)


def test_who_comes_when_there_are_too_many_is_told_when_to_come_again(place, eve):
    with ExitStack() as others, place.nothing_kept():
        for _ in range(AT_ONCE):
            others.enter_context(
                crowding.one_of(place.node, "inbox", AT_ONCE, AssertionError())
            )
        answer = unread(eve)
        assert refused(answer, 503, code="overloaded")
        assert answer.headers["Retry-After"] == "5"
        assert eve.fetched == 0

    assert eve.send(eve.act("Follow")).status_code == 202


# How long to wait.


def test_whoever_sends_too_much_is_told_for_how_long(place, eve):
    for _ in range(600):
        throttle.spend(place.node, "federation.inbox", eve.origin)
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow"))
        assert refused(answer, 429, "rate-limit-exceeded")
    # 600 a minute: there is room for one again before a second is over.
    assert answer.headers["Retry-After"] == "1"


def test_nobody_is_kept_waiting_by_what_is_said_of_them(place, eve):
    said = dump({"id": f"{eve.id}/x", "actor": eve.id, "type": "Like"})
    with place.nothing_kept():
        for _ in range(601):
            assert eve.knock(said, [("Content-Type", ACTIVITY)]).status_code == 401
    assert eve.fetched == 0

    assert eve.send(eve.act("Follow")).status_code == 202


def test_an_address_that_knocks_too_often_waits_before_anything_is_read(place, eve):
    for _ in range(crowding.KNOCKS):
        crowding.knock(place.node, ADDRESS)
    with place.nothing_kept():
        answer = unread(eve, REMOTE_ADDR=ADDRESS)
        assert refused(answer, 429, "rate-limit-exceeded")
    assert (answer.headers["Retry-After"], eve.fetched) == ("1", 0)

    body = dump(eve.act("Follow"))
    other = eve.knock(body, eve.sign(body), REMOTE_ADDR="198.51.100.8")
    assert other.status_code == 202


# What needs a person.


def test_a_reply_is_answered_with_the_word_that_a_person_decides(place, eve):
    _, case = place.publish()
    for parent in (case, f"{CASES}/{'0' * 32}"):
        reply = eve.act("Create", eve.note(inReplyTo=parent))
        for _ in range(2):
            answer = eve.send(reply)
            assert answer.status_code == 202
            assert answer.content_type == "application/problem+json"
            assert answer.json["type"] == f"{FEP}approval-required"
            assert answer.json["status"] == 202
        assert case not in str(answer.data)


@pytest.mark.parametrize("kind", ["Follow", "Like", "Delete"])
def test_what_needs_no_person_is_answered_with_nothing(eve, kind):
    answer = eve.send(eve.act(kind))

    assert (answer.status_code, answer.data) == (202, b"")


# What is noted.


def test_a_refusal_is_noted_with_the_origin_it_was_claimed_from(place, eve):
    place.forget_lines()
    with capture_logs() as lines:
        eve.knock(dump(eve.act("Follow")), [("Content-Type", ACTIVITY)])
        eve.send(eve.act("Follow", actor="https://birch.example/u/alice"))
    noted = [one for one in lines if one["log_level"] == "warning"]
    assert [(one["event"], one["origin"]) for one in noted] == [
        ("sig.missing", ""),
        ("actor.mismatch", eve.origin),
    ]


def test_a_thousand_refusals_are_two_lines(place, eve):
    wrong = [("Content-Type", ACTIVITY), ("Signature", "secret words")]
    place.forget_lines()
    with capture_logs() as lines:
        for _ in range(100):
            eve.knock(b'{"id": "secret words", "id": 1}', wrong)
        place.village.pass_time(minutes=2)
        eve.send(eve.act("Like"))
    noted = [one for one in lines if one["log_level"] == "warning"]
    assert [(one["event"], one.get("n")) for one in noted] == [
        ("json.duplicate", None),
        ("json.duplicate", 99),
    ]
    assert "secret" not in str(lines)
