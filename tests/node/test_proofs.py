"""A link reads and answers; files, sharing and erasing need a fresh code, too."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from governance.cases import Act, State
from governance.consent import Purpose
from governance.errors import (
    AuthRequired,
    ChoiceInvalid,
    LinkInvalid,
    NotFound,
)
from governance.people import ContactState
from governance.resolutions import Answer
from governance.retention import Choice
from node import (
    approvals,
    attachments,
    cases,
    consent,
    erasing,
    keeping,
    log,
    proofs,
    proving,
    publications,
    replies,
    resolutions,
    restricting,
    threads,
    tidying,
    together,
)
from node.accounts import FRESH
from node.erasing import Level, Wish
from node.keeping import Chosen
from node.models.cases import CaseLink, LinkProof
from node.models.people import ContactCode, ContactPoint
from node.proofs import CodeNeeded
from node.threads import Words
from node.together import Joining
from tests.support.pictures import upload

MAIL = "zoe@mailbox.example"
HERE = "203.0.113.9"


@pytest.fixture
def made(moot):
    """A case that somebody works on, whose member proved an address long ago."""
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    prove(moot, made)
    moot.village.pass_time(hours=1)
    return made


def code_of(moot, made, mail=MAIL):
    who = moot.guest(made)
    proving.ask(moot.node, made.reference, by=who, source=HERE)
    moot.village.work(moot.node)
    mails = [it for to, it in moot.village.mails if to == mail]
    found = next(it for it in reversed(mails) if "Your code" in it["Subject"])
    return re.search(r"\b[0-9]{6}\b", found.get_content())[0]


def typed(moot, made, code):
    who = moot.guest(made)
    return proving.prove(moot.node, made.reference, code, by=who, source=HERE)


def prove(moot, made, mail=MAIL):
    """Return whoever has just typed the code that went there."""
    proof = typed(moot, made, code_of(moot, made, mail))
    return cases.link_visitor(moot.node, proof.token)


def attach(moot, made):
    added = attachments.attach(moot.node, made.reference, upload(), by=moot.guest(made))
    return added.id


def entries(moot, made):
    with moot.node.read() as tx:
        return len(list(log.stands(tx, made.case_id)))


def whole(made):
    return Wish(level=Level.CHAIN, words=" ".join(made.words), source=HERE)


#: What shares, opens a file or erases, by what it does.
ACTS = {
    "a file": lambda node, _, by, more: attachments.opened(node, more, by=by),
    "agreeing": lambda node, made, by, _: consent.give(
        node, made.reference, Purpose.HANDLE_CASE, "advocates", by=by
    ),
    "going public": lambda node, made, by, _: publications.publish(
        node, made.reference, "No heating", "Who else has none?", by=by
    ),
    "erasing all": lambda node, made, by, _: erasing.erase(
        node, made.reference, whole(made), by=by
    ),
    "erasing words": lambda node, made, by, _: erasing.erase(
        node,
        made.reference,
        Wish(level=Level.CONTENT, seq=0, words=" ".join(made.words), source=HERE),
        by=by,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_shares_or_erases_needs_a_code_beside_the_link(moot, made, act):
    moot.village.connect(moot.node)
    file_id, before = attach(moot, made), entries(moot, made)

    with pytest.raises(CodeNeeded):
        ACTS[act](moot.node, made, moot.guest(made), file_id)
    assert entries(moot, made) == before

    assert ACTS[act](moot.node, made, prove(moot, made), file_id)


@pytest.mark.parametrize("choice", [Choice.NAMELESS, Choice.DELETE])
def test_a_closed_case_is_kept_by_a_link_and_goes_by_a_code(moot, made, choice):
    moot.act(made, Act.RESOLVE, moot["cleo"], text="It is repaired.")
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")
    node, ref = moot.node, made.reference
    by_words = Chosen(choice, " ".join(made.words), HERE)
    with pytest.raises(CodeNeeded):
        keeping.choose(node, ref, by_words, by=moot.guest(made))
    assert keeping.choose(node, ref, Chosen(Choice.KEEP), by=moot.guest(made))

    keeping.choose(node, ref, Chosen(choice), by=prove(moot, made))

    assert cases.link_visitor(node, made.link_token) is None


def test_joining_others_needs_a_code_and_leaving_them_does_not(moot):
    made = moot.tell(contact=MAIL)
    moot.triage(made)
    prove(moot, made)
    joining = Joining(matter=moot.common().reference)
    node, ref = moot.node, made.reference
    with pytest.raises(CodeNeeded):
        together.join(node, ref, joining, by=moot.guest(made))
    together.join(node, ref, joining, by=prove(moot, made))

    together.leave(node, ref, by=moot.guest(made))

    assert together.look(node, ref, by=moot.guest(made)).joined is None


def test_a_reply_from_elsewhere_stands_beside_a_case_by_more_than_a_link(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    guest = cases.link_visitor(lane.ash, made.link_token)
    [line] = [it.key for it in replies.listed(lane.ash, made.reference, by=lane.ada)]

    with pytest.raises(CodeNeeded):
        approvals.approve(lane.ash, made.reference, line, by=guest)
    approvals.reject(lane.ash, made.reference, line, by=guest)


def test_a_link_alone_says_what_there_is_to_say(moot, made):
    node, ref, guest = moot.node, made.reference, moot.guest(made)
    file = (upload(),)
    threads.write(node, ref, Words(uuid4(), "It is cold.", files=file), by=guest)
    restricting.restrict(node, ref, by=guest)
    restricting.lift(node, ref, by=guest)
    moot.act(made, Act.RESOLVE, moot["cleo"], text="It is repaired.")
    resolutions.answer(node, ref, Answer.NOT_SOLVED, by=guest)
    assert moot.state(made) is State.WORKING
    assert cases.receipt(node, ref, 0, by=guest)
    for line in cases.view(node, ref, by=guest).consents:
        if line.purpose is Purpose.CONTACT_CASE:
            consent.revoke(node, ref, line.id, by=guest)

    cases.withdraw(node, ref, by=guest)
    assert moot.state(made) is State.CLOSED
    resolutions.reopen(node, ref, by=guest)
    assert moot.state(made) is State.QUEUED


def test_a_code_counts_for_a_quarter_of_an_hour(moot, made):
    file_id = attach(moot, made)
    proof = typed(moot, made, code_of(moot, made))
    assert (proof.reference, proof.until) == (made.reference, moot.node.now() + FRESH)
    who = cases.link_visitor(moot.node, proof.token)
    assert attachments.opened(moot.node, file_id, by=who)

    moot.village.pass_time(minutes=15)

    assert cases.link_visitor(moot.node, proof.token) is None
    with pytest.raises(CodeNeeded):
        attachments.opened(moot.node, file_id, by=moot.guest(made))


def test_a_code_counts_only_where_it_was_typed(moot, made):
    file_id = attach(moot, made)
    prove(moot, made)

    # Somebody else with the same link, at the same moment.
    with pytest.raises(CodeNeeded):
        attachments.opened(moot.node, file_id, by=moot.guest(made))


def test_a_secret_is_nothing_without_its_own_link(moot, made):
    other = moot.tell(contact=MAIL)
    proof = typed(moot, made, code_of(moot, made))
    _, _, secret = proof.token.split(".")

    node = moot.node
    assert cases.link_visitor(node, proof.token).fresh
    assert cases.link_visitor(node, f"{other.link_token}.{secret}") is None
    assert cases.link_visitor(node, f"{made.link_token}.{'A' * 43}") is None
    assert cases.link_visitor(node, f"{made.link_token}.") is None
    assert cases.link_visitor(node, f"{proof.token}.") is None
    with pytest.raises(LinkInvalid):
        cases.open_link(node, proof.token)
    with node.read() as tx:
        kept = tx.scalars(select(LinkProof.id_hash)).all()
    assert len(kept) == 2
    assert secret not in repr(kept)


def test_a_link_that_ended_takes_its_proof_with_it(moot, made):
    proof = typed(moot, made, code_of(moot, made))
    with moot.node.begin() as tx:
        tx.execute(update(CaseLink).values(revoked_at=moot.node.now()))

    assert cases.link_visitor(moot.node, proof.token) is None


def test_a_code_of_one_case_is_none_in_another_of_the_same_member(moot):
    first, second = (moot.tell(by=moot["ada"]) for _ in range(2))
    code = code_of(moot, first, "ada@ash.example")

    with pytest.raises(ChoiceInvalid):
        typed(moot, second, code)
    assert typed(moot, first, code).reference == first.reference


def test_whoever_reads_with_a_code_reads_one_case(moot):
    first, second = (moot.tell(by=moot["ada"]) for _ in range(2))
    who = prove(moot, first, "ada@ash.example")

    assert cases.view(moot.node, first.reference, by=who)
    with pytest.raises(NotFound):
        cases.view(moot.node, second.reference, by=who)


def test_nobody_who_signed_in_is_asked_for_a_code(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    with pytest.raises(CodeNeeded):
        file_of(moot, made, moot.guest(made))

    for who in ("ada", "cleo"):
        assert proofs.asked(moot.node, made.reference, by=moot[who]) == ""
        assert file_of(moot, made, moot[who])


def file_of(moot, made, who):
    return attachments.opened(moot.node, attach(moot, made), by=who)


@pytest.mark.parametrize("why", ["none", "unproven", "bounced", "no mail"])
def test_where_no_code_can_go_the_link_does_all_it_can(moot, why):
    made = moot.tell() if why == "none" else moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    node = moot.node
    if why in {"bounced", "no mail"}:
        prove(moot, made)
    if why == "bounced":
        bounced = update(ContactPoint).values(state=ContactState.HARD_BOUNCE)
        with node.begin() as tx:
            tx.execute(bounced)
    if why == "no mail":
        node = replace(node, mail=None)
    guest = moot.guest(made)

    assert proofs.asked(node, made.reference, by=guest) == "words"
    assert attachments.opened(node, attach(moot, made), by=guest)
    with pytest.raises(AuthRequired):
        erasing.erase(node, made.reference, Wish(level=Level.CHAIN), by=guest)
    assert erasing.erase(node, made.reference, whole(made), by=guest)


def test_what_a_link_has_to_show_is_said_before(moot, made):
    node, ref = moot.node, made.reference

    assert proofs.asked(node, ref, by=moot.guest(made)) == "code"
    assert proofs.asked(node, ref, by=prove(moot, made)) == ""


def test_codes_and_proofs_that_are_over_are_dropped(moot, made):
    typed(moot, made, code_of(moot, made))
    code_of(moot, made)
    assert kept(moot) == [1, 2]

    moot.village.pass_time(minutes=15)
    tidying.tidy(moot.node, "all")

    assert kept(moot) == [0, 0]


def kept(moot):
    counts = [select(func.count()).select_from(it) for it in (ContactCode, LinkProof)]
    with moot.node.read() as tx:
        return [tx.scalar(it) for it in counts]


def test_an_erased_case_leaves_no_proof(moot, made):
    who = prove(moot, made)

    erasing.erase(moot.node, made.reference, Wish(level=Level.CHAIN), by=who)

    assert kept(moot) == [0, 0]
