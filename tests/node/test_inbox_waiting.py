import pytest
from structlog.testing import capture_logs

from node import inbox, jobs, parking, replies
from node.models.jobs import Job
from node.models.publications import RemoteCase
from tests.support.door import all_of, got
from tests.support.knocking import remote_case
from tests.support.stranger import PUBLIC


def lines(place, reference):
    found = replies.listed(place.node, reference, by=place.ada)
    return [line.html for line in found]


def state(place, document):
    row = got(place.node, document)
    return f"{row.state} {row.problem}".strip()


def name_of(place, create):
    rows = {row.id: row.name for row in all_of(place.node, RemoteCase)}
    return rows.get(create["object"]["id"])


# What is not here yet.


def test_a_reply_waits_for_the_reply_that_it_answers(place, eve):
    reference, case = place.publish()
    first = eve.act("Create", eve.note(inReplyTo=case, content="<p>First.</p>"))
    answers = eve.note(inReplyTo=first["object"]["id"], content="<p>Second.</p>")
    second = eve.act("Create", answers)

    assert place.take(eve, second) == ["waiting not-here"]
    assert lines(place, reference) == []
    place.village.pass_time(hours=23)
    place.take(eve, first)

    assert state(place, second) == "done"
    assert sorted(lines(place, reference)) == ["<p>First.</p>", "<p>Second.</p>"]


def test_what_a_reply_answers_comes_within_a_day_or_the_reply_is_dropped(place, eve):
    _, case = place.publish()
    first = eve.act("Create", eve.note(inReplyTo=case))
    second = eve.act("Create", eve.note(inReplyTo=first["object"]["id"]))
    place.take(eve, second)

    place.village.pass_time(hours=24, seconds=1)
    with capture_logs() as noted:
        place.work()

    assert state(place, second) == "dropped not-here"
    assert got(place.node, second).raw is None
    assert [one["origin"] for one in noted if one["event"] == "inbox.dropped"] == [
        eve.origin
    ]
    place.take(eve, first)
    assert state(place, second) == "dropped not-here"


def test_what_waits_and_is_taken_back_does_not_come_back(place, eve):
    reference, case = place.publish()
    first = eve.act("Create", eve.note(inReplyTo=case))
    second = eve.act("Create", eve.note(inReplyTo=first["object"]["id"]))
    place.take(eve, second, eve.act("Delete", second["object"]["id"], to=[PUBLIC]))

    place.take(eve, first)

    assert (state(place, second), got(place.node, second).raw) == ("buried", None)
    assert len(lines(place, reference)) == 1


def test_a_reply_to_nothing_of_ours_waits_for_nothing(place, eve):
    place.follow(eve)
    theirs = remote_case(eve)
    about = eve.act("Create", eve.note(inReplyTo=theirs["object"]["id"]))

    assert place.take(eve, theirs, about) == ["done", "done not-for-us"]


def test_a_change_that_comes_before_what_it_changes_is_what_stays(place, eve):
    place.follow(eve)
    create = remote_case(eve)
    later = {**create["object"], "name": "Light again"}

    assert place.take(eve, eve.act("Update", later, to=[PUBLIC]), create) == [
        "done",
        "done",
    ]

    assert name_of(place, create) == "Light again"


# What could not be acted on.


@pytest.fixture
def broken(place, eve, monkeypatch):
    """An activity that no attempt to act on it survived."""

    def fail(*_args):
        raise RuntimeError

    like = eve.act("Follow")
    with monkeypatch.context() as patched:
        patched.setattr("node.followers.asked", fail)
        eve.send(like)
        for _ in range(jobs.MOST_ATTEMPTS):
            place.work()
            place.village.pass_time(hours=2)
    return like


def parked(place):
    return parking.listed(place.node, by=place.steward)


def test_what_nothing_helps_is_parked_for_stewards(place, eve, broken):
    assert state(place, broken) == "parked RuntimeError"
    assert got(place.node, broken).raw is not None

    [line] = [one for one in parked(place) if one.id == broken["id"]]

    assert (line.host, line.type) == (eve.origin.partition("//")[2], "Follow")
    assert line.problem == "RuntimeError"


def test_what_is_parked_is_tried_again_when_a_steward_says_so(place, broken):
    for _ in range(2):
        parking.settle(place.node, broken["id"], "again", by=place.steward)
    place.work()

    assert state(place, broken) == "done"
    assert broken["id"] not in {one.id for one in parked(place)}


def test_what_is_parked_is_dropped_when_a_steward_says_so(place, broken):
    parking.settle(place.node, broken["id"], "drop", by=place.steward)
    parking.settle(place.node, broken["id"], "again", by=place.steward)
    place.work()

    assert (state(place, broken), got(place.node, broken).raw) == (
        "dropped RuntimeError",
        None,
    )


def test_what_nobody_parked_is_left_alone(place, eve):
    follow = eve.act("Follow")
    place.take(eve, follow)
    for verdict in ("again", "drop"):
        parking.settle(place.node, follow["id"], verdict, by=place.steward)
        parking.settle(place.node, "https://no.example", verdict, by=place.steward)
    place.work()
    assert state(place, follow) == "done"


def test_a_job_that_is_given_up_after_its_activity_was_parked_changes_nothing(
    place, broken
):
    dead = [row for row in all_of(place.node, Job) if row.subject == broken["id"]]
    assert [row.dead_at is not None for row in dead] == [True]
    inbox.handle(place.node, broken["id"])
    assert state(place, broken) == "parked RuntimeError"
