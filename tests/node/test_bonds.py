"""Cases that hang together: found alike, linked, merged, and all of it undone."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance.bonds import BondKind
from governance.cases import Act, State
from governance.doubles import Reason
from governance.errors import ChoiceInvalid, Conflict, NotFound, NotYours, WrongState
from governance.pledges import PledgeKind, PledgeState
from governance.walls import Cause
from node import assignments, bonds, cases, search, threads
from node.bonds import Said
from node.cases import folding
from node.models.cases import Case, CaseEvent
from node.models.jobs import Job
from node.models.pledges import Pledge
from node.models.threads import Message
from node.models.walls import Wall
from node.threads import Words
from tests.support.cast import moot_on, told

DAMP = "It is damp in the kitchen and the owner of the house never answers us."
SAME = "It is damp in the kitchen and the owner of the house never answers."
LAMP = "The street lamp has been broken since the autumn."
BUS = "The bus is late every single day."


def wall(moot, made, who):
    with moot.node.begin() as tx:
        row = Wall(
            id=told().id,
            case_id=made.case_id,
            person_id=moot.ids[who],
            cause=Cause.CHALLENGE,
            stands=True,
            raised_at=moot.node.now(),
        )
        tx.add(row)


def alike(moot, made, who="iris"):
    found = bonds.doubles(moot.node, made.reference, by=moot[who])
    return {one.reference: one.reasons for one in found}


def tell(moot, text=DAMP, state=State.QUEUED, **given):
    made = moot.tell(text=text, topic="housing", **given)
    moot.bring(made, state)
    return made


def merged(moot, one, other, who="iris"):
    node = moot.node
    bonds.merge(node, one.reference, other.reference, "One kitchen.", by=moot[who])
    (line,) = bonds.bonds_of(node, one.reference, by=moot[who])
    return line


def undo(moot, made, line, who="iris"):
    bonds.undo(moot.node, made.reference, line.id, by=moot[who])


def test_who_triages_sees_what_was_told_in_the_same_words(moot):
    first, other = tell(moot), tell(moot, BUS)
    made = tell(moot, SAME, State.RECEIVED)

    found = alike(moot, made)

    assert found == {first.reference: (Reason.SAME_WORDS,)}
    assert other.reference not in found


def test_an_old_case_is_found_by_the_words_of_its_title(moot):
    old = tell(moot)
    moot.village.pass_time(days=200)
    for _ in range(3):
        moot.tell(text=BUS)
    search.rebuild(moot.node)
    moot.village.work(moot.node)

    assert old.reference in alike(moot, tell(moot, SAME, State.RECEIVED))


def test_whose_a_case_is_is_no_reason_before_triage_and_is_one_after(moot):
    ada = moot["ada"]
    first = tell(moot, by=ada)
    made = tell(moot, BUS, State.RECEIVED, by=ada)
    before = alike(moot, made)

    moot.triage(made)

    assert before == {}
    assert alike(moot, made) == {first.reference: (Reason.SAME_PERSON,)}


def test_who_was_asked_to_put_it_right_is_a_reason(moot):
    pair = [moot.tell(text=it) for it in ("The roof leaks.", "No water since May.")]
    for made, whom in zip(pair, ("Housing Office", "housing  office"), strict=True):
        moot.bring(made, State.WORKING)
        until = (moot.node.now() + timedelta(days=2)).isoformat()
        asked = {"whom": whom, "text": "When?", "until": until}
        moot.act(made, Act.ASK_OTHER, moot["cleo"], **asked)
    one, other = pair

    assert alike(moot, other) == {one.reference: (Reason.SAME_RESPONDENT,)}


def test_the_same_place_within_two_days_is_a_reason(moot):
    first = tell(moot, place="Elm Street 3")
    made = tell(moot, BUS, place="elm street, 3")
    moot.village.pass_time(days=3)
    late = tell(moot, LAMP, place="Elm Street 3")

    assert alike(moot, made) == {first.reference: (Reason.SAME_PLACE,)}
    assert first.reference not in alike(moot, late)


@pytest.mark.parametrize("who", ["cleo", "ada", "dov", "finn"])
def test_for_who_does_not_decide_about_it_there_is_nothing_to_compare(moot, who):
    tell(moot)
    made = tell(moot, SAME)

    with pytest.raises(NotFound):
        alike(moot, made, who)


def test_who_only_works_on_a_case_is_shown_nothing_that_is_like_it(moot):
    tell(moot)

    assert alike(moot, tell(moot, SAME, State.WORKING), "cleo") == {}


def test_what_is_behind_a_wall_is_like_nothing_and_cannot_be_linked(moot):
    hidden, made = tell(moot), tell(moot, SAME)
    assert hidden.reference in alike(moot, made)

    wall(moot, hidden, "iris")

    assert alike(moot, made) == {}
    for ref in (hidden.reference, "AM-0000000"):
        with pytest.raises(NotFound, match="There is no such case here"):
            bonds.merge(moot.node, made.reference, ref, by=moot["iris"])
        with pytest.raises(NotFound, match="There is no such case here"):
            bonds.mark(
                moot.node, made.reference, ref, Said(BondKind.RELATED), by=moot["iris"]
            )


def test_a_link_to_what_is_behind_a_wall_is_in_no_list(moot):
    one, other = tell(moot), tell(moot, SAME)
    merged(moot, one, other)

    wall(moot, other, "iris")

    assert bonds.bonds_of(moot.node, one.reference, by=moot["iris"]) == ()
    assert len(bonds.bonds_of(moot.node, one.reference, by=moot["olga"])) == 1


@pytest.mark.parametrize("kind", BondKind)
def test_a_coordinator_says_how_two_cases_hang_together_and_takes_it_back(moot, kind):
    one, other = tell(moot), tell(moot, BUS)
    node, iris = moot.node, moot["iris"]

    bonds.mark(
        node, one.reference, other.reference, Said(kind, "As they said."), by=iris
    )

    (mine,) = bonds.bonds_of(node, one.reference, by=iris)
    (theirs,) = bonds.bonds_of(node, other.reference, by=iris)
    assert (mine.reference, mine.kind, mine.first) == (other.reference, kind, True)
    assert (theirs.reference, theirs.first) == (one.reference, False)
    assert (mine.reason, mine.by_name) == ("As they said.", "Iris")
    assert moot.kinds(one)[-1] == "status"
    bonds.undo(node, other.reference, mine.id, by=iris)
    bonds.undo(node, one.reference, mine.id, by=iris)
    assert bonds.bonds_of(node, one.reference, by=iris) == ()


def test_the_same_is_not_said_twice_and_no_case_is_another_than_itself(moot):
    one, other = tell(moot), tell(moot, BUS)
    node, iris = moot.node, moot["iris"]
    bonds.mark(node, one.reference, other.reference, Said(BondKind.PART_OF), by=iris)

    with pytest.raises(Conflict):
        bonds.mark(
            node, one.reference, other.reference, Said(BondKind.PART_OF), by=iris
        )
    with pytest.raises(ChoiceInvalid):
        bonds.mark(node, one.reference, one.reference, Said(BondKind.RELATED), by=iris)


@pytest.mark.parametrize("who", ["cleo", "guest"])
def test_who_does_not_coordinate_links_nothing(moot, who):
    one, other = tell(moot, state=State.WORKING), tell(moot, BUS, State.WORKING)
    by = moot.guest(one) if who == "guest" else moot[who]

    with pytest.raises((NotFound, NotYours)):
        bonds.mark(
            moot.node, one.reference, other.reference, Said(BondKind.RELATED), by=by
        )


def test_nothing_is_linked_to_what_was_put_aside(moot):
    one, gone = tell(moot), moot.tell(text=BUS)
    moot.act(gone, Act.DISCARD, moot["iris"], reason="Empty.")

    with pytest.raises(WrongState):
        bonds.mark(
            moot.node,
            one.reference,
            gone.reference,
            Said(BondKind.RELATED),
            by=moot["iris"],
        )


def test_who_has_the_other_case_sees_and_answers_the_one_that_goes_along(moot):
    other, one = tell(moot, state=State.WORKING), tell(moot, SAME)
    with pytest.raises(NotFound):
        cases.view(moot.node, one.reference, by=moot["cleo"])

    merged(moot, one, other)

    ref, cleo = one.reference, moot["cleo"]
    (line,) = bonds.bonds_of(moot.node, other.reference, by=cleo)
    assert (line.reference, line.merged, line.wrote) == (ref, True, True)
    words = Words(told().id, "Somebody comes on Monday.")
    threads.reply(moot.node, ref, words, by=cleo)
    view = cases.view(moot.node, ref, by=moot.guest(one))
    assert view.timeline[-1].text == "Somebody comes on Monday."
    assert ("advocate", "Cleo") in {(it.part, it.name) for it in view.seen_by}
    with moot.node.read() as tx:
        first = select(Pledge).where(
            Pledge.case_id == one.case_id, Pledge.kind == PledgeKind.FIRST_RESPONSE
        )
        assert tx.scalars(first).one().state is PledgeState.MET


def test_what_the_member_writes_stays_in_their_thread_and_reaches_who_has_the_other(
    moot,
):
    other, one = tell(moot, state=State.WORKING), tell(moot, SAME)
    merged(moot, one, other)

    words = Words(told().id, "It is worse today.")
    threads.write(moot.node, one.reference, words, by=moot.guest(one))

    view = cases.view(moot.node, one.reference, by=moot["cleo"])
    assert view.timeline[-1].text == "It is worse today."
    theirs = cases.view(moot.node, other.reference, by=moot.guest(other))
    assert "worse" not in theirs.timeline[-1].text


def test_nobody_else_is_handed_what_goes_along_until_it_waits_by_itself(moot):
    other, one = tell(moot, state=State.WORKING), tell(moot, SAME)
    line = merged(moot, one, other)
    assert assignments.take_next(moot.node, by=moot["eve"]) is None

    undo(moot, one, line)

    assert assignments.take_next(moot.node, by=moot["eve"]) == one.reference
    with pytest.raises(NotFound):
        cases.view(moot.node, one.reference, by=moot["cleo"])


def test_when_the_other_is_over_the_one_waits_again(moot):
    other, one = tell(moot, state=State.WORKING), tell(moot, SAME)
    merged(moot, one, other)
    moot.act(other, Act.WITHDRAW, moot.guest(other))

    assert assignments.take_next(moot.node, by=moot["eve"]) == one.reference


def test_where_a_wall_keeps_them_apart_the_one_waits_for_somebody_of_its_own(moot):
    other, one = tell(moot, state=State.WORKING), tell(moot, SAME)
    wall(moot, one, "cleo")

    merged(moot, one, other)

    with pytest.raises(NotFound):
        cases.view(moot.node, one.reference, by=moot["cleo"])
    assert assignments.take_next(moot.node, by=moot["eve"]) == one.reference


def test_who_has_the_other_takes_the_one_as_well_and_undoing_leaves_it_theirs(moot):
    other, one = tell(moot, state=State.WORKING), tell(moot, SAME)
    line = merged(moot, one, other)

    assignments.take(moot.node, one.reference, by=moot["cleo"])
    undo(moot, one, line)

    assert moot.state(one) is State.WORKING
    assert cases.view(moot.node, one.reference, by=moot["cleo"])


@pytest.mark.parametrize("state", [State.RECEIVED, State.WORKING, State.CLOSED])
def test_only_what_waits_goes_along(moot, state):
    other, one = tell(moot), tell(moot, SAME, state)

    with pytest.raises(WrongState):
        merged(moot, one, other)


def test_what_goes_along_takes_no_other_along(moot):
    first, second, third = tell(moot), tell(moot, SAME), tell(moot, BUS)
    merged(moot, first, second)

    for one, other in ((second, third), (third, first), (first, third)):
        with pytest.raises(Conflict):
            bonds.merge(moot.node, one.reference, other.reference, by=moot["iris"])


def snapshot(moot, *made):
    """Return all of some cases that a merge could change, and what hangs on them."""
    ids = [one.case_id for one in made]
    found = []
    with moot.node.read() as tx:
        for model, column in (
            (Case, Case.id), (CaseEvent, CaseEvent.case_id),
            (Pledge, Pledge.case_id), (Message, Message.case_id),
        ):  # fmt: skip
            names = model.__table__.columns.keys()
            rows = tx.scalars(select(model).where(column.in_(ids))).all()
            cells = [tuple(getattr(row, name) for name in names) for row in rows]
            found.append(sorted(cells, key=repr))
        jobs = select(Job.kind, Job.subject, Job.run_at).order_by(Job.kind, Job.subject)
        found.append([tuple(row) for row in tx.execute(jobs)])
    return found


def seen(moot, *made):
    """Return who sees which of these cases, and who would be handed one next."""
    found = {}
    for who in ("cleo", "eve", "iris", "gus"):
        for one in made:
            try:
                view = cases.view(moot.node, one.reference, by=moot[who])
                found[who, one.reference] = (view.acts, view.part, view.queue_place)
            except NotFound:
                found[who, one.reference] = None
    return found


class Town:
    """Five cases, of which three wait."""

    def __init__(self, moot):
        self.moot = moot
        self.made = [tell(moot, text) for text in (DAMP, SAME, BUS)]
        self.made += [tell(moot, state=State.WORKING)]
        self.made += [tell(moot, BUS, State.WAITING_OTHER)]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("town")) as moot:
        yield Town(moot)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4
    ),
    order=st.permutations(range(4)),
)
def test_merges_that_were_all_undone_leave_everything_as_it_was(town, pairs, order):
    moot, made = town.moot, town.made
    before, sight = snapshot(moot, *made), seen(moot, *made)
    done = []
    for one, other in pairs:
        first, second = made[one], made[other]
        try:
            bonds.merge(moot.node, first.reference, second.reference, by=moot["iris"])
        except (Conflict, ChoiceInvalid, WrongState):
            continue
        done += [
            (first, line)
            for line in bonds.bonds_of(moot.node, first.reference, by=moot["iris"])
            if line.first
        ]
    assert snapshot(moot, *made) == before
    for first, line in [done[at] for at in order if at < len(done)]:
        undo(moot, first, line)

    assert (snapshot(moot, *made), seen(moot, *made)) == (before, sight)
    assert list(folding.verify(moot.node)) == []
