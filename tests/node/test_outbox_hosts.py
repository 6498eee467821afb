from datetime import timedelta

import pytest
from sqlalchemy import select

from federation.delivery import State
from governance.cases import State as Where
from node import outbox, work
from node.ids import iri
from node.models.inbox import Received
from node.models.publications import RemoteCase
from node.outbox import Sending, couriers
from tests.support.byways import NOBODY
from tests.support.neighbours import ASH
from tests.support.posting import BIRCH, ELM, FIR, INBOX, SHARED, birch_beside

AGREEMENT = {"type": "Offer", "object": {"type": "fm:Agreement"}}


@pytest.fixture
def street(desk_on, tmp_path):
    # Ash on either engine, and Birch beside it on its own.
    with birch_beside(desk_on, tmp_path / "there") as birch:
        yield desk_on, birch


def open_for(desk, origin=ELM):
    until = desk.courier(origin).open_until
    return None if until is None else until - desk.village.now


def fail_five_times(desk, origin=ELM):
    while open_for(desk, origin) is None:
        desk.village.pass_time(seconds=25)
        outbox.send(desk.ash, origin)


@pytest.mark.parametrize("failure", [NOBODY, 500, 503, 599])
def test_five_failures_open_the_breaker_and_nothing_more_is_asked(desk, failure):
    desk.elm.usual = failure
    for number in range(3):
        desk.say(f"{number}", context=f"{number}")

    fail_five_times(desk)
    before = len(desk.elm.posts)
    desk.wait(minutes=29)
    desk.say("more", context="more")
    desk.wait(seconds=30)

    assert open_for(desk) == timedelta(seconds=30)
    assert len(desk.elm.posts) == before


def test_a_breaker_lets_one_through_to_find_out_and_doubles(desk_on):
    desk_on.elm.usual = NOBODY
    for number in range(12):
        desk_on.say(f"{number}", context=f"{number}")
    fail_five_times(desk_on)
    spans = []
    for _ in range(7):
        desk_on.village.now = desk_on.courier().open_until
        before = len(desk_on.elm.posts)
        desk_on.send()
        assert len(desk_on.elm.posts) == before + 1
        spans.append(open_for(desk_on) / timedelta(hours=1))

    assert spans == [1, 2, 4, 8, 12, 12, 12]


def test_one_that_gets_through_closes_it_for_all(desk_on):
    desk_on.elm.usual = NOBODY
    for number in range(12):
        desk_on.say(f"{number}", context=f"{number}")
    fail_five_times(desk_on)
    desk_on.elm.usual = 202

    desk_on.wait(minutes=40)

    assert sorted(desk_on.names(), key=int) == [f"{n}" for n in range(12)]
    assert (open_for(desk_on), desk_on.courier().failures) == (None, "")


def test_an_answer_of_a_node_that_works_breaks_the_count(desk):
    desk.elm.script = [NOBODY, NOBODY, NOBODY, NOBODY, 422, NOBODY, NOBODY]
    for number in range(7):
        desk.say(f"{number}", context=f"{number}")

    desk.send()

    assert open_for(desk) is None


def test_a_node_that_is_away_delays_no_other(desk):
    desk.elm.usual = NOBODY
    for number in range(4):
        desk.say(f"{number}", context=f"{number}", to=(INBOX, f"{FIR}/inbox"))
    fail_five_times(desk)

    assert outbox.due(desk.ash) == [FIR]
    assert desk.send(FIR) == 4


def test_a_word_from_the_origin_closes_the_breaker_at_once(street):
    desk, birch = street
    desk.roads.away = {BIRCH}
    for number in range(3):
        desk.say(f"{number}", context=f"{number}", to=(SHARED,))
    fail_five_times(desk, BIRCH)
    desk.roads.away = set()

    speak(birch)

    assert open_for(desk, BIRCH) is None
    desk.wait(minutes=5)
    assert len(took(birch)) == 3


def test_what_waited_for_days_goes_as_soon_as_its_node_speaks(street):
    desk, birch = street
    desk.roads.away = {BIRCH}
    desk.say("first", to=(SHARED,))
    desk.say("second", kind="Update", to=(SHARED,))
    desk.wait(days=3)
    desk.roads.away = set()

    speak(birch)
    work.sweep(desk.ash)

    assert took(birch) == [desk.ids["first"], desk.ids["second"]]


def speak(birch):
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": iri(birch, "activities"),
        "type": "Like",
        "actor": f"{BIRCH}/ap/c/birch",
        "to": [f"{ASH}/ap/c/ash"],
        "object": f"{ASH}/ap/c/ash",
    }
    said = Sending(document=document, actor="/ap/c/birch", context="word")
    with birch.begin() as tx:
        outbox.put(birch, tx, said, [f"{ASH}/ap/inbox"])
    work.sweep(birch)


def took(birch):
    with birch.read() as tx:
        found = select(Received.id).where(Received.type.in_(["Create", "Update"]))
        return list(tx.scalars(found.order_by(Received.at)))


@pytest.mark.parametrize("days", [5, 7])
def test_a_node_that_was_away_for_days_gets_everything_in_order(street, days):
    desk, birch = street
    desk.roads.away = {BIRCH}
    for day in range(days):
        for number in range(4):
            say_of(desk, number, day, last=day == days - 1)
        desk.wait(days=1)
    desk.roads.away = set()

    desk.wait(hours=13)
    for _ in range(3):
        work.sweep(birch)

    arrived = took(birch)
    assert sorted(arrived) == sorted(desk.ids.values())
    for number in range(4):
        ours = [desk.ids[f"{number} on {day}"] for day in range(days)]
        assert [one for one in arrived if one in ours] == ours
    with birch.read() as tx:
        cases = tx.scalars(select(RemoteCase)).all()
    assert len(cases) == 4
    assert {case.status for case in cases} == {"fm:resolved"}


def say_of(desk, number, day, *, last):
    state = Where.RESOLVED if last else Where.WORKING
    name, kind = f"{number} on {day}", "Update" if day else "Create"
    desk.say(name, context=f"case-{number}", kind=kind, state=state, to=(SHARED,))


def be_dead(desk):
    desk.elm.usual = NOBODY
    desk.say("seed", context="seed")
    while not couriers.silence(desk.courier()).is_dead:
        desk.wait(hours=6)


def test_a_host_silent_for_more_than_a_week_is_owed_only_what_takes_back(
    desk_on,
):
    desk_on.elm.usual = NOBODY
    desk_on.say("news")
    desk_on.say("more", kind="Update")
    desk_on.say("gone", kind="Delete")
    desk_on.say("offer", context="two", as_=AGREEMENT)
    be_dead(desk_on)
    desk_on.say("late", context="late")
    desk_on.wait(days=2)

    dropped = {"news", "more", "seed", "late"}
    assert {name for name, it in desk_on.states().items() if it == "dropped"} == dropped
    assert desk_on.row("late").answer == "dead"

    desk_on.elm.usual = 202
    desk_on.wait(days=1)
    assert sorted(desk_on.names()) == ["gone", "offer"]
    assert desk_on.courier().silent == ""


def test_a_dead_host_is_owed_a_delete_behind_any_amount_of_news(desk, monkeypatch):
    monkeypatch.setattr(couriers, "_MOST", 3)
    be_dead(desk)
    for number in range(7):
        desk.say(f"{number}", context=f"{number}")
    desk.say("gone", kind="Delete")
    desk.elm.usual = 202

    desk.wait(days=1)

    assert desk.names() == ["gone"]


def test_a_dead_host_is_tried_once_a_day(desk):
    be_dead(desk)
    desk.say("gone", kind="Delete")
    desk.wait(days=2)
    before = len(desk.elm.posts)

    desk.wait(days=10)

    assert 9 <= len(desk.elm.posts) - before <= 10


def test_a_delete_is_owed_for_ninety_days(desk):
    be_dead(desk)
    desk.say("gone", kind="Delete")
    desk.wait(days=89)
    assert desk.row("gone").state is State.WAITING

    desk.wait(days=2)
    assert desk.row("gone").state is State.DROPPED


def test_between_parties_nothing_is_ever_dropped(desk):
    desk.elm.usual = 400
    desk.say("offer", as_=AGREEMENT)
    desk.send()
    assert desk.row("offer").state is State.PARKED

    desk.elm.usual = NOBODY
    desk.say("other", context="two", as_=AGREEMENT)
    desk.wait(days=30)
    assert desk.row("other").state is State.WAITING


def test_between_parties_the_order_is_strict(desk):
    desk.elm.script = [NOBODY]
    for number in range(3):
        desk.say(f"{number}", context=f"{number}", as_=AGREEMENT)
    desk.send()
    assert desk.tried() == ["0"]

    desk.wait(hours=1)

    assert desk.names() == ["0", "1", "2"]


def test_what_binds_goes_before_what_is_only_told(desk):
    desk.say("news", context="a")
    desk.say("offer", context="b", as_=AGREEMENT)

    desk.send()

    assert desk.names() == ["offer", "news"]
