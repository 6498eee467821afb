"""Proving an address: a fresh code, a short time, five tries, and nobody else's."""

import re

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.errors import ChoiceInvalid, NotFound, NotYours, Throttled
from governance.intake import Identity
from node import matches, proving
from node.models.people import ContactCode, ContactPoint, Person
from tests.node.test_matches import MAIL, person_of

HERE = "203.0.113.9"


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL, name="Zoe Marsh")
    moot.bring(made, State.WORKING)
    return made


def ask(moot, made):
    proving.ask(moot.node, made.reference, by=moot.guest(made), source=HERE)
    moot.village.work(moot.node)
    mails = [mail for to, mail in moot.village.mails if to == MAIL]
    found = next(it for it in reversed(mails) if "Your code" in it["Subject"])
    return re.search(r"\b[0-9]{6}\b", found.get_content())[0]


def prove(moot, made, code):
    proving.prove(moot.node, made.reference, code, by=moot.guest(made), source=HERE)


def unproven(moot, made):
    found = proving.reached(moot.node, made.reference, by=moot.guest(made))
    return None if found is None or found.proven else found


def identity(moot, made):
    who = person_of(moot, made)
    return matches.person(moot.node, who, by=moot["cleo"]).identity


def test_whoever_types_the_code_that_went_there_is_proven(moot, made):
    assert (unproven(moot, made).masked, unproven(moot, made).asked) == (
        "a...a@m...e", False,
    )  # fmt: skip
    assert identity(moot, made) is Identity.UNVERIFIED

    code = ask(moot, made)
    assert unproven(moot, made).asked
    assert identity(moot, made) is Identity.UNVERIFIED
    prove(moot, made, f" {code[:3]}-{code[3:]}")

    assert identity(moot, made) is Identity.VERIFIED
    (line,) = matches.person(moot.node, person_of(moot, made), by=moot["cleo"]).contacts
    assert line.verified_at == moot.node.now()
    assert unproven(moot, made) is None
    with moot.node.read() as tx:
        assert tx.scalars(select(ContactCode)).all() == []


def test_a_code_that_is_too_old_proves_nothing(moot, made):
    code = ask(moot, made)
    moot.village.pass_time(minutes=15)

    with pytest.raises(ChoiceInvalid):
        prove(moot, made, code)

    assert identity(moot, made) is Identity.UNVERIFIED
    assert not unproven(moot, made).asked


def test_after_five_tries_the_right_code_is_wrong(moot, made):
    code = ask(moot, made)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(proving.TRIES):
        with pytest.raises(ChoiceInvalid):
            prove(moot, made, wrong)

    with pytest.raises(ChoiceInvalid):
        prove(moot, made, code)

    assert identity(moot, made) is Identity.UNVERIFIED


def test_a_new_code_ends_the_one_before(moot, made):
    first = ask(moot, made)
    moot.village.pass_time(minutes=1)
    second = ask(moot, made)
    assert first != second

    with pytest.raises(ChoiceInvalid):
        prove(moot, made, first)
    prove(moot, made, second)


def test_nobody_is_sent_codes_all_day(moot, made):
    for _ in range(3):
        ask(moot, made)

    with pytest.raises(Throttled):
        ask(moot, made)


def test_a_code_of_one_case_proves_nothing_in_another(moot, made):
    other = moot.tell(contact=MAIL)
    code = ask(moot, made)

    with pytest.raises(ChoiceInvalid):
        prove(moot, other, code)


def test_nobody_else_asks_or_proves(moot, made):
    code = ask(moot, made)

    for who, refusal in (("cleo", NotYours), ("ben", NotFound)):
        with pytest.raises(refusal):
            proving.ask(moot.node, made.reference, by=moot[who], source=HERE)
        with pytest.raises(refusal):
            proving.prove(moot.node, made.reference, code, by=moot[who], source=HERE)
        with pytest.raises(refusal):
            proving.reached(moot.node, made.reference, by=moot[who])


def test_where_there_is_no_address_there_is_nothing_to_prove(moot):
    made = moot.tell()

    assert unproven(moot, made) is None
    with pytest.raises(ChoiceInvalid):
        proving.ask(moot.node, made.reference, by=moot.guest(made), source=HERE)
    with pytest.raises(ChoiceInvalid):
        prove(moot, made, "123456")


def test_nobody_is_proven_by_anything_else(moot, made):
    other = moot.tell(contact=MAIL, name="Zoe Marsh")
    moot.triage(other)
    ids = [person_of(moot, it) for it in (other, made)]

    matches.merge(moot.node, *ids, by=moot["iris"])

    with moot.node.read() as tx:
        people = tx.scalars(select(Person).where(Person.id.in_(ids))).all()
        points = tx.scalars(select(ContactPoint).where(ContactPoint.person_id.in_(ids)))
        assert Identity.VERIFIED not in {it.identity for it in people}
        assert {it.verified_at for it in points} == {None}
