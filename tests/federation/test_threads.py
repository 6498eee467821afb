from dataclasses import replace

import pytest

from federation import threads, vocabulary
from federation.errors import ActivityMalformed, ActorMismatch
from federation.threads import Reply
from tests.federation.wire import (
    APPROVED,
    ASH,
    CASE,
    GROUP,
    PUBLIC,
    STATUS,
    STRANGER,
    activity,
    moment,
    note,
    wire,
)

SAID = Reply(
    id=f"{ASH}/ap/replies/1",
    author=f"{ASH}/ap/u/ada",
    parent=STATUS,
    parent_author=STRANGER,
    case_id=CASE,
    group=GROUP,
    words="Thank you.",
    language="en",
    page=f"{ASH}/cases/RIV-13#1",
    published=moment("2026-12-01T12:00:00Z"),
)


def read_reply(**more):
    return threads.read_reply(vocabulary.read(activity(**more), b""))


def test_an_approval_is_said_as_on_the_wire():
    said = wire("public-reply-approval")

    made = threads.approval(APPROVED, iri=said["id"], at=moment(said["published"]))

    assert made == said


def test_the_stamp_is_served_as_on_the_wire():
    assert threads.served_stamp(APPROVED) == wire("reply-stamp")


def test_a_strangers_reply_is_passed_on_unchanged_as_on_the_wire():
    said = wire("public-announce")

    made = threads.announce(
        said["object"], group=GROUP, iri=said["id"], at=moment(said["published"])
    )

    assert made == said
    assert made["object"] is said["object"]


def test_the_reply_on_the_wire_is_read():
    inner = wire("public-announce")["object"]

    post = threads.read_reply(vocabulary.read(inner, b""))

    assert (post.in_reply_to, post.text) == (CASE, "Same on Weir Street.")


def test_a_reply_of_ours_names_its_thread_and_whom_it_answers():
    made = threads.create(SAID, iri=f"{ASH}/ap/activities/1", at=SAID.published)

    reply = made["object"]
    assert (made["actor"], reply["attributedTo"]) == (SAID.author, SAID.author)
    assert reply["inReplyTo"] == STATUS
    assert reply["context"] == f"{CASE}/thread"
    assert reply["tag"] == [{"type": "Mention", "href": STRANGER}]
    assert made["to"] == reply["to"] == [PUBLIC]
    assert made["cc"] == [GROUP, STRANGER]


def test_a_reply_to_the_community_itself_names_nobody():
    made = threads.reply(replace(SAID, parent=CASE, parent_author=GROUP))

    assert made["tag"] == []
    assert made["cc"] == [GROUP]


def test_a_reply_of_ours_can_be_read_by_a_node_of_ours():
    made = threads.create(SAID, iri=f"{ASH}/ap/activities/1", at=SAID.published)

    post = threads.read_reply(vocabulary.parse(vocabulary.dump(made)))

    assert (post.author, post.text) == (SAID.author, "Thank you.")


def test_a_post_that_answers_nothing_is_no_reply():
    with pytest.raises(ActivityMalformed):
        read_reply(object=note(inReplyTo=None))


def test_a_reply_that_is_not_public_is_refused():
    with pytest.raises(ActivityMalformed):
        read_reply(object=note(to=[GROUP], cc=[]))


def test_a_reply_by_another_than_its_sender_is_refused():
    with pytest.raises(ActorMismatch):
        read_reply(object=note(attributedTo=GROUP))
