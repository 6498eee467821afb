"""The versions of templates: who proposed one, who approved it, until when it is used.

The words of a version never change. A new one takes its place once it is approved.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid, NotFound, WrongState
from governance.intake import check_language
from governance.predicates import Circumstance, Resource
from governance.submissions import check_words
from governance.texts import Medium, check_template
from node import governance, people
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.models.texts import TextVersion

VERB = "template.approve"
_LONGEST_NAME = 60
#: Of no topic or place: what everybody uses is for who answers for all of it.
_EVERYWHERE = Resource(topic="any", area="any", sensitivity="normal")


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody proposes."""

    name: str
    medium: Medium
    language: str
    text: str
    #: Whether what begins with it is said in the community's name.
    community: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One version, as those who look after templates see it."""

    id: UUID
    name: str
    medium: Medium
    language: str
    version: int
    text: str
    community: bool
    digest: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    #: `proposed`, `used`, `replaced` or `retired`.
    state: str
    #: Whether the viewer can be the second person.
    can_approve: bool


def every(node: Node, *, by: Visitor) -> tuple[Shown, ...]:
    """Return every version, by name, way and language, the newest first."""
    with node.read() as tx:
        _require(node, tx, by)
        order = (TextVersion.name, TextVersion.medium, TextVersion.language)
        rows = tx.scalars(
            select(TextVersion).order_by(*order, TextVersion.version.desc())
        ).all()
        found = {row.proposed_by for row in rows} | {row.approved_by for row in rows}
        known = people.names(node, tx, {one for one in found if one})
        newest: dict[tuple[str, Medium, str], int] = {}
        for row in rows:
            if row.approved_at is not None:
                newest.setdefault((row.name, row.medium, row.language), row.version)
        return tuple(_shown(row, known, newest, by) for row in rows)


def show(node: Node, version_id: UUID, *, by: Visitor) -> Shown:
    """Return one version."""
    found = next((it for it in every(node, by=by) if it.id == version_id), None)
    if found is None:
        raise NotFound("There is no such template here.")
    return found


def propose(node: Node, draft: Draft, *, by: Visitor) -> UUID:
    """Write a new version down; nobody uses it before somebody else approved it."""
    check_words(draft.text)
    language = check_language(draft.language)
    name = " ".join(draft.name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ChoiceInvalid("Give the template a short name.", field="name")
    check_template(draft.text, draft.medium)
    with node.begin() as tx:
        author = _require(node, tx, by)
        same = (
            TextVersion.name == name,
            TextVersion.medium == draft.medium,
            TextVersion.language == language,
        )
        last = tx.scalar(select(func.max(TextVersion.version)).where(*same)) or 0
        row = TextVersion(
            id=new_id(node),
            name=name,
            medium=draft.medium,
            language=language,
            version=last + 1,
            text=draft.text,
            community=draft.community,
            digest=_digest(name, replace(draft, language=language), last + 1),
            proposed_by=author,
            proposed_at=node.now(),
        )
        tx.add(row)
        return row.id


def approve(node: Node, version_id: UUID, *, by: Visitor) -> None:
    """Let everybody use a version, as the second person. Safe to repeat."""
    with node.begin() as tx:
        row = _locked(tx, version_id)
        governance.require(
            governance.in_force(node, tx),
            governance.subject(by),
            VERB,
            _EVERYWHERE,
            at=Circumstance(at=node.now(), confirmed_by={row.proposed_by}),
        )
        if row.retired_at is not None:
            raise WrongState("This version was retired. Propose a new one.")
        if row.approved_at is None:
            row.approved_at, row.approved_by = node.now(), by.person_id


def retire(node: Node, version_id: UUID, *, by: Visitor) -> None:
    """Let nobody use a template any more; what is only proposed goes alone.

    What was sent with it stays as it was sent. Safe to repeat.
    """
    with node.begin() as tx:
        _require(node, tx, by)
        row, now = _locked(tx, version_id), node.now()
        if row.approved_at is None:
            row.retired_at = row.retired_at or now
            return
        tx.execute(
            update(TextVersion)
            .where(
                TextVersion.name == row.name,
                TextVersion.medium == row.medium,
                TextVersion.language == row.language,
                TextVersion.approved_at.is_not(None),
                TextVersion.retired_at.is_(None),
            )
            .values(retired_at=now)
        )


def sent_with(tx: Session, version_id: UUID) -> TextVersion:
    """Return a version that is or was in use."""
    row = tx.get(TextVersion, version_id)
    if row is None or row.approved_at is None:
        raise ChoiceInvalid("There is no such template here.", field="template")
    return row


def standing(node: Node) -> list[dict[str, str | int]]:
    """Return which versions can be used, for whoever runs the node."""
    with node.read() as tx:
        rows = tx.scalars(
            select(TextVersion)
            .where(
                TextVersion.approved_at.is_not(None), TextVersion.retired_at.is_(None)
            )
            .order_by(TextVersion.name, TextVersion.medium, TextVersion.language)
        ).all()
        return [
            {
                "id": str(row.id),
                "name": row.name,
                "medium": row.medium.value,
                "language": row.language,
                "version": row.version,
                "digest": row.digest,
            }
            for row in rows
        ]


def _require(node: Node, tx: Session, by: Visitor) -> UUID:
    bylaws, at = governance.in_force(node, tx), node.now()
    who = governance.subject(by)
    # Whoever could be one of the two who let a template be used.
    now = Circumstance(at=at, confirmed_by={governance.SOMEBODY})
    governance.require(bylaws, who, VERB, _EVERYWHERE, at=now)
    if by.person_id is None:
        raise NotFound("There is no such template here.")
    return by.person_id


def _locked(tx: Session, version_id: UUID) -> TextVersion:
    row = tx.get(TextVersion, version_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such template here.")
    return row


def _digest(name: str, draft: Draft, version: int) -> str:
    said = [name, draft.medium.value, draft.language, version, draft.text]
    if draft.community:
        said.append("community")
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _shown(
    row: TextVersion,
    known: dict[UUID, str],
    newest: dict[tuple[str, Medium, str], int],
    by: Visitor,
) -> Shown:
    state = "proposed"
    if row.retired_at is not None:
        state = "retired"
    elif row.approved_at is not None:
        used = newest[row.name, row.medium, row.language] == row.version
        state = "used" if used else "replaced"
    return Shown(
        id=row.id,
        name=row.name,
        medium=row.medium,
        language=row.language,
        version=row.version,
        text=row.text,
        community=row.community,
        digest=row.digest,
        proposed_by=known.get(row.proposed_by, ""),
        proposed_at=row.proposed_at,
        approved_by=known.get(row.approved_by, "") if row.approved_by else "",
        state=state,
        can_approve=state == "proposed" and not by.is_person(row.proposed_by),
    )
