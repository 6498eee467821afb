from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from governance import pledges as rules
from governance.calendars import ALWAYS
from governance.cases import State
from governance.claims import Value, ValueKind
from governance.errors import (
    CharactersInvalid,
    ChoiceInvalid,
    ContactInvalid,
    IdempotencyMismatch,
    LanguageInvalid,
    WordsMissing,
    WordsTooLong,
)
from governance.intake import Identity
from governance.pledges import PledgeKind, PledgeState
from node import cases, governance, submissions
from node.accounts import GUEST
from node.core import Collision
from node.models.cases import Case
from node.models.submissions import Submission
from tests.support.cast import STORY, told

#: How often whoever serves a request runs it when somebody else was quicker.
RUNS = 3
MAIL = "ada.lovelace@mailbox.example"
EUROS = Value(ValueKind.AMOUNT, Decimal("120.50"), "EUR")
FULL = {
    "wanted": "It repaired.",
    "value": EUROS,
    "place": "12 Elm Street",
    "area": "north",
    "topic": "housing",
    "contact": MAIL,
    "name": "Ada Lovelace",
}


def kept(moot):
    with moot.node.read() as tx:
        return tx.scalar(select(func.count()).select_from(Submission))


def test_what_was_told_twice_is_one_case_and_the_first_answer_again(moot):
    words = told(**FULL)
    first = submissions.submit(moot.node, words, by=GUEST)
    size = moot.size()

    second = submissions.submit(moot.node, words, by=GUEST)

    assert second.again
    for name in ("case_id", "reference", "words", "link_token", "track_url"):
        assert getattr(second, name) == getattr(first, name)
    assert [one.due_at for one in second.pledges] == [
        one.due_at for one in first.pledges
    ]
    assert (kept(moot), moot.size()) == (1, size)


@pytest.mark.parametrize(
    "other",
    [{"text": "Another."}, {"wanted": ""}, {"value": None}, {"contact": ""},
     {"place": "13 Elm Street"}, {"name": "Eda"}, {"topic": "debt"}],
)  # fmt: skip
def test_something_else_under_the_same_number_is_refused(moot, other):
    words = told(**FULL)
    submissions.submit(moot.node, words, by=GUEST)

    with pytest.raises(IdempotencyMismatch):
        submissions.submit(moot.node, replace(words, **other), by=GUEST)

    assert kept(moot) == 1


@pytest.mark.parametrize(
    ("sender", "other"), [("ada", "ben"), ("ada", ""), ("", "ada")]
)
def test_nobody_is_answered_with_what_another_told(moot, sender, other):
    words = told()
    submissions.submit(moot.node, words, by=moot[sender] if sender else GUEST)

    with pytest.raises(IdempotencyMismatch):
        submissions.submit(moot.node, words, by=moot[other] if other else GUEST)


def test_two_requests_at_once_make_one_case(moot):
    words = told()

    def send(_):
        for _ in range(RUNS):
            with suppress(Collision):
                return submissions.submit(moot.node, words, by=GUEST).reference
        return "never"

    with ThreadPoolExecutor(4) as all_at_once:
        references = set(all_at_once.map(send, range(4)))

    assert len(references) == 1
    assert kept(moot) == 1


@pytest.mark.capability("1.20")
@pytest.mark.parametrize(
    "text", [STORY, "  spaces \t and\r\n\r\nlines\n ", "é e\u0301 \u202eRTL 🏚\ufe0f"]
)
def test_words_are_kept_as_they_came_to_the_last_byte(moot, text):
    made = moot.tell(text=text)

    assert cases.view(moot.node, made.reference, by=moot.guest(made)).story == text
    assert dict(moot.entries(made)[0].disclosed)["text"] == text


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text": " \n"}, WordsMissing),
        ({"text": "a" * 50_001}, WordsTooLong),
        ({"text": "nul \0"}, CharactersInvalid),
        ({"wanted": "\x07"}, CharactersInvalid),
        ({"place": "a" * 301}, ChoiceInvalid),
        ({"topic": "the weather"}, ChoiceInvalid),
        ({"area": "nowhere"}, ChoiceInvalid),
        ({"contact": "not an address"}, ContactInvalid),
        ({"language": "not a language"}, LanguageInvalid),
    ],
)
def test_what_is_refused_leaves_nothing(moot, given, refusal):
    before = moot.size()

    with pytest.raises(refusal):
        moot.tell(**given)

    assert (kept(moot), moot.size()) == (0, before)


def test_every_part_of_a_telling_is_sealed_once_and_in_order(moot):
    made = moot.tell(**FULL)

    assert moot.kinds(made, promises=True) == [
        "submission", "claim", "consent.give", "consent.give", "ack", "pledge",
        "pledge", "pledge",
    ]  # fmt: skip


@pytest.mark.capability("1.13")
def test_problem_wish_and_value_are_kept_as_told(moot):
    made = moot.tell(**FULL)

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (view.story, view.wanted, view.value) == (STORY, "It repaired.", EUROS)
    assert (view.place, view.area_name, view.topic) == (
        "12 Elm Street",
        "Ash",
        "housing",
    )
    assert view.state is State.RECEIVED
    assert dict(moot.entries(made)[1].disclosed) == {
        "problem": STORY, "wanted": "It repaired.", "value": "120.50 EUR",
    }  # fmt: skip


@pytest.mark.capability("1.1")
@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 8, 2, tzinfo=UTC)],
)
def test_a_guest_is_promised_exactly_what_a_member_is(moot, moment):
    moot.village.now = moment
    guest = moot.tell(contact=MAIL)
    moot.village.now = moment

    member = moot.tell(by=moot["ada"])

    promised = [
        [(one.kind, one.due_at, one.need_minutes, one.rule) for one in made.pledges]
        for made in (guest, member)
    ]
    assert promised[0] == promised[1]
    assert moot.kinds(guest) == moot.kinds(member)


@pytest.mark.capability("1.19")
def test_the_clock_starts_at_receipt_on_a_sunday_night_too(moot):
    moot.village.now = datetime(2026, 3, 8, 2, 10, tzinfo=UTC)

    made = moot.tell()

    assert {one.started_at for one in made.pledges} == {
        datetime(2026, 3, 8, 2, 10, tzinfo=UTC)
    }
    # Two working days of eight hours, from Monday nine o'clock on.
    assert submissions.answer_due(made) == datetime(2026, 3, 10, 17, tzinfo=UTC)


def test_each_due_time_can_be_computed_again(moot):
    made = moot.tell()

    with moot.node.read() as tx:
        bylaws = governance.in_force(moot.node, tx)
    again = submissions.submit(moot.node, told(), by=GUEST)
    for made_ in (made, again):
        for pledge in made_.pledges:
            acknowledged = pledge.kind is PledgeKind.ACKNOWLEDGE
            calendar = ALWAYS if acknowledged else bylaws.calendar
            assert pledge.due_at == rules.due(pledge, calendar)


def test_the_answer_itself_acknowledges_and_no_answer_is_owed_less_for_it(moot):
    made = moot.tell(contact=MAIL)
    moot.village.work(moot.node)

    lines = cases.view(moot.node, made.reference, by=moot.guest(made)).pledges
    states = {line.kind: line.state for line in lines}
    assert states == {
        PledgeKind.ACKNOWLEDGE: PledgeState.MET,
        PledgeKind.TRIAGE: PledgeState.RUNNING,
        PledgeKind.FIRST_RESPONSE: PledgeState.RUNNING,
    }


def test_an_acknowledgement_goes_once_to_the_address_and_repeats_no_words(moot):
    made = moot.tell(contact=MAIL, text="My secret trouble.")

    moot.village.work(moot.node)
    moot.village.work(moot.node)

    [(to, message)] = moot.village.mails
    assert to == MAIL
    assert made.reference in message["Subject"]
    assert made.track_url in message.get_content()
    assert "secret" not in message["Subject"] + message.get_content()


def test_without_an_address_nobody_is_written_to_and_nobody_agreed_to_it(moot):
    made = moot.tell()

    moot.village.work(moot.node)

    assert moot.village.mails == []
    assert moot.kinds(made).count("consent.give") == 1


@pytest.mark.parametrize(
    ("by", "contact", "identity"),
    [("ada", "", Identity.VERIFIED), ("", MAIL, Identity.UNVERIFIED),
     ("", "", Identity.ANONYMOUS)],
)  # fmt: skip
def test_it_is_written_down_how_sure_we_are_who_told(moot, by, contact, identity):
    made = moot.tell(by=moot[by] if by else GUEST, contact=contact)

    with moot.node.read() as tx:
        assert tx.get_one(Submission, made.submission_id).identity is identity


def test_too_many_from_one_place_are_all_kept_and_marked_for_a_person(moot):
    made = [moot.tell(source="203.0.113.9") for _ in range(11)]
    moot.tell(source="203.0.113.10")

    with moot.node.read() as tx:
        cautions = {case.id: case.caution for case in tx.scalars(select(Case))}
    assert [cautions[one.case_id] for one in made] == [""] * 10 + ["too-many"]
    assert list(cautions.values()).count("too-many") == 1


def test_no_leaf_of_the_ledger_holds_anything_anybody_said_or_is(moot):
    made = moot.tell(**FULL)
    moot.bring(made, State.CLOSED)
    said = [
        *FULL["name"].split(), MAIL, "Elm Street", "repaired", "heating", "housing",
        made.reference, "Cleo", made.case_id.hex, str(made.case_id), made.link_token,
    ]  # fmt: skip

    world = b"\n".join(moot.leaves())

    assert len(world) > 1000
    for secret in said:
        for form in (secret.encode(), secret.encode().hex().encode()):
            assert form not in world
    assert made.case_id.bytes not in world
