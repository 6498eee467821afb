"""Authorisation: every door, whoever stands before it, the same verdict."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from governance.cases import reference
from node.accounts import Visitor
from node.models.cases import Case, CaseEvent
from tests.support import members
from tests.support.clients import (
    CASE,
    Browser,
    Program,
    address_of,
    app_of,
    token_of,
)
from tests.support.village import Village
from web.guards.admission import holds
from web.guards.routes import ROUTES
from web.guards.table import Audience, Csrf

TELL = "/api/v1/submissions"
ABSENT = reference("AM", bytes(8))
PARTS = {
    "ref": ABSENT, "reference": ABSENT, "step": 1, "path": "0/000", "code": "csrf",
}  # fmt: skip
ROLES = (
    "nobody", "guest", "member", "advocate", "coordinator", "steward", "auditor",
)  # fmt: skip
#: Which audiences each role belongs to: the policy, written down a second time.
_MEMBER = {Audience.PUBLIC, Audience.GUEST, Audience.MEMBER}
BELONGS = {
    "nobody": {Audience.PUBLIC},
    "guest": {Audience.PUBLIC, Audience.GUEST},
    "member": _MEMBER,
    "advocate": {*_MEMBER, Audience.ADVOCATE},
    "coordinator": {*_MEMBER, Audience.ADVOCATE, Audience.COORDINATOR},
    "steward": {*_MEMBER, Audience.STEWARD, Audience.AUDITOR},
    "auditor": {*_MEMBER, Audience.AUDITOR},
}


class Place:
    """A node with one case, somebody in every role, and ways to knock as each."""

    def __init__(self, folder):
        self.village = Village(folder)
        self.node = self.village.found("https://ash.example")
        self.app = app_of(self.node)
        self.people = {
            role: members.join(self.node, f"{role}@ash.example", *_held(role))
            for role in ROLES[2:]
        }
        self.told = self.tell("1")

    def tell(self, key, program=None, **more):
        program = program or Program(self.app, self.node)
        sent = {"text": "No heating", **more}
        return program.ask("POST", TELL, sent, Idempotency_Key=key.zfill(16)).json

    def program(self, role):
        if role == "nobody":
            return Program(self.app, self.node)
        if role == "guest":
            return Program(self.app, self.node, f"Link {self.told['token']}")
        token = token_of(self.node, self.people[role], role=role)
        return Program(self.app, self.node, token)

    def browser(self, role):
        browser = Browser(self.app, self.node)
        if role == "guest":
            browser.http.set_cookie(CASE, self.told["token"], domain="ash.example")
        elif role != "nobody":
            browser.sign_in(self.people[role])
        return browser

    def count(self, model):
        with self.node.read() as tx:
            return tx.scalar(select(func.count()).select_from(model))


def _held(role):
    return () if role == "member" else (role,)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("place"))
    yield place
    place.village.close()


def f1(place):
    for rule in place.app.url_map.iter_rules():
        path = address_of(place.app, rule, **PARTS)
        for method in sorted(ROUTES[rule.endpoint].methods):
            for role in ROLES:
                _verdict(place, rule.endpoint, (method, path, role))


def _verdict(place, endpoint, knock):
    method, path, role = knock
    row = ROUTES[endpoint]
    if row.csrf is Csrf.NONE:
        answer = place.program(role).ask(method, path, {} if method == "POST" else None)
    elif method == "GET":
        answer = place.browser(role).get(path)
    else:
        answer = place.browser(role).post(path, {})
    turned_away = answer.status_code == 401 or (
        answer.status_code == 303 and answer.location.startswith("/sign-in?next=")
    )
    denied = answer.status_code == 403 and b"auth.role" in answer.data
    belongs = row.audience in BELONGS[role]
    assert belongs != (turned_away or denied), (endpoint, role, answer.status_code)
    assert answer.status_code < 500


def f2(place):
    stranger, absent = place.program("member"), f"/api/v1/cases/{ABSENT}"
    there = f"/api/v1/cases/{place.told['case_ref']}"
    for door in ("", "/head", "/bundle", "/receipts/0", "/receipts/99"):
        answers = [stranger.ask("GET", path + door) for path in (there, absent)]
        bodies = [{**answer.json, "request_id": ""} for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert bodies[0] == bodies[1]


def f4(place):
    before = place.count(Case)
    wrong = [
        {"role": "steward"}, {"id": str(UUID(int=1))}, {"created_at": "2001-01-01"},
        {"verified": True}, {"team": "x"}, {"ledger_index": 5}, {"case.state": "x"},
        {"priority": "urgent"}, {"responsible_id": str(UUID(int=1))},
    ]  # fmt: skip
    for number, more in enumerate(wrong):
        answer = Program(place.app, place.node).ask(
            "POST", TELL, {"text": "x", **more}, Idempotency_Key=f"f4-{number:016}"
        )
        assert answer.status_code == 422, more
    assert place.count(Case) == before


def f5(place):
    guest, path = place.program("guest"), f"/api/v1/cases/{place.told['case_ref']}"
    usual = guest.ask("GET", path).json

    chosen = guest.ask("GET", f"{path}?only=title&exclude=text&fields=x").json
    bulk = [{"text": "x"}] * 4_000
    many = Program(place.app, place.node).ask(
        "POST", TELL, bulk, Idempotency_Key="f5" * 8
    )

    assert chosen.keys() == usual.keys()
    assert many.status_code == 422


def f6(place):
    program = place.program("member")
    attempts = [
        "order_by=1;--", "status=status)+OR+1=1", "limit=1;drop", "limit=%2525",
        "cursor=" + "a" * 199, "cursor='+OR+1=1", "limit=1e9", "limit=-1", "q=NEAR(",
    ]  # fmt: skip
    for query in attempts:
        answer = program.ask("GET", f"/api/v1/cases?{query}")
        assert answer.status_code in {400, 422}, query


def f7(place):
    visitor = members_only()
    assert not any(
        holds(place.node, audience, visitor)
        for audience in (Audience.ADVOCATE, Audience.COORDINATOR, Audience.STEWARD)
    )


def members_only():
    return Visitor(kind="member", person_id=UUID(int=1), account_id=UUID(int=1))


def f9(place):
    told = place.tell("f9")
    path = f"/api/v1/cases/{told['case_ref']}/moves/withdraw"
    link = f"Link {told['token']}"
    before = place.count(CaseEvent)

    def withdraw(_):
        program = Program(place.app, place.node, link)
        return program.ask("POST", path, {}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(withdraw, range(8)))

    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409, 503}
    assert place.count(CaseEvent) == before + 1


ROWS = {"F1": f1, "F2": f2, "F4": f4, "F5": f5, "F6": f6, "F7": f7, "F9": f9}


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
