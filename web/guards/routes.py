"""The policy table: every endpoint of this node, who it is for, and its limits.

An endpoint that is not listed does not start. `web/guards/pages.py` holds the pages.
"""

from dataclasses import replace

from flask import Flask

from governance.files import LARGEST
from ledger import witness
from node import erasing
from web.guards.pages import PAGES
from web.guards.rows import inbox as _inbox
from web.guards.table import (
    DELETE,
    GET,
    KILOBYTE,
    POST,
    Audience,
    Csrf,
    Route,
    Signed,
)

_READ, _WRITE = "cases:read", "cases:write"
#: Implied by every rule of Flask, and said by none of our rows.
_IMPLIED = {"HEAD", "OPTIONS"}


def _open() -> Route:
    return Route(Audience.PUBLIC, csrf=Csrf.NONE, body=0, shared=True)


def _anywhere(throttle: str = "") -> Route:
    return replace(_open(), anywhere=True, throttle=throttle)


def _signed(signed: Signed = Signed.ALWAYS) -> Route:
    return replace(_open(), signed=signed)


def _api(
    scope: str,
    methods: frozenset[str] = GET,
    audience: Audience = Audience.GUEST,
    *,
    sends: bool = False,
) -> Route:
    return Route(
        audience,
        methods,
        Csrf.NONE,
        body=256 * KILOBYTE,
        scope=scope,
        throttle="api",
        sends=sends,
        limit="api" if sends else "",
    )


_PLATFORM = {
    "federation.webfinger": _anywhere(),
    "federation.nodeinfo": _open(),
    "federation.nodeinfo_links": _open(),
    "federation.context": _open(),
    "federation.node_actor": _open(),
    "federation.community": _signed(Signed.DOCUMENT),
    "federation.advocate": _signed(Signed.DOCUMENT),
    "federation.case": _signed(Signed.DOCUMENT),
    "federation.reply": _signed(),
    "federation.thread": _signed(),
    "federation.case_replies": _signed(),
    "federation.community_outbox": _signed(),
    "federation.node_outbox": _signed(),
    "federation.advocate_outbox": _signed(),
    "federation.community_followers": _signed(),
    "federation.advocate_followers": _signed(),
    "federation.stewards": _signed(),
    "federation.stamp": _signed(),
    "inboxes.shared": _inbox(),
    "inboxes.node": _inbox(),
    "inboxes.community": _inbox(),
    "inboxes.advocate": _inbox(),
    "health.healthz": _open(),
    "health.readyz": _open(),
    "static": _open(),
    "problems.show": _open(),
    "ledger.checkpoint": _anywhere(),
    "ledger.checkpoints": _anywhere(),
    "ledger.keys": _anywhere(),
    "ledger.payload": _anywhere(),
    "ledger.policy": _anywhere(),
    "ledger.tags": _anywhere(throttle="ledger.tags"),
    "ledger.tile": _anywhere(),
    "mirror.checkpoint": _anywhere(),
    "mirror.tags": _anywhere(throttle="ledger.tags"),
    "mirror.tile": _anywhere(),
    # A log's signature is checked within; who sends often is slowed down before.
    "witness.add_checkpoint": Route(
        Audience.PUBLIC, POST, Csrf.NONE, body=witness.LIMIT, throttle="witness.add"
    ),
    "witness.checkpoint": _anywhere(),
}

_API = {
    "api-docs.openapi_json": _open(),
    # Words are never turned away: what comes too often waits for a person instead.
    "api_submissions.submit": replace(
        _api(_WRITE, POST, Audience.PUBLIC, sends=True),
        throttle="",
        limit="submission.guest",
    ),
    "api_files.add": replace(_api(_WRITE, POST), body=LARGEST + KILOBYTE),
    "api_files.show": _api(_READ),
    "api_cases.index": _api(_READ, audience=Audience.MEMBER),
    "api_cases.show": _api(_READ),
    "api_cases.write": _api(_WRITE, POST, sends=True),
    "api_cases.move": _api(_WRITE, POST, sends=True),
    "api_cases.sort": _api(_WRITE, POST),
    # Who works here is asked by each use case: it knows the grants of the moment.
    "api_desk.index": _api(_READ, audience=Audience.MEMBER),
    "api_desk.take_next": _api(_WRITE, POST, Audience.MEMBER),
    "api_desk.to_triage": _api(_READ, audience=Audience.MEMBER),
    "api_desk.answer_now": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_desk.behind": _api(_READ, audience=Audience.MEMBER),
    "api_desk.disagree": _api(_WRITE, POST, Audience.MEMBER),
    "api_desk.aside": _api(_READ, audience=Audience.MEMBER),
    "api_desk.seen": _api(_WRITE, POST, Audience.MEMBER),
    "api_notes.index": _api(_READ, audience=Audience.MEMBER),
    "api_notes.write": _api(_WRITE, POST, Audience.MEMBER),
    "api_ladder.escalate": _api(_WRITE, POST, sends=True),
    "api_later.index": _api(_READ),
    "api_later.schedule": _api(_WRITE, POST, sends=True),
    "api_later.change": _api(_WRITE, POST, sends=True),
    "api_later.ask": _api(_WRITE, POST, sends=True),
    "api_later.agree": _api(_WRITE, POST, sends=True),
    "api_later.cancel": _api(_WRITE, DELETE),
    "api_plans.index": _api(_READ),
    "api_plans.add": _api(_WRITE, POST),
    "api_plans.done": _api(_WRITE, POST),
    "api_plans.undo": _api(_WRITE, DELETE),
    "api_plans.remove": _api(_WRITE, DELETE),
    "api_spoken.note": _api(_WRITE, POST, sends=True),
    "api_spoken.deny": _api(_WRITE, POST),
    "api_spoken.tried": _api(_WRITE, POST),
    "api_notes.tag": _api(_WRITE, POST),
    "api_ladder.cause": _api(_WRITE, POST),
    "api_proving.ask": replace(_api(_WRITE, POST), sends=True, limit="message.contact"),
    "api_proving.prove": _api(_WRITE, POST),
    "api_proxies.begin": _api(_WRITE, POST, Audience.MEMBER),
    "api_proxies.end": _api(_WRITE, DELETE, Audience.MEMBER),
    "api_proxies.tell": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_proxies.answer": _api(_WRITE, POST),
    "api_together.show": _api(_READ),
    "api_together.open_matter": _api(_WRITE, POST),
    "api_together.update": _api(_WRITE, POST, sends=True),
    "api_together.leave": _api(_WRITE, DELETE),
    "api_together.answer": _api(_WRITE, POST),
    "api_together.settle": _api(_WRITE, POST),
    "api_notices.show": _api(_READ, audience=Audience.MEMBER),
    "api_notices.save": _api(_WRITE, POST, Audience.MEMBER),
    "api_texts.index": _api(_READ, audience=Audience.MEMBER),
    "api_texts.propose": _api(_WRITE, POST, Audience.MEMBER),
    "api_texts.settle": _api(_WRITE, POST, Audience.MEMBER),
    "api_texts.fill": _api(_READ),
    "api_snippets.mine": _api(_READ, audience=Audience.MEMBER),
    "api_snippets.write": _api(_WRITE, POST, Audience.MEMBER),
    "api_snippets.change": _api(_WRITE, POST, Audience.MEMBER),
    "api_snippets.drop": _api(_WRITE, DELETE, Audience.MEMBER),
    "api_snippets.fill": _api(_READ),
    "api_ladder.somebody_else": _api(_WRITE, POST),
    "api_bonds.index": _api(_READ),
    "api_bonds.mark": _api(_WRITE, POST),
    "api_bonds.undo": _api(_WRITE, DELETE),
    "api_pieces.index": _api(_READ),
    "api_pieces.split": _api(_WRITE, POST),
    "api_pieces.undo": _api(_WRITE, DELETE),
    "api_consents.index": _api(_READ),
    "api_consents.give": _api(_WRITE, POST),
    "api_consents.receipt": _api(_READ),
    "api_consents.revoke": _api(_WRITE, DELETE),
    "api_erasures.erase": _api(erasing.SCOPE, POST),
    "api_erasures.show": _api(_READ),
    "api_keeping.show": _api(_READ),
    "api_keeping.choose": _api(_WRITE, POST),
    "api_keeping.rest": _api(_WRITE, POST),
    "api_keeping.go_on": _api(_WRITE, DELETE),
    "api_keeping.holds": _api(_READ, audience=Audience.STEWARD),
    "api_keeping.hold": _api(_WRITE, POST, Audience.STEWARD),
    "api_keeping.second": _api(_WRITE, POST, Audience.STEWARD),
    "api_keeping.end": _api(_WRITE, DELETE, Audience.STEWARD),
    "api_own_data.show": _api(_READ, audience=Audience.MEMBER),
    "api_own_data.end": _api(erasing.SCOPE, DELETE, Audience.MEMBER),
    "api_parties.show": _api(_READ),
    "api_parties.name": _api(_WRITE, POST, sends=True),
    "api_parties.decide": _api(_WRITE, POST, sends=True),
    "api_parties.see": _api(_READ, audience=Audience.PUBLIC),
    "api_parties.answer": _api(_WRITE, POST, Audience.PUBLIC, sends=True),
    "api_parties.write": _api(_WRITE, POST, Audience.PUBLIC, sends=True),
    "api_parties.file": _api(_READ, audience=Audience.PUBLIC),
    "api_feedback.show": _api(_READ),
    "api_feedback.give": _api(_WRITE, POST, sends=True),
    "api_feedback.take_back": _api(_WRITE, DELETE),
    "api_feedback.answer": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_feedback.copy": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_feedback.copies": _api(_READ, audience=Audience.MEMBER),
    "api_feedback.opened": _api(_READ, audience=Audience.MEMBER),
    "api_feedback.find": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_feedback.decline": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_releases.asked": _api(_READ),
    "api_releases.ask": _api(_WRITE, POST),
    "api_releases.index": _api(_READ, audience=Audience.MEMBER),
    "api_releases.show": _api(_READ, audience=Audience.MEMBER),
    "api_releases.decide": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_data_requests.mine": _api(_READ, audience=Audience.MEMBER),
    "api_data_requests.ask": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_data_requests.take_back": _api(erasing.SCOPE, DELETE, Audience.MEMBER),
    "api_data_requests.index": _api(_READ, audience=Audience.MEMBER),
    "api_data_requests.show": _api(_READ, audience=Audience.MEMBER),
    "api_data_requests.settle": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_data_requests.lengthen": _api(_WRITE, POST, Audience.MEMBER, sends=True),
    "api_search.find": _api(_READ, audience=Audience.MEMBER),
    "api_walls.mine": _api(_READ, audience=Audience.MEMBER),
    "api_walls.declare": _api(_WRITE, POST, Audience.MEMBER),
    "api_walls.withdraw": _api(_WRITE, DELETE, Audience.MEMBER),
    "api_walls.waiting": _api(_READ, audience=Audience.MEMBER),
    "api_walls.of_case": _api(_READ),
    "api_walls.put_up": _api(_WRITE, POST),
    "api_walls.settle": _api(_WRITE, POST),
    "api_people.unmatched": _api(_READ, audience=Audience.MEMBER),
    "api_people.show": _api(_READ, audience=Audience.MEMBER),
    "api_people.reveal": _api(_WRITE, POST, Audience.MEMBER),
    "api_people.merge": _api(_WRITE, POST, Audience.MEMBER),
    "api_people.apart": _api(_WRITE, POST, Audience.MEMBER),
    "api_people.unmerge": _api(_WRITE, DELETE, Audience.MEMBER),
    "api_access.sharing": _api(_READ),
    "api_access.audit": _api(_READ, audience=Audience.AUDITOR),
    "api_absences.mine": _api(_READ, audience=Audience.MEMBER),
    "api_absences.say": _api(_WRITE, POST, Audience.MEMBER),
    "api_absences.call_off": _api(_WRITE, DELETE, Audience.MEMBER),
    "api_grants.index": _api(_READ, audience=Audience.MEMBER),
    "api_grants.give": _api(_WRITE, POST, Audience.STEWARD),
    "api_grants.end": _api(_WRITE, DELETE, Audience.MEMBER),
    "api_topics.index": _api(_READ, audience=Audience.COORDINATOR),
    "api_topics.choose": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_topics.rules": _api(_READ, audience=Audience.COORDINATOR),
    "api_topics.suggest": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_topics.ask": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_topics.agree": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_absences.work": _api(_READ, audience=Audience.MEMBER),
    "api_absences.save": _api(_WRITE, POST, Audience.MEMBER),
    "api_roster.board": _api(_READ, audience=Audience.COORDINATOR),
    "api_roster.put": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_roster.remove": _api(_WRITE, DELETE, Audience.COORDINATOR),
    "api_roster.mine": _api(_READ, audience=Audience.MEMBER),
    "api_roster.offer": _api(_WRITE, POST, Audience.MEMBER),
    "api_roster.take": _api(_WRITE, POST, Audience.MEMBER),
    "api_teams.index": _api(_READ, audience=Audience.COORDINATOR),
    "api_teams.create": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_teams.show": _api(_READ, audience=Audience.COORDINATOR),
    "api_teams.edit": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_teams.place": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_teams.close": _api(_WRITE, POST, Audience.COORDINATOR),
    "api_breaches.index": _api(_READ, audience=Audience.STEWARD),
    "api_breaches.report": _api(_WRITE, POST, Audience.STEWARD),
    "api_breaches.show": _api(_READ, audience=Audience.STEWARD),
    "api_breaches.act": _api(_WRITE, POST, Audience.STEWARD),
    "api_jobs.index": _api(_READ, audience=Audience.STEWARD),
    "api_jobs.again": _api(_WRITE, POST, Audience.STEWARD),
    "api_receipts.bundle": _api(_READ),
    "api_receipts.head": _api(_READ),
    "api_receipts.show": _api(_READ),
}

#: Every endpoint there is.
ROUTES: dict[str, Route] = {**_PLATFORM, **_API, **PAGES}


class RouteUnknown(Exception):  # noqa: N818 - an answer for whoever adds a route
    """An endpoint has no row, or a row says other methods than the endpoint takes."""


def check_complete(app: Flask) -> None:
    """Raise unless every endpoint of the app has a row that fits it."""
    taken: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        taken.setdefault(rule.endpoint, set()).update(rule.methods or ())
    for endpoint, methods in sorted(taken.items()):
        row = ROUTES.get(endpoint)
        if row is None:
            raise RouteUnknown(f"{endpoint} has no row in web/guards.")
        if row.methods != methods - _IMPLIED:
            said, does = sorted(row.methods), sorted(methods - _IMPLIED)
            raise RouteUnknown(f"{endpoint} takes {does}, its row says {said}.")
