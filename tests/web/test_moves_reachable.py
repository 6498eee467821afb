"""Each of the 39 moves is made here through a real door: page, API, command, worker.

What a partner does has no door of ours: it is a function that federation calls. A row
of the table that nothing below makes fails the last test of this file.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import select

from governance.cases import MOVES, Act, Part, State
from governance.consent import Purpose, Standing
from governance.errors import AuthRequired
from governance.handovers import Acceptance
from node import accounts, acting, consent_rows, erasing, handovers
from node.accounts import GUEST
from node.consent_rows import Asked, What
from node.erasing import Level, Wish
from node.fields import TAKES
from node.models.cases import Case, CaseEvent
from node.models.seconding import Seconding
from tests.support.cast import moot_on
from tests.support.clients import Browser, Program, app_of, token_of
from tests.support.commands import typed
from tests.web.conftest import tell
from tests.web.reader import Reader
from web.commands.moves import called
from web.schemas.api.coming import MoveFields

BIRCH = "birch.example"
TEXT, WHY = "I have looked into it.", "As usual."
DAY = {"day": "4", "month": "3", "year": "2026"}
UNTIL = "2026-03-04T10:00:00+00:00"
SORTED = {"kind": "claim", "topic": "housing", "priority": "normal", "reason": WHY}
#: What only a partner does: it came in signed, and federation calls the function.
PARTNERS = {
    (from_, act) for (from_, act), row in MOVES.items() if row.by <= {Part.PEER}
} | {(State.TRANSFERRED, Act.RETURNED)}

#: By page: who sends which form where. `id` is filled in where a form has one.
PAGES = {
    Act.TRIAGE: ("iris", "/desk/triage", {"ref": "{ref}", **SORTED}),
    Act.DISCARD: ("iris", "/desk/triage/discard", {"ref": "{ref}", "discard": WHY}),
    Act.JOIN: ("guest", "/cases/{ref}/together/join", {"matter": "{matter}"}),
    Act.WITHDRAW: ("guest", "/cases/{ref}/withdraw", {}),
    Act.ASSIGN: ("cleo", "/desk/cases/{ref}/take", {}),
    Act.ACCEPT: ("cleo", "/desk/cases/{ref}/accept", {}),
    Act.DECLINE: ("cleo", "/desk/cases/{ref}/decline", {"why": WHY}),
    Act.ASK_MEMBER: ("cleo", "/desk/cases/{ref}/ask", {"id": "", "ask": TEXT}),
    Act.ASK_OTHER: (
        "cleo", "/desk/cases/{ref}/do/ask_other", {"whom": "Them", "what": TEXT, **DAY},
    ),
    Act.RELEASE: (
        "cleo", "/desk/cases/{ref}/do/release",
        {"leave_reason": WHY, "leave_note": TEXT},
    ),
    Act.RESOLVE: (
        "cleo", "/desk/cases/{ref}/resolve",
        {"id": "", "resolve": TEXT, "obtained": ""},
    ),
    Act.MEMBER_REPLIED: ("guest", "/cases/{ref}/messages", {"id": "", "write": TEXT}),
    Act.MEMBER_WROTE: ("guest", "/cases/{ref}/messages", {"id": "", "write": TEXT}),
    Act.RESUME: ("cleo", "/desk/cases/{ref}/do/resume", {"resume_reason": WHY}),
    Act.OTHER_REPLIED: (
        "cleo", "/desk/cases/{ref}/do/other_replied", {"answered": TEXT},
    ),
    Act.FOLLOW_UP_DUE: ("iris", "/desk/cases/{ref}/do/follow_up_due", {}),
    Act.CONFIRM: ("guest", "/cases/{ref}/answer", {"id": "", "answer": "solved"}),
    Act.DISPUTE: ("guest", "/cases/{ref}/answer", {"id": "", "answer": "not_solved"}),
    Act.REOPEN: ("guest", "/cases/{ref}/reopen", {"id": "", "reason": TEXT}),
    Act.APPEAL: (
        "guest", "/cases/{ref}/reopen", {"id": "", "reason": TEXT, "how": "appeal"},
    ),
    Act.RESTORE: ("guest", "/cases/{ref}/restore", {}),
    Act.ERASE: ("guest", "/cases/{ref}/erase/all", {"words": "{words}"}),
}  # fmt: skip
#: By program: who asks for the move with what; a member's words are a message.
FIELDS = {
    Act.TRIAGE: ("iris", SORTED),
    Act.DISCARD: ("iris", {"reason": WHY}),
    Act.JOIN: ("guest", {"matter": "{matter}"}),
    Act.WITHDRAW: ("guest", {}),
    Act.ASSIGN: ("cleo", {}),
    Act.ACCEPT: ("cleo", {}),
    Act.DECLINE: ("cleo", {"reason": WHY}),
    Act.ASK_MEMBER: ("cleo", {"text": TEXT}),
    Act.ASK_OTHER: ("cleo", {"whom": "Them", "text": TEXT, "until": UNTIL}),
    Act.RELEASE: ("cleo", {"reason": WHY, "note": TEXT}),
    Act.RESOLVE: ("cleo", {"text": TEXT}),
    Act.RESUME: ("cleo", {"reason": WHY}),
    Act.OTHER_REPLIED: ("cleo", {"text": TEXT}),
    Act.FOLLOW_UP_DUE: ("iris", {}),
    Act.CONFIRM: ("guest", {"answer": "solved"}),
    Act.DISPUTE: ("guest", {}),
    Act.REOPEN: ("guest", {}),
    Act.APPEAL: ("guest", {}),
    Act.RESTORE: ("guest", {}),
}
#: By the worker, when so much time went by.
TIMED = {
    Act.EXPIRE: timedelta(days=2),
    Act.NO_ANSWER: timedelta(days=20),
    Act.LAPSE: timedelta(days=20),
    Act.PURGE: timedelta(days=31),
    Act.FOLLOW_UP_DUE: timedelta(days=20),
}
ROLES = {"iris": "coordinator", "olga": "coordinator", "cleo": "advocate"}
ELSEWHERE = {Act.SUBMIT, Act.REFUSE, *TIMED} - {Act.FOLLOW_UP_DUE}
MADE = [
    pytest.param(from_, act, id=row.number)
    for (from_, act), row in MOVES.items()
    if (from_, act) not in PARTNERS and act not in ELSEWHERE
]
#: Nobody is shown to be a member by an operator's word: no command erases.
TYPED = [one for one in MADE if one.values[1] is not Act.ERASE]
#: What was made below, by which door: for the test that looks at all of them.
REACHED: dict[tuple[State | None, Act], set[str]] = {}


@dataclass(frozen=True)
class Made:
    """A case that came in by a door."""

    case_id: UUID


class Doors:
    """One community, and everybody at its doors."""

    def __init__(self, moot):
        self.moot, self.node, self.app = moot, moot.node, app_of(moot.node)
        self.common = moot.common()

    def put_up(self, state, by=GUEST):
        """Bring a new case to a state, and keep who told it."""
        self.made = self.moot.tell(by=by)
        if state is State.TRANSFERRED:
            self.moot.bring(self.made, State.WORKING)
            self.hand_over()
        else:
            self.moot.bring(self.made, state)

    def hand_over(self):
        """Have a partner take the case, as federation would."""
        asked = Asked(
            case_id=self.made.case_id,
            purpose=Purpose.SHARE_WITH_NODE,
            recipient=BIRCH,
        )
        with self.node.begin() as tx:
            what = What(state=Standing.GIVEN, at=self.node.now())
            consent_rows.begin(self.node, tx, asked, what)
        by = self.moot["cleo"]
        id_ = handovers.draft(self.node, self.made.reference, BIRCH, by=by)
        handovers.offer(self.node, id_, by=by, gate=lambda _: None)
        promise = Acceptance(
            name="Nor", answer_by=self.node.now() + timedelta(hours=1), rules="x"
        )
        handovers.accepted(self.node, id_, promise)
        handovers.delivered(self.node, id_)
        return id_

    def page(self, who, path, fields):
        """Send a form of a page, as a browser would."""
        sent = {name: self.said(text) for name, text in fields.items()}
        if "id" in sent:
            sent["id"] = str(uuid4())
        if who == "guest":
            guest = Reader(self.app)
            guest.open(f"/c/{self.made.link_token}")
            hidden = guest.forms[-1].values
            door = {name: hidden[name] for name in ("csrf", "form_token")}
            guest.post(self.said(path), **door, **sent)
            return
        browser = Browser(self.app, self.node)
        browser.sign_in(self.moot.ids[who])
        answer = browser.post(self.said(path), sent)
        assert answer.status_code == 303, (path, answer.status_code)

    def said(self, text):
        words = {
            "{ref}": self.made.reference,
            "{matter}": self.common.reference,
            "{words}": " ".join(self.made.words),
        }
        for name, value in words.items():
            text = text.replace(name, value)
        return text

    def program(self, who):
        authority = f"Link {self.made.link_token}"
        if who != "guest":
            authority = token_of(self.node, self.moot.ids[who], role=ROLES[who])
        return Program(self.app, self.node, authority)

    def ask(self, who, path, fields):
        """Ask over the API, as a program would."""
        sent = {name: self.said(text) for name, text in fields.items()}
        path = f"/api/v1/cases/{self.made.reference}/{path}"
        key = {"Idempotency_Key": str(uuid4())}
        answer = self.program(who).ask("POST", path, sent, **key)
        assert answer.status_code in {200, 201, 202, 204}, answer.text

    def type(self, name, who, fields):
        """Have the operator act for somebody; the longest words come by a pipe."""
        said = {field: self.said(text) for field, text in fields.items()}
        words = said.pop("text", None)
        more = [word for field in said for word in (f"--{field}", said[field])]
        if words is not None:
            more += ["--text-from", "-"]
        person = str(self.moot.ids["ada" if who == "guest" else who])
        line = ("cases", name, self.made.reference, "--person", person, *more)
        done = typed(self.moot, *line, stdin=words)
        assert done.exit_code == 0, done.stderr
        return done

    def events(self):
        mine = select(CaseEvent).where(CaseEvent.case_id == self.made.case_id)
        with self.node.read() as tx:
            return tx.scalars(mine.order_by(CaseEvent.seq)).all()

    def reached(self, from_, act, door):
        """See that a move was really made, to where the table says."""
        made = {(one.from_state, one.act): one.to_state for one in self.events()}
        assert made[from_, act] is MOVES[from_, act].to
        REACHED.setdefault((from_, act), set()).add(door)


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield Doors(moot)


@pytest.fixture(autouse=True)
def _time_goes_by(doors):
    # Nobody here is slowed down for what the test before did.
    doors.moot.village.pass_time(seconds=30)
    yield
    # The lines of the log went to a terminal that is gone.
    structlog.reset_defaults()


@pytest.mark.parametrize(("from_", "act"), MADE)
def test_a_page_makes_the_move(doors, from_, act):
    doors.put_up(from_)

    doors.page(*PAGES[act])

    doors.reached(from_, act, "page")


@pytest.mark.parametrize(("from_", "act"), MADE)
def test_a_program_makes_the_move(doors, from_, act):
    doors.put_up(from_)

    if act in {Act.MEMBER_REPLIED, Act.MEMBER_WROTE}:
        doors.ask("guest", "messages", {"text": TEXT})
    elif act is Act.ERASE:
        doors.ask("guest", "erasures", {"level": "chain", "words": "{words}"})
    else:
        who, fields = FIELDS[act]
        doors.ask(who, f"moves/{act}", fields)

    doors.reached(from_, act, "api")


@pytest.mark.parametrize(("from_", "act"), TYPED)
def test_a_command_makes_the_move(doors, from_, act):
    doors.put_up(from_, by=doors.moot["ada"])

    if act in {Act.MEMBER_REPLIED, Act.MEMBER_WROTE}:
        doors.type("reply", "guest", {"text": TEXT})
    else:
        doors.type(called(act), *FIELDS[act])

    doors.reached(from_, act, "command")


def test_no_command_erases_a_case_for_its_member(doors):
    """Only whoever shows at that moment that it is theirs has a case erased."""
    doors.put_up(State.CLOSED, by=doors.moot["ada"])
    by = accounts.on_behalf(doors.node, doors.moot.ids["ada"])

    with pytest.raises(AuthRequired):
        erasing.erase(doors.node, doors.made.reference, Wish(level=Level.CHAIN), by=by)


def test_telling_something_opens_a_case_by_page_program_and_command(doors):
    reader = Reader(doors.app)
    tell(reader)
    page = re.search(r"[A-Z]{2}-[0-9A-Z]{7}", reader.text)[0]
    program = Program(doors.app, doors.node)
    key = {"Idempotency_Key": str(uuid4())}
    api = program.ask("POST", "/api/v1/submissions", {"text": TEXT}, **key).json

    ada = str(doors.moot.ids["ada"])
    told = typed(doors.moot, "cases", "tell", "--person", ada, stdin=TEXT)
    opened = (
        (page, "page"),
        (api["case_ref"], "api"),
        (told.stdout.strip(), "command"),
    )

    for ref, door in opened:
        with doors.node.read() as tx:
            doors.made = Made(tx.scalar(select(Case.id).where(Case.reference == ref)))
        doors.reached(None, Act.SUBMIT, door)


@pytest.mark.parametrize("door", ["page", "api", "command"])
@pytest.mark.parametrize("from_", [State.QUEUED, State.WORKING])
def test_two_people_refuse_a_case(doors, from_, door):
    doors.put_up(from_)
    said = {"outcome": "not_ours"}

    if door == "page":
        path = "/desk/cases/{ref}/do/refuse"
        doors.page("iris", path, {"refuse": TEXT, **said})
    elif door == "api":
        doors.ask("iris", "moves/refuse", {"text": TEXT, **said})
    else:
        doors.type("refuse", "iris", {"text": TEXT, **said})
    proposal = _proposal(doors)
    if door == "page":
        agreed = {"proposal": proposal, "agree": "yes"}
        doors.page("olga", "/desk/cases/{ref}/second", agreed)
    elif door == "command":
        doors.type("refuse", "olga", {"proposal": proposal})
    else:
        doors.ask("olga", "moves/refuse", {"proposal": proposal})

    doors.reached(from_, Act.REFUSE, door)


def _proposal(doors):
    mine = select(Seconding.id).where(Seconding.case_id == doors.made.case_id)
    with doors.node.read() as tx:
        return str(tx.scalars(mine).one())


@pytest.mark.parametrize("act", TIMED)
def test_the_worker_makes_the_move_when_it_is_time(doors, act):
    (from_,) = (state for state, one in MOVES if one is act)
    doors.put_up(from_)
    if act is Act.PURGE:
        seen = {"ref": "{ref}", "proposal": _proposal(doors)}
        doors.page("olga", "/desk/aside", seen)

    for _ in range(TIMED[act].days * 2):
        doors.moot.village.pass_time(hours=12)
        doors.moot.village.work(doors.node)

    doors.reached(from_, act, "worker")


def test_what_a_partner_does_is_a_function_that_federation_calls(doors):
    for done, act in (
        (handovers.returned, Act.RETURNED),
        (handovers.finished, Act.PEER_CLOSED),
    ):
        doors.put_up(State.WORKING)
        id_ = doors.hand_over()
        done(doors.node, id_)
        doors.reached(State.WORKING, Act.TRANSFER_DONE, "partner")
        doors.reached(State.TRANSFERRED, act, "partner")


def test_every_act_that_can_be_asked_for_has_its_fields_in_one_table():
    assert set(TAKES) == acting.ACTS
    listed = {field.name for fields in TAKES.values() for field in fields}
    assert listed == set(MoveFields().fields)


def test_all_39_moves_and_11_states_were_reached_above():
    needed = {key: {"page", "api", "command"} for key in MOVES}
    needed[State.CLOSED, Act.ERASE].remove("command")
    needed |= {key: {"worker"} for key in MOVES if key[1] in set(TIMED)}
    needed[State.WAITING_OTHER, Act.FOLLOW_UP_DUE] |= {"page", "api", "command"}
    needed |= {key: {"partner"} for key in PARTNERS}

    missing = {
        MOVES[key].number: doors - REACHED.get(key, set())
        for key, doors in needed.items()
        if doors - REACHED.get(key, set())
    }

    assert missing == {}
    assert len(REACHED) == len(MOVES) == 39
    assert {MOVES[key].to for key in REACHED} == set(State)
