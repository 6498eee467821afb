"""That a rule sorts by itself: asked for by one who shares out cases, and agreed to.

It takes a person out of the way, so two of them say so. One is enough to put a
person back.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists

from governance import sorting
from governance.cases import Kind
from governance.errors import NotFound, SecondPerson, WrongState
from node import suggesting
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.suggesting import TriageRule
from node.teams.keeping import require


def sorts() -> ColumnElement[bool]:
    """Return whether any rule sorts by itself, to ask beside something else."""
    return exists().where(TriageRule.until.is_(None), TriageRule.alone)


def ask(
    node: Node, code: str, kind: Kind, urgent: Iterable[str], *, by: Visitor
) -> None:
    """Ask that a rule sorts by itself, but for messages with any of these words."""
    words = sorting.check(code, urgent)
    with node.begin() as tx:
        require(node, tx, by)
        suggesting.known(code)
        before = suggesting.living(tx, code, kind)
        if before is None:
            raise NotFound("No words suggest the two.")
        if before.alone:
            raise WrongState("It sorts by itself already. Have a person sort first.")
        new = _next(before, by)
        # What others keep for a person stays kept, whatever becomes of those rules.
        others = {one for rule in suggesting.now(tx) for one in rule.urgent}
        kept = (*words, *sorted(others.difference(words)))
        new.asked_id, new.urgent = by.person_id, "\n".join(kept)
        suggesting.put(node, tx, before, new)


def agree(node: Node, code: str, name: str, *, by: Visitor) -> None:
    """Agree as the second person that exactly this version sorts by itself."""
    with node.begin() as tx:
        require(node, tx, by)
        suggesting.known(code)
        named = (one for one in suggesting.rules(tx, code) if one.name == name)
        rule = next(named, None)
        before = suggesting.living(tx, code, rule.kind) if rule else None
        if before is None or before.alone or before.asked_id is None:
            raise NotFound("Nothing of this waits for a second person.")
        if by.person_id is None or by.is_person(before.asked_id):
            raise SecondPerson("Somebody else who shares out cases must agree.")
        new = _next(before, by)
        new.asked_id, new.urgent = before.asked_id, before.urgent
        new.alone, new.second_id = True, by.person_id
        suggesting.put(node, tx, before, new)


def stop(node: Node, code: str, kind: Kind, *, by: Visitor) -> None:
    """Have a person sort again what a rule sorts, or would; safe to repeat."""
    with node.begin() as tx:
        require(node, tx, by)
        suggesting.known(code)
        before = suggesting.living(tx, code, kind)
        if before is not None and before.asked_id is not None:
            suggesting.put(node, tx, before, _next(before, by))


def _next(before: TriageRule, by: Visitor) -> TriageRule:
    return TriageRule(
        topic=before.topic, kind=before.kind, words=before.words, by_id=by.person_id
    )
