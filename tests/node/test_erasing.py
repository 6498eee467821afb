"""What each level destroys, what it leaves, and what others can still prove."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from governance.cases import Act, State
from governance.claims import Value, ValueKind
from governance.errors import (
    AuthRequired,
    ChoiceInvalid,
    IdempotencyMismatch,
    NotFound,
    NotYours,
)
from ledger.encoding import b64u
from node import cases, erasing, log, submissions, threads
from node.accounts import GUEST
from node.database import Encrypted, Model
from node.erasing import Level, Wish
from node.erasing.rekeying import COLUMNS
from node.log import ChainErased, EntryErased
from node.models.cases import Case, CaseEvent, CaseLink
from node.models.log import LedgerChain, LedgerDisclosure, LedgerErasure, LedgerSeal
from node.models.people import ContactPoint, Person
from node.models.submissions import Claim, Submission
from node.models.threads import Message
from node.threads import Words
from tests.support.cast import STORY, told
from tests.support.erased import (
    WORDS,
    at,
    erase,
    left,
    secrets,
    settle,
    spoken,
    thread,
    tombstones,
    wish,
)
from tests.support.logs import receipts
from tests.support.publicly import stored

#: The states that something leads to as yet.
REACHED = [
    state
    for state in State
    if state not in {State.WAITING_OTHER, State.TRANSFERRED, State.ERASED}
]
PARTS = [Level.REDACT, Level.CONTENT, Level.ENTRY]


@pytest.fixture
def made(moot):
    return spoken(moot)


def timeline(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made)).timeline


@pytest.mark.parametrize("level", Level)
def test_nothing_of_it_is_in_any_store(moot, made, level):
    seq = at(moot, made)
    known = secrets(moot.node, made.case_id, seq).of(level)
    there = {one.partition(" in ")[0] for one in left(moot.node, known)}
    assert there >= {"cell", "body", "wrapped key"}

    erase(moot, made, wish(level, seq))
    settle(moot)

    assert left(moot.node, known) == set()


@pytest.mark.parametrize("level", PARTS)
def test_the_rest_of_the_chain_is_shown_and_proven_as_before(moot, made, level):
    seq, before = at(moot, made), receipts(moot.node)
    key = secrets(moot.node, made.case_id, seq).keys["case key"]

    erase(moot, made, wish(level, seq))
    settle(moot)

    after = receipts(moot.node)
    gone = {(made.reference, seq)} if level is Level.ENTRY else set()
    assert before.keys() - after.keys() == gone
    assert all(log.check(moot.node, raw).valid for raw in after.values())
    own = [raw for (reference, _), raw in after.items() if reference == made.reference]
    verdict = thread(moot.node, made.case_id, own, key, *(n for _, n in gone))
    assert verdict.valid, verdict.findings
    assert verdict.count == len(own) + len(gone)
    assert "Something else." in [one.text for one in timeline(moot, made)]
    assert list(log.fsck(moot.node)) == []


@pytest.mark.parametrize("level", Level)
def test_what_others_saved_of_it_still_holds(moot, made, level):
    saved = receipts(moot.node)

    erase(moot, made, wish(level, at(moot, made)))
    settle(moot)

    assert all(log.check(moot.node, raw).valid for raw in saved.values())
    assert list(log.fsck(moot.node)) == []


def test_a_field_goes_and_the_entry_says_who_when_and_what_kind(moot, made):
    seq = at(moot, made)

    erase(moot, made, wish(Level.REDACT, seq))
    settle(moot)

    verdict = log.check(moot.node, receipts(moot.node)[made.reference, seq])
    assert (verdict.valid, verdict.kind, verdict.disclosed) == (True, "reply", ())
    shown = next(one for one in timeline(moot, made) if one.seq == seq)
    assert (shown.text, shown.who, shown.erased) == ("", "you", "redact")


def test_an_entry_that_went_leaves_its_place_and_nothing_else(moot, made):
    seq = at(moot, made)
    with moot.node.read() as tx:
        (place,) = log.stands(tx, made.case_id, seq)

    erase(moot, made, wish(Level.ENTRY, seq))
    settle(moot)

    shown = next(one for one in timeline(moot, made) if one.seq == seq)
    assert (shown.text, shown.who, shown.erased) == ("", "node", "entry")
    assert shown.seal is not None
    with moot.node.read() as tx:
        assert log.stands(tx, made.case_id, seq) == [place]
        with pytest.raises(EntryErased):
            log.receipt(moot.node, tx, made.case_id, seq)
        assert log.ticket(tx, made.case_id, seq).c == place.c


def test_the_story_goes_from_the_claim_the_title_and_the_public_words_too(moot):
    made = moot.tell(text=WORDS, wanted="Heat", place="Ash Road 7")
    known = secrets(moot.node, made.case_id, 0).words

    erase(moot, made, wish(Level.REDACT, 0))
    settle(moot)

    assert left(moot.node, known) == set()
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (view.story, view.title) == ("", made.reference)
    assert (view.wanted, view.place) == ("Heat", "Ash Road 7")
    names = {one.seq: one.fields for one in parts(moot, made)}
    assert (names[0], names[1]) == (("channel",), ("wanted",))
    item = cases.triage_next(moot.node, by=moot["iris"])
    assert item is not None
    assert item.story == ""


def parts(moot, made):
    return erasing.parts(moot.node, made.reference, by=moot.guest(made))


@pytest.mark.parametrize(
    ("seq", "name", "column"),
    [(1, "wanted", Claim.wanted), (1, "value", Claim.value)],
)
def test_each_field_of_the_claim_goes_alone(moot, seq, name, column):
    made = moot.tell(wanted="Heat", value=Value(ValueKind.DAYS, Decimal(3), ""))

    erase(moot, made, Wish(level=Level.REDACT, seq=seq, name=name))

    assert [one for one in stored(moot.node, column) if one] == []
    assert cases.view(moot.node, made.reference, by=moot.guest(made)).story == STORY


def test_a_reason_goes_from_the_event_and_from_the_case(moot):
    made = moot.tell()
    moot.triage(made, reason="Because of the child.")
    (seq,) = [one.seq for one in timeline(moot, made) if one.reason]

    erase(moot, made, Wish(level=Level.REDACT, seq=seq, name="reason"))

    assert stored(moot.node, CaseEvent.reason) == [None, None]
    assert stored(moot.node, Case.priority_reason) == [None]


def test_what_was_obtained_goes_with_the_words_that_told_it(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    text = "It is repaired."
    moot.act(made, Act.RESOLVE, moot["cleo"], text=text, obtained="A new boiler")

    erase(moot, made, wish(Level.CONTENT, at(moot, made, text)))

    assert stored(moot.node, Claim.obtained) == [None]


@pytest.mark.parametrize("state", REACHED)
def test_a_whole_case_goes_from_wherever_it_stands(moot, state):
    made = moot.tell(contact="ann@example.org", name="Ann Onymous")
    if state is State.DISCARDED:
        discard(moot, made)
    else:
        moot.bring(made, state)

    erase(moot, made, Wish(level=Level.CHAIN))

    assert stored(moot.node, Case.state) == [State.ERASED]
    for model in (Message, Submission, Claim, CaseLink, LedgerSeal, LedgerDisclosure):
        assert stored(moot.node, model) == []
    assert not any(stored(moot.node, CaseEvent.reason))


def discard(moot, made):
    with moot.node.begin() as tx:
        tx.get_one(Case, made.case_id).state = State.DISCARDED


def test_an_erased_case_is_closed_for_good(moot, made):
    guest = moot.guest(made)
    erase(moot, made, Wish(level=Level.CHAIN))

    with moot.node.begin() as tx, pytest.raises(ChainErased):
        log.chain(moot.node, tx, made.case_id)
    for look in (cases.receipt_head, cases.bundle, cases.view, cases.standing):
        with pytest.raises(ChainErased):
            look(moot.node, made.reference, by=guest)
    with pytest.raises(ChainErased):
        cases.receipt(moot.node, made.reference, 0, by=guest)
    with pytest.raises(ChainErased):
        threads.write(moot.node, made.reference, Words(uuid4(), "More"), by=guest)


def test_nobody_else_finds_an_erased_case(moot, made):
    erase(moot, made, Wish(level=Level.CHAIN))

    assert cases.link_visitor(moot.node, made.link_token) is None
    for name in ("cleo", "iris"):
        with pytest.raises(NotFound):
            cases.view(moot.node, made.reference, by=moot[name])


def test_no_other_chain_begins_under_the_key_of_an_erased_one(moot, made):
    kc = set(stored(moot.node, LedgerChain.kc))

    erase(moot, made, Wish(level=Level.CHAIN))

    # Its tags would be the same, and a tag that stands twice stops publication.
    assert set(stored(moot.node, LedgerChain.kc)) == kc


def test_a_guest_goes_with_their_only_case(moot, made):
    guest = moot.guest(made).person_id

    erase(moot, made, Wish(level=Level.CHAIN))

    assert guest not in stored(moot.node, ContactPoint.person_id)
    with moot.node.read() as tx:
        assert tx.get_one(Person, guest).display_name is None


def test_a_member_stays_when_their_case_goes(moot):
    made = moot.tell(by=moot["ada"])

    erase(moot, made, Wish(level=Level.CHAIN), by=moot["ada"])

    assert moot.ids["ada"] in stored(moot.node, ContactPoint.person_id)
    assert [one.state for one in cases.mine(moot.node, by=moot["ada"]).settled] == [
        State.ERASED
    ]


def test_the_log_says_in_public_that_something_went_and_on_which_day(moot, made):
    erase(moot, made, wish(Level.CONTENT, at(moot, made)))
    settle(moot)

    (one,) = tombstones(moot)
    assert one.at % 86_400_000 == 0
    assert one.body == {
        "level": "content", "basis": "consent", "count": 1, "targets": None,
    }  # fmt: skip


@pytest.mark.parametrize("level", [Level.ENTRY, Level.CHAIN])
def test_whoever_agrees_is_named_by_what_the_log_holds_anyway(moot, made, level):
    seq = at(moot, made)
    key = secrets(moot.node, made.case_id, seq).keys["case key"]
    with moot.node.read() as tx:
        number = seq if level is Level.ENTRY else None
        places = log.stands(tx, made.case_id, number)

    erase(moot, made, wish(level, seq, named=True))
    settle(moot)

    (one,) = tombstones(moot)
    assert one.body["targets"] == [b64u(place.c) for place in places]
    assert one.body["count"] == len(places)
    if level is Level.ENTRY:
        own = [raw for (ref, _), raw in receipts(moot.node).items()
               if ref == made.reference]  # fmt: skip
        verdict = thread(moot.node, made.case_id, own, key, seq)
        assert verdict.entries[seq].tombstone is not None


def test_only_its_member_erases_anything(moot, made):
    asked = wish(Level.CONTENT, at(moot, made))

    with pytest.raises(NotYours):
        erase(moot, made, asked, by=moot["cleo"])
    with pytest.raises(NotFound):
        erase(moot, made, asked, by=moot["ben"])
    assert stored(moot.node, LedgerErasure.id) == []


def test_whoever_came_by_a_link_has_to_know_the_four_words(moot, made):
    asked = wish(Level.CONTENT, at(moot, made))

    with pytest.raises(AuthRequired, match="four words"):
        erasing.erase(moot.node, made.reference, asked, by=moot.guest(made))


def test_a_member_shows_once_more_who_they_are(moot):
    made, ada = moot.tell(by=moot["ada"]), moot["ada"]
    asked = Wish(level=Level.CHAIN)

    for by in (replace(ada, fresh=False), replace(ada, fresh=False, channel="api")):
        with pytest.raises(AuthRequired):
            erasing.erase(moot.node, made.reference, asked, by=by)
    program = replace(
        ada, fresh=False, channel="api", scopes=frozenset({erasing.SCOPE})
    )
    erasing.erase(moot.node, made.reference, asked, by=program)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (Wish(level=Level.CHAIN, seq=0), ChoiceInvalid),
        (Wish(level=Level.ENTRY), ChoiceInvalid),
        (Wish(level=Level.REDACT, seq=0, name="wanted"), ChoiceInvalid),
        (Wish(level=Level.CONTENT, seq=99), NotFound),
        (Wish(level=Level.CONTENT, seq=-1), NotFound),
    ],
)
def test_what_is_not_there_cannot_be_erased(moot, asked, refusal):
    made = moot.tell()

    with pytest.raises(refusal):
        erase(moot, made, asked)

    assert erasing.missing(moot.node) == []
    assert stored(moot.node, LedgerErasure.id) == []


@pytest.mark.parametrize("level", [Level.CONTENT, Level.ENTRY])
def test_what_was_erased_cannot_be_erased_again(moot, made, level):
    seq = at(moot, made)
    erase(moot, made, wish(level, seq))

    with pytest.raises(EntryErased):
        erase(moot, made, wish(level, seq))


def test_more_can_go_of_what_is_left(moot, made):
    seq = at(moot, made)
    for level in (*PARTS, Level.CHAIN):
        erase(moot, made, wish(level, seq))
        settle(moot)
        assert list(log.fsck(moot.node)) == []

    assert len(tombstones(moot)) == 4


def test_the_same_words_sent_again_do_not_come_back(moot):
    first = told(text=WORDS)
    made = submit(moot, first)
    erase(moot, made, wish(Level.CONTENT, 0))

    with pytest.raises(IdempotencyMismatch):
        submit(moot, first)


def submit(moot, words):
    return submissions.submit(moot.node, words, by=GUEST)


def test_a_case_of_which_words_went_is_worked_on_as_before(moot, made):
    for text in (WORDS, STORY):
        erase(moot, made, wish(Level.ENTRY, at(moot, made, text)))
    moot.act(made, Act.RESOLVE, moot["cleo"], text="It is repaired.")
    settle(moot)

    assert moot.state(made) is State.RESOLVED
    assert cases.bundle(moot.node, made.reference, by=moot.guest(made)) is not None


def test_a_saved_case_says_which_entries_went(moot, made):
    seq = at(moot, made)
    erase(moot, made, wish(Level.ENTRY, seq))
    settle(moot)

    raw = cases.bundle(moot.node, made.reference, by=moot.guest(made))

    with ZipFile(BytesIO(raw or b"")) as archive:
        assert archive.read("erased") == b"%d\n" % seq
        assert "the file `erased`" in archive.read("README.txt").decode().lower()
        assert f"{made.reference}-{seq:04}.tlog-proof" not in archive.namelist()


def test_every_sealed_column_goes_with_its_case_or_has_another_key():
    ours = {(model.__tablename__, name) for model, _, names, _ in COLUMNS
            for name in names}  # fmt: skip
    sealed = {
        (table.name, column.name)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }

    assert sealed - ours == {
        ("actor_key", "private"),  # the node's own
        ("attachment", "name"),  # the file's
        ("contact_point", "value"), ("notice", "secrets"),  # a person's
        ("interest", "subject"), ("person", "display_name"),
        ("snippet", "title"), ("snippet", "body"),
        ("idempotency", "answer"), ("pending_form", "data"),  # a browser's
        ("ledger_disclosure", "disclosure"),  # by its entry
    }  # fmt: skip
    assert ours <= sealed
