"""Words by which triage is suggested what a case is about; a person takes it over.

They are the community's own, in its languages. Whoever shares out cases changes them,
and each change is a version that stays.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import suggesting
from governance.cases import Kind
from governance.errors import NotFound
from governance.suggesting import Rule, Suggestion
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.suggesting import TriageRule
from node.teams.keeping import require
from node.topics import STARTER

#: What a message can be. A collective grows out of cases.
KINDS: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.COLLECTIVE)
_NOW = (
    select(TriageRule)
    .where(TriageRule.until.is_(None))
    .order_by(TriageRule.topic, TriageRule.kind)
)


def of_topic(node: Node, code: str, *, by: Visitor) -> tuple[Rule, ...]:
    """Return the rules that suggest a topic now."""
    with node.read() as tx:
        require(node, tx, by)
        known(code)
        return rules(tx, code)


def rules(tx: Session, code: str) -> tuple[Rule, ...]:
    """Return the rules that suggest a topic now, to whoever may look at it."""
    return tuple(one for one in now(tx) if one.topic == code)


def change(
    node: Node, code: str, words: Mapping[Kind, Iterable[str]], *, by: Visitor
) -> None:
    """Let these words suggest a topic from now on, by the kind they suggest with it.

    None of a kind: nothing suggests the two any more. What is the same stays as it is.
    """
    checked = {kind: suggesting.check(typed) for kind, typed in words.items()}
    with node.begin() as tx:
        require(node, tx, by)
        known(code)
        for kind, chosen in checked.items():
            before, words_ = living(tx, code, kind), "\n".join(chosen)
            if words_ != (before.words if before else ""):
                # What other words sort by themselves, somebody agrees to anew.
                new = TriageRule(topic=code, kind=kind, words=words_)
                new.by_id = by.person_id
                put(node, tx, before, new)


def suggested(tx: Session, text: str) -> Suggestion | None:
    """Return what the rules suggest of a message."""
    return suggesting.suggest(text, now(tx))


def known(code: str) -> None:
    """Refuse what is no topic that something can be sorted under."""
    if code not in STARTER:
        raise NotFound("There is no such topic here.")


def now(tx: Session) -> list[Rule]:
    """Return every rule that counts now."""
    return [rule_of(row) for row in tx.scalars(_NOW)]


def rule_of(row: TriageRule) -> Rule:
    """Return a version as the rules see it."""
    return Rule(
        row.topic,
        row.kind,
        row.version,
        tuple(row.words.splitlines()),
        row.alone,
        tuple(row.urgent.splitlines()),
        None if row.alone else row.asked_id,
    )


def living(tx: Session, topic: str, kind: Kind) -> TriageRule | None:
    """Return the version of a rule that counts now."""
    return tx.scalar(_NOW.where(TriageRule.topic == topic, TriageRule.kind == kind))


def put(node: Node, tx: Session, before: TriageRule | None, new: TriageRule) -> None:
    """Let a version follow another one; without words none does."""
    mine = (TriageRule.topic == new.topic, TriageRule.kind == new.kind)
    last = tx.scalar(select(func.max(TriageRule.version)).where(*mine)) or 0
    if before is not None:
        before.until = node.now()
    if new.words:
        new.version, new.since = last + 1, node.now()
        tx.add(new)
    tx.flush()
