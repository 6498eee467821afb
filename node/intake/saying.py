"""The member's own entries of a new case: their words, their claim, their consent."""

from functools import partial
from uuid import UUID

from governance.consent import Purpose, Standing
from governance.intake import Channel, Source
from ledger.entry import Role
from node import consent_rows, files, vault
from node.accounts.visitor import Visitor
from node.attesting import attested
from node.consent_rows import WORDING
from node.intake.shapes import Arrival
from node.log import Chain, Saying
from node.models.submissions import Claim, Submission, packed
from node.upsert import insert_rows


def say_words(arrival: Arrival, chain: Chain) -> None:
    """Seal what was told, word for word, and what would put it right."""
    told = arrival.told
    said = partial(
        Saying,
        role=Role.ADVOCATE if arrival.proxy else _role(arrival.by),
        channel=attested(told.channel),
        facts={"form": str(told.id), "method": arrival.by.kind, **_behind(arrival)},
    )
    words = {"text": told.text, "channel": told.channel.value}
    chain.say(said(kind="submission", fields=words, authored=told.authored))
    claim = {
        "problem": told.text,
        "wanted": told.wanted.strip(),
        "value": str(told.value) if told.value else None,
    }
    chain.say(said(kind="claim", fields=claim))


def say_files(arrival: Arrival, chain: Chain, member_id: UUID) -> None:
    """Bind the files that came along."""
    told, by = arrival.told, arrival.by
    whose = files.By(member_id, _role(by), attested(told.channel), by.kind)
    if arrival.raw is not None:
        files.bind(chain, arrival.raw, whose)
    files.add(chain, told.files, whose)


def keep_words(arrival: Arrival, chain: Chain) -> None:
    """Keep what was told, sealed, and never to be edited."""
    told, node, tx = arrival.told, chain.node, chain.tx

    def sealed(table: str, column: str, row: UUID, text: str) -> bytes:
        place = vault.Place(table, column, row)
        return vault.seal(node, chain.content_key, place, text)

    submission = {
        "id": told.id,
        "case_id": chain.case_id,
        "channel": told.channel,
        "source": arrival.source or _source(told.channel),
        "identity": arrival.identity,
        "language": told.language,
        "text": sealed("submission", "text", told.id, told.text),
        "digest": arrival.digest,
        "sender": arrival.sender,
        "received_at": arrival.received_at,
    }
    insert_rows(tx, Submission, submission)
    value, wanted = told.value, told.wanted.strip()
    claim: dict[str, object] = {
        "case_id": chain.case_id,
        "wanted": sealed("claim", "wanted", chain.case_id, wanted) if wanted else None,
        "value": sealed("claim", "value", chain.case_id, packed(value))
        if value
        else None,
    }
    insert_rows(tx, Claim, claim)


def _behind(arrival: Arrival) -> dict[str, str]:
    # The ledger knows no other role for a submission on behalf than an advocate's.
    return arrival.proxy.facts if arrival.proxy else {}


def _role(by: Visitor) -> Role:
    return Role.MEMBER if by.kind == "member" else Role.GUEST


def _source(channel: Channel) -> Source:
    # Whoever sits beside somebody who types met us where we are.
    return Source.OFFICE if channel is Channel.IN_PERSON else Source(channel.value)


def say_consent(arrival: Arrival, chain: Chain) -> None:
    """Seal and keep what was agreed to with it."""
    told, node, tx = arrival.told, chain.node, chain.tx
    given = [(Purpose.HANDLE_CASE, told.audience.value)]
    if arrival.contact or arrival.by.kind == "member":
        given.append((Purpose.CONTACT_CASE, ""))
    rows: list[tuple[consent_rows.Asked, consent_rows.What]] = []
    for purpose, recipient in given:
        seq = chain.say(
            Saying(
                kind="consent.give",
                role=_role(arrival.by),
                channel=attested(told.channel),
                facts={"wording": WORDING, **_behind(arrival)},
                fields={"purpose": purpose.value, "recipients": recipient},
            )
        )
        asked = consent_rows.Asked(
            case_id=chain.case_id,
            purpose=purpose,
            recipient=recipient,
            language=told.language,
            channel=told.channel,
        )
        what = consent_rows.What(
            state=Standing.GIVEN,
            at=node.now(),
            by=arrival.actor,
            entry_seq=seq,
        )
        rows.append((asked, what))
    consent_rows.begin_all(node, tx, rows)
