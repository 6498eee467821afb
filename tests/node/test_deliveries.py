import pytest

from federation.delivery import State
from governance.errors import NotFound, NotYours
from node import deliveries, outbox
from node.accounts import GUEST
from node.models.outbox import Target
from tests.support.posting import ELM, FIR, INBOX, desk_in, steward

HOST = "elm.example"
AGREEMENT = {"type": "Offer", "object": {"type": "fm:Agreement"}}


@pytest.fixture
def desk(either):
    with desk_in(either) as desk:
        yield desk


@pytest.fixture
def dov(desk):
    return steward(desk.ash)


def refuse(desk, *names, answer=409, **more):
    desk.elm.usual = answer
    numbers = {name: desk.say(name, context=name, **more) for name in names}
    desk.send()
    desk.elm.usual = 202
    return numbers


def test_what_was_set_aside_is_listed_the_oldest_first(desk, dov):
    refuse(desk, "first", "second")
    desk.say("other", context="other")
    desk.send()

    first, second = deliveries.parked(desk.ash, HOST, by=dov)

    assert (first.inbox, first.type, first.answer) == (INBOX, "Create", "409")
    assert first.written_at == desk.village.now
    assert first.n < second.n
    assert deliveries.parked(desk.ash, "fir.example", by=dov) == []


def test_what_is_tried_again_arrives_and_nothing_else_is_sent(desk, dov):
    numbers = refuse(desk, "first", "second")

    assert deliveries.retry(desk.ash, HOST, numbers["second"], INBOX, by=dov)
    assert outbox.due(desk.ash) == [ELM]
    desk.send()

    assert desk.names() == ["second"]
    assert desk.row("first").state is State.PARKED


def test_what_was_set_aside_for_failing_a_day_gets_another_day(desk, dov):
    poisoned = refuse(desk, "first")["first"]
    with desk.ash.begin() as tx:
        row = tx.get_one(Target, (poisoned, INBOX))
        row.failing_since, row.attempts = desk.village.now, 30
    desk.village.pass_time(days=2)
    desk.say("well", context="well")
    desk.send()
    deliveries.retry(desk.ash, HOST, poisoned, INBOX, by=dov)
    desk.elm.script = [500, 500]

    desk.send()

    assert (desk.row("first").state, desk.row("first").attempts) == (State.WAITING, 1)


def test_what_is_given_up_is_never_sent(desk, dov):
    numbers = refuse(desk, "first")

    assert deliveries.give_up(desk.ash, HOST, numbers["first"], INBOX, by=dov)

    desk.wait(days=1)
    assert desk.names() == []
    assert desk.row("first").state is State.DROPPED
    assert deliveries.parked(desk.ash, HOST, by=dov) == []


def test_what_parties_owe_each_other_can_only_be_tried_again(desk, dov):
    numbers = refuse(desk, "offer", answer=400, as_=AGREEMENT)

    assert not deliveries.parked(desk.ash, HOST, by=dov)[0].may_give_up
    assert not deliveries.give_up(desk.ash, HOST, numbers["offer"], INBOX, by=dov)
    assert desk.row("offer").state is State.PARKED

    assert deliveries.retry(desk.ash, HOST, numbers["offer"], INBOX, by=dov)
    desk.send()
    assert desk.names() == ["offer"]


@pytest.mark.parametrize("decide", [deliveries.retry, deliveries.give_up])
def test_deciding_twice_decides_once(desk, dov, decide):
    number = refuse(desk, "first")["first"]

    assert decide(desk.ash, HOST, number, INBOX, by=dov)
    desk.send()
    before = desk.row("first").state
    assert not decide(desk.ash, HOST, number, INBOX, by=dov)

    assert desk.row("first").state is before
    assert not decide(desk.ash, HOST, 10**9, INBOX, by=dov)


@pytest.mark.parametrize("decide", [deliveries.retry, deliveries.give_up])
@pytest.mark.parametrize("inbox", [f"{FIR}/inbox", "nothing", ""])
def test_an_inbox_of_another_node_is_not_touched(desk, dov, decide, inbox):
    number = refuse(desk, "first")["first"]

    with pytest.raises(NotFound):
        decide(desk.ash, HOST, number, inbox, by=dov)


def test_only_stewards_see_and_decide(desk):
    for refused in (
        lambda: deliveries.parked(desk.ash, HOST, by=GUEST),
        lambda: deliveries.retry(desk.ash, HOST, 1, INBOX, by=GUEST),
        lambda: deliveries.give_up(desk.ash, HOST, 1, INBOX, by=GUEST),
    ):
        with pytest.raises(NotYours):
            refused()


def test_a_decision_is_in_the_log_with_its_number_and_without_content(
    desk, dov, capsys
):
    numbers = refuse(desk, "Ada's words", "other")
    deliveries.retry(desk.ash, HOST, numbers["Ada's words"], INBOX, by=dov)
    deliveries.give_up(desk.ash, HOST, numbers["other"], INBOX, by=dov)

    said = "".join(capsys.readouterr())
    assert "delivery.retried" in said
    assert "delivery.given-up" in said
    assert "Ada" not in said
