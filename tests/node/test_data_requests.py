"""Asking about one's own data: the promise, the answer, and who hears of what."""

import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.access import Field
from governance.cases import State as CaseState
from governance.consent import Purpose
from governance.data_requests import CLOCK, FURTHER, Kind, State
from governance.errors import (
    AuthRequired,
    ChoiceInvalid,
    Denied,
    Invalid,
    NotFound,
    ReasonMissing,
    Throttled,
    WordsMissing,
    WrongState,
)
from node import challenges, data_requests, erasing, matches, own_data, vault
from node.accounts import GUEST
from node.data_requests import Answer, Wish
from node.erasing import Erasure, Level, journal
from node.models.accounts import GrantRow
from node.models.data_requests import DataRequest
from node.models.log import LedgerChain
from node.models.notices import Notice
from tests.support import members
from tests.support.erased import stores

WORDS = "canary: who wrote the note of May about me?"
ANSWER = "canary-answer: it was Cleo, and here it is."


def ask(moot, kind=Kind.ACCESS, words=WORDS, purpose=None, by="ada"):
    return data_requests.ask(moot.node, Wish(kind, words, purpose), by=moot[by])


def settle(moot, id_, by="dov", **given):
    said = Answer(given.pop("words", ANSWER), **given)
    data_requests.settle(moot.node, id_, said, by=moot[by])


def mine(moot, by="ada"):
    return data_requests.mine(moot.node, by=moot[by])


def later(moot, **time):
    moot.village.pass_time(**time)
    moot.village.work(moot.node)


def told(moot, kind):
    """Return who was told something, once each time."""
    names = {id_: name for name, id_ in moot.ids.items()}
    with moot.node.read() as tx:
        rows = tx.scalars(select(Notice.person_id).where(Notice.kind == kind))
        return sorted(names[one] for one in rows)


def seen(moot, by):
    waiting = data_requests.listed(moot.node, by=moot[by])
    return [it.id for it in (*waiting.open, *waiting.settled)]


def wall(moot, made, who):
    """Let a wall stand between somebody and a case."""
    challenges.challenge(
        moot.node, made.reference, moot.ids[who], "A cousin.", by=moot["olga"]
    )
    (line,) = challenges.of_case(moot.node, made.reference, by=moot["iris"])
    challenges.decide(moot.node, line.id, stands=True, by=moot["iris"])


@pytest.mark.capability("5.11")
def test_a_request_has_a_day_by_which_it_is_answered(moot):
    id_ = ask(moot)

    (found,) = mine(moot)

    assert (found.id, found.kind, found.state) == (id_, Kind.ACCESS, State.OPEN)
    assert found.words == WORDS
    assert found.due_at == found.received_at + timedelta(days=30)
    assert not found.late
    assert mine(moot, "ben") == ()


def test_an_answer_is_read_by_whoever_asked(moot):
    id_ = ask(moot)
    settle(moot, id_)

    (found,) = mine(moot)

    assert (found.state, found.answer, found.complain) == (State.ANSWERED, ANSWER, "")
    assert found.settled_at == moot.node.now()
    assert told(moot, "request.answered") == ["ada"]


def test_a_refusal_gives_the_reason_and_whom_to_complain_to(moot):
    id_ = ask(moot)
    with pytest.raises(ReasonMissing):
        settle(moot, id_, refused=True)
    with pytest.raises(ChoiceInvalid):
        settle(moot, id_, refused=True, complain="x" * 301)

    settle(moot, id_, words="The note names others.", refused=True, complain="DPA, Ash")

    (found,) = mine(moot)
    assert found.state is State.REFUSED
    assert (found.answer, found.complain) == ("The note names others.", "DPA, Ash")


def test_an_answer_is_given_once(moot):
    id_ = ask(moot)
    settle(moot, id_)

    with pytest.raises(WrongState):
        settle(moot, id_, words="Another one.", by="iris")

    assert mine(moot)[0].answer == ANSWER


def test_an_objection_names_the_purpose(moot):
    ask(moot, Kind.OBJECTION, purpose=Purpose.CONTACT_OUTREACH)

    assert mine(moot)[0].purpose is Purpose.CONTACT_OUTREACH
    with pytest.raises(ChoiceInvalid):
        ask(moot, Kind.OBJECTION)


@pytest.mark.parametrize("words", ["", " \n", "x" * 50_001, "a\0b"])
def test_what_is_no_words_is_refused_on_both_sides(moot, words):
    with pytest.raises(Invalid):
        ask(moot, words=words)
    assert mine(moot) == ()

    id_ = ask(moot)
    with pytest.raises(Invalid):
        settle(moot, id_, words=words)


def test_those_responsible_hear_of_it_a_week_before_and_at_its_day(moot):
    ask(moot)
    responsible = ["dov", "gus", "iris", "olga"]
    assert told(moot, "request.asked") == responsible

    later(moot, days=22, hours=23)
    assert told(moot, "request.soon") == []
    later(moot, hours=2)
    assert told(moot, "request.soon") == responsible
    assert told(moot, "request.over") == told(moot, "request.late") == []
    later(moot, days=7)

    assert told(moot, "request.soon") == told(moot, "request.over") == responsible
    assert told(moot, "request.late") == ["ada"]


HARD = "canary-longer: three communities must look."


def test_a_difficult_request_takes_longer_and_its_member_reads_why(moot):
    id_ = ask(moot)
    later(moot, days=29)
    data_requests.lengthen(moot.node, id_, HARD, by=moot["dov"])
    moot.village.work(moot.node)

    (found,) = mine(moot)
    assert (found.longer, found.late) == (HARD, False)
    assert found.due_at == found.received_at + CLOCK + FURTHER
    assert told(moot, "request.longer") == ["ada"]
    assert promises(moot, id_) == ["promised", "longer"]


def test_what_takes_longer_is_warned_of_anew_and_missed_at_its_own_end(moot):
    id_ = ask(moot)
    later(moot, days=24)
    data_requests.lengthen(moot.node, id_, HARD, by=moot["dov"])
    responsible = ["dov", "gus", "iris", "olga"]
    assert told(moot, "request.soon") == responsible

    later(moot, days=57)
    assert told(moot, "request.over") == []
    later(moot, days=2)
    assert told(moot, "request.soon") == sorted(2 * responsible)
    later(moot, days=7)
    assert told(moot, "request.over") == responsible
    assert told(moot, "request.late") == ["ada"]


def test_the_time_is_made_longer_by_who_answers_once_and_in_time(moot):
    first, second = ask(moot), ask(moot)
    with pytest.raises(Denied):
        data_requests.lengthen(moot.node, first, HARD, by=moot["cleo"])
    with pytest.raises(WordsMissing):
        data_requests.lengthen(moot.node, first, " ", by=moot["dov"])
    data_requests.lengthen(moot.node, first, HARD, by=moot["dov"])
    with pytest.raises(WrongState):
        data_requests.lengthen(moot.node, first, HARD, by=moot["iris"])
    moot.village.pass_time(days=31)
    with pytest.raises(WrongState):
        data_requests.lengthen(moot.node, second, HARD, by=moot["dov"])


def test_a_warning_that_is_given_twice_is_heard_once(moot):
    id_ = ask(moot)
    moot.village.pass_time(days=24)
    for _ in range(2):
        data_requests.warn(moot.node, str(id_))
    assert told(moot, "request.soon") == ["dov", "gus", "iris", "olga"]

    moot.village.pass_time(days=7)
    for _ in range(2):
        data_requests.warn(moot.node, str(id_))

    assert told(moot, "request.late") == ["ada"]


def test_a_miss_is_written_down_and_stays_one_when_it_is_answered(moot):
    id_ = ask(moot)
    later(moot, days=30, seconds=1)
    assert mine(moot)[0].late

    settle(moot, id_)

    (found,) = mine(moot)
    assert (found.state, found.late) == (State.ANSWERED, True)
    assert promises(moot, id_) == ["promised", "missed"]


def test_an_answer_that_is_late_before_anybody_was_warned_is_a_miss_too(moot):
    id_ = ask(moot)
    moot.village.pass_time(days=31)
    settle(moot, id_)
    moot.village.work(moot.node)

    assert promises(moot, id_) == ["promised", "missed"]
    assert told(moot, "request.over") == told(moot, "request.late") == []


def test_once_it_is_answered_nobody_is_warned(moot):
    id_ = ask(moot)
    settle(moot, id_)
    later(moot, days=31)

    assert told(moot, "request.soon") == told(moot, "request.over") == []
    assert not mine(moot)[0].late
    assert promises(moot, id_) == ["promised"]


def sealed(moot, id_):
    """Return what each receipt of a request shows; every one of them must hold."""
    return [
        (one.kind, one.role, dict(one.disclosed))
        for one in moot.entries(SimpleNamespace(case_id=id_))
    ]


def promises(moot, id_):
    """Return what the ledger has of the promise of a request."""
    return [
        shown["outcome"] for kind, _, shown in sealed(moot, id_) if kind == "pledge"
    ]


def test_each_act_is_sealed_in_a_chain_of_its_own_without_a_word(moot):
    size = moot.size()
    id_ = ask(moot)
    settle(moot, id_)

    assert moot.size() == size + 3
    asked, promised, answered = sealed(moot, id_)
    assert asked == ("status", "member", {"action": "request.access", "to": "open"})
    assert promised[2]["what"] == "request"
    assert answered == (
        "status",
        "steward",
        {"action": "request.access", "from": "open", "to": "answered"},
    )


def test_no_word_of_it_is_in_a_mail_or_open_in_the_database(moot):
    id_ = ask(moot)
    settle(moot, id_, refused=True, complain="canary authority")
    moot.village.work(moot.node)

    assert moot.village.mails
    for _, mail in moot.village.mails:
        assert "canary" not in mail["Subject"] + mail.get_content()
    with moot.node.read() as tx:
        row = tx.get_one(DataRequest, id_)
        for cell in (row.words, row.answer, row.complain):
            assert b"canary" not in cell


@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "eve", "finn"])
def test_answering_is_for_those_who_answer_for_everything(moot, who):
    id_ = ask(moot)
    node, by = moot.node, moot[who]

    for look in (
        lambda: data_requests.listed(node, by=by),
        lambda: data_requests.one(node, id_, by=by),
        lambda: settle(moot, id_, by=who),
    ):
        with pytest.raises(Denied):
            look()


def test_who_coordinates_one_topic_alone_does_not_answer_for_all(moot):
    id_ = ask(moot)
    with moot.node.begin() as tx:
        grants = select(GrantRow).where(GrantRow.person_id == moot.ids["iris"])
        tx.scalars(grants).one().topics = "housing"

    with pytest.raises(Denied):
        data_requests.one(moot.node, id_, by=moot["iris"])
    ask(moot)
    assert told(moot, "request.asked").count("iris") == 1


def test_a_coordinator_answers_as_one(moot):
    id_ = ask(moot)

    settle(moot, id_, by="iris")

    opened = data_requests.one(moot.node, id_, by=moot["dov"])
    assert (opened.name, opened.by_name) == ("Ada", "Iris")
    assert [role for kind, role, _ in sealed(moot, id_) if kind == "status"] == [
        "member",
        "coordinator",
    ]


def test_nobody_answers_their_own_request(moot):
    id_ = ask(moot, by="iris")

    assert seen(moot, "iris") == []
    with pytest.raises(NotFound):
        data_requests.one(moot.node, id_, by=moot["iris"])
    with pytest.raises(NotFound):
        settle(moot, id_, by="iris")
    assert told(moot, "request.asked") == ["dov", "gus", "olga"]
    settle(moot, id_, by="olga")


def test_whom_a_wall_keeps_from_a_case_knows_of_no_request_of_its_member(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, CaseState.QUEUED)
    wall(moot, made, "gus")

    id_ = ask(moot)

    assert (seen(moot, "gus"), seen(moot, "dov")) == ([], [id_])
    assert "gus" not in told(moot, "request.asked")
    hidden, missing = (
        refusal(lambda one=one: data_requests.one(moot.node, one, by=moot["gus"]))
        for one in (id_, uuid4())
    )
    assert hidden == missing
    with pytest.raises(NotFound):
        settle(moot, id_, by="gus")
    later(moot, days=31)
    assert "gus" not in told(moot, "request.over")


def refusal(act):
    with pytest.raises(NotFound) as no:
        act()
    return no.value.code, no.value.reason, no.value.values


def test_the_most_urgent_stands_first_and_what_is_answered_apart(moot):
    first = ask(moot)
    moot.village.pass_time(days=1)
    second = ask(moot, by="ben")
    moot.village.pass_time(days=1)
    third = ask(moot, by="cleo")
    settle(moot, second)

    waiting = data_requests.listed(moot.node, by=moot["dov"])

    assert [it.id for it in waiting.open] == [first, third]
    assert [it.id for it in waiting.settled] == [second]


def test_who_reads_it_is_written_down_and_its_member_sees_that(moot):
    id_ = ask(moot)
    data_requests.one(moot.node, id_, by=moot["iris"])

    (line,) = own_data.held(moot.node, by=moot["ada"]).look_ups

    assert (line.field, line.role) == (Field.REQUEST, "coordinator")


def test_it_stands_in_what_the_member_takes_away(moot):
    id_ = ask(moot)
    settle(moot, id_)
    ask(moot, words="canary of ben", by="ben")

    found = own_data.export(moot.node, by=moot["ada"])

    (request,) = found["fm:person"]["requests"]
    assert (request["words"], request["answer"]) == (WORDS, ANSWER)
    assert request["state"] == "answered"
    assert "canary of ben" not in json.dumps(found)


def test_a_correction_stands_beside_the_person_and_changes_nothing(moot):
    made = moot.tell(by=moot["ada"], text="My name is Ada.")
    moot.bring(made, CaseState.WORKING)
    before = own_data.held(moot.node, by=moot["ada"])
    id_ = ask(moot, Kind.RECTIFICATION, words="I am called Adah.")
    ask(moot, Kind.ACCESS)

    shown = matches.person(moot.node, moot.ids["ada"], by=moot["cleo"])

    assert [it.words for it in shown.statements] == ["I am called Adah."]
    after = own_data.held(moot.node, by=moot["ada"])
    assert (after.name, after.contacts) == (before.name, before.contacts)
    settle(moot, id_)
    later(moot, days=800)
    members.give(moot.node, moot.ids["iris"], "coordinator")
    shown = matches.person(moot.node, moot.ids["ada"], by=moot["iris"])
    assert [it.words for it in shown.statements] == ["I am called Adah."]


def test_a_wall_hides_what_its_member_says_is_right(moot):
    walled, other = moot.tell(by=moot["ada"]), moot.tell(by=moot["ada"])
    for made in (walled, other):
        moot.bring(made, CaseState.QUEUED)
    wall(moot, walled, "gus")
    ask(moot, Kind.RECTIFICATION, words="I am called Adah.")

    person = moot.ids["ada"]
    assert matches.person(moot.node, person, by=moot["gus"]).statements == ()
    assert matches.person(moot.node, person, by=moot["iris"]).statements


def gone(moot, id_):
    """Say whether nothing of a request can be read any more."""
    with moot.node.read() as tx:
        assert tx.get_one(LedgerChain, id_).erased_at is not None
        assert vault.key_of(moot.node, tx, "case", id_) is None
        return tx.get(DataRequest, id_) is None


def test_what_is_answered_goes_after_the_time_the_rules_keep_a_closed_case(moot):
    id_ = ask(moot)
    settle(moot, id_)
    later(moot, days=364)
    assert [it.id for it in mine(moot)] == [id_]

    later(moot, days=2)

    assert mine(moot) == ()
    assert gone(moot, id_)


def test_what_nobody_answered_never_goes_by_itself(moot):
    id_ = ask(moot)
    later(moot, days=800)

    assert [(it.id, it.late) for it in mine(moot)] == [(id_, True)]
    data_requests.forget(moot.node, str(id_))
    assert mine(moot) != ()


def test_a_timer_that_comes_too_early_takes_nothing(moot):
    id_ = ask(moot)
    settle(moot, id_)

    data_requests.forget(moot.node, str(id_))
    data_requests.warn(moot.node, str(id_))
    data_requests.warn(moot.node, str(uuid4()))
    data_requests.forget(moot.node, str(uuid4()))

    assert [it.id for it in mine(moot)] == [id_]
    assert told(moot, "request.soon") == []


def test_a_member_takes_a_request_back_with_every_word_of_it(moot):
    id_ = ask(moot)
    settle(moot, id_)
    for who in ("ben", "dov"):
        with pytest.raises(NotFound):
            data_requests.take_back(moot.node, id_, by=moot[who])

    data_requests.take_back(moot.node, id_, by=moot["ada"])

    assert gone(moot, id_)
    with pytest.raises(NotFound):
        data_requests.take_back(moot.node, id_, by=moot["ada"])
    later(moot, days=31)
    assert told(moot, "request.over") == []


def test_what_was_taken_back_stays_gone_when_an_older_database_comes_back(moot):
    id_ = ask(moot)
    with moot.node.read() as tx:
        kept = tx.get_one(DataRequest, id_)
    whole = Erasure(id=uuid4(), at=moot.node.now(), level=Level.CHAIN, chain=id_)
    # The journal has it, the database that was put back does not.
    journal.append(moot.node, whole)

    assert erasing.replay(moot.node) == 1

    assert gone(moot, id_)
    assert mine(moot) == ()
    later(moot, days=31)
    assert told(moot, "request.over") == []
    assert all(kept.words not in raw for raw in stores(moot.node).values())


def test_whoever_has_no_account_cannot_ask(moot):
    guest = moot.guest(moot.tell())
    for who in (GUEST, guest):
        with pytest.raises(AuthRequired):
            data_requests.ask(moot.node, Wish(Kind.ACCESS, WORDS), by=who)
        with pytest.raises(AuthRequired):
            data_requests.mine(moot.node, by=who)
        with pytest.raises(AuthRequired):
            data_requests.take_back(moot.node, uuid4(), by=who)


def test_nobody_fills_the_desk_with_requests(moot):
    for _ in range(10):
        ask(moot)

    with pytest.raises(Throttled):
        ask(moot)
    ask(moot, by="ben")
    assert len(mine(moot)) == 10


def test_the_clock_of_a_request_is_the_laws(moot):
    ask(moot)

    assert timedelta(days=30) == CLOCK
    assert mine(moot)[0].due_at == moot.node.now() + CLOCK


def test_a_steward_who_is_new_answers_too(moot):
    vera = members.join(moot.node, "vera@ash.example", "steward")
    moot.ids["vera"] = vera
    id_ = ask(moot)

    settle(moot, id_, by="vera")

    assert mine(moot)[0].state is State.ANSWERED
