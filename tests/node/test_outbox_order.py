import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select

from federation.delivery import State
from node import outbox, work
from node.models.inbox import Received
from node.outbox import couriers
from node.outbox.couriers import LEASE
from tests.support.byways import NOBODY, Died, dies
from tests.support.posting import BIRCH, ELM, FIR, INBOX, SHARED, birch_beside

PATIENCE = 30


def takes_and_dies(stranger):
    def take(post):
        stranger.taken.append(post.id)
        raise Died

    return take


def received(node):
    with node.read() as tx:
        found = select(Received.id).where(Received.type == "Create")
        return list(tx.scalars(found.order_by(Received.at)))


def test_what_belongs_together_arrives_in_the_order_of_commit(desk_on):
    desk_on.elm.script = [NOBODY, 500, 500, (429, {"retry-after": "30"}), NOBODY]
    for number in range(6):
        desk_on.say(f"{number}", kind="Update" if number else "Create")

    desk_on.wait(hours=3)

    assert desk_on.names() == list("012345")


def test_a_case_that_is_stuck_delays_no_other(desk):
    desk.elm.usual = lambda post: 500 if post.id == desk.ids["stuck"] else 202
    desk.say("stuck", context="a")
    desk.say("behind", context="a", kind="Update")
    desk.say("other", context="b")
    desk.wait(minutes=10)
    desk.say("later", context="c")

    desk.send()

    assert desk.names() == ["other", "later"]


def test_what_waits_behind_something_stuck_is_not_looked_at_all_the_time(desk):
    desk.elm.usual = (503, {"retry-after": "3600"})
    desk.say("stuck", context="a")
    desk.say("behind", context="a", kind="Update")
    desk.send()

    desk.village.pass_time(minutes=59)

    assert outbox.due(desk.ash) == []


def test_more_than_is_read_at_once_waiting_hides_nothing(desk, monkeypatch):
    monkeypatch.setattr(couriers, "_MOST", 3)
    desk.elm.usual = lambda post: 500 if post.id == desk.ids["0"] else 202
    for number in range(8):
        desk.say(f"{number}", context="stuck")
    desk.say("other", context="free")

    desk.wait(minutes=10)

    assert desk.names() == ["other"]


def test_what_is_parked_hides_nothing(desk, monkeypatch):
    monkeypatch.setattr(couriers, "_MOST", 3)
    desk.elm.usual = 409
    for number in range(6):
        desk.say(f"{number}", context=f"{number}")
    desk.wait(minutes=10)
    desk.elm.usual = 202
    desk.say("other", context="other")

    desk.send()

    assert desk.names() == ["other"]


def test_one_number_for_two_inboxes_of_one_node_is_sent_to_both(desk):
    desk.say("first", to=(INBOX, f"{ELM}/other"))

    desk.send()

    assert [post.url for post in desk.elm.posts] == [INBOX, f"{ELM}/other"]
    assert desk.row("first", f"{ELM}/other").state is State.DONE


@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_process_that_dies_while_sending_loses_nothing(desk_on, has_arrived):
    accident = takes_and_dies(desk_on.elm) if has_arrived else dies
    desk_on.elm.script = [202, accident]
    for number in range(4):
        desk_on.say(f"{number}", context=f"{number}")

    with pytest.raises(Died):
        desk_on.send()
    assert outbox.send(desk_on.again(), ELM) == 0
    assert outbox.due(desk_on.ash) == []
    desk_on.village.now += LEASE
    assert outbox.due(desk_on.ash) == [ELM]
    assert outbox.send(desk_on.again(), ELM) == 4

    assert sorted(desk_on.names()) == list("0123")
    assert set(desk_on.states().values()) == {"done"}


def test_the_other_node_takes_once_what_is_sent_again(desk_on, tmp_path):
    with birch_beside(desk_on, tmp_path / "there") as birch:
        desk_on.roads.after = dies
        desk_on.say("first", to=(SHARED,))
        with pytest.raises(Died):
            desk_on.send(BIRCH)

        desk_on.roads.after = lambda _url: None
        desk_on.village.now += LEASE
        desk_on.send(BIRCH)
        work.sweep(birch)

        ours = [one[2] for one in desk_on.roads.bodies if one[0] == SHARED][-2:]
        assert ours == [202, 202]
        assert received(birch) == [desk_on.ids["first"]]
        assert desk_on.row("first", SHARED).state is State.DONE


def test_two_workers_never_hold_one_origin(desk_on):
    for number in range(20):
        desk_on.say(f"{number}", context=f"{number}")
        desk_on.say(f"to fir {number}", context=f"{number}", to=(f"{FIR}/inbox",))
    workers = [desk_on.ash, desk_on.again()]
    inside, seen = [], []

    def meet(_post):
        inside.append(threading.get_ident())
        seen.append(len(set(inside)))
        inside.remove(threading.get_ident())
        return 202

    desk_on.elm.usual = meet
    with ThreadPoolExecutor(4) as threads:
        doing = [
            threads.submit(outbox.send, worker, origin)
            for worker in workers
            for origin in (ELM, FIR)
        ]
        sent = sum(one.result(PATIENCE) for one in doing)

    assert sent == 40
    assert len(desk_on.elm.posts) == len(desk_on.fir.posts) == 20
    assert set(seen) == {1}


def test_while_one_worker_posts_another_finds_nothing_to_do(desk_on):
    there = desk_on.again()

    def look(_post):
        assert outbox.due(there) == []
        assert outbox.send(there, ELM) == 0
        return 202

    desk_on.elm.usual = look
    desk_on.say("first", context="a")
    desk_on.say("second", context="b")

    assert desk_on.send() == 2


def test_who_lost_the_lease_settles_nothing(desk_on):
    there, slow = desk_on.again(), []

    def long(_post):
        if not slow:
            slow.append(True)
            desk_on.village.now += LEASE
            slow.append(outbox.send(there, ELM))
            return 202
        return 500

    desk_on.elm.usual = long
    desk_on.say("first", context="a")
    desk_on.say("second", context="a")
    desk_on.send()

    assert slow == [True, 0]
    row = desk_on.row("first")
    assert (row.attempts, row.state) == (1, State.WAITING)
    assert desk_on.courier().lease_by is None


def test_a_slow_node_is_given_up_in_time_so_that_its_failures_count(desk):
    def slow(_post):
        desk.village.now += LEASE / 8
        return NOBODY

    desk.elm.usual = slow
    for number in range(20):
        desk.say(f"{number}", context=f"{number}")

    desk.send()

    assert len(desk.elm.posts) == 5
    assert desk.courier().open_until is not None


def test_one_that_answers_slowly_is_written_down_before_the_lease_ends(desk):
    there = desk.again()

    def slow(_post):
        desk.village.now += LEASE / 5
        outbox.send(there, ELM)
        return 202

    desk.elm.usual = slow
    for number in range(16):
        desk.say(f"{number}", context=f"{number}")

    desk.send()

    assert len(desk.elm.posts) == len(desk.elm.taken) == 16


@pytest.mark.network
def test_what_is_written_while_a_courier_goes_to_sleep_wakes_it(on_server):
    desk, engine = on_server, on_server.ash.database.engine
    desk.say("first", context="a")
    writer = desk.again()
    with ThreadPoolExecutor(1) as threads:
        writing = []

        def note(_connection, _cursor, statement, parameters, *_rest):
            # About to say that nothing waits: now somebody writes something.
            sleeps = dict(parameters).get("next_try_at", "awake") is None
            if statement.startswith("UPDATE courier") and sleeps and not writing:
                writing.append(threads.submit(say_there, desk, writer))
                threading.Event().wait(1)

        event.listen(engine, "before_cursor_execute", note)
        desk.send()
        event.remove(engine, "before_cursor_execute", note)
        writing[0].result(PATIENCE)

    assert outbox.due(desk.ash) == [ELM]
    desk.send()
    assert desk.names() == ["first", "second"]


def say_there(desk, writer):
    desk.ash, ash = writer, desk.ash
    try:
        desk.say("second", context="b")
    finally:
        desk.ash = ash
