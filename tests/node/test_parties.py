"""Who is in a case besides its member: both say yes, each sees their fields alone."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.access import Ground, Sent
from governance.cases import Act, State
from governance.errors import ChoiceInvalid, NotFound, NotYours, WrongState
from governance.parties import MOST, Ending, Role, Share, Standing
from governance.retention import CaseRests, Choice
from governance.walls import Cause
from node import (
    access,
    assignments,
    cases,
    keeping,
    own_data,
    parties,
    proving,
    restricting,
    threads,
)
from node.accepting import accept
from node.erasing import Level
from node.keeping import Chosen
from node.models.access import Access
from node.models.parties import MessageCopy, Party
from node.models.people import ContactPoint
from node.models.walls import Wall
from node.parties import Named
from node.proofs import CodeNeeded
from node.threads import Words
from tests.support.drafts import draft
from tests.support.drafts import mail as brought
from tests.support.erased import erase, settle, stores, wish

MIA = "mia@lamp.example"
SEEN = "canary: the meter stood still since March"


def at_work(moot, by="cleo"):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING, by)
    return made


@pytest.fixture
def made(moot):
    return at_work(moot)


def whom(contact=MIA, name="Mia Holt", role="witness", fields=()):
    return Named(
        id=uuid4(),
        name=name,
        contact=contact,
        role=role,
        fields=fields,
        source="192.0.2.0",
    )


def mails(moot, to=MIA):
    moot.village.work(moot.node)
    return [mail for found, mail in moot.village.mails if found == to]


def link(moot, to=MIA):
    """Return what the newest mail to somebody lets them in with."""
    body = mails(moot, to)[-1].get_content()
    return re.search(r"/party/(\S+)", body).group(1)


def named(moot, made, **given):
    """Let the member name somebody; return who holds their link."""
    asked = whom(**given)
    parties.name(moot.node, made.reference, asked, by=moot.guest(made))
    moot.village.pass_time(milliseconds=1)
    return parties.visitor(moot.node, link(moot, asked.contact))


def present(moot, made, **given):
    party = named(moot, made, **given)
    parties.confirm(moot.node, made.reference, by=party)
    moot.village.pass_time(milliseconds=1)
    return party


def see(moot, made, party):
    return parties.see(moot.node, made.reference, by=party)


def line(moot, made):
    (found,) = parties.board(moot.node, made.reference, by=moot.guest(made)).parties
    return found


def write(moot, made, party, text=SEEN):
    words = Words(uuid4(), text)
    return parties.write(moot.node, made.reference, words, by=party)


def reply(moot, made, text="We asked them.", copies=()):
    words = Words(uuid4(), text, copies=tuple(copies))
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    moot.village.pass_time(milliseconds=1)


def actions(moot, made):
    said = [(it.role, dict(it.disclosed).get("action")) for it in moot.entries(made)]
    return [one for one in said if str(one[1]).startswith("party.")]


def test_somebody_is_in_a_case_once_the_member_and_they_said_yes(moot, made):
    party = named(moot, made, fields=("state", "messages", "files"))

    before = see(moot, made, party)
    assert (before.standing, before.member, before.where) == (Standing.ASKED, "", None)
    assert (before.said, before.files, before.writes) == ((), (), False)
    assert line(moot, made).standing is Standing.ASKED

    parties.confirm(moot.node, made.reference, by=party)
    parties.confirm(moot.node, made.reference, by=party)
    after = see(moot, made, party)

    assert after.standing is Standing.PRESENT
    assert after.where.state is State.WORKING
    assert after.where.responsible == "Cleo"
    assert "heating" in after.said[0].text
    assert actions(moot, made) == [("guest", "party.name"), ("guest", "party.confirm")]


def test_the_mail_that_asks_says_nothing_of_the_case(moot, made):
    named(moot, made)

    (mail,) = mails(moot)
    assert "heating" not in mail.get_content()
    assert "Ada" not in mail.get_content()
    assert made.reference in mail["Subject"]


@pytest.mark.parametrize("share", Share)
def test_a_party_sees_exactly_their_fields(moot, made, share):
    party = present(moot, made, fields=(share.value,))

    seen = see(moot, made, party)

    assert (seen.where is not None) == (share is Share.STATE)
    assert bool(seen.said) == (share is Share.MESSAGES)
    assert seen.fields == (share,)


def test_words_nobody_proved_to_be_the_members_are_not_shown_as_theirs(moot, made):
    party = present(moot, made, fields=(Share.MESSAGES.value,))
    message = brought("She is in hospital.", sender="zoe@mailbox.example")
    accept(moot.node, draft(moot, message, reply_to=made.case_id))

    *_, last = see(moot, made, party).said
    assert (last.name, last.mine) == ("zoe@mailbox.example", False)
    assert "hospital" in last.text


def test_by_default_they_see_their_own_words_alone(moot, made):
    party = present(moot, made)
    reply(moot, made)
    write(moot, made, party)

    seen = see(moot, made, party)

    assert [(it.text, it.mine) for it in seen.said] == [(SEEN, True)]
    assert (seen.where, seen.files) == (None, ())


def test_what_a_witness_says_is_a_paper_of_the_case_under_their_name(moot, made):
    party = present(moot, made)
    write(moot, made, party)

    for by in (moot.guest(made), moot["cleo"]):
        said = cases.view(moot.node, made.reference, by=by).timeline
        (found,) = [it for it in said if it.text == SEEN]
        assert (found.who, found.name, found.party) == (
            "party", "Mia Holt", Role.WITNESS,
        )  # fmt: skip
        assert not found.machine


def test_a_helper_reads_and_writes_nothing(moot, made):
    party = present(moot, made, role="helper", fields=("messages",))

    assert not see(moot, made, party).writes
    with pytest.raises(NotYours):
        write(moot, made, party)


def test_whose_words_they_are_decides_whether_an_answer_is_owed(moot, made):
    reply(moot, made)
    witness = present(moot, made)
    write(moot, made, witness)
    with moot.node.read() as tx:
        assert not tx.get_one(cases.hand.Case, made.case_id).member_wrote_last

    speaker = present(moot, made, contact="leo@lamp.example", role="representative")
    write(moot, made, speaker, "She cannot come on Monday.")
    with moot.node.read() as tx:
        assert tx.get_one(cases.hand.Case, made.case_id).member_wrote_last


@pytest.mark.capability("U.19")
def test_a_reply_goes_to_the_member_and_never_to_who_wrote_last(moot, made):
    party = present(moot, made, role="representative")
    write(moot, made, party, "She asks when.")
    before = len(mails(moot))

    reply(moot, made, "On Tuesday.")

    assert len(mails(moot)) == before
    assert "On Tuesday." not in [it.text for it in see(moot, made, party).said]
    assert "answered" in mails(moot, "ada@mailbox.example")[-1]["Subject"]


def test_a_party_gets_a_reply_that_names_them_and_its_member_gets_it_too(moot, made):
    party = present(moot, made, role="representative")
    reply(moot, made, "Between us.")

    reply(moot, made, "To you both.", copies=[party.party_id])

    assert [it.text for it in see(moot, made, party).said] == ["To you both."]
    assert "A message for you" in mails(moot)[-1]["Subject"]
    assert "answered" in mails(moot, "ada@mailbox.example")[-1]["Subject"]
    mine = access.sharing(moot.node, made.reference, by=moot.guest(made))
    assert [it.what for it in mine.disclosures] == [Sent.COPY]


def test_nobody_outside_the_case_or_not_yet_in_it_is_named_by_a_reply(moot, made):
    party = named(moot, made)
    other = present(moot, at_work(moot))

    for wrong in (party.party_id, other.party_id, uuid4(), moot.ids["ben"]):
        with pytest.raises(ChoiceInvalid):
            reply(moot, made, copies=[wrong])


def test_what_they_can_see_from_their_yes_on_stands_as_disclosed(moot, made):
    present(moot, made, fields=("state", "files"))

    page = access.sharing(moot.node, made.reference, by=moot.guest(made))

    assert {(it.what, it.recipient, it.consent_id) for it in page.disclosures} == {
        (Sent.STATE, "witness", None),
        (Sent.FILES, "witness", None),
    }
    assert moot.kinds(made).count("disclosure") == 2


def test_that_they_read_it_stands_in_the_log_of_reads(moot, made):
    party = named(moot, made, fields=("state",))
    see(moot, made, party)
    with moot.node.read() as tx:
        mine = select(Access).where(Access.person_id == party.person_id)
        assert tx.scalar(mine) is None

    parties.confirm(moot.node, made.reference, by=party)
    see(moot, made, party)

    page = access.sharing(moot.node, made.reference, by=moot.guest(made))
    assert ("witness", Ground.PARTY) in [(it.role, it.ground) for it in page.reads]


def test_whom_the_desk_proposes_the_member_decides_about_first(moot, made):
    node, ref, guest = moot.node, made.reference, moot.guest(made)
    parties.propose(node, ref, whom(), by=moot["cleo"])
    assert mails(moot) == []
    assert "Shall somebody" in mails(moot, "ada@mailbox.example")[-1]["Subject"]
    assert line(moot, made).standing is Standing.PROPOSED
    with node.read() as tx:
        row = tx.scalars(select(Party)).one()
        token = cases.partied.token(node, row)
    assert parties.visitor(node, token) is None

    parties.agree(node, ref, row.id, by=guest)
    parties.agree(node, ref, row.id, by=guest)

    assert line(moot, made).standing is Standing.ASKED
    assert len(mails(moot)) == 1


def test_a_member_refuses_whom_the_desk_proposes_and_nobody_is_asked(moot, made):
    node, ref, guest = moot.node, made.reference, moot.guest(made)
    parties.propose(node, ref, whom(), by=moot["cleo"])

    parties.refuse(node, ref, line(moot, made).id, by=guest)
    parties.agree(node, ref, line(moot, made).id, by=guest)

    assert line(moot, made).ending is Ending.REFUSED
    assert mails(moot) == []


def test_only_the_member_names_and_only_who_works_on_it_proposes(moot, made):
    node, ref = moot.node, made.reference

    with pytest.raises(NotYours):
        parties.name(node, ref, whom(), by=moot["cleo"])
    for wrong in (moot.guest(made), moot["iris"]):
        with pytest.raises(NotYours):
            parties.propose(node, ref, whom(), by=wrong)
    with pytest.raises(NotFound):
        parties.propose(node, ref, whom(), by=moot["ben"])


def test_the_member_ends_it_and_the_link_opens_nothing_at_once(moot, made):
    party = present(moot, made, fields=tuple(Share))
    token = link(moot)

    parties.end(moot.node, made.reference, party.party_id, by=moot.guest(made))
    parties.end(moot.node, made.reference, party.party_id, by=moot.guest(made))

    assert parties.visitor(moot.node, token) is None
    for act in (see, write):
        with pytest.raises(NotFound):
            act(moot, made, party)
    assert line(moot, made).ending is Ending.REMOVED
    assert "over for you" in mails(moot)[-1]["Subject"]
    assert actions(moot, made)[-1] == ("guest", "party.end")


def test_they_say_no_or_leave_and_the_member_is_told(moot, made):
    party = named(moot, made)
    parties.leave(moot.node, made.reference, by=party)
    assert line(moot, made).ending is Ending.DECLINED
    assert "has answered" in mails(moot, "ada@mailbox.example")[-1]["Subject"]

    other = present(moot, at_work(moot), contact="leo@lamp.example")
    with moot.node.read() as tx:
        case_id = tx.get_one(Party, other.party_id).case_id
        ref = tx.get_one(cases.hand.Case, case_id).reference
    parties.leave(moot.node, ref, by=other)
    with moot.node.read() as tx:
        assert tx.get_one(Party, other.party_id).ending is Ending.LEFT


def test_a_party_opens_nothing_but_their_own_page(moot, made):
    party = present(moot, made, fields=tuple(Share))

    for door in (
        lambda: cases.view(moot.node, made.reference, by=party),
        lambda: access.sharing(moot.node, made.reference, by=party),
        lambda: parties.board(moot.node, made.reference, by=party),
        lambda: parties.see(moot.node, at_work(moot).reference, by=party),
        lambda: parties.see(moot.node, made.reference, by=moot["cleo"]),
        lambda: threads.write(moot.node, made.reference, Words(uuid4(), "x"), by=party),
    ):
        with pytest.raises(NotFound):
            door()


@pytest.mark.parametrize("token", ["", ".", "AAAA.AAAA", "é.è", "A" * 16 + "."])
def test_a_link_that_was_made_up_opens_nothing(moot, token):
    assert parties.visitor(moot.node, token) is None
    with pytest.raises(NotFound):
        parties.opened(moot.node, token)


def test_the_link_of_the_member_and_of_a_party_are_not_each_other(moot, made):
    named(moot, made)

    assert parties.visitor(moot.node, made.link_token) is None
    assert cases.link_visitor(moot.node, link(moot)) is None


def test_an_advocate_whom_the_member_names_is_walled_and_lets_go_at_once(moot, made):
    named(moot, made, contact="cleo@ash.example", role="helper")

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (view.state, view.responsible) == (State.QUEUED, None)
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["cleo"])
    with moot.node.read() as tx:
        walls = tx.scalars(select(Wall).where(Wall.case_id == made.case_id)).all()
    assert [(it.person_id, it.cause, it.stands) for it in walls] == [
        (moot.ids["cleo"], Cause.PARTY, True)
    ]


def test_a_party_of_a_case_never_takes_it(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.triage(made)
    named(moot, made, contact="eve@ash.example")

    with pytest.raises(NotFound):
        assignments.take(moot.node, made.reference, by=moot["eve"])
    assignments.take(moot.node, made.reference, by=moot["cleo"])


def test_a_proposal_walls_nobody_before_the_member_said_yes(moot, made):
    node, ref = moot.node, made.reference
    parties.propose(node, ref, whom(contact="eve@ash.example"), by=moot["cleo"])
    with node.read() as tx:
        assert tx.scalar(select(Wall).where(Wall.case_id == made.case_id)) is None

    parties.agree(node, ref, line(moot, made).id, by=moot.guest(made))
    with node.read() as tx:
        walls = select(Wall.person_id).where(Wall.case_id == made.case_id)
        assert tx.scalars(walls).all() == [moot.ids["eve"]]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contact": "+49 30 901820"}, "contact"),
        ({"contact": "ada@mailbox.example"}, "contact"),
        ({"name": "  "}, "name"),
        ({"role": "advocate"}, "role"),
        ({"fields": ("notes",)}, "fields"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(moot, made, given, field):
    with pytest.raises(ChoiceInvalid) as refused:
        parties.name(moot.node, made.reference, whom(**given), by=moot.guest(made))

    assert refused.value.values["field"] == field
    with moot.node.read() as tx:
        assert tx.scalar(select(Party)) is None


def test_nobody_is_named_twice_at_one_time_and_a_form_sent_twice_names_once(moot, made):
    node, ref, guest, asked = moot.node, made.reference, moot.guest(made), whom()
    parties.name(node, ref, asked, by=guest)
    parties.name(node, ref, asked, by=guest)
    assert len(mails(moot)) == 1

    with pytest.raises(ChoiceInvalid):
        parties.name(node, ref, whom(role="helper"), by=guest)
    with pytest.raises(NotFound):
        parties.name(node, at_work(moot).reference, asked, by=moot.guest(at_work(moot)))


def test_a_case_is_full_at_some_time(moot, made, monkeypatch):
    monkeypatch.setattr("governance.parties.MOST", 1)
    named(moot, made)

    with pytest.raises(WrongState):
        named(moot, made, contact="leo@lamp.example")
    assert MOST > 1


def test_with_a_proven_address_a_link_alone_names_nobody_but_ends_it(moot, made):
    node, ref, guest = moot.node, made.reference, moot.guest(made)
    party = present(moot, made)
    with node.begin() as tx:
        points = select(ContactPoint).where(ContactPoint.person_id == guest.person_id)
        tx.scalars(points).one().verified_at = node.now()

    with pytest.raises(CodeNeeded):
        parties.name(node, ref, whom(contact="leo@lamp.example"), by=guest)
    fresh = replace(guest, fresh=True)
    parties.name(node, ref, whom(contact="leo@lamp.example"), by=fresh)
    parties.end(node, ref, party.party_id, by=guest)

    assert proving.reached(node, ref, by=guest).proven
    with node.read() as tx:
        assert tx.get_one(Party, party.party_id).ending is Ending.REMOVED


def test_nobody_sees_a_case_that_rests(moot, made):
    party = present(moot, made, fields=tuple(Share))
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))

    assert parties.visitor(moot.node, link(moot)) is None
    with pytest.raises(NotFound):
        see(moot, made, party)


def test_the_link_ends_as_long_after_the_case_as_its_member_s(moot, made):
    present(moot, made, fields=("state",))
    token = link(moot)
    moot.act(made, Act.RESOLVE, moot["cleo"], text="It is repaired.")
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")

    moot.village.pass_time(days=89)
    assert parties.visitor(moot.node, token) is not None
    moot.village.pass_time(days=2)
    assert parties.visitor(moot.node, token) is None


def test_everything_of_a_party_goes_with_the_case(moot, made):
    party = present(moot, made, role="representative")
    write(moot, made, party)
    reply(moot, made, "To you both.", copies=[party.party_id])
    assert not any(b"meter stood" in raw for raw in stores(moot.node).values())

    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)

    with moot.node.read() as tx:
        assert tx.scalar(select(Party)) is None
        assert tx.scalar(select(MessageCopy)) is None
        mine = ContactPoint.person_id == party.person_id
        assert tx.scalar(select(ContactPoint).where(mine)) is None
    with pytest.raises(NotFound):
        see(moot, made, party)


def test_a_case_without_a_name_has_no_parties_left(moot, made):
    party = present(moot, made)
    moot.act(made, Act.RESOLVE, moot["cleo"], text="It is repaired.")
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")
    chosen = Chosen(Choice.NAMELESS, " ".join(made.words), "203.0.113.9")
    keeping.choose(moot.node, made.reference, chosen, by=moot.guest(made))
    settle(moot)

    with moot.node.read() as tx:
        assert tx.scalar(select(Party)) is None
        mine = ContactPoint.person_id == party.person_id
        assert tx.scalar(select(ContactPoint).where(mine)) is None


def test_who_is_beside_a_member_is_part_of_what_they_take_away(moot):
    made = moot.tell(by=moot["ada"])
    asked = whom(role="helper", fields=("state",))
    parties.name(moot.node, made.reference, asked, by=moot["ada"])

    document = own_data.export(moot.node, by=moot["ada"])

    (found,) = [it for it in document["fm:cases"] if it["reference"] == made.reference]
    (party,) = found["case"]["parties"]
    assert (party["name"], party["role"], party["fields"]) == (
        "Mia Holt", "helper", ["state"],
    )  # fmt: skip


def test_what_a_representative_answers_is_the_answer_that_was_waited_for(moot):
    made = at_work(moot)
    party = present(moot, made, role="representative", fields=("messages",))
    question = Words(uuid4(), "Since when?")
    threads.ask(moot.node, made.reference, question, by=moot["cleo"])
    assert moot.state(made) is State.WAITING_MEMBER

    write(moot, made, party, "Since March. I speak for her.")

    assert moot.state(made) is State.WORKING


def test_nobody_is_asked_into_a_case_that_rests(moot):
    made = at_work(moot)
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))

    with pytest.raises(CaseRests):
        parties.name(moot.node, made.reference, whom(), by=moot.guest(made))
    assert not mails(moot)


def test_nobody_is_asked_by_a_link_that_would_open_nothing(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING, "cleo")
    cases.withdraw(moot.node, made.reference, by=moot["ada"])
    moot.village.pass_time(days=91)

    with pytest.raises(WrongState):
        parties.name(moot.node, made.reference, whom(), by=moot["ada"])
