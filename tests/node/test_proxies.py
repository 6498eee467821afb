"""Telling something for somebody else: whose it is, who is told, and what they say."""

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.errors import (
    AuthRequired,
    ChoiceInvalid,
    ContactInvalid,
    Denied,
    NotFound,
    NotYours,
    Throttled,
)
from governance.intake import Channel, Identity
from governance.proxies import ProxyOver
from node import cases, proxies
from node.accounts import GUEST
from node.cases import folding
from node.erasing import Level, Wish
from node.models.cases import Case
from node.models.people import Person
from node.models.proxies import Proxy
from tests.support.cast import told
from tests.support.erased import erase

MAIL = "maria@mailbox.example"


def beside(moot, by="ben"):
    return proxies.begin(moot.node, agreed=True, by=moot[by])


def tell(moot, by="ben", beside=None, **given):
    made = proxies.tell(moot.node, told(**given), by=moot[by], beside=beside)
    moot.village.pass_time(milliseconds=1)
    return made


def stands(moot, made):
    return proxies.stands(moot.node, made.reference, by=moot.guest(made))


def mails(moot, to):
    moot.village.work(moot.node)
    return [mail for who, mail in moot.village.mails if who == to]


def test_what_is_told_beside_somebody_is_their_case(moot):
    made = tell(moot, beside=beside(moot), name="Maria")

    case = cases.view(moot.node, made.reference, by=moot.guest(made))
    first = case.timeline[0]
    assert (first.who, first.name, first.kind) == ("advocate", "Ben", "submission")
    assert case.channel is Channel.IN_PERSON
    with moot.node.read() as tx:
        member = tx.get_one(Case, made.case_id).member_id
        assert member != moot.ids["ben"]
        assert tx.get_one(Person, member).identity is Identity.ANONYMOUS
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["ben"])


def test_the_ledger_says_who_typed_it_and_the_row_agrees_with_it(moot):
    made = tell(moot, beside=beside(moot))

    entries = {it.kind: it for it in reversed(moot.entries(made))}

    assert entries["submission"].role == "advocate"
    assert entries["submission"].author == "node-attested, channel in_person"
    assert entries["consent.give"].role == "guest"
    assert list(folding.verify(moot.node)) == []


def test_nobody_begins_without_their_word(moot):
    with pytest.raises(ChoiceInvalid):
        proxies.begin(moot.node, agreed=False, by=moot["ben"])

    assert proxies.session(moot.node, by=moot["ben"]) is None


def test_strangers_act_for_nobody(moot):
    made = moot.tell()

    for who in (GUEST, moot.guest(made)):
        with pytest.raises((AuthRequired, Denied)):
            proxies.begin(moot.node, agreed=True, by=who)
        with pytest.raises((AuthRequired, Denied)):
            proxies.tell(moot.node, told(contact=MAIL), by=who)


def test_it_shows_until_when_and_what_was_told_in_it(moot):
    id_ = beside(moot)
    told_ = [tell(moot, beside=id_).reference for _ in range(2)]

    found = proxies.session(moot.node, by=moot["ben"])

    assert (found.id, found.references) == (id_, tuple(told_))
    assert proxies.session(moot.node, by=moot["ada"]) is None


@pytest.mark.parametrize("how", ["time", "end", "anew"])
def test_when_it_is_over_nothing_is_told_in_it(moot, how):
    id_ = beside(moot)
    if how == "time":
        moot.village.pass_time(minutes=30)
    elif how == "end":
        for _ in range(2):
            proxies.end(moot.node, id_, by=moot["ben"])
    else:
        beside(moot)

    with pytest.raises(ProxyOver):
        tell(moot, beside=id_)


def test_nobody_uses_or_ends_what_another_began(moot):
    id_ = beside(moot)

    proxies.end(moot.node, id_, by=moot["ada"])
    with pytest.raises(ProxyOver):
        tell(moot, "ada", beside=id_)
    with pytest.raises(ProxyOver):
        tell(moot, beside=told().id)

    assert tell(moot, beside=id_).reference


def test_who_is_not_there_is_told_by_mail_with_a_way_to_say_no(moot):
    made = tell(moot, contact=MAIL)

    (mail,) = mails(moot, MAIL)

    assert "for you" in mail["Subject"]
    assert made.track_url in mail.get_content()
    assert not stands(moot, made).beside


def test_who_sat_there_is_told_as_well_where_they_left_an_address(moot):
    tell(moot, beside=beside(moot), contact=MAIL)

    assert len(mails(moot, MAIL)) == 1


@pytest.mark.parametrize("contact", ["", "+44 20 7946 0412"])
def test_who_cannot_be_told_is_not_spoken_for(moot, contact):
    with pytest.raises(ChoiceInvalid):
        tell(moot, contact=contact)


def test_what_is_no_address_is_refused(moot):
    with pytest.raises(ContactInvalid):
        tell(moot, contact="maria@")


def test_nobody_writes_to_one_person_all_day(moot):
    for _ in range(3):
        tell(moot, contact=MAIL)

    with pytest.raises(Throttled):
        tell(moot, contact=MAIL)


def test_told_twice_it_is_one_case(moot):
    once = told(contact=MAIL)

    first = proxies.tell(moot.node, once, by=moot["ben"])
    again = proxies.tell(moot.node, once, by=moot["ben"])

    assert (again.reference, again.again) == (first.reference, True)


def test_they_say_that_it_is_right(moot):
    made = tell(moot, contact=MAIL)

    for _ in range(2):
        proxies.confirm(moot.node, made.reference, by=moot.guest(made))

    assert stands(moot, made).confirmed_at == moot.node.now()
    assert moot.kinds(made).count("status") == 1


@pytest.mark.parametrize("state", [State.RECEIVED, State.WORKING])
def test_who_never_wanted_it_takes_it_back_with_one_word(moot, state):
    made = tell(moot, contact=MAIL)
    moot.bring(made, state)

    for _ in range(2):
        proxies.object_to(moot.node, made.reference, by=moot.guest(made))

    assert moot.state(made) is State.CLOSED
    assert stands(moot, made).objected_at == moot.node.now()
    assert moot.kinds(made).count("withdraw") == 1
    proxies.confirm(moot.node, made.reference, by=moot.guest(made))
    assert stands(moot, made).confirmed_at is None


def test_of_what_is_over_it_stays_said(moot):
    made = tell(moot, contact=MAIL)
    moot.bring(made, State.CLOSED)

    proxies.object_to(moot.node, made.reference, by=moot.guest(made))

    assert stands(moot, made).objected_at is not None


@pytest.mark.parametrize("say", [proxies.confirm, proxies.object_to])
def test_nobody_else_answers_it_and_nobody_what_they_told_themselves(moot, say):
    made, own = tell(moot, contact=MAIL), moot.tell()
    for one in (made, own):
        moot.bring(one, State.WORKING)

    with pytest.raises(NotYours):
        say(moot.node, made.reference, by=moot["cleo"])
    with pytest.raises(NotFound):
        say(moot.node, made.reference, by=moot["ben"])
    with pytest.raises(NotFound):
        say(moot.node, own.reference, by=moot.guest(own))
    assert stands(moot, own) is None


def test_of_an_erased_case_no_row_says_who_told_it(moot):
    made = tell(moot, contact=MAIL)

    erase(moot, made, Wish(level=Level.CHAIN))

    with moot.node.read() as tx:
        assert tx.scalars(select(Proxy)).all() == []
