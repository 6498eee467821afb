"""Who could be whom, who decides it, and that every decision can be taken back."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.errors import (
    ChoiceInvalid,
    Conflict,
    Denied,
    NotFound,
    NotOnePerson,
)
from governance.intake import Identity
from governance.likeness import Likeness
from governance.people import ContactState, Provenance
from node import aliases, assignments, cases, matches, people, search, threads
from node.ids import new_id
from node.matches import Reason, merging
from node.models.cases import Case
from node.models.people import ContactPoint, NameKey, Person, PersonMerge
from node.models.submissions import Submission
from node.threads import Words

MAIL = "ada@mailbox.example"


def person_of(moot, made):
    with moot.node.read() as tx:
        return tx.get_one(Case, made.case_id).member_id


def queued(moot, **told):
    made = moot.tell(**told)
    moot.bring(made, State.QUEUED)
    return made


@pytest.fixture
def twice(moot):
    """Two cases, told by a guest each time, under one address and one name."""
    return queued(moot, contact=MAIL, name="Zoe Marsh"), queued(
        moot, contact=MAIL.replace("box.e", "BOX.E"), name="Z. Marsh"
    )


def merge(moot, one, other, by="iris"):
    ids = [it if isinstance(it, str) else person_of(moot, it) for it in (one, other)]
    ids = [moot.ids.get(it, it) for it in ids]
    return matches.merge(moot.node, *ids, by=moot[by])


def state(moot):
    """Return all that a merge could change, but for the record that there was one."""
    tables = (Person, ContactPoint, NameKey, Case, Submission)
    with moot.node.read() as tx:
        return [
            sorted(tx.execute(select(*table.__table__.columns)).all(), key=repr)
            for table in tables
        ]


def identity(moot, made):
    who = person_of(moot, made)
    with moot.node.read() as tx:
        said = select(Submission.identity).where(Submission.case_id == made.case_id)
        return tx.scalar(said), tx.get_one(Person, who).identity


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, Identity.ANONYMOUS),
        ({"contact": "new@mailbox.example"}, Identity.UNVERIFIED),
        ({"contact": "ada@ASH.example"}, Identity.MATCHED),
        ({"contact": "Ada@ash.example"}, Identity.UNVERIFIED),
    ],
)
def test_an_address_that_is_known_makes_somebody_matched_and_never_more(
    moot, told, expected
):
    assert identity(moot, moot.tell(**told)) == (expected, expected)


def test_a_number_is_known_however_it_is_typed(moot):
    moot.tell(contact="+44 20 7946 0412")

    made = moot.tell(contact="+442079460412")

    assert identity(moot, made) == (Identity.MATCHED, Identity.MATCHED)


def test_who_is_signed_in_is_verified(moot):
    assert identity(moot, moot.tell(by=moot["ada"]))[0] is Identity.VERIFIED


def test_a_contact_says_where_it_comes_from_and_whether_it_works(moot, twice):
    shown = matches.person(moot.node, person_of(moot, twice[0]), by=moot["iris"])

    (line,) = shown.contacts
    assert (line.provenance, line.state) == (Provenance.TOLD, ContactState.OK)
    assert (line.masked, line.verified_at) == ("a...a@m...e", None)
    ada = matches.person(moot.node, moot.ids["ada"], by=moot["iris"])
    assert ada.contacts[0].provenance is Provenance.ACCOUNT
    assert ada.contacts[0].verified_at is not None


@pytest.mark.parametrize(
    ("now", "reached"),
    [
        (ContactState.OK, True),
        (ContactState.SOFT_BOUNCE, True),
        (ContactState.HARD_BOUNCE, False),
        (ContactState.COMPLAINED, False),
        (ContactState.DO_NOT_CONTACT, False),
    ],
)
def test_nothing_goes_where_nothing_is_to_go(moot, twice, now, reached):
    who = person_of(moot, twice[0])
    with moot.node.begin() as tx:
        people.mail_of(tx, who).state = now

    with moot.node.read() as tx:
        assert (people.mail_of(tx, who) is not None) is reached


def test_what_could_be_from_somebody_known_waits_with_reasons(moot, twice):
    first, second = twice

    found = {it.reference: it for it in matches.unmatched(moot.node, by=moot["iris"])}

    assert found.keys() == {first.reference, second.reference}
    line = found[second.reference]
    assert (line.name, line.identity) == ("Z. Marsh", Identity.MATCHED)
    assert line.title == "The heating has been off for three weeks"
    (double,) = line.doubles
    assert (double.id, double.name) == (person_of(moot, first), "Zoe Marsh")
    assert Reason.SAME_CONTACT in double.reasons
    assert not double.member


def test_a_name_that_sounds_alike_is_a_reason_too_and_alone_never_a_likely_one(moot):
    first = queued(moot, contact="c@mailbox.example", name="Klara Meier")
    queued(moot, contact="d@mailbox.example", name="Clara Mayer")
    queued(moot, contact="e@mailbox.example", name="Bernd Ito")

    shown = matches.person(moot.node, person_of(moot, first), by=moot["iris"])

    (double,) = shown.doubles
    assert (double.name, double.reasons) == ("Clara Mayer", (Reason.NAME_ALIKE,))
    assert double.likeness is Likeness.POSSIBLE


def test_a_name_and_a_place_alike_are_likely(moot):
    made = [moot.tell(contact=f"{it}@x.example", name="Klara Meier") for it in "ab"]
    for one in made:
        moot.triage(one, area="south")

    shown = matches.person(moot.node, person_of(moot, made[0]), by=moot["iris"])

    assert [it.likeness for it in shown.doubles] == [Likeness.LIKELY]


def test_before_triage_nobody_learns_whose_a_case_is(moot):
    moot.tell(contact=MAIL, name="Zoe Marsh")
    made = moot.tell(contact=MAIL, name="Zoe Marsh")

    assert matches.unmatched(moot.node, by=moot["iris"]) == ()
    with pytest.raises(NotFound):
        matches.person(moot.node, person_of(moot, made), by=moot["iris"])


@pytest.mark.parametrize("who", ["ada", "cleo", "finn", "dov"])
def test_only_coordinators_decide_who_is_whom(moot, twice, who):
    first, second = (person_of(moot, made) for made in twice)
    before = state(moot)

    with pytest.raises(Denied):
        matches.unmatched(moot.node, by=moot[who])
    for decide in (matches.merge, matches.apart):
        with pytest.raises(Denied):
            decide(moot.node, second, first, by=moot[who])

    assert state(moot) == before


def test_whoever_sees_no_case_of_somebody_finds_nobody(moot, twice):
    who = person_of(moot, twice[0])
    guest = moot.guest(twice[0])

    for by in (moot["ada"], moot["cleo"], guest):
        with pytest.raises(NotFound):
            matches.person(moot.node, who, by=by)
    with pytest.raises(NotFound):
        matches.person(moot.node, new_id(moot.node), by=moot["iris"])


def test_an_advocate_sees_the_person_of_their_case_and_decides_nothing(moot):
    made = moot.tell(contact=MAIL, name="Zoe Marsh")
    queued(moot, contact=MAIL, name="Z. Marsh")
    moot.bring(made, State.WORKING)

    shown = matches.person(moot.node, person_of(moot, made), by=moot["cleo"])

    assert shown.name == "Zoe Marsh"
    assert [line.reference for line in shown.cases] == [made.reference]
    assert (shown.doubles, shown.merges, shown.may_merge) == ((), (), False)


def test_two_become_one_and_each_keeps_what_was_theirs(moot, twice):
    first, second = twice

    merge(moot, second, first)

    shown = matches.person(moot.node, person_of(moot, second), by=moot["iris"])
    assert shown.id == person_of(moot, first)
    assert {line.reference for line in shown.cases} == {it.reference for it in twice}
    assert [line.masked for line in shown.contacts] == ["a...a@m...e"] * 2
    assert [(it.name, it.by_name) for it in shown.merges] == [("Z. Marsh", "Iris")]
    assert shown.doubles == ()
    assert matches.unmatched(moot.node, by=moot["iris"]) == ()


def test_a_merge_that_is_taken_back_leaves_nothing(moot, twice):
    before = state(moot)

    done = merge(moot, *twice)
    changed = state(moot)
    matches.unmerge(moot.node, done, by=moot["olga"])
    matches.unmerge(moot.node, done, by=moot["olga"])

    assert changed != before
    assert state(moot) == before
    with moot.node.read() as tx:
        row = tx.get_one(PersonMerge, done)
    assert (row.by_id, row.undone_by) == (moot.ids["iris"], moot.ids["olga"])
    assert len(matches.unmatched(moot.node, by=moot["iris"])) == len(twice)


def test_a_guests_link_opens_their_case_and_no_other_before_and_after(moot, twice):
    first, second = twice
    guests = [cases.link_visitor(moot.node, made.link_token) for made in twice]
    words = Words(new_id(moot.node), "It is still cold.")

    done = merge(moot, second, first)
    threads.write(moot.node, second.reference, words, by=moot.guest(second))
    with pytest.raises(NotFound):
        cases.view(moot.node, first.reference, by=moot.guest(second))
    shown = cases.view(moot.node, second.reference, by=moot["iris"])
    matches.unmerge(moot.node, done, by=moot["iris"])

    assert shown.timeline[-1].text == "It is still cold."
    assert shown.timeline[-1].who == "member"
    assert [moot.guest(made) for made in twice] == guests
    assert cases.view(moot.node, second.reference, by=guests[1]).timeline[-1].text


def test_an_account_is_who_the_other_turns_out_to_be_whatever_the_order(moot, twice):
    merge(moot, "ada", twice[0])

    ada = moot["ada"]
    assert ada.aliases == {person_of(moot, twice[0])}
    shown = cases.view(moot.node, twice[0].reference, by=ada)
    assert shown.part == "member"
    lines = [
        *cases.mine(moot.node, by=ada).open,
        *cases.mine(moot.node, by=ada).waiting,
    ]
    assert [line.reference for line in lines] == [twice[0].reference]


def test_what_is_an_aliass_is_searched_as_ones_own(moot, twice):
    moot.leaves()
    search.refresh(moot.node)
    assert search.find(moot.node, "heating", by=moot["ada"]).lines == ()

    merge(moot, twice[0], "ada")

    found = search.find(moot.node, "heating", by=moot["ada"])
    assert [line.reference for line in found.lines] == [twice[0].reference]


def test_what_a_person_does_in_an_aliass_case_is_the_members_doing(moot, twice):
    done = merge(moot, twice[0], "ada")
    words = Words(new_id(moot.node), "I am back.")
    threads.write(moot.node, twice[0].reference, words, by=moot["ada"])

    shown = cases.view(moot.node, twice[0].reference, by=moot["iris"])
    assert shown.timeline[-1].who == "member"
    matches.unmerge(moot.node, done, by=moot["iris"])
    with pytest.raises(NotFound):
        cases.view(moot.node, twice[0].reference, by=moot["ada"])


def test_two_accounts_are_two_people(moot):
    with pytest.raises(NotOnePerson, match="account"):
        merge(moot, "ada", "ben")


def test_one_is_not_merged_with_oneself(moot, twice):
    merge(moot, *twice)

    with pytest.raises(NotOnePerson, match="already"):
        merge(moot, *twice)


def test_a_case_of_ones_own_alias_is_no_case_for_ones_desk(moot, twice):
    made = twice[0]
    merge(moot, made, "cleo", by="iris")
    cleo = moot["cleo"]

    desk = assignments.desk(moot.node, by=cleo)
    assert made.reference not in {line.reference for line in desk.lines}
    assert cases.view(moot.node, made.reference, by=cleo).part == "member"
    assert assignments.take_next(moot.node, by=cleo) == twice[1].reference


def test_a_case_is_offered_to_nobody_who_turned_out_to_be_its_member(moot, twice):
    merge(moot, twice[0], "cleo")

    with pytest.raises(ChoiceInvalid):
        assignments.assign(
            moot.node, twice[0].reference, moot.ids["cleo"], by=moot["iris"]
        )


def test_nobody_turns_out_to_work_on_a_case_of_their_own(moot, twice):
    assignments.take(moot.node, twice[0].reference, by=moot["cleo"])
    before = state(moot)

    with pytest.raises(NotOnePerson, match="works on"):
        merge(moot, twice[0], "cleo")

    assert state(moot) == before


def test_nobody_decides_who_they_are_themselves(moot, twice):
    with pytest.raises(NotFound):
        merge(moot, twice[0], "iris", by="iris")

    merge(moot, twice[0], "iris", by="olga")

    with pytest.raises(NotFound):
        merge(moot, twice[0], twice[1], by="iris")


def group(moot, made):
    who = person_of(moot, made)
    with moot.node.read() as tx:
        return aliases.group(tx, who)


def test_what_was_merged_before_goes_along_and_comes_back_whole(moot, twice):
    third = queued(moot, contact=MAIL, name="Zoe M.")
    inner = merge(moot, twice[0], twice[1])
    middle = state(moot)

    outer = merge(moot, twice[1], third)
    together = group(moot, twice[0])
    matches.unmerge(moot.node, outer, by=moot["iris"])

    assert together == {person_of(moot, it) for it in (*twice, third)}
    assert state(moot) == middle
    matches.unmerge(moot.node, inner, by=moot["iris"])
    assert group(moot, twice[0]) == {person_of(moot, twice[0])}


def test_whoever_decided_meanwhile_is_not_overruled(moot, twice):
    first, second = (person_of(moot, made) for made in twice)
    with moot.node.begin() as tx:
        tx.get_one(Person, first).alias_of = second
        tx.flush()
        with pytest.raises(Conflict):
            merging.lock(tx, first, second)


def test_two_who_look_alike_can_be_two_and_nobody_is_asked_again(moot, twice):
    first, second = (person_of(moot, made) for made in twice)

    for _ in range(2):
        matches.apart(moot.node, second, first, by=moot["iris"])

    assert matches.unmatched(moot.node, by=moot["iris"]) == ()
    done = merge(moot, *twice)
    with pytest.raises(NotOnePerson):
        matches.apart(moot.node, second, first, by=moot["iris"])
    matches.unmerge(moot.node, done, by=moot["iris"])
    assert matches.unmatched(moot.node, by=moot["iris"]) == ()


def test_there_is_nothing_to_take_back_where_nothing_was_decided(moot):
    with pytest.raises(NotFound):
        matches.unmerge(moot.node, new_id(moot.node), by=moot["iris"])


def test_a_name_that_was_erased_finds_nobody(moot, twice):
    who = person_of(moot, twice[0])
    with moot.node.begin() as tx:
        assert people.forget_guest(tx, tx.get_one(Case, twice[0].case_id))

    with moot.node.read() as tx:
        rows = tx.scalars(select(NameKey).where(NameKey.person_id == who)).all()
    assert rows == []


def test_nobody_without_a_person_has_anything_of_their_own(moot, twice):
    nobody = replace(moot["iris"], person_id=None)

    assert len(matches.unmatched(moot.node, by=moot["iris"])) == len(twice)
    assert matches.unmatched(moot.node, by=nobody) == ()
