"""Who comes in: the policy table, asked once for every request, before its view.

Size first, then who it is and whether they meant it, then whether they may. Nothing
is read, stored or sent before that.
"""

from flask import request

from governance.errors import AuthRequired, AuthScope
from node import governance, throttle
from node.accounts import Visitor
from node.core import Node
from web import current
from web.guards import csrf, signed
from web.guards.routes import ROUTES
from web.guards.table import Audience, Route
from web.problems import RoleMissing, TooLarge

#: What an audience may do by the community's rules: any of it lets somebody in.
_VERBS = {
    Audience.ADVOCATE: ("case.take", "case.triage", "case.read"),
    Audience.COORDINATOR: ("case.triage", "case.assign"),
    Audience.STEWARD: ("agreement.negotiate",),
    Audience.AUDITOR: ("ledger.audit", "agreement.negotiate"),
}


def admit() -> None:
    """Let the request through to its view, or refuse it."""
    if request.endpoint is None:
        return  # The router has something to say: nothing here, or not this method.
    route = ROUTES[request.endpoint]
    _check_size(route)
    if route.throttle:
        throttle.spend(current.node(), route.throttle, current.spender())
    csrf.check(route)
    signed.check(route)
    if route.audience is not Audience.PUBLIC or route.scope:
        _check_audience(route, current.visitor())


def _check_size(route: Route) -> None:
    if (request.content_length or 0) > route.body:
        raise TooLarge(f"What is sent here may have up to {route.body:,} bytes.")
    request.max_content_length = route.body


def _check_audience(route: Route, who: Visitor) -> None:
    if not holds(current.node(), route.audience, who):
        if who.account_id is None:
            raise AuthRequired("This is only for people who have signed in.")
        raise RoleMissing("This is for people with another role.")
    if route.scope and who.kind == "member" and route.scope not in who.scopes:
        raise AuthScope(f"This token was not granted: {route.scope}.")


def holds(node: Node, audience: Audience, who: Visitor) -> bool:
    """Say whether somebody belongs to those a route is for."""
    if audience is Audience.PUBLIC:
        return True
    if audience is Audience.GUEST:
        return who.account_id is not None or who.case_id is not None
    if audience is Audience.MEMBER:
        return who.account_id is not None
    return governance.reaches(node, *_VERBS[audience], by=who)
