"""Each record of consent, its events, and the receipt a member takes away."""

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from federation import proofs
from governance.cases import State
from governance.consent import Data, Evidence, Purpose, Standing, fold
from governance.errors import ConsentMissing, NotFound, NotYours, WrongState
from node import actors, consent, consent_records, consent_rows, log, publications
from node.cases import consents
from node.cases.hand import pick_up
from node.consent_rows import What
from node.erasing import Level, Wish
from node.intake import Audience
from node.models.consent import Consent
from tests.support.erased import erase
from tests.support.publicly import stored

MAIL = "ada@mailbox.example"


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    moot.village.work(moot.node)
    return made


def records(moot, made):
    return consent_records.records(moot.node, made.reference, by=moot.guest(made))


def of(moot, made, purpose):
    return [one for one in records(moot, made) if one.purpose is purpose][-1]


def receipt(moot, made, purpose):
    id_, by = of(moot, made, purpose).id, moot.guest(made)
    return consent_records.receipt(moot.node, made.reference, id_, by=by)


@pytest.mark.capability("5.12")
def test_a_record_has_the_words_how_they_were_agreed_to_and_its_entry(moot, made):
    line = of(moot, made, Purpose.CONTACT_CASE)

    assert line.words.startswith("I agree that you write to me")
    assert (line.wording, line.evidence) == ("tell-2", Evidence.FORM)
    assert [state for state, _ in line.events] == [Standing.GIVEN]
    assert moot.kinds(made)[line.entry_seq] == "consent.give"


def test_taking_back_and_agreeing_anew_are_two_records_with_their_own_events(
    moot, made
):
    by = moot.guest(made)
    first = of(moot, made, Purpose.CONTACT_CASE)
    consent.revoke(moot.node, made.reference, first.id, by=by)
    consent.give(moot.node, made.reference, Purpose.CONTACT_CASE, "", by=by)

    found = [it for it in records(moot, made) if it.purpose is Purpose.CONTACT_CASE]

    assert [[state for state, _ in it.events] for it in found] == [
        [Standing.GIVEN, Standing.WITHDRAWN],
        [Standing.GIVEN],
    ]
    assert [it.held for it in found] == [False, True]
    kinds = moot.kinds(made, promises=True)
    assert kinds[found[1].entry_seq] == "consent.give"


def test_every_row_is_what_its_events_say(moot, made):
    by = moot.guest(made)
    line = of(moot, made, Purpose.HANDLE_CASE)
    consent.revoke(moot.node, made.reference, line.id, by=by)

    with moot.node.read() as tx:
        for row in tx.scalars(select(Consent)):
            says = fold(consent_rows.events(tx, row.id))
            assert (says.state, says.given_at) == (row.state, row.given_at)
            ends = (says.valid_until, says.ended_at)
            assert ends == (row.valid_until, row.withdrawn_at)


def test_what_ended_does_not_end_again(moot, made):
    line = of(moot, made, Purpose.CONTACT_CASE)
    by = moot.guest(made)
    consent.revoke(moot.node, made.reference, line.id, by=by)

    what = What(state=Standing.RENEWED, at=moot.node.now())
    with moot.node.begin() as tx:
        row = tx.get_one(Consent, line.id)
        with pytest.raises(WrongState):
            consent_rows.mark(tx, row, what)


def test_a_receipt_has_the_shape_of_ts_27560(moot, made):
    found = receipt(moot, made, Purpose.HANDLE_CASE)

    assert found["dct:conformsTo"] == [
        "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr",
        "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr",
    ]
    notice = found["dpv:hasNotice"]
    assert notice["fm:sha256"] == sha256(notice["fm:text"].encode()).hexdigest()
    assert found["dpv:hasRecipient"] == [Audience.ASSIGNED]
    assert found["dpv:hasLegalBasis"] == "eu-gdpr:A9-2-a"
    assert [it["dpv:hasConsentStatus"] for it in found["fm:events"]] == [
        "dpv:ConsentGiven"
    ]
    assert found["dpv:hasDataController"]["id"] == moot.node.settings.origin


def test_two_cases_of_one_person_do_not_tell_by_their_receipts(moot):
    ada = moot["ada"]
    both = [moot.tell(by=ada) for _ in range(2)]
    seen = set()
    for made in both:
        (line, _) = consent_records.records(moot.node, made.reference, by=ada)
        found = consent_records.receipt(moot.node, made.reference, line.id, by=ada)
        seen.add(found["dpv:hasDataSubject"])

    assert len(seen) == 2


def test_a_receipt_is_signed_by_the_community_once_it_has_a_key(moot, made):
    assert "proof" not in receipt(moot, made, Purpose.HANDLE_CASE)
    moot.village.connect(moot.node)

    found = receipt(moot, made, Purpose.HANDLE_CASE)

    plain = {name: it for name, it in found.items() if name != "proof"}
    with moot.node.read() as tx:
        method, key = actors.prover(moot.node, tx, actors.community(tx))
    # Its signatures are the same for the same words and key.
    assert found == proofs.sign(plain, method, key, at=moot.node.now())
    assert found != proofs.sign(plain | {"id": "x"}, method, key, at=moot.node.now())


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_nobody_else_reads_what_a_member_agreed_to(moot, made, who):
    line = of(moot, made, Purpose.HANDLE_CASE)

    with pytest.raises(NotYours):
        consent_records.records(moot.node, made.reference, by=moot[who])
    with pytest.raises(NotYours):
        consent_records.receipt(moot.node, made.reference, line.id, by=moot[who])


def test_a_record_of_another_case_is_not_there(moot, made):
    other = moot.tell(contact=MAIL)
    there = of(moot, other, Purpose.HANDLE_CASE)

    for id_ in (there.id, uuid4()):
        with pytest.raises(NotFound, match="no such consent"):
            consent_records.receipt(moot.node, made.reference, id_, by=moot.guest(made))


def test_words_that_changed_since_are_not_shown_as_if_agreed_to(moot, made):
    with moot.node.begin() as tx:
        tx.execute(update(Consent).values(notice_hash=None))

    assert of(moot, made, Purpose.HANDLE_CASE).words == ""


def test_consent_is_asked_for_purpose_recipient_and_kind_of_data(moot, made):
    by = moot.guest(made)

    def ask(recipient, data):
        with moot.node.read() as tx:
            hand = pick_up(moot.node, tx, made.reference, by, lock=False)
            return consents.require(hand, Purpose.HANDLE_CASE, recipient, data).purpose

    assert ask(Audience.ASSIGNED, Data.CASE) is Purpose.HANDLE_CASE
    for recipient, data in (
        (Audience.ADVOCATES, Data.CASE),
        (Audience.ASSIGNED, Data.CONTACT),
    ):
        with pytest.raises(ConsentMissing):
            ask(recipient, data)


def test_a_mail_is_asked_about_again_when_it_is_sent(moot, made):
    moot.village.mailbox.away = True
    before = len(moot.village.mails)
    moot.act(made, "ask_member", moot["cleo"], text="Since when?")
    moot.village.work(moot.node)
    with moot.node.begin() as tx:
        for row in consent_rows.held(tx, made.case_id, [Purpose.CONTACT_CASE]):
            row.valid_until = moot.node.now()

    moot.village.mailbox.away = False
    moot.village.pass_time(hours=2)
    moot.village.work(moot.node)

    assert len(moot.village.mails) == before


def test_a_public_case_is_taken_back_when_its_consent_is_over(moot):
    moot.village.connect(moot.node)
    made = moot.tell(by=moot["ada"])
    publications.publish(moot.node, made.reference, "Cold", "Mine.", by=moot["ada"])
    with moot.node.begin() as tx:
        for row in consent_rows.held(tx, made.case_id, [Purpose.PUBLISH]):
            row.valid_until = moot.node.now() + timedelta(days=1)
    moot.village.pass_time(days=2)

    moot.triage(made)

    shown = publications.shown(moot.node, made.reference, by=moot["ada"])
    assert shown.ended_at is not None


def test_what_is_erased_takes_back_what_was_agreed_to_with_it(moot, made):
    erase(moot, made, Wish(level=Level.CHAIN))

    assert set(stored(moot.node, Consent.state)) <= {Standing.WITHDRAWN}
    assert list(log.fsck(moot.node)) == []
