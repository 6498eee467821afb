"""The community's rules as this node applies them: which are in force, and who may.

No role name is looked at outside `governance`: whoever wants to know whether somebody
may do something asks here.
"""

import json
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
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
from node import adopted
from node.accounts.visitor import Visitor
from node.core import Node, once
from node.models.cases import Case
from node.models.pledges import ClosedDays, Pledge
from node.models.rules import Rules

PRESETS = ("circle", "cooperative", "advocacy-hub", "starter")
_KEPT = "rules"
_NEWEST = select(
    func.max(Rules.version), select(func.max(ClosedDays.version)).scalar_subquery()
)


def adopt(node: Node, tx: Session, preset: str, *, zone: str, language: str) -> Bylaws:
    """Put a preset in force as the first version of a new community's bylaws."""
    document = adopted.document(f"presets/{preset}.json")
    # A name, not an address: the schema knows no http, and a rig has no certificate.
    document["community"] = f"https://{node.settings.host}/"
    document["language"] = language
    document["params"]["calendar"]["zone"] = zone
    bylaws = rules.load(document, adopted.document("schema.json"))
    tx.add(
        Rules(
            version=bylaws.version,
            identity=bylaws.identity,
            document=json.dumps(document, sort_keys=True),
            since=node.now(),
        )
    )
    return bylaws


def in_force(node: Node, tx: Session) -> Bylaws:
    """Return the bylaws in force; the newest version, read once in each process."""
    return once(tx, _KEPT, lambda: _in_force(node, tx))


def _in_force(node: Node, tx: Session) -> Bylaws:
    version, closed = tx.connection().execute(_NEWEST).one()
    if version is None:
        raise ReadOnly("This community has not opened its doors yet.")
    kept = node.memory.get(_KEPT)
    if isinstance(kept, Bylaws) and (kept.version, kept.closed_days) == (
        version,
        closed or 0,
    ):
        return kept
    found = adopted.read(tx, tx.get_one(Rules, version), closed or 0)
    node.memory[_KEPT] = found
    return found


def as_promised(node: Node, tx: Session, promised: Pledge) -> Bylaws:
    """Return the bylaws, with the closed days, that a promise was made by."""
    now = in_force(node, tx)
    if (promised.rules, promised.closed_days) == (now.identity, now.closed_days):
        return now
    row = tx.scalars(select(Rules).where(Rules.identity == promised.rules)).one()
    return adopted.read(tx, row, promised.closed_days)


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


def resource(
    case: Case,
    by: Visitor,
    walled: AbstractSet[UUID] = frozenset(),
    lead: UUID | None = None,
) -> Resource:
    """Return a case as the rules see it, and who has an interest in it.

    What is an alias's is its person's own, and so is an interest. `lead` has it along
    with another case.
    """
    member, walled_off = case.member_id, set(walled)
    if by.person_id is not None and by.is_person(member):
        member = by.person_id
    if by.person_id is not None and by.aliases & walled:
        walled_off.add(by.person_id)
    assigned = {one for one in (case.responsible_id, lead) if one is not None}
    return Resource(
        owner=member,
        parties={case.member_id, member},
        assigned=assigned,
        topic=case.topic,
        area=case.area or "none",
        sensitivity=case.sensitivity or "normal",
        team=str(case.team_id) if case.team_id else None,
        conflicts=walled_off,
    )


def consented(what: Resource, purposes: AbstractSet[str]) -> Resource:
    """Return the same matter with what its member agreed to."""
    return replace(what, consents=purposes)


def may(
    bylaws: Bylaws, who: Subject, verb: str, what: Resource, *, at: datetime
) -> bool:
    """Say whether the rules let somebody do this now."""
    return decide(bylaws, who, verb, what, Circumstance(at=at)).allowed


def role_for(
    bylaws: Bylaws, who: Subject, verb: str, what: Resource, *, at: datetime
) -> str:
    """Return the role by which the rules let somebody do this; empty if they do not."""
    decision = decide(bylaws, who, verb, what, Circumstance(at=at))
    named = decision.rules if decision.allowed else ()
    return next((row.role for row in bylaws.permissions if row.id in named), "")


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


def reach_with_another(bylaws: Bylaws, by: Visitor, verb: str, *, at: datetime) -> bool:
    """Say whether any grant of somebody would let them do this with another."""
    return any(
        may_with_another(
            bylaws, subject(replace(by, grants=(grant,))), verb, _inside(grant), at=at
        )
        for grant in by.grants
    )


def _inside(grant: Grant) -> Resource:
    # A case of nobody in particular, as the grant's own scope would have it.
    topic = "any" if grant.topics == "all" else min(grant.topics, default="")
    area = "any" if grant.areas == "all" else min(grant.areas, default="")
    team = None if grant.teams == "all" else min(grant.teams, default="")
    return Resource(
        owner=UUID(int=0), topic=topic, area=area, sensitivity="normal", team=team
    )


def within(grant: Grant) -> ColumnElement[bool]:
    """Return the condition on `Case` that it lies in a grant's scope."""
    topics: ColumnElement[bool] = true()
    if grant.topics != "all":
        topics = Case.topic.in_(grant.topics)
    if grant.teams != "all":
        teams = Case.team_id.in_([UUID(team) for team in grant.teams])
        topics = and_(topics, teams)
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
