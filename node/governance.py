"""The community's rules as this node applies them: which are in force, and who may.

No role name is looked at outside `governance`: whoever wants to know whether somebody
may do something asks here.
"""

import json
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from governance import rules
from governance.decide import Decision, decide
from governance.decide import require as require_rule
from governance.errors import ReadOnly
from governance.predicates import Circumstance, Resource, Status, Subject, SubjectKind
from governance.roles import Grant
from governance.rules import Bylaws
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.cases import Case
from node.models.rules import Rules

PRESETS = ("circle", "cooperative", "advocacy-hub", "starter")
_KEPT = "rules"
_NEWEST = select(func.max(Rules.version))


def adopt(node: Node, tx: Session, preset: str, *, zone: str, language: str) -> Bylaws:
    """Put a preset in force as the first version of a new community's bylaws."""
    document = _json(f"presets/{preset}.json")
    # A name, not an address: the schema knows no http, and a rig has no certificate.
    document["community"] = f"https://{node.settings.host}/"
    document["language"] = language
    document["params"]["calendar"]["zone"] = zone
    bylaws = rules.load(document, _json("schema.json"))
    tx.add(
        Rules(
            version=bylaws.version,
            identity=bylaws.identity,
            document=json.dumps(document, sort_keys=True),
            since=node.now(),
        )
    )
    return bylaws


def _json(name: str) -> dict:  # type: ignore[type-arg]  # as a JSON parser returns it
    text = (files("governance.rules") / name).read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]  # idem


def in_force(node: Node, tx: Session) -> Bylaws:
    """Return the bylaws in force; the newest version, read once in each process."""
    version = tx.connection().execute(_NEWEST).scalar()
    if version is None:
        raise ReadOnly("This community has not opened its doors yet.")
    kept = node.memory.get(_KEPT)
    if isinstance(kept, Bylaws) and kept.version == version:
        return kept
    row = tx.get_one(Rules, version)
    found = rules.load(json.loads(row.document), _json("schema.json"))
    node.memory[_KEPT] = found
    return found


def subject(who: Visitor) -> Subject:
    """Return a visitor as the rules see them."""
    member = who.kind == "member"
    return Subject(
        SubjectKind.MEMBER if member else SubjectKind.GUEST,
        who.person_id,
        Status.ACTIVE if member else None,
        who.grants,
    )


#: Another holder of a right, whoever that may be.
SOMEBODY = UUID(int=0)
#: A partner community, as far as its own act goes.
PEER = Subject(SubjectKind.PEER)
#: The node itself, doing what time or an event makes due.
SYSTEM = Subject(SubjectKind.SYSTEM)


def resource(case: Case) -> Resource:
    """Return a case as the rules see it."""
    assigned = {case.responsible_id} if case.responsible_id else set[UUID]()
    return Resource(
        owner=case.member_id,
        parties={case.member_id},
        assigned=assigned,
        topic=case.topic,
        area=case.area or "none",
        sensitivity="normal",
    )


def consented(what: Resource, purposes: AbstractSet[str]) -> Resource:
    """Return the same matter with what its member agreed to."""
    return replace(what, consents=purposes)


def may(
    bylaws: Bylaws, who: Subject, verb: str, what: Resource, *, at: datetime
) -> bool:
    """Say whether the rules let somebody do this now."""
    return decide(bylaws, who, verb, what, Circumstance(at=at)).allowed


def may_with_another(
    bylaws: Bylaws, who: Subject, verb: str, what: Resource, *, at: datetime
) -> bool:
    """Say whether the rules would let somebody do this if another agreed to it."""
    now = Circumstance(at=at, confirmed_by={SOMEBODY})
    return decide(bylaws, who, verb, what, now).allowed


def reach(bylaws: Bylaws, by: Visitor, verb: str, *, at: datetime) -> tuple[Grant, ...]:
    """Return the grants under which somebody may do this, each within its scope."""
    return tuple(
        grant
        for grant in by.grants
        if may(
            bylaws, subject(replace(by, grants=(grant,))), verb, _inside(grant), at=at
        )
    )


def _inside(grant: Grant) -> Resource:
    # A case of nobody in particular, as the grant's own scope would have it.
    topic = "any" if grant.topics == "all" else min(grant.topics, default="")
    area = "any" if grant.areas == "all" else min(grant.areas, default="")
    return Resource(owner=UUID(int=0), topic=topic, area=area, sensitivity="normal")


def within(grant: Grant) -> ColumnElement[bool]:
    """Return the condition on `Case` that it lies in a grant's scope."""
    topics = true() if grant.topics == "all" else Case.topic.in_(grant.topics)
    if grant.areas == "all":
        return and_(true(), topics)
    return and_(topics, func.coalesce(Case.area, "none").in_(grant.areas))


def reaches(node: Node, *verbs: str, by: Visitor) -> bool:
    """Say whether any role of somebody lets them do one of these at all."""
    if not by.grants:
        return False
    with node.read() as tx:
        bylaws, now = in_force(node, tx), node.now()
    return any(reach(bylaws, by, verb, at=now) for verb in verbs)


def require(
    bylaws: Bylaws,
    who: Subject,
    verb: str,
    what: Resource,
    *,
    at: datetime | Circumstance,
) -> Decision:
    """Return the decision that lets somebody do this now, or refuse.

    What counts beside the moment, such as who agreed to it, comes as a circumstance.
    """
    now = at if isinstance(at, Circumstance) else Circumstance(at=at)
    return require_rule(bylaws, who, verb, what, now)
