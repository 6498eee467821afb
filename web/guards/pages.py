"""Who every page is for, by endpoint: one row for each page and form.

A page without a row stops the start. Rows of the API and of the machinery stand in
`routes`.
"""

from governance.files import LARGEST_TOGETHER
from web.guards.table import GET, KILOBYTE, MEGABYTE, POST, Audience, Route

#: Words are at most 50,000 characters; encoded for a form that is up to 12 bytes each.
_WORDS = 700 * KILOBYTE
#: The same, with files.
_FILES = LARGEST_TOGETHER + MEGABYTE
_SHORT = 32 * KILOBYTE
_RECEIPT = 512 * KILOBYTE


def _open() -> Route:
    return Route(Audience.PUBLIC, GET, body=0, shared=True)


def _shown(audience: Audience = Audience.PUBLIC) -> Route:
    return Route(audience, GET, body=0)


def _sent(
    audience: Audience = Audience.PUBLIC,
    body: int = _SHORT,
    *,
    throttle: str = "",
    limit: str = "",
) -> Route:
    return Route(
        audience, POST, body=body, throttle=throttle, sends=bool(limit), limit=limit
    )


_GUEST, _MEMBER = Audience.GUEST, Audience.MEMBER
_ADVOCATE, _COORDINATOR = Audience.ADVOCATE, Audience.COORDINATOR
_STEWARD = Audience.STEWARD

PAGES: dict[str, Route] = {
    "home.index": _open(),
    "home.privacy": _open(),
    "home.accessibility": _open(),
    "home.look": _sent(),
    "home.speak": _sent(),
    "submissions.begin": _open(),
    "submissions.show": _open(),
    "submissions.save": _sent(body=_FILES, limit="submission.guest"),
    "submissions.later": _shown(),
    "submissions.resume": _shown(),
    "submissions.take_over": _sent(),
    "receipts.bundle": _shown(_GUEST),
    "receipts.show": _shown(),
    "receipts.save": _shown(),
    "cases.track": _open(),
    "cases.find": _sent(),
    "cases.link": _shown(),
    "cases.show": _shown(_GUEST),
    "cases.write": _sent(_GUEST, _FILES),
    "cases.answer": _sent(_GUEST, _WORDS),
    "cases.reopen": _sent(_GUEST, _WORDS),
    "cases.restore": _sent(_GUEST),
    "cases.leave": _shown(_GUEST),
    "cases.withdraw": _sent(_GUEST),
    "consents.show": _shown(_GUEST),
    "consents.give": _sent(_GUEST),
    "consents.stop": _sent(_GUEST),
    "consents.receipt": _shown(_GUEST),
    "ladder.escalate": _sent(_GUEST),
    "ladder.choose": _sent(_GUEST),
    "erasing.ask": _shown(_GUEST),
    "erasing.ask_whole": _shown(_GUEST),
    "erasing.whole": _sent(_GUEST),
    "erasing.ask_part": _shown(_GUEST),
    "erasing.part": _sent(_GUEST),
    "cases.receipt": _shown(_GUEST),
    "access.sharing": _shown(_GUEST),
    "files.of_case": _shown(_GUEST),
    "files.show": _shown(_MEMBER),
    "publishing.publish": _sent(_GUEST, _WORDS),
    "publishing.decide": _sent(_GUEST),
    "publishing.decide_at_desk": _sent(_ADVOCATE),
    "public.index": _open(),
    "public.show": _open(),
    "public.answer": _open(),
    "accounts.sign_in": _open(),
    "accounts.ask": _sent(limit="sign-in.link"),
    "accounts.sent": _shown(),
    "accounts.code": _sent(),
    "accounts.peek": _shown(),
    "accounts.use": _sent(),
    "accounts.sign_out": _sent(),
    "accounts.me": _shown(_MEMBER),
    "points.show": _shown(_MEMBER),
    "points.bundle": _shown(_MEMBER),
    "security.show": _shown(_MEMBER),
    "security.revoke": _sent(_MEMBER),
    "security.remove": _sent(_MEMBER),
    "security.options": _sent(_MEMBER),
    "security.add": _sent(_MEMBER),
    "security.sign_in_options": _sent(),
    "security.sign_in": _sent(),
    "search.show": _shown(_MEMBER),
    "desk.index": _shown(_ADVOCATE),
    "desk.take": _sent(_ADVOCATE),
    "desk.triage": _shown(_ADVOCATE),
    "desk.sort": _sent(_ADVOCATE),
    "desk.discard": _sent(_ADVOCATE),
    "desk_acts.do": _sent(_ADVOCATE, _WORDS),
    "desk_acts.second": _sent(_ADVOCATE),
    "desk_acts.now": _sent(_ADVOCATE, _WORDS),
    "desk_acts.aside": _shown(_ADVOCATE),
    "desk_acts.look": _sent(_ADVOCATE),
    "desk_cases.show": _shown(_ADVOCATE),
    "desk_cases.reply": _sent(_ADVOCATE, _FILES),
    "desk_cases.ask": _sent(_ADVOCATE, _WORDS),
    "desk_cases.resolve": _sent(_ADVOCATE, _WORDS),
    "desk_notes.write": _sent(_ADVOCATE, _WORDS),
    "desk_notes.draft": _sent(_ADVOCATE, _FILES),
    "desk_cases.take": _sent(_ADVOCATE),
    "desk_cases.accept": _sent(_ADVOCATE),
    "desk_cases.decline": _sent(_ADVOCATE),
    "desk_cases.assign": _sent(_ADVOCATE),
    "walls.index": _shown(_MEMBER),
    "walls.declare": _sent(_MEMBER),
    "walls.withdraw": _sent(_MEMBER),
    "walls.decide": _sent(_MEMBER),
    "walls.appeal": _sent(_MEMBER),
    "walls.challenge": _sent(_ADVOCATE),
    "walls.veto": _sent(_GUEST),
    "walls.appeal_veto": _sent(_GUEST),
    "people.unmatched": _shown(_ADVOCATE),
    "people.decide": _sent(_ADVOCATE),
    "people.show": _shown(_ADVOCATE),
    "people.merge": _sent(_ADVOCATE),
    "people.unmerge": _sent(_ADVOCATE),
    "neighbours.index": _shown(_ADVOCATE),
    "neighbours.choose": _sent(_ADVOCATE),
    "neighbours.name": _shown(_ADVOCATE),
    "neighbours.rename": _sent(_ADVOCATE),
    "neighbours.close": _sent(_ADVOCATE),
    "neighbours.show": _shown(_ADVOCATE),
    "neighbours.answer": _sent(_ADVOCATE, _WORDS),
    "neighbours.take_back": _sent(_ADVOCATE),
    "neighbours.bundle": _shown(_ADVOCATE),
    "peers.index": _shown(_STEWARD),
    "peers.find": _shown(_STEWARD),
    "peers.show": _shown(_STEWARD),
    "peers.treat": _sent(_STEWARD),
    "peers.describe": _sent(_STEWARD),
    "peers.decide": _sent(_STEWARD),
    "peers.follow": _sent(_STEWARD),
    "peers.settle": _sent(_STEWARD),
    "peers.give_up": _sent(_STEWARD),
    "peers.retry": _sent(_STEWARD),
    "peers.unfollow": _sent(_STEWARD),
    "audit.index": _shown(Audience.AUDITOR),
    "audit.export": _shown(Audience.AUDITOR),
    "breaches.index": _shown(_STEWARD),
    "breaches.report": _sent(_STEWARD, _WORDS),
    "breaches.show": _shown(_STEWARD),
    "breaches.act": _sent(_STEWARD, _WORDS),
    "glass.index": _shown(_STEWARD),
    "glass.ask": _sent(_STEWARD, _WORDS),
    "glass.answer": _sent(_STEWARD),
    "glass.one": _shown(_STEWARD),
    "glass.seal": _sent(_STEWARD, _WORDS),
    "glass.show": _shown(_STEWARD),
    "witnesses.index": _shown(_STEWARD),
    "witnesses.look": _sent(_STEWARD),
    "witnesses.add": _sent(_STEWARD),
    "witnesses.proof": _shown(_STEWARD),
    "teams.index": _shown(_COORDINATOR),
    "teams.create": _sent(_COORDINATOR),
    "teams.show": _shown(_COORDINATOR),
    "teams.edit": _sent(_COORDINATOR),
    "teams.place": _sent(_COORDINATOR),
    "teams.close": _sent(_COORDINATOR),
    "ledger_pages.index": _open(),
    "ledger_pages.entries": _open(),
    "ledger_pages.clear": _open(),
    "ledger_pages.witnesses": _open(),
    "ledger_pages.keys": _open(),
    "ledger_pages.audit": _open(),
    "ledger_pages.entry": _open(),
    "ledger_pages.verify": _open(),
    "ledger_pages.check": _sent(body=_RECEIPT),
    "ledger_pages.keep": _open(),
    "start.show": _shown(),
    "start.open_doors": _sent(),
}
