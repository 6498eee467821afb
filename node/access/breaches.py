"""The log of breaches: what was found, what was decided, who was told, by when.

Every step is a row nobody changes and an entry of the breach's own chain. The clock
is two timers, written with the breach itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import breaches as rules
from governance.breaches import CLOCK, WARNINGS, State, Step
from governance.errors import ChoiceInvalid, NotFound
from governance.submissions import check_words
from ledger.author import Channel
from ledger.entry import Role
from node import jobs, log, people, reviews, vault
from node.access.glass import require
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.log import Chain, Saying
from node.models.breaches import Breach, BreachStep
from node.notices import About
from node.paging import PAGE

#: Stewards hear that nothing is decided yet.
WARN = "breach.warn"
#: So long ago somebody can have known of it before it was written down.
_LONGEST_AGO = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachLine:
    """One breach, and how much time is left."""

    id: UUID
    state: State
    found_at: datetime
    due_at: datetime
    #: Whether the time was over before anything was decided.
    late: bool
    people: int | None
    decided_at: datetime | None
    people_told_at: datetime | None
    #: What can be done about it now.
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that was done; `step` is None for that it was found."""

    step: Step | None
    name: str
    at: datetime
    words: str


def report(
    node: Node, words: str, ago: timedelta, number: int | None, *, by: Visitor
) -> UUID:
    """Write down a breach somebody here knows of since a while; start its clock."""
    require(node, by)
    check_words(words)
    if not timedelta() <= ago <= _LONGEST_AGO:
        raise ChoiceInvalid("Say how many hours ago, up to 30 days.", field="hours")
    found = node.now() - ago
    with node.begin(sealed=True) as tx:
        row = Breach(
            id=new_id(node), state=State.FOUND, found_at=found, people=number, warned=0
        )
        tx.add(row)
        tx.flush()
        chain = log.open_chain(node, tx, row.id)
        _write(chain, row, None, words.strip(), by)
        oid = chain.write().oid
        for after in WARNINGS:
            key = f"{WARN}/{row.id}/{after}"
            due = max(found + after, node.now())
            jobs.put(node, tx, jobs.Asked(WARN, str(row.id), due, oid, key))
        return row.id


def act(node: Node, id_: UUID, what: Step, words: str, *, by: Visitor) -> None:
    """Write down what was done about a breach, in words that say what exactly."""
    require(node, by)
    check_words(words)
    with node.begin(sealed=True) as tx:
        row = tx.get(Breach, id_, with_for_update=True)
        if row is None:
            raise NotFound("There is no such breach here.")
        row.state = rules.step(row.state, what)
        if what in {Step.NOTIFY, Step.NOT_NEEDED} and row.decided_at is None:
            row.decided_at = node.now()
        if what is Step.TELL_PEOPLE and row.people_told_at is None:
            row.people_told_at = node.now()
        chain = log.chain(node, tx, row.id)
        _write(chain, row, what, words.strip(), by)
        chain.write()


def _write(
    chain: Chain, row: Breach, what: Step | None, words: str, by: Visitor
) -> None:
    node, tx = chain.node, chain.tx
    known = select(func.count()).where(BreachStep.breach_id == row.id)
    seq = tx.scalar(known) or 0
    place = vault.Place("breach_step", "words", f"{row.id}/{seq}")
    tx.add(
        BreachStep(
            breach_id=row.id,
            seq=seq,
            step=what,
            person_id=by.person_id,
            at=node.now(),
            words=vault.seal(node, chain.content_key, place, words),
        )
    )
    tx.flush()
    done = f"breach.{what or State.FOUND}"
    chain.say(
        Saying(
            kind="status",
            role=Role.STEWARD,
            channel=Channel(by.channel),
            fields={"action": done, "to": row.state.value},
            facts={"method": by.kind, "person": str(by.person_id)},
        )
    )


def listed(node: Node, *, by: Visitor) -> tuple[BreachLine, ...]:
    """Return the newest breaches."""
    require(node, by)
    with node.read() as tx:
        query = select(Breach).order_by(Breach.found_at.desc(), Breach.id).limit(PAGE)
        return tuple(_line(row, node.now()) for row in tx.scalars(query))


def one(
    node: Node, id_: UUID, *, by: Visitor
) -> tuple[BreachLine, tuple[StepLine, ...]]:
    """Return one breach, and everything that was done about it."""
    require(node, by)
    with node.read() as tx:
        row = tx.get(Breach, id_)
        if row is None:
            raise NotFound("There is no such breach here.")
        return _line(row, node.now()), _steps(node, tx, row)


def _line(row: Breach, now: datetime) -> BreachLine:
    return BreachLine(
        id=row.id,
        state=row.state,
        found_at=row.found_at,
        due_at=row.found_at + CLOCK,
        late=rules.is_late(row.found_at, row.decided_at, at=now),
        people=row.people,
        decided_at=row.decided_at,
        people_told_at=row.people_told_at,
        steps=rules.open_steps(row.state),
    )


def _steps(node: Node, tx: Session, row: Breach) -> tuple[StepLine, ...]:
    key = vault.key_of(node, tx, "case", row.id) or b""
    query = select(BreachStep).where(BreachStep.breach_id == row.id)
    rows = tx.scalars(query.order_by(BreachStep.seq)).all()
    names = people.names(node, tx, {it.person_id for it in rows})
    return tuple(
        StepLine(
            it.step,
            names[it.person_id],
            it.at,
            vault.words(
                key,
                vault.Place("breach_step", "words", f"{row.id}/{it.seq}"),
                it.words,
            ),
        )
        for it in rows
    )


def warn(node: Node, id_: str) -> None:
    """Tell stewards that nothing is decided yet, once each time; silent once it is."""
    with node.begin() as tx:
        row = tx.get(Breach, UUID(id_), with_for_update=True)
        if row is None or row.state is not State.FOUND:
            return
        due = sum(node.now() >= row.found_at + after for after in WARNINGS)
        if row.warned >= due:
            return
        row.warned = due
        over = node.now() >= row.found_at + CLOCK
        link = f"{node.settings.origin}/admin/breaches/{row.id}"
        kind = "breach.over" if over else "breach.soon"
        reviews.tell_stewards(node, tx, About(kind, {"link": link}))
