"""Whatever is decided about who is whom, in any order: nothing is left when undone."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from governance.cases import State
from governance.errors import Refusal
from node import aliases, cases, matches
from node.models.cases import Case
from node.models.people import ContactPoint, NameKey, Person, PersonMerge
from node.models.submissions import Submission
from tests.support.cast import moot_on

GUESTS = 4
WHO = st.integers(0, GUESTS)
TABLES = (Person, ContactPoint, NameKey, Case, Submission)


class Deciding(RuleBasedStateMachine):
    """Four guests and a member, and coordinators who decide who is whom."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = ExitStack()
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.moot = self.stack.enter_context(moot_on("", self.folder))
        self.told = [
            self.moot.tell(contact="zoe@mailbox.example", name=f"Zoe {n}")
            for n in range(GUESTS)
        ]
        for made in self.told:
            self.moot.bring(made, State.QUEUED)
        with self.moot.node.read() as tx:
            owners = [tx.get_one(Case, it.case_id).member_id for it in self.told]
        self.people = [*owners, self.moot.ids["ada"]]
        self.guests = [self.moot.guest(made) for made in self.told]
        self.before = self.rows()
        self.merges = []

    def rows(self):
        with self.moot.node.read() as tx:
            found = [tx.execute(select(*it.__table__.columns)).all() for it in TABLES]
        return [sorted(rows, key=repr) for rows in found]

    @rule(one=WHO, other=WHO, by=st.sampled_from(["iris", "olga"]))
    def somebody_says_that_two_are_one(self, one, other, by):
        pair = self.people[one], self.people[other]
        same = self.root(pair[0]) == self.root(pair[1])
        try:
            done = matches.merge(self.moot.node, *pair, by=self.moot[by])
        except Refusal:
            assert same
            return
        assert not same
        self.merges.append(done)
        assert self.root(pair[0]) == self.root(pair[1])

    @rule(which=st.integers(0, 9), by=st.sampled_from(["iris", "olga"]))
    def somebody_takes_one_back(self, which, by):
        if self.merges:
            done = self.merges.pop(which % len(self.merges))
            matches.unmerge(self.moot.node, done, by=self.moot[by])

    def root(self, person):
        with self.moot.node.read() as tx:
            return aliases.root(tx, person)

    @invariant()
    def whoever_has_an_account_is_who_the_others_turned_out_to_be(self):
        member = self.people[-1]
        assert self.root(member) == member

    @invariant()
    def everybody_is_in_one_group_and_the_record_says_in_which(self):
        with self.moot.node.read() as tx:
            groups = {aliases.group(tx, one) for one in self.people}
            living = select(PersonMerge).where(PersonMerge.undone_at.is_(None))
            said = {(row.from_id, row.into_id) for row in tx.scalars(living)}
            rows = tx.scalars(select(Person).where(Person.alias_of.is_not(None)))
            found = {(row.id, row.alias_of) for row in rows}
        assert sum(map(len, groups)) == len(self.people)
        assert found == said
        assert len(groups) == len(self.people) - len(self.merges)

    @invariant()
    def every_link_opens_its_case_and_no_other(self):
        for made, guest in zip(self.told, self.guests, strict=True):
            assert self.moot.guest(made) == guest
            assert guest.case_id == made.case_id

    @invariant()
    def a_member_has_the_cases_of_whoever_turned_out_to_be_them(self):
        ada = self.moot["ada"]
        mine = cases.mine(self.moot.node, by=ada).open
        theirs = {
            made.reference
            for made, person in zip(self.told, self.people, strict=False)
            if self.root(person) == ada.person_id
        }
        assert {line.reference for line in mine} == theirs

    def teardown(self):
        try:
            while self.merges:
                done = self.merges.pop()
                matches.unmerge(self.moot.node, done, by=self.moot["iris"])
            assert self.rows() == self.before
        finally:
            self.stack.close()


Deciding.TestCase.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyDecisionsAboutWhoIsWhom = Deciding.TestCase
