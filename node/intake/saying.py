"""The member's own entries of a new case: their words, their claim, their consent."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.consent import Purpose
from governance.intake import Identity, Source
from ledger.author import Channel as Attested
from ledger.entry import Role
from node import vault
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.intake.shapes import WORDING, Arrival
from node.log import Chain, Saying
from node.models.consent import Consent
from node.models.submissions import Claim, Submission, plain
from node.upsert import insert_rows


def say_words(
    node: Node, tx: Session, arrival: Arrival, chain: Chain, case_id: UUID
) -> None:
    """Seal and keep what was told, word for word, and what would put it right."""
    told, key = arrival.told, chain.content_key
    channel, role = Attested(told.channel), _role(arrival.by)
    facts = {"form": str(told.id), "method": arrival.by.kind}
    value = told.value
    chain.say(
        Saying(
            kind="submission",
            role=role,
            channel=channel,
            facts=facts,
            fields={"text": told.text, "channel": told.channel.value},
        )
    )
    chain.say(
        Saying(
            kind="claim",
            role=role,
            channel=channel,
            facts=facts,
            fields={
                "problem": told.text,
                "wanted": told.wanted.strip(),
                "value": str(value) if value else None,
            },
        )
    )
    place = vault.Place("submission", "text", told.id)
    insert_rows(
        tx,
        Submission,
        {
            "id": told.id,
            "case_id": case_id,
            "channel": told.channel,
            "source": Source(told.channel.value),
            "identity": _identity(arrival),
            "language": told.language,
            "text": vault.seal(node, key, place, told.text),
            "digest": arrival.digest,
            "sender": arrival.sender,
            "received_at": node.now(),
        },
    )
    wanted = told.wanted.strip()
    place = vault.Place("claim", "wanted", case_id)
    insert_rows(
        tx,
        Claim,
        {
            "case_id": case_id,
            "wanted": vault.seal(node, key, place, wanted) if wanted else None,
            "value_kind": value.kind if value else None,
            "value_number": plain(value.number) if value else None,
            "value_unit": value.unit if value else None,
        },
    )


def _role(by: Visitor) -> Role:
    return Role.MEMBER if by.kind == "member" else Role.GUEST


def _identity(arrival: Arrival) -> Identity:
    if arrival.by.kind == "member":
        return Identity.VERIFIED
    return Identity.UNVERIFIED if arrival.contact else Identity.ANONYMOUS


def say_consent(
    node: Node, tx: Session, arrival: Arrival, chain: Chain, case_id: UUID
) -> None:
    """Seal and keep what was agreed to with it."""
    told = arrival.told
    given = [(Purpose.HANDLE_CASE, told.audience.value)]
    if arrival.contact or arrival.by.kind == "member":
        given.append((Purpose.CONTACT_CASE, ""))
    rows: list[dict[str, object]] = []
    for purpose, recipient in given:
        chain.say(
            Saying(
                kind="consent.give",
                role=_role(arrival.by),
                channel=Attested(told.channel),
                facts={"wording": WORDING},
                fields={"purpose": purpose.value, "recipients": recipient},
            )
        )
        rows.append(
            {
                "id": new_id(node),
                "case_id": case_id,
                "purpose": purpose,
                "recipient": recipient or None,
                "wording": WORDING,
                "given_at": node.now(),
            }
        )
    insert_rows(tx, Consent, rows)
