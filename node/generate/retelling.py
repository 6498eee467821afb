"""What stands in the chain of a case, and saying it again in that of a copy.

The same builders make it that make what people say: a copy's entries are sealed,
signed and chained like any others, with what is different in the copy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import author, entry
from ledger.author import Attested
from ledger.encoding import Json, decode
from node import vault
from node.log import Chain, Saying
from node.log.chains import disclosure_place, evidence_place
from node.models.log import LedgerDisclosure, LedgerSeal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Under which name an entry says until when something is promised.
_DUE = "due"


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a chain, opened."""

    saying: Saying
    at: datetime
    #: The number of the entry that it answers.
    answers: int | None


@dataclass(slots=True)
class Clock:
    """What time it is for whoever says something again."""

    now: datetime = _EPOCH


@dataclass(frozen=True, slots=True)
class Changed:
    """What is different in a copy."""

    ids: Mapping[UUID, UUID]
    #: What was told, and what is told in its place.
    was: str
    story: str
    later: timedelta

    def words(self, name: str, value: Json) -> Json:
        """Return what one field says in the copy."""
        if value == self.was:
            return self.story
        if name == _DUE and isinstance(value, str):
            return (datetime.fromisoformat(value) + self.later).isoformat()
        return value

    def fact(self, value: str) -> str:
        """Return what an attestation rests on in the copy."""
        try:
            old = UUID(value)
        except ValueError:
            return value
        return str(self.ids.get(old, old))


def heard(tx: Session, case_id: UUID, key: bytes) -> Iterator[Said]:
    """Yield what was sealed about a case, in order."""
    known: dict[bytes, int] = {}
    own = select(LedgerSeal).where(LedgerSeal.case_id == case_id)
    for row in tx.scalars(own.order_by(LedgerSeal.seq)):
        known[entry.commit(row.nonce, row.entry)] = row.seq
        yield _opened(tx, row, key, known)


def _opened(
    tx: Session, row: LedgerSeal, key: bytes, known: Mapping[bytes, int]
) -> Said:
    shown = entry.read_entry(row.entry)
    attested = author.read(row.proof).more
    answers = entry.read_statement(row.stmt).re
    fields = select(LedgerDisclosure).where(LedgerDisclosure.oid == row.oid)
    opened = [
        entry.read_disclosure(
            vault.unseal(key, disclosure_place(one.oid, one.n), one.disclosure)
        )
        for one in tx.scalars(fields.order_by(LedgerDisclosure.n))
    ]
    saying = Saying(
        kind=shown.kind,
        role=shown.role,
        fields={one.name: one.value for one in opened},
        channel=attested.channel if isinstance(attested, Attested) else None,
        facts=_facts(row, key),
    )
    at = _EPOCH + timedelta(milliseconds=shown.at)
    return Said(saying, at, None if answers is None else known[answers])


def _facts(row: LedgerSeal, key: bytes) -> Mapping[str, str]:
    if row.evidence is None:
        return {}
    place = evidence_place(row.case_id, row.seq)
    _salt, _, facts = vault.unseal(key, place, row.evidence).partition(" ")
    match decode(facts.encode()):
        case dict() as found:
            return {name: str(value) for name, value in found.items()}
        case _:
            raise vault.Damaged("the evidence of an entry is no list of facts")


def again(chain: Chain, clock: Clock, said: Sequence[Said], changed: Changed) -> None:
    """Say everything again in the chain of a copy."""
    commitments: list[bytes] = []
    for one in said:
        clock.now = one.at + changed.later
        told, answered = one.saying, one.answers
        fields = {it: changed.words(it, value) for it, value in told.fields.items()}
        facts = {it: changed.fact(value) for it, value in told.facts.items()}
        re = None if answered is None else commitments[answered]
        chain.say(replace(told, fields=fields, facts=facts, re=re))
        commitments.append(chain.last or b"")
