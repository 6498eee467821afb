"""Why a promise was missed, as somebody who shares out cases says it."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from governance.cases import Act, State
from governance.errors import NotFound, NotYours, WrongState
from governance.pledges import Cause, PledgeKind, PledgeState
from governance.walls import Cause as WallCause
from node import cases, explaining
from node.cases import conflicts, folding
from node.misses import misses, to_explain
from node.models.cases import Case
from node.models.pledges import MissCause, Pledge
from tests.node.test_anonymising import nameless

MARCH = date(2026, 3, 1)


@pytest.fixture
def made(moot):
    """A case that nobody read in time."""
    made = moot.tell()
    late(moot)
    return made


def late(moot, days=4):
    moot.village.pass_time(days=days)
    moot.village.work(moot.node)


def pledge(moot, made, kind=PledgeKind.TRIAGE):
    with moot.node.read() as tx:
        rows = select(Pledge).where(Pledge.case_id == made.case_id, Pledge.kind == kind)
        return tx.scalars(rows).one()


def say(moot, made, cause, by="iris", kind=PledgeKind.TRIAGE):
    asked = pledge(moot, made, kind).id
    return explaining.explain(moot.node, made.reference, asked, cause, by=moot[by])


def lines(moot, by="iris"):
    return to_explain(moot.node, MARCH, by=moot[by])


@pytest.mark.parametrize("cause", Cause)
def test_whoever_shares_out_a_case_says_any_of_the_causes(moot, made, cause):
    assert pledge(moot, made).cause is Cause.CAPACITY

    say(moot, made, cause)

    found = pledge(moot, made)
    assert (found.cause, found.state) == (cause, PledgeState.OVERDUE)
    assert found.missed_at is not None
    assert list(folding.verify(moot.node)) == []


def test_its_member_reads_who_said_it_and_it_is_sealed(moot, made):
    before = cases.view(moot.node, made.reference, by=moot.guest(made)).version
    say(moot, made, Cause.MIS_TRIAGE)

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    (found,) = [one for one in view.timeline if one.kind == "cause"]

    assert (found.name, found.cause, found.pledge) == (
        "Iris", Cause.MIS_TRIAGE, PledgeKind.TRIAGE,
    )  # fmt: skip
    assert view.version > before
    entry = moot.entries(made)[found.seq]
    assert (entry.kind, entry.role) == ("pledge", "coordinator")


def test_it_is_corrected_and_both_stand_in_the_case(moot, made):
    say(moot, made, Cause.TECHNICAL)
    say(moot, made, Cause.UNCLEAR_RULE)

    assert pledge(moot, made).cause is Cause.UNCLEAR_RULE
    entries = cases.view(moot.node, made.reference, by=moot["iris"]).timeline
    said = [one.cause for one in entries if one.kind == "cause"]
    assert said == [Cause.TECHNICAL, Cause.UNCLEAR_RULE]


def test_the_same_twice_is_said_once(moot, made):
    first = say(moot, made, Cause.OTHER)
    size = moot.size()

    assert say(moot, made, Cause.OTHER) == first
    assert moot.size() == size


def test_that_the_rules_guessed_right_is_said_too(moot, made):
    say(moot, made, Cause.CAPACITY)

    with moot.node.read() as tx:
        assert list(tx.scalars(select(MissCause.cause))) == [Cause.CAPACITY]


def test_nobody_else_says_it(moot, made):
    moot.bring(made, State.WORKING)
    for who, refusal in (("cleo", NotYours), ("ben", NotFound), ("finn", NotFound)):
        with pytest.raises(refusal):
            say(moot, made, Cause.OTHER, by=who)
    asked = pledge(moot, made).id
    with pytest.raises(NotYours):
        explaining.explain(
            moot.node, made.reference, asked, Cause.OTHER, by=moot.guest(made)
        )
    assert pledge(moot, made).cause is Cause.CAPACITY


def test_who_shares_out_cases_says_nothing_about_their_own(moot):
    made = moot.tell(by=moot["iris"])
    late(moot)

    with pytest.raises(NotYours):
        say(moot, made, Cause.OTHER)
    assert not cases.behind(moot.node, made.reference, by=moot["iris"]).explains
    assert cases.behind(moot.node, made.reference, by=moot["olga"]).explains
    assert lines(moot) == ()
    assert {one.reference for one in lines(moot, "olga")} == {made.reference}


def test_only_what_was_missed_in_this_case_has_a_cause(moot, made):
    other = moot.tell()
    with pytest.raises(WrongState):
        say(moot, other, Cause.OTHER)
    for asked in (uuid4(), pledge(moot, other).id):
        with pytest.raises(NotFound):
            explaining.explain(
                moot.node, made.reference, asked, Cause.OTHER, by=moot["iris"]
            )


def test_behind_a_wall_there_is_no_miss(moot, made):
    walled = {moot["iris"].person_id: WallCause.HOUSEHOLD}
    with moot.node.begin() as tx:
        conflicts.put_up(moot.node, tx, made.case_id, walled)

    assert lines(moot) == ()
    with pytest.raises(NotFound):
        say(moot, made, Cause.OTHER)
    assert lines(moot, "olga") != ()


def test_a_month_counts_by_what_was_said_and_loses_no_miss(moot):
    told = [moot.tell() for _ in range(24)]
    late(moot)
    late(moot, 35)
    shown = misses(moot.node, MARCH)
    at = shown.kinds.index(PledgeKind.TRIAGE)
    assert (shown.causes, shown.numbers[at]) == ((Cause.CAPACITY,), (25, 25))

    for made in told[:12]:
        say(moot, made, Cause.UNCLEAR_RULE)

    shown = misses(moot.node, MARCH)
    at = shown.kinds.index(PledgeKind.TRIAGE)
    assert shown.causes == (Cause.CAPACITY, Cause.UNCLEAR_RULE)
    assert shown.numbers[at] == (10, 10, 25)


def test_a_list_begins_with_what_nobody_said_anything_about(moot, made):
    other = moot.tell()
    late(moot)
    say(moot, other, Cause.OTHER)

    found = [(one.reference, one.kind) for one in lines(moot)]
    last = (other.reference, PledgeKind.TRIAGE)

    assert found[-1] == last
    assert (made.reference, PledgeKind.TRIAGE) in found
    assert {one.cause for one in lines(moot)} == {Cause.CAPACITY, Cause.OTHER}


def test_the_list_is_for_whoever_shares_out_cases_they_may_read(moot, made):
    assert lines(moot) != ()
    for who in ("ada", "cleo", "finn"):
        assert lines(moot, who) == ()
    assert to_explain(moot.node, MARCH, by=moot.guest(made)) == ()
    assert to_explain(moot.node, date(2026, 2, 1), by=moot["iris"]) == ()
    with moot.node.begin() as tx:
        rests = update(Case).where(Case.id == made.case_id)
        tx.execute(rests.values(restricted_at=moot.node.now()))

    assert lines(moot) == ()


def test_a_case_without_its_name_does_not_say_who_said_it(moot, made):
    say(moot, made, Cause.OTHER)
    moot.act(made, Act.WITHDRAW, moot.guest(made))
    nameless(moot, made)

    with moot.node.read() as tx:
        assert tx.scalars(select(MissCause)).all() == []
