"""What people ask other programs for, one test each (casework, section 19).

Each is as short as the wish; what each rests on is tested where it is built.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from governance.assignments import Method
from governance.calendars import Calendar
from governance.cases import Act, Part, State
from governance.consent import Purpose, Standing
from governance.errors import ConsentMissing, NoAgreement, Refusal
from governance.intake import Channel, Machine
from governance.resolutions import Answer
from governance.retention import Choice
from governance.threads import Direction
from governance.walls import InterestKind
from node import (
    actors,
    assignments,
    bonds,
    cases,
    consent_rows,
    handovers,
    interests,
    keeping,
    later,
    log,
    matches,
    proxies,
    publications,
    search,
    splitting,
    spoken,
    submissions,
    teams,
    threads,
    together,
    work,
)
from node.accounts import GUEST
from node.consent_rows import Asked, What
from node.intake import Audience
from node.keeping import Chosen
from node.models.cases import Case
from node.resolutions import claiming
from node.splitting import Marked
from node.spoken import Heard
from node.teams import Described, Place
from node.threads import Words
from tests.node.test_absences import away
from tests.node.test_assignments_automatic import knows
from tests.node.test_bonds import seen
from tests.node.test_cases_triage import choice
from tests.node.test_handovers import BIRCH, promise
from tests.node.test_together import Common, agree_to_be_joined, opened
from tests.support import drafts
from tests.support.cast import moot_on, told
from tests.support.clients import Browser, app_of
from tests.support.engines import ENGINES, server_of
from tests.support.erased import settle, stores
from tests.web.reader import Reader

MAIL = "ada@mailbox.example"


@pytest.fixture(params=ENGINES)
def moot(request, tmp_path):
    """A community where nothing is done but what a test does."""
    with moot_on(server_of(request), tmp_path / "moot") as moot:
        yield moot


def mails(moot, who):
    """Return the mails that went to somebody."""
    return [mail for to, mail in moot.village.mails if to == who]


def team(moot, method, **languages):
    """Make a team of everybody named, with the languages they speak."""
    made = teams.create(moot.node, Described("Homes", method), by=moot["iris"])
    for name, known in languages.items():
        teams.place(moot.node, made, moot.ids[name], Place.MEMBER, by=moot["iris"])
        knows(moot, name, languages=known)


def holder(moot, made):
    """Return the name of whoever has a case; None while nobody has."""
    names = {id_: name for name, id_ in moot.ids.items()}
    with moot.node.read() as tx:
        return names.get(tx.get_one(Case, made.case_id).responsible_id)


def spoken_in(moot):
    """Return the stores that the canary's word can be read in."""
    return [name for name, raw in stores(moot.node).items() if b"canary" in raw]


@pytest.mark.capability("U.1")
def test_cases_come_to_people_fairly(moot):
    team(moot, Method.ROUND_ROBIN, cleo="", eve="", gus="")
    told = [moot.tell() for _ in range(6)]

    for made in told:
        moot.triage(made)
        work.run(moot.node)
        moot.village.pass_time(minutes=1)

    given = [holder(moot, made) for made in told]
    assert {name: given.count(name) for name in given} == {
        "cleo": 2, "eve": 2, "gus": 2,
    }  # fmt: skip


@pytest.mark.capability("U.2")
def test_who_was_given_a_case_and_stays_silent_does_not_keep_it(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)

    for _ in range(10):
        moot.village.pass_time(days=1)
        moot.village.work(moot.node)

    assert moot.state(made) is State.QUEUED
    assert any("sorry" in mail["Subject"] for mail in mails(moot, MAIL))


@pytest.mark.capability("U.3")
def test_the_person_who_was_helped_says_whether_it_was_solved(moot):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)

    for who in ("cleo", "iris"):
        with pytest.raises(Refusal):
            moot.act(made, Act.CONFIRM, moot[who], answer="solved")
    moot.act(made, Act.DISPUTE, moot.guest(made), reason="It drips again.")

    assert moot.state(made) is State.WORKING


@pytest.mark.capability("U.4")
def test_a_merge_can_be_undone(moot):
    one, other = moot.tell(), moot.tell()
    for made in (one, other):
        moot.bring(made, State.QUEUED)
    before = seen(moot, one, other)
    bonds.merge(moot.node, one.reference, other.reference, by=moot["iris"])
    assert seen(moot, one, other) != before
    (line,) = bonds.bonds_of(moot.node, one.reference, by=moot["iris"])

    bonds.undo(moot.node, one.reference, line.id, by=moot["iris"])

    assert seen(moot, one, other) == before


@pytest.mark.capability("U.4")
def test_a_split_can_be_undone(moot):
    made = moot.tell(text="The lift is broken. The roof leaks.")
    before = cases.triage_next(moot.node, by=moot["iris"])
    marked = Marked(uuid4(), ("The roof leaks.",))
    splitting.split(moot.node, made.reference, marked, by=moot["iris"])
    assert cases.triage_next(moot.node, by=moot["iris"]).waiting == 2
    shown = splitting.parts_of(moot.node, made.reference, by=moot["iris"])

    splitting.undo(moot.node, made.reference, shown.pieces[0].id, by=moot["iris"])

    assert cases.triage_next(moot.node, by=moot["iris"]) == before


@pytest.mark.capability("U.5")
def test_one_update_reaches_everybody_it_concerns(moot):
    matter = moot.tell(text="The whole street is damp.", topic="housing")
    moot.bring(matter, State.WORKING)
    agree_to_be_joined(moot, matter)
    opened(moot, matter)
    common = Common(moot, matter)
    neighbours = [common.joined() for _ in range(3)]

    words = Words(uuid4(), "They come on Monday.")
    together.update(moot.node, matter.reference, words, by=moot["cleo"])

    for made in (matter, *neighbours):
        shown = cases.view(moot.node, made.reference, by=moot.guest(made))
        assert shown.timeline[-1].text == "They come on Monday."


@pytest.mark.capability("U.7")
def test_others_say_that_it_is_not_fixed_and_whoever_is_responsible_hears_it(moot):
    matter = moot.common()
    neighbours = [moot.tell(text="It is damp here, too.") for _ in range(3)]
    for made in neighbours:
        moot.act(made, Act.JOIN, moot.guest(made), matter=matter.reference)
    moot.act(matter, Act.RESOLVE, moot["cleo"], text="It is repaired.")

    for made in neighbours[:2]:
        by = moot.guest(made)
        claiming.answer(moot.node, made.reference, Answer.NOT_SOLVED, by=by)
    moot.village.work(moot.node)

    assert moot.state(matter) is State.WORKING
    for who in ("cleo@ash.example", "gus@ash.example"):
        heard = f"Not solved, say those who joined: case {matter.reference}"
        assert heard in [mail["Subject"] for mail in mails(moot, who)]


@pytest.mark.capability("5.15")
def test_each_claimant_has_an_outcome_of_their_own(moot):
    matter = moot.common()
    neighbours = [moot.tell(text="It is damp here, too.") for _ in range(3)]
    for made in neighbours:
        moot.act(made, Act.JOIN, moot.guest(made), matter=matter.reference)
    moot.act(matter, Act.RESOLVE, moot["cleo"], text="It is repaired.")

    for made, said in zip(neighbours, Answer, strict=True):
        claiming.answer(moot.node, made.reference, said, by=moot.guest(made))
    moot.act(matter, Act.CONFIRM, moot.guest(matter), answer="solved")
    moot.village.work(moot.node)

    solved, partly, not_solved = (
        together.look(moot.node, made.reference, by=moot.guest(made)).joined
        for made in neighbours
    )
    assert (solved.answer, partly.answer) == (Answer.SOLVED, Answer.PARTLY)
    assert not_solved is None
    assert moot.state(neighbours[2]) is State.QUEUED
    assert moot.state(matter) is State.CLOSED


@pytest.mark.capability("U.15")
def test_what_is_spoken_stands_in_the_same_history(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    called = Heard(
        id=uuid4(), direction=Direction.IN, channel=Channel.PHONE,
        at=moot.node.now(), text="It has stopped altogether.",
    )  # fmt: skip
    spoken.note(moot.node, made.reference, called, by=moot["cleo"])
    back = replace(called, id=uuid4(), direction=Direction.OUT, text="On Friday.")
    spoken.note(moot.node, made.reference, back, by=moot["cleo"])
    threads.reply(moot.node, made.reference, Words(uuid4(), "Done?"), by=moot["cleo"])

    view = cases.view(moot.node, made.reference, by=moot.guest(made))

    said = [(it.who, it.text) for it in view.timeline if it.kind == "reply"]
    assert said == [
        ("you", called.text), ("advocate", back.text), ("advocate", "Done?"),
    ]  # fmt: skip
    moot.village.work(moot.node)
    assert any("Written down" in mail["Subject"] for mail in mails(moot, MAIL))
    spoken.deny(moot.node, made.reference, back.id, by=moot.guest(made))
    after = cases.view(moot.node, made.reference, by=moot.guest(made)).timeline
    assert [bool(it.spoken.denied_at) for it in after if it.spoken] == [False, True]


@pytest.mark.capability("U.21")
def test_the_same_thing_sent_twice_by_a_phone_without_a_net_is_one_case(moot):
    once = told(text="The lift is broken.")

    first = submissions.submit(moot.node, once, by=GUEST)
    moot.village.pass_time(days=2)
    second = submissions.submit(moot.node, once, by=GUEST)

    assert (second.case_id, second.again) == (first.case_id, True)
    assert moot.kinds(first).count("submission") == 1


@pytest.mark.capability("U.6")
def test_one_case_needs_no_account(moot):
    made = moot.tell()
    reader = Reader(app_of(moot.node))

    reader.open(f"/c/{made.link_token}")

    reader.open(f"/cases/{made.reference}")
    assert made.reference in reader.text


@pytest.mark.capability("U.10")
def test_a_case_comes_back_on_the_day_the_other_side_named(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    words = Words(uuid4(), "I asked them.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])
    day = (moot.node.now() + timedelta(days=2)).isoformat()
    asked = {"whom": "The office", "text": "When?", "until": day}
    moot.act(made, Act.ASK_OTHER, moot["cleo"], **asked)

    moot.village.pass_time(days=2, minutes=1)
    moot.village.work(moot.node)

    assert moot.state(made) is State.WORKING
    reminded = [mail["Subject"] for mail in mails(moot, "cleo@ash.example")]
    assert reminded[-1] == f"The day has come: case {made.reference}"


@pytest.mark.capability("U.8")
@pytest.mark.parametrize("reading", ["refused", "no_way"])
def test_where_a_body_refuses_or_is_not_to_be_reached_it_does_not_end(moot, reading):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WAITING_OTHER)
    said = {"text": "They say it is not theirs.", "reading": reading}
    moot.act(made, Act.OTHER_REPLIED, moot["cleo"], **said)

    for who in (moot["cleo"], moot.guest(made)):
        view = cases.view(moot.node, made.reference, by=who)
        (line,) = view.inquiries
        assert (view.state, line.whom) == (State.WORKING, "The office")
        assert (line.reading, line.ends_there) == (reading, True)
    until = (moot.node.now() + timedelta(days=5)).isoformat()
    asked = {"whom": "Whoever is above them", "text": "Is it?", "until": until}
    moot.act(made, Act.ASK_OTHER, moot["cleo"], **asked)
    moot.act(made, Act.OTHER_REPLIED, moot["cleo"], text="It is. We do it.")

    first, second = cases.view(moot.node, made.reference, by=moot["cleo"]).inquiries
    assert (first.ends_there, second.ends_there) == (True, False)
    assert (second.whom, second.reading) == ("Whoever is above them", "answered")


@pytest.mark.capability("U.22")
def test_who_told_it_where_and_when_is_hidden_where_it_is_public(moot):
    actors.make(moot.node)
    ada, when = moot["ada"], f"{moot.node.now():%Y-%m-%d}"
    where = {"place": "12 Canary Lane", "area": "south", "name": "Ada Lovelace"}
    made = moot.tell(by=ada, text="It was me who saw it.", **where)
    moot.village.pass_time(days=9)
    publications.publish(moot.node, made.reference, "A lamp", "It is off.", by=ada)

    shown = publications.shown(moot.node, made.reference, by=ada)
    key = shown.address.rpartition("/")[2]
    document, _ = publications.document(moot.node, key)
    browser = Browser(app_of(moot.node), moot.node)
    texts = [json.dumps(document)]
    texts += [browser.get(path).text for path in ("/public", f"/public/{key}")]
    assert all("A lamp" in text for text in texts)
    hidden = ("Ada", "Lovelace", "Canary Lane", "South side", "me who saw", when)
    for secret in (*hidden, made.reference, "2 Mar", "2 March"):
        assert all(secret not in text for text in texts), secret


@pytest.mark.capability("U.9")
def test_who_puts_a_case_off_again_and_again_is_seen_to(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    threads.reply(moot.node, made.reference, Words(uuid4(), "Yes."), by=moot["cleo"])
    for name in ("The housing office", "the  Housing Office"):
        until = (moot.node.now() + timedelta(days=2)).isoformat()
        asked = {"whom": name, "text": "When?", "until": until}
        moot.act(made, Act.ASK_OTHER, moot["cleo"], **asked)
        for _ in range(3):
            moot.village.pass_time(days=1)
            moot.village.work(moot.node)
        assert moot.state(made) is State.WORKING

    for who in (moot["cleo"], moot.guest(made)):
        (line,) = cases.view(moot.node, made.reference, by=who).delays

        assert (line.whom, line.times, line.asked) == ("The housing office", 2, 2)
        assert line.last - line.first == timedelta(days=3)


@pytest.mark.capability("U.11")
def test_a_day_has_several_opening_times_and_a_reply_leaves_later(moot):
    closed_at_noon = Calendar(UTC, (((540, 720), (780, 1020)),) * 5 + ((),) * 2)
    monday = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    made = moot.tell()
    moot.bring(made, State.WORKING)
    words, at = Words(uuid4(), "They open at one."), moot.node.now()

    later.schedule(
        moot.node, made.reference, words, at + timedelta(hours=3), by=moot["cleo"]
    )
    moot.village.work(moot.node)
    before = moot.kinds(made).count("reply")
    moot.village.pass_time(hours=3)
    moot.village.work(moot.node)

    assert closed_at_noon.spans(date(2026, 3, 2))[1][0].hour == 13
    worked = closed_at_noon.worked(monday, monday + timedelta(hours=2))
    assert worked == timedelta(hours=1)
    assert (before, moot.kinds(made).count("reply")) == (0, 1)


@pytest.mark.capability("U.12")
def test_no_subject_list_or_search_tells_of_a_case_to_who_must_not_know(moot):
    interests.declare(moot.node, InterestKind.ADDRESS, "Elm Street", by=moot["cleo"])
    made = moot.tell(
        text="Ernest hit me.",
        place="Flat 3, 12 Elm Street",
        contact=MAIL,
        audience=Audience.ADVOCATES,
    )
    other = moot.tell(text="Another matter.", audience=Audience.ADVOCATES)
    moot.village.work(moot.node)
    for one in (made, other):
        moot.bring(one, State.QUEUED)
    search.rebuild(moot.node)
    moot.village.work(moot.node)

    assert [
        line.reference for line in assignments.desk(moot.node, by=moot["cleo"]).lines
    ] == [other.reference]
    assert search.find(moot.node, "ernest", by=moot["cleo"]).lines == ()
    assert len(search.find(moot.node, "ernest", by=moot["eve"]).lines) == 1
    assert mails(moot, MAIL)
    assert not [mail for _, mail in moot.village.mails if "rnest" in str(mail)]
    assert not [
        mail for mail in mails(moot, "cleo@ash.example") if made.reference in str(mail)
    ]


@pytest.mark.capability("U.13")
def test_one_person_can_help_others_and_be_helped(moot):
    own = moot.tell(by=moot["cleo"])
    other = moot.tell()
    moot.bring(other, State.WORKING)
    moot.triage(own)

    with pytest.raises(Refusal):
        assignments.take(moot.node, own.reference, by=moot["cleo"])

    desk = assignments.desk(moot.node, by=moot["cleo"])
    assert [line.reference for line in desk.lines] == [other.reference]
    mine = cases.mine(moot.node, by=moot["cleo"])
    assert [line.reference for line in mine.open] == [own.reference]


@pytest.mark.capability("U.14")
def test_cases_go_to_whoever_speaks_the_language(moot):
    team(moot, Method.SKILL_LANGUAGE, cleo="en", eve="en pl", gus="de")
    made = moot.tell()

    cases.triage(moot.node, made.reference, choice(language="pl"), by=moot["iris"])
    work.run(moot.node)

    assert holder(moot, made) == "eve"


@pytest.mark.capability("U.16")
def test_a_closed_case_goes_along_with_its_member_and_then_goes(moot):
    made = moot.tell(contact=MAIL, text="canary-words")
    moot.bring(made, State.CLOSED)
    log.sequence(moot.node)
    search.refresh(moot.node)
    assert spoken_in(moot)
    by = moot.guest(made)
    taken_along = cases.bundle(moot.node, made.reference, by=by)
    four = " ".join(made.words)

    keeping.choose(
        moot.node, made.reference, Chosen(Choice.DELETE, four, "203.0.113.9"), by=by
    )
    moot.village.work(moot.node)

    assert taken_along.startswith(b"PK")
    with pytest.raises(Refusal):
        cases.view(moot.node, made.reference, by=by)
    settle(moot)
    assert spoken_in(moot) == []


@pytest.mark.capability("U.20")
def test_who_is_away_hands_over_to_their_deputy_and_is_asked_nothing(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    away(moot, "cleo", "eve")
    moot.village.work(moot.node)

    assert holder(moot, made) == "eve"
    assert moot.state(made) is State.ASSIGNED
    other = moot.tell()
    moot.triage(other)
    with pytest.raises(Refusal):
        assignments.assign(
            moot.node, other.reference, moot.ids["cleo"], by=moot["iris"]
        )


@pytest.mark.capability("U.19")
def test_a_reply_goes_to_who_asked_and_not_to_who_wrote_last(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    moot.village.work(moot.node)
    threads.reply(moot.node, made.reference, Words(uuid4(), "First."), by=moot["cleo"])
    moot.village.work(moot.node)
    before = len(mails(moot, MAIL))

    threads.reply(moot.node, made.reference, Words(uuid4(), "Second."), by=moot["cleo"])
    moot.village.work(moot.node)

    assert len(mails(moot, MAIL)) > before
    assert not mails(moot, "cleo@ash.example")


@pytest.mark.capability("U.23")
def test_whoever_tells_something_reads_what_happens_to_it(moot):
    made = moot.tell()
    reader = Reader(app_of(moot.node))
    reader.open(f"/c/{made.link_token}")

    reader.open(f"/cases/{made.reference}")

    promised = ("Next promise", "Our promises", "Who can see this", "Your receipt")
    for said in promised:
        assert said in reader.text


@pytest.mark.capability("U.3")
def test_nobody_who_works_on_it_closes_a_case_alone(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    for act in (Act.CONFIRM, Act.LAPSE, Act.REFUSE):
        with pytest.raises(Refusal):
            moot.act(made, act, moot["cleo"], answer="solved", reason="Enough.")

    assert moot.state(made) is State.WORKING


@pytest.mark.capability("U.24")
def test_one_acts_for_a_person_who_is_present_with_their_word_and_not_for_long(moot):
    with pytest.raises(Refusal):
        proxies.begin(moot.node, agreed=False, by=moot["ben"])
    beside = proxies.begin(moot.node, agreed=True, by=moot["ben"])

    made = proxies.tell(
        moot.node, told(contact=MAIL), by=moot["ben"], beside=beside
    )  # fmt: skip
    moot.village.pass_time(minutes=30)

    with pytest.raises(Refusal):
        proxies.tell(moot.node, told(), by=moot["ben"], beside=beside)
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (view.timeline[0].name, view.part) == ("Ben", Part.MEMBER)
    with pytest.raises(Refusal):
        cases.view(moot.node, made.reference, by=moot["ben"])


@pytest.mark.capability("U.24")
@pytest.mark.capability("5.14")
def test_who_was_spoken_for_is_told_and_takes_it_back_with_one_word(moot):
    made = proxies.tell(moot.node, told(contact=MAIL), by=moot["ben"])
    moot.village.work(moot.node)
    (mail,) = mails(moot, MAIL)
    assert made.track_url in mail.get_content()

    proxies.object_to(moot.node, made.reference, by=moot.guest(made))

    assert moot.state(made) is State.CLOSED


@pytest.mark.capability("U.17")
def test_a_mail_that_is_answered_finds_its_case_and_nothing_else_does(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WAITING_MEMBER)
    moot.village.work(moot.node)
    question = mails(moot, MAIL)[-1]

    named = drafts.mail("Since May.", sender=MAIL, subject=f"Re: {made.reference}")
    other = drafts.mail("Since May.", sender="zoe@mailbox.example", to=question)
    for like in (named, other):
        assert drafts.deliver(moot, like).reference != made.reference
        assert moot.state(made) is State.WAITING_MEMBER

    answered = drafts.deliver(moot, drafts.mail("In May.", sender=MAIL, to=question))

    assert (answered.reference, moot.state(made)) == (made.reference, State.WORKING)
    own = cases.view(moot.node, made.reference, by=moot["cleo"]).timeline
    said = [entry.text.strip() for entry in own if entry.who == "member"]
    assert [one for one in said if one][-1] == "In May."
    assert "Since May." not in said


@pytest.mark.capability("U.18")
def test_two_machines_that_answer_each_other_stop(moot):
    answered, honest = 0, Machine.AUTO_REPLY
    drafts.deliver(moot, drafts.mail("The lift is broken.", sender=MAIL))
    while answered < len(mails(moot, MAIL)) and answered < 50:
        newest = mails(moot, MAIL)[answered]
        answered += 1
        for machine in (honest, Machine.HUMAN):
            away = drafts.mail("I am away.", sender=MAIL, to=newest)
            drafts.deliver(moot, away, machine=machine)
            loose = drafts.mail("I am away.", sender=MAIL)
            drafts.deliver(moot, loose, machine=machine)

    # One that says it is a person made one case more, and was told nothing again.
    assert (answered, len(mails(moot, MAIL))) == (1, 1)
    with moot.node.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Case)) == 2


@pytest.mark.capability("U.25")
def test_nobody_is_written_to_because_of_a_similar_name(moot):
    first = moot.tell(contact="zoe.marsh@mailbox.example", name="Zoe Marsh")
    second = moot.tell(contact="zoe.march@mailbox.example", name="Zoe March")
    for made in (first, second):
        moot.bring(made, State.WORKING)
    doubtful = [line.reference for line in matches.unmatched(moot.node, by=moot["gus"])]
    assert second.reference in doubtful
    moot.village.work(moot.node)
    before = len(mails(moot, "zoe.march@mailbox.example"))

    answer = Words(uuid4(), "The owner comes tomorrow.")
    threads.reply(moot.node, first.reference, answer, by=moot["cleo"])
    moot.village.work(moot.node)

    newest, _ = moot.village.mails[-1]
    assert newest == "zoe.marsh@mailbox.example"
    assert len(mails(moot, "zoe.march@mailbox.example")) == before


@pytest.mark.capability("U.26")
def test_a_case_goes_to_another_installation_and_comes_back_with_an_outcome(moot):
    # The partner is a function call; nothing leaves this node. By the same acts it does
    # once there are agreements: without one, the gate stays shut.
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    with pytest.raises(ConsentMissing):
        handovers.draft(moot.node, made.reference, BIRCH, by=moot["cleo"])
    with moot.node.begin() as tx:
        given = What(state=Standing.GIVEN, at=moot.node.now())
        shared = Asked(
            case_id=made.case_id, purpose=Purpose.SHARE_WITH_NODE, recipient=BIRCH
        )
        consent_rows.begin(moot.node, tx, shared, given)
    id_ = handovers.draft(moot.node, made.reference, BIRCH, by=moot["cleo"])
    with pytest.raises(NoAgreement):
        handovers.offer(moot.node, id_, by=moot["cleo"])

    handovers.offer(moot.node, id_, by=moot["cleo"], gate=lambda _: None)
    handovers.accepted(moot.node, id_, promise(moot))
    assert moot.state(made) is State.WORKING
    handovers.delivered(moot.node, id_)
    assert moot.state(made) is State.TRANSFERRED
    handovers.finished(moot.node, id_)

    assert moot.state(made) is State.RESOLVED
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")
    assert moot.state(made) is State.CLOSED
