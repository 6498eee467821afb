"""A walled case and a missing one: the same bytes at every door, in the same time.

The doors are read off the application, so that a new route is tried by being there.
"""

import re
from statistics import median
from time import perf_counter
from uuid import uuid4

import pytest

from governance.cases import Act, State, reference
from governance.walls import InterestKind
from node import challenges, interests, search
from node.intake import Audience
from tests.support.cast import moot_on
from tests.support.clients import Browser, Program, address_of, app_of, token_of
from web.guards.routes import ROUTES
from web.guards.table import Csrf

#: References as routes name them.
NAMES = {"ref", "reference"}
TEXT, SHORT, ID = "A sentence.", "A word.", str(uuid4())
#: Forms that are right, so that the use case behind them is asked.
FILLED = {
    "cases.write": {"id": ID, "write": TEXT},
    "cases.answer": {"id": ID, "answer": "solved", "reason": ""},
    "cases.reopen": {"id": ID, "reason": TEXT},
    "publishing.publish": {"title": SHORT, "text": TEXT},
    "desk_acts.now": {"id": ID, "now": TEXT},
    "desk_acts.second": {"proposal": ID, "agree": "yes"},
    "desk_cases.reply": {"id": ID, "reply": TEXT},
    "desk_cases.ask": {"id": ID, "ask": TEXT},
    "desk_cases.resolve": {"id": ID, "resolve": TEXT, "obtained": ""},
    "desk_cases.decline": {"why": SHORT},
    "desk_cases.assign": {"advocate": ID},
    "desk_later.schedule": {"id": ID, "later": TEXT, "when": "2026-04-01T09:00"},
    "sorting.save": {
        "ref": "AM-0000000", "kind": "claim", "topic": "housing", "priority": "normal",
        "reason": SHORT,
    },
    "api_cases.sort": {"topic": "housing", "reason": SHORT},
    "plans.add": {"id": ID, "step": TEXT, "owner": "member"},
    "desk_later.change": {"later": TEXT, "when": "2026-04-01T09:00", "version": "1"},
    "together.join": {"matter": "AM-0000000"},
    "together.leave": {"how": "drop"},
    "together.open_matter": {"about": TEXT},
    "together.update": {"id": ID, "update": TEXT},
    "bonds.bond": {"other": "AM-0000000", "kind": "related"},
    "bonds.undo": {"bond": ID},
    "splitting.undo": {"piece": ID},
    "together.join_at_desk": {"id": ID, "matter": "AM-0000000", "told": TEXT},
    "walls.challenge": {"walled": ID, "wall_reason": SHORT},
    "walls.veto": {"veto": SHORT},
    "feedback.give": {"id": ID, "rating": "3", "text": TEXT},
    "feedback.answer": {"answer": TEXT},
    "feedback.copy": {"copy": TEXT, "looked": "yes"},
    "api_feedback.copy": {"text": TEXT, "looked": True},
    "api_feedback.give": {"rating": 3},
    "api_feedback.answer": {"text": TEXT},
    "api_cases.write": {"text": TEXT},
    "api_notes.write": {"text": TEXT},
    "api_desk.answer_now": {"text": TEXT},
    "api_desk.disagree": {"proposal": ID},
    "api_desk.seen": {"proposal": ID},
    "api_later.schedule": {"text": TEXT, "at": "2026-04-01T09:00:00Z"},
    "api_plans.add": {"title": TEXT, "owner": "member"},
    "api_later.change": {"text": TEXT, "at": "2026-04-01T09:00:00Z", "version": 1},
    "api_consents.give": {"purpose": "publish"},
    "api_erasures.erase": {"level": "whole"},
    "api_walls.put_up": {"reason": SHORT},
    "api_together.open_matter": {"about": TEXT},
    "api_together.update": {"text": TEXT},
    "api_bonds.mark": {"other": "AM-0000000"},
    "api_pieces.split": {"pieces": [TEXT]},
}  # fmt: skip
#: Acts of the one route that does them all, and of the API's moves.
DONE = {
    Act.RELEASE: {"leave_reason": SHORT, "leave_note": TEXT},
    Act.ASK_OTHER: {
        "whom": SHORT, "what": TEXT, "day": "12", "month": "3", "year": "2030",
    },
    Act.OTHER_REPLIED: {"answered": TEXT},
    Act.FOLLOW_UP_DUE: {},
    Act.RESUME: {"resume_reason": SHORT},
    Act.REFUSE: {"refuse": TEXT, "outcome": "not_ours"},
    Act.RESTORE: {},
}  # fmt: skip
MOVES = {
    Act.TRIAGE: {"topic": "housing", "reason": SHORT},
    Act.ASK_MEMBER: {"text": TEXT},
    Act.RESOLVE: {"text": TEXT},
    Act.RELEASE: {"reason": SHORT, "note": TEXT},
    Act.DISCARD: {"reason": SHORT},
    Act.JOIN: {"matter": "AM-0000000", "heard": "yes", "text": TEXT},
    Act.WITHDRAW: {}, Act.ASSIGN: {}, Act.ACCEPT: {}, Act.RESTORE: {},
}  # fmt: skip
#: Routes whose reference is a field of the form.
BY_FIELD = [
    ("desk.sort", "/desk/triage", {
        "ref": "{ref}", "kind": "claim", "topic": "housing", "priority": "normal",
        "reason": SHORT,
    }),
    ("desk.discard", "/desk/triage/discard", {"ref": "{ref}", "discard": SHORT}),
    ("bonds.bond_at_triage", "/desk/triage/bond", {
        "ref": "{ref}", "other": "AM-0000000",
    }),
    ("splitting.split", "/desk/triage/split", {
        "ref": "{ref}", "id": ID, "piece": TEXT,
    }),
    ("desk_acts.look", "/desk/aside", {"ref": "{ref}", "proposal": ID}),
]  # fmt: skip
LISTS = [
    "/desk",
    "/desk/triage",
    "/desk/aside",
    "/desk/walls",
    "/search?q=heron",
    "/me",
]
API_LISTS = ["/search?q=heron", "/walls", "/cases", "/interests"]


class Doors:
    """A community, somebody who works in it, and a way to knock everywhere as them."""

    def __init__(self, moot):
        self.moot, self.node, self.app = moot, moot.node, app_of(moot.node)
        self.absent = reference("AM", bytes(8))
        self.browser = Browser(self.app, self.node)
        self.browser.sign_in(moot.ids["gus"])
        self.renew()

    def renew(self):
        """Carry a token that has not run out."""
        token = token_of(self.node, self.moot.ids["gus"], role="coordinator")
        self.program = Program(self.app, self.node, token)

    def routes(self):
        """Yield every request that names a case: endpoint, method, path, fields."""
        for rule in self.app.url_map.iter_rules():
            if not NAMES & set(rule.arguments) or rule.endpoint == "static":
                continue
            for method in sorted(ROUTES[rule.endpoint].methods):
                for more, fields in _variants(rule.endpoint):
                    parts = dict.fromkeys(NAMES, "AM-0000000") | more
                    path = address_of(self.app, rule, **parts)
                    yield rule.endpoint, method, path, fields
        for endpoint, path, fields in BY_FIELD:
            yield endpoint, "POST", path, fields

    def knock(self, request, ref):
        """Send a request about a case; return what came back, without chance in it."""
        endpoint, method, path, fields = request
        path = path.replace("AM-0000000", ref)
        fields = {
            name: text.replace("{ref}", ref) if isinstance(text, str) else text
            for name, text in fields.items()
        }
        if ROUTES[endpoint].csrf is Csrf.NONE:
            body = fields if method == "POST" else None
            key = {"Idempotency_Key": str(uuid4())} if method == "POST" else {}
            answer = self.program.ask(method, path, body, **key)
        elif method == "GET":
            answer = self.browser.get(path)
        else:
            answer = self.browser.post(path, fields)
        return plain(answer, ref)


def _variants(endpoint):
    if endpoint == "desk_acts.do":
        return [({"act": str(act)}, fields) for act, fields in DONE.items()]
    if endpoint == "api_cases.move":
        return [({"action": str(act)}, fields) for act, fields in MOVES.items()]
    filled = FILLED.get(endpoint)
    return [({}, {}), *([({}, filled)] if filled else [])]


def plain(answer, ref=""):
    """Return an answer without what differs from one request to the next."""
    body = answer.get_data()
    for chance in (
        rb'name="?(?:csrf|form_token|id)"? value="?[^">]+"?',
        rb"[0-9a-f]{8}-[0-9a-f-]{27}",
        rb"[0-9a-f]{32}",
        rb"tell us: [0-9a-f]{8}",  # the request's own number
    ):
        body = re.sub(chance, b"*", body)
    shown = {
        name: value
        for name, value in answer.headers
        if name not in {"X-Request-Id", "Content-Length", "Set-Cookie", "Date"}
    }
    shown = {name: re.sub(r"nonce-[^']+", "*", text) for name, text in shown.items()}
    if ref:
        body = body.replace(ref.encode(), b"REF")
        shown = {name: text.replace(ref, "REF") for name, text in shown.items()}
    return answer.status_code, shown, body


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield Doors(moot)


def walled(doors, state=State.WORKING):
    moot = doors.moot
    made = moot.tell(audience=Audience.ADVOCATES)
    moot.bring(made, state)
    challenges.challenge(
        moot.node, made.reference, moot.ids["gus"], "His flat.", by=moot["olga"]
    )
    (line,) = challenges.of_case(moot.node, made.reference, by=moot["iris"])
    challenges.decide(moot.node, line.id, stands=True, by=moot["iris"])
    moot.village.work(moot.node)
    return made


@pytest.mark.parametrize(
    "state", [State.RECEIVED, State.QUEUED, State.WORKING, State.CLOSED]
)
def test_every_door_answers_for_a_walled_case_as_for_a_missing_one(doors, state):
    made, tried = walled(doors, state), set()

    for request in doors.routes():
        doors.moot.village.pass_time(seconds=10)
        if len(tried) % 20 == 0:
            doors.renew()
        behind, nothing = (doors.knock(request, ref) for ref in
                           (made.reference, doors.absent))  # fmt: skip
        assert behind == nothing, request
        tried.add(request[0])

    assert {"cases.show", "desk_cases.show", "api_cases.move", "desk.sort"} <= tried
    assert len(tried) > 40


def test_without_a_wall_the_same_doors_do_differ(doors):
    made = doors.moot.tell()
    doors.moot.bring(made, State.WORKING)
    doors.renew()

    differ = set()
    for request in doors.routes():
        doors.moot.village.pass_time(seconds=10)
        shown, nothing = (doors.knock(request, ref) for ref in
                          (made.reference, doors.absent))  # fmt: skip
        if shown != nothing:
            differ.add(request[0])

    assert {"cases.show", "desk_cases.show", "api_cases.show"} <= differ


def test_lists_and_search_are_the_same_with_and_without_the_case(doors):
    moot = doors.moot
    for _ in range(2):
        moot.triage(moot.tell(text="A heron on the roof.", audience=Audience.ADVOCATES))
    interests.declare(moot.node, InterestKind.ADDRESS, "9 Yew Lane", by=moot["gus"])
    moot.village.work(moot.node)

    before = everything(doors)
    hidden = [moot.tell(text="A heron again.", place="9 Yew Lane") for _ in range(2)]
    moot.triage(hidden[0])
    moot.village.work(moot.node)
    after = everything(doors)

    assert after == before
    moot.tell(text="A heron again.", place="8 Yew Lane")
    moot.village.work(moot.node)
    assert everything(doors) != before


def everything(doors):
    search.refresh(doors.node)
    doors.renew()
    pages = [plain(doors.browser.get(path)) for path in LISTS]
    return pages + [
        plain(doors.program.ask("GET", f"/api/v1{path}")) for path in API_LISTS
    ]


@pytest.mark.parametrize("path", ["/cases/AM-0000000", "/desk/cases/AM-0000000"])
def test_a_walled_case_takes_as_long_as_a_missing_one(doors, path):
    made = walled(doors)
    endpoint = "cases.show" if path.startswith("/cases") else "desk_cases.show"
    request = (endpoint, "GET", path, {})
    took = {made.reference: [], doors.absent: []}

    for _ in range(21):
        for ref, spans in took.items():
            begun = perf_counter()
            doors.knock(request, ref)
            spans.append(perf_counter() - begun)

    behind, nothing = (median(spans) for spans in took.values())
    # A busy machine slows both: only what is far apart would tell anybody anything.
    assert max(behind, nothing) <= 3 * min(behind, nothing) + 0.01
