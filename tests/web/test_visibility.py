"""Who may see what of one case, at every door at once: product document, section 7."""

import tomllib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile, ZipFile

import pytest

from governance.cases import Act, Priority
from governance.plans import Owner
from node import assignments, cases, challenges, later, parties, plans, search
from node.cases import Leaving, partied
from node.models.parties import Party
from node.parties import Named
from node.plans import NewStep
from node.threads import Words
from tests.support.cast import moot_on
from tests.support.clients import CASE, PARTY, Browser, Program, app_of, token_of

TABLE = tomllib.loads((Path(__file__).parent / "visibility.toml").read_text())
WORDS = {name: row.pop("word") for name, row in TABLE.items()}
ROLES = sorted(next(iter(TABLE.values())))
#: Who plays each part.
CAST = {
    "claimant": "ada", "member": "ben", "advocate": "cleo", "colleague": "eve",
    "coordinator": "iris", "steward": "dov", "auditor": "finn", "walled": "gus",
}  # fmt: skip
#: What each party was named for; with the last one the member ended it.
PARTIES = {
    "party_reads": ("messages",),
    "party": (),
    "party_over": ("state", "messages", "files"),
}
PAGES = [
    "/cases/{ref}", "/cases/{ref}/parties", "/cases/{ref}/party",
    "/desk/cases/{ref}/parties", "/cases/{ref}/bundle", "/cases/{ref}/receipts/0",
    "/cases/{ref}/erase", "/cases/{ref}/withdraw", "/desk", "/desk/triage",
    "/desk/aside", "/desk/walls", "/desk/cases/{ref}", "/me", "/ledger/entries",
    *(f"/search?q={word}" for word in WORDS.values()),
]  # fmt: skip
API = [
    "/cases/{ref}/parties", "/cases/{ref}/party", "/cases", "/cases/{ref}",
    "/cases/{ref}/bundle", "/cases/{ref}/receipts/0",
    "/cases/{ref}/head", "/cases/{ref}/later", "/cases/{ref}/plan",
    "/cases/{ref}/erasures", "/cases/{ref}/walls", "/walls", "/interests",
    *(f"/search?q={word}" for word in WORDS.values()),
]  # fmt: skip


class Shown:
    """One case that holds every word, and all that each role is shown anywhere."""

    def __init__(self, moot):
        self.moot, self.node, self.app = moot, moot.node, app_of(moot.node)
        self.made = moot.tell(
            text=f"{WORDS['story']} is what happened.",
            place=WORDS["place"],
            contact=f"{WORDS['contact']}@mailbox.example",
        )
        self.own = moot.tell(
            by=moot["ada"],
            text=f"{WORDS['story']} is what happened.",
            place=WORDS["place"],
        )
        for made in (self.made, self.own):
            self._fill(made)
        self.parties = {role: self._party(role) for role in PARTIES}
        moot.village.work(self.node)
        search.refresh(self.node)
        self.seen = {role: self._look(role) for role in ROLES}

    def _fill(self, made):
        moot, node = self.moot, self.node
        moot.triage(made, Priority.HIGH, WORDS["priority_reason"])
        assignments.take(node, made.reference, by=moot["cleo"])
        leaving = Leaving("Away.", WORDS["working_note"])
        cases.release(node, made.reference, leaving, by=moot["cleo"])
        assignments.take(node, made.reference, by=moot["cleo"])
        moot.act(made, Act.ASK_MEMBER, moot["cleo"], text=f"{WORDS['thread']}?")
        words = Words(uuid4(), WORDS["later_reply"])
        at = node.now() + timedelta(days=30)
        later.schedule(node, made.reference, words, at, by=moot["cleo"])
        step = NewStep(uuid4(), WORDS["plan"], Owner.MEMBER)
        plans.add(node, made.reference, step, by=moot["cleo"])
        why, gus = WORDS["wall_reason"], moot.ids["gus"]
        challenges.challenge(node, made.reference, gus, why, by=moot["olga"])
        (line,) = challenges.of_case(node, made.reference, by=moot["iris"])
        challenges.decide(node, line.id, stands=True, by=moot["iris"])

    def _party(self, role):
        """Let somebody be in the case; return their link."""
        node, ref, guest = self.node, self.made.reference, self.moot.guest(self.made)
        whom = Named(
            id=uuid4(),
            name=role,
            contact=f"{role}@lamp.example",
            role="helper",
            fields=PARTIES[role],
        )
        parties.name(node, ref, whom, by=guest)
        with node.read() as tx:
            token = partied.token(node, tx.get_one(Party, whom.id))
        parties.confirm(node, ref, by=parties.visitor(node, token))
        if role == "party_over":
            parties.end(node, ref, whom.id, by=guest)
        return token

    def about(self, role):
        """Return the case this role is tried on: a claimant's is their own."""
        return self.own if role == "claimant" else self.made

    def _look(self, role):
        ref = self.about(role).reference
        asked = [path.format(ref=ref, reference=ref) for path in PAGES + API]
        pages, api = asked[: len(PAGES)], asked[len(PAGES) :]
        browser, program = self._browser(role), self._program(role)
        shown = b""
        for path in pages:
            shown += _answer(browser.get(path), path)
            self.moot.village.pass_time(milliseconds=500)
        for path in api:
            shown += _answer(program.ask("GET", f"/api/v1{path}"), path)
            self.moot.village.pass_time(milliseconds=500)
        return shown

    def _browser(self, role):
        browser = Browser(self.app, self.node)
        if role == "link":
            token = self.made.link_token
            browser.http.set_cookie(CASE, token, domain="ash.example")
        elif role in PARTIES:
            path = f"/cases/{self.made.reference}/party"
            token = self.parties[role]
            browser.http.set_cookie(PARTY, token, domain="ash.example", path=path)
        elif role in CAST:
            browser.sign_in(self.moot.ids[CAST[role]])
        return browser

    def _program(self, role):
        if role == "link":
            return Program(self.app, self.node, f"Link {self.made.link_token}")
        if role in PARTIES:
            return Program(self.app, self.node, f"Party {self.parties[role]}")
        if role not in CAST:
            return Program(self.app, self.node)
        name = CAST[role]
        held = self.moot[name].roles
        chosen = "coordinator" if "coordinator" in held else min(held, default="member")
        token = token_of(self.node, self.moot.ids[name], role=chosen)
        return Program(self.app, self.node, token)


def _answer(answer, path):
    # What one typed is no answer, where the page says it again.
    body = answer.data
    try:
        with ZipFile(BytesIO(body)) as archive:
            names = "\n".join(archive.namelist()).encode()
            return names + b"\n".join(archive.read(it) for it in archive.namelist())
    except BadZipFile:
        pass
    if answer.status_code != 200:
        return b""
    typed = path.partition("q=")[2].encode()
    return body.replace(b'value="%b"' % typed, b"")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield Shown(moot)


def test_every_row_says_something_of_every_role():
    assert all(sorted(row) == ROLES for row in TABLE.values())
    assert {said for row in TABLE.values() for said in row.values()} == {"yes", "no"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("data", TABLE)
def test_a_role_sees_what_the_table_says_at_some_door_or_at_none(shown, data, role):
    word = WORDS[data].format(reference=shown.about(role).reference)

    assert (word.encode() in shown.seen[role]) == (TABLE[data][role] == "yes")
