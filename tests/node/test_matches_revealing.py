"""Seeing how to reach somebody: by a press, written down, and read by its owner."""

import pytest
from sqlalchemy import select

from governance.access import Field, Ground
from governance.cases import State
from governance.errors import Denied, NotFound
from node import access, matches, own_data
from node.ids import new_id
from node.intake import Audience
from node.models.access import Access
from tests.node.test_matches import MAIL, merge, person_of, queued


def contacts(moot, made, by="cleo"):
    return matches.person(moot.node, person_of(moot, made), by=moot[by]).contacts


def reveal(moot, made, by="cleo"):
    (line,) = contacts(moot, made, "iris" if by not in {"cleo", "gus"} else by)
    return matches.reveal(moot.node, person_of(moot, made), line.id, by=moot[by])


def looks(moot):
    with moot.node.read() as tx:
        found = select(Access).where(Access.field == Field.CONTACT)
        return tx.scalars(found.order_by(Access.id)).all()


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL, name="Zoe Marsh")
    moot.bring(made, State.WORKING)
    return made


def test_whoever_works_on_it_sees_it_whole_and_its_owner_reads_that(moot, made):
    assert contacts(moot, made)[0].masked == "a...a@m...e"
    assert looks(moot) == []

    assert reveal(moot, made).value == MAIL

    shared = access.sharing(moot.node, made.reference, by=moot.guest(made))
    (line,) = [it for it in shared.reads if it.field is Field.CONTACT]
    assert (line.role, line.ground, line.times) == ("advocate", Ground.ASSIGNED, 1)


def test_who_looks_again_within_the_hour_is_counted(moot, made):
    for _ in range(3):
        reveal(moot, made)

    assert [it.times for it in looks(moot)] == [3]


def test_of_several_cases_it_stands_in_the_one_somebody_works_on(moot, made):
    newer = queued(moot, contact=MAIL, name="Z. Marsh")
    merge(moot, newer, made)
    line = contacts(moot, made, "gus")[0]

    matches.reveal(moot.node, person_of(moot, made), line.id, by=moot["cleo"])

    assert [it.case_id for it in looks(moot)] == [made.case_id]


def test_who_decides_who_is_whom_sees_a_members_and_the_member_reads_that(moot):
    ada = moot.ids["ada"]
    (line,) = matches.person(moot.node, ada, by=moot["iris"]).contacts

    found = matches.reveal(moot.node, ada, line.id, by=moot["iris"])

    assert found.value == "ada@ash.example"
    look_ups = own_data.held(moot.node, by=moot["ada"]).look_ups
    assert {(it.role, it.field) for it in look_ups} == {
        ("coordinator", Field.PERSON),
        ("coordinator", Field.CONTACT),
    }


def test_who_could_take_a_case_sees_the_ends_alone(moot):
    made = moot.tell(contact=MAIL, audience=Audience.ADVOCATES)
    moot.bring(made, State.QUEUED)
    (line,) = contacts(moot, made)

    with pytest.raises(Denied):
        matches.reveal(moot.node, person_of(moot, made), line.id, by=moot["cleo"])

    assert looks(moot) == []


@pytest.mark.parametrize("who", ["ada", "eve", "finn", "dov"])
def test_who_has_no_part_in_it_finds_nobody_and_that_is_written_down(moot, made, who):
    with pytest.raises(NotFound):
        reveal(moot, made, who)

    (line,) = looks(moot)
    assert (line.ground, line.case_id, line.about_id) == (Ground.REFUSED, None, None)


def test_what_is_not_theirs_is_not_there(moot, made):
    other = moot.tell(contact="else@mailbox.example")
    moot.bring(other, State.QUEUED)
    (line,) = contacts(moot, other, "iris")
    who = person_of(moot, made)

    for wrong in (line.id, new_id(moot.node)):
        with pytest.raises(NotFound):
            matches.reveal(moot.node, who, wrong, by=moot["cleo"])

    assert {it.ground for it in looks(moot)} == {Ground.REFUSED}
