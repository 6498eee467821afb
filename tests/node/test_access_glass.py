"""Breaking the glass: with a reason, a second person, for a while, and told after."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from governance.access import LONGEST_SEAL, Field, Ground
from governance.cases import Act, State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    NotFound,
    NotYours,
    ReasonMissing,
    SecondPerson,
    WrongState,
)
from governance.walls import Cause
from node import access, cases, consent, threads
from node.ids import new_id
from node.models.access import Access, Glass
from node.models.accounts import GrantRow
from node.models.cases import Case
from node.models.notices import Notice
from node.models.walls import Wall
from node.threads import Words
from tests.support import members

WHY = "A threat against the advocate stands in it."
LATER = "She would warn him."


@pytest.fixture
def made(moot):
    made = moot.tell(contact="maria@mailbox.example")
    moot.bring(made, State.WORKING)
    moot.ids["sam"] = members.join(moot.node, "sam@ash.example", "steward")
    return made


def ask(moot, made, by="dov"):
    return access.ask(moot.node, made.reference, WHY, by=moot[by])


def opened(moot, made):
    id_ = ask(moot, made)
    access.answer(moot.node, id_, agree=True, by=moot["sam"])
    return id_


def row(moot, id_):
    with moot.node.read() as tx:
        return tx.get_one(Glass, id_)


def read(moot, made, who="dov"):
    return cases.view(moot.node, made.reference, by=moot[who])


def shared(moot, made):
    return access.sharing(moot.node, made.reference, by=moot.guest(made))


def told(moot, kind):
    with moot.node.read() as tx:
        return len(tx.scalars(select(Notice).where(Notice.kind == kind)).all())


def later(moot, **time):
    moot.village.pass_time(**time)
    moot.village.work(moot.node)


def test_nothing_opens_before_a_second_person_agrees(moot, made):
    ask(moot, made)

    with pytest.raises(NotFound):
        read(moot, made)

    assert told(moot, "glass.asked") == 1
    (line,) = access.looks(moot.node, by=moot["sam"])
    assert (line.reason, line.name, line.waits, line.mine) == (WHY, "Dov", True, False)


def test_a_second_person_opens_it_for_two_hours(moot, made):
    opened(moot, made)

    assert "heating" in read(moot, made).story
    moot.village.pass_time(hours=2, milliseconds=-1)
    assert read(moot, made).story
    moot.village.pass_time(milliseconds=1)
    with pytest.raises(NotFound):
        read(moot, made)


def test_only_who_asked_looks(moot, made):
    opened(moot, made)

    with pytest.raises(NotFound):
        read(moot, made, "sam")


def test_a_look_through_the_glass_is_marked(moot, made):
    id_ = opened(moot, made)
    read(moot, made)

    with moot.node.read() as tx:
        (found,) = tx.scalars(select(Access)).all()

    assert (found.glass_id, found.ground) == (id_, Ground.GLASS)
    assert (found.field, found.role) == (Field.CASE, "steward")


def test_it_is_for_reading_and_never_for_sending_or_saving(moot, made):
    opened(moot, made)
    node, ref, dov = moot.node, made.reference, moot["dov"]
    words = Words(new_id(node), "I answer this.")

    for act in (
        lambda: threads.reply(node, ref, words, by=dov),
        lambda: threads.ask(node, ref, words, by=dov),
        lambda: cases.bundle(node, ref, by=dov),
        lambda: cases.receipt(node, ref, 0, by=dov),
        lambda: cases.behind(node, ref, by=dov),
        lambda: cases.withdraw(node, ref, by=dov),
        lambda: access.sharing(node, ref, by=dov),
    ):
        with pytest.raises((NotFound, NotYours)):
            act()

    assert read(moot, made).acts <= {Act.RESTORE}


def test_nobody_is_their_own_second_person(moot, made):
    id_ = ask(moot, made)

    with pytest.raises(SecondPerson):
        access.answer(moot.node, id_, agree=True, by=moot["dov"])

    assert row(moot, id_).opened_at is None


@pytest.mark.parametrize("who", ["ada", "cleo", "iris", "finn"])
def test_who_holds_no_such_right_can_neither_ask_nor_agree(moot, made, who):
    id_ = ask(moot, made)

    for act in (
        lambda: ask(moot, made, who),
        lambda: access.answer(moot.node, id_, agree=True, by=moot[who]),
        lambda: access.looks(moot.node, by=moot[who]),
        lambda: access.seal(
            moot.node, id_, moot.node.now() + timedelta(1), LATER, by=moot[who]
        ),
    ):
        with pytest.raises(Denied):
            act()


def test_ones_own_case_and_none_at_all_cannot_be_told_apart(moot):
    own = moot.tell(by=moot["dov"])

    for reference in (own.reference, "AS-0000000"):
        with pytest.raises(NotFound, match="There is no such case here"):
            access.ask(moot.node, reference, WHY, by=moot["dov"])


@pytest.mark.usefixtures("made")
def test_the_person_it_is_about_is_no_second_person(moot):
    own = moot.tell(by=moot["sam"])
    id_ = access.ask(moot.node, own.reference, WHY, by=moot["dov"])

    with pytest.raises(NotFound):
        access.answer(moot.node, id_, agree=True, by=moot["sam"])

    assert access.looks(moot.node, by=moot["sam"]) == ()
    assert told(moot, "glass.asked") == 0


@pytest.mark.parametrize("reason", ["", " \n"])
def test_without_a_reason_nothing_is_asked(moot, made, reason):
    with pytest.raises(ReasonMissing):
        access.ask(moot.node, made.reference, reason, by=moot["dov"])


def test_asking_twice_asks_once(moot, made):
    assert ask(moot, made) == ask(moot, made)
    assert told(moot, "glass.asked") == 1


def test_a_no_is_a_no_and_one_can_ask_again(moot, made):
    id_ = ask(moot, made)
    access.answer(moot.node, id_, agree=False, by=moot["sam"])

    with pytest.raises(WrongState):
        access.answer(moot.node, id_, agree=True, by=moot["sam"])
    with pytest.raises(NotFound):
        read(moot, made)
    assert ask(moot, made) != id_


def test_a_request_is_good_for_a_day(moot, made):
    id_ = ask(moot, made)
    moot.village.pass_time(days=1)

    with pytest.raises(WrongState):
        access.answer(moot.node, id_, agree=True, by=moot["sam"])


def test_a_role_that_ended_opens_nothing(moot, made):
    opened(moot, made)
    with moot.node.begin() as tx:
        of_dov = GrantRow.person_id == moot.ids["dov"]
        tx.execute(update(GrantRow).where(of_dov).values(expires_at=moot.node.now()))

    with pytest.raises(NotFound):
        read(moot, made)


def test_what_its_member_takes_back_nobody_looks_at(moot, made):
    opened(moot, made)
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    handled = next(it for it in view.consents if it.purpose == "handle_case")
    consent.revoke(moot.node, made.reference, handled.id, by=moot.guest(made))

    with pytest.raises(NotFound):
        read(moot, made)


def test_its_member_is_told_within_three_days_and_reads_why(moot, made):
    opened(moot, made)
    read(moot, made)
    assert (shared(moot, made).reads, shared(moot, made).exceptions) == ((), ())

    later(moot, hours=59)
    assert told(moot, "glass.told") == 0
    later(moot, hours=12)

    (line,) = shared(moot, made).reads
    (look,) = shared(moot, made).exceptions
    assert (line.ground, look.reason, look.role) == (Ground.GLASS, WHY, "steward")
    assert told(moot, "glass.told") == 1
    assert moot.kinds(made)[-1] == "breakglass"
    later(moot, days=3)
    assert told(moot, "glass.told") == 1


def test_a_look_stands_in_the_ledger_at_once_and_not_in_the_cases_chain(moot, made):
    before = moot.kinds(made)
    size = moot.size()

    opened(moot, made)

    assert moot.size() == size + 1
    assert moot.kinds(made) == before


def test_a_steward_who_did_not_look_keeps_it_back_to_a_day(moot, made):
    id_ = opened(moot, made)
    until = moot.node.now() + timedelta(days=30)
    access.seal(moot.node, id_, until, LATER, by=moot["sam"])

    later(moot, days=29)
    assert told(moot, "glass.told") == 0
    assert shared(moot, made).exceptions == ()
    later(moot, days=1, hours=1)

    assert told(moot, "glass.told") == 1
    assert row(moot, id_).told_at is not None


def test_whoever_looked_does_not_keep_it_back(moot, made):
    id_ = opened(moot, made)
    until = moot.node.now() + timedelta(days=1)

    with pytest.raises(SecondPerson):
        access.seal(moot.node, id_, until, LATER, by=moot["dov"])


@pytest.mark.parametrize("days", [0, -1, LONGEST_SEAL.days + 1])
def test_what_is_kept_back_has_an_end_that_is_near_enough(moot, made, days):
    id_ = opened(moot, made)

    with pytest.raises(ChoiceInvalid):
        access.seal(
            moot.node, id_, moot.node.now() + timedelta(days), LATER, by=moot["sam"]
        )


def test_what_was_told_or_never_opened_is_not_kept_back(moot, made):
    id_ = ask(moot, made)
    until = moot.node.now() + timedelta(days=5)

    with pytest.raises(WrongState):
        access.seal(moot.node, id_, until, LATER, by=moot["sam"])
    with pytest.raises(ReasonMissing):
        access.seal(moot.node, id_, until, " ", by=moot["sam"])
    access.answer(moot.node, id_, agree=True, by=moot["sam"])
    later(moot, days=3)
    with pytest.raises(WrongState):
        access.seal(moot.node, id_, until, LATER, by=moot["sam"])


def test_an_erased_case_is_not_looked_at_and_nobody_is_told(moot, made):
    id_ = opened(moot, made)
    with moot.node.begin() as tx:
        tx.get_one(Case, made.case_id).state = State.ERASED

    later(moot, days=3)

    assert told(moot, "glass.told") == 0
    assert row(moot, id_).told_at is not None
    with pytest.raises(NotFound):
        ask(moot, made)


def test_what_no_request_is_answers_like_one_of_a_hidden_case(moot):
    with pytest.raises(NotFound):
        access.answer(moot.node, new_id(moot.node), agree=True, by=moot["dov"])


def wall(moot, made, who):
    with moot.node.begin() as tx:
        tx.add(
            Wall(
                id=new_id(moot.node),
                case_id=made.case_id,
                person_id=moot.ids[who],
                cause=Cause.INTEREST,
                raised_at=moot.node.now(),
                stands=True,
            )
        )


def test_somebody_behind_a_wall_neither_breaks_it_nor_agrees_nor_hears(moot, made):
    wall(moot, made, "dov")
    with pytest.raises(NotFound, match="There is no such case here"):
        ask(moot, made)

    id_ = ask(moot, made, "sam")

    assert access.looks(moot.node, by=moot["dov"]) == ()
    assert told(moot, "glass.asked") == 0
    with pytest.raises(NotFound):
        access.answer(moot.node, id_, agree=True, by=moot["dov"])


def test_a_wall_that_is_put_up_closes_what_was_open(moot, made):
    opened(moot, made)
    assert read(moot, made).story
    wall(moot, made, "dov")

    with pytest.raises(NotFound):
        read(moot, made)
    seen = access.audit(moot.node, access.Sought(), by=moot["dov"]).lines
    assert {line.case for line in seen} <= {""}
