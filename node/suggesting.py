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


def of_topic(node: Node, code: str, *, by: Visitor) -> tuple[Rule, ...]:
    """Return the rules that suggest a topic now."""
    with node.read() as tx:
        require(node, tx, by)
        _known(code)
        return rules(tx, code)


def rules(tx: Session, code: str) -> tuple[Rule, ...]:
    """Return the rules that suggest a topic now, to whoever may look at it."""
    return tuple(one for one in _rules(tx) if one.topic == code)


def change(
    node: Node, code: str, words: Mapping[Kind, Iterable[str]], *, by: Visitor
) -> None:
    """Let these words suggest a topic from now on, by the kind they suggest with it.

    None of a kind: nothing suggests the two any more. What is the same stays as it is.
    """
    checked = {kind: suggesting.check(typed) for kind, typed in words.items()}
    with node.begin() as tx:
        require(node, tx, by)
        _known(code)
        now = {one.kind: one.words for one in rules(tx, code)}
        for kind, chosen in checked.items():
            if chosen != now.get(kind, ()):
                _put(node, tx, Rule(code, kind, 0, chosen), by)


def suggested(tx: Session, text: str) -> Suggestion | None:
    """Return what the rules suggest of a message."""
    return suggesting.suggest(text, _rules(tx))


def _known(code: str) -> None:
    if code not in STARTER:
        raise NotFound("There is no such topic here.")


def _rules(tx: Session) -> list[Rule]:
    rows = tx.scalars(
        select(TriageRule)
        .where(TriageRule.until.is_(None))
        .order_by(TriageRule.topic, TriageRule.kind)
    )
    return [
        Rule(row.topic, row.kind, row.version, tuple(row.words.splitlines()))
        for row in rows
    ]


def _put(node: Node, tx: Session, rule: Rule, by: Visitor) -> None:
    mine = (TriageRule.topic == rule.topic, TriageRule.kind == rule.kind)
    before = tx.scalar(select(TriageRule).where(*mine, TriageRule.until.is_(None)))
    last = tx.scalar(select(func.max(TriageRule.version)).where(*mine)) or 0
    if before is not None:
        before.until = node.now()
    if rule.words:
        tx.add(
            TriageRule(
                topic=rule.topic,
                kind=rule.kind,
                version=last + 1,
                words="\n".join(rule.words),
                by_id=by.person_id,
                since=node.now(),
                until=None,
            )
        )
    tx.flush()
