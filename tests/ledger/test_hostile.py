# Every attack of the ledger's design, section 15, and the check it names.
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger import entry, fraud, proof
from ledger.included import Included
from ledger.receipt import make, verify
from tests.ledger.honest import PINS, TRUSTED, Chain, Node
from tests.ledger.hostile import Auditor, Hostile, Member, Partner, guilty
from tests.ledger.test_receipt import failures
from tests.ledger.test_thread import seen, wrong
from tests.ledger.worked import LOG, STATEMENTS


class World:
    # A node, a member with three entries, another member, an auditor and a partner.
    def __init__(self):
        self.node, self.case, self.other = Hostile(), Chain("mine"), Chain("theirs")
        for chain in (self.case, self.other, self.case, self.other, self.case):
            self.node.say(chain)
            self.node.cover()
        self.member, self.auditor, self.partner = (
            Member(self.case),
            Auditor(),
            Partner(),
        )
        assert self.partner.add_checkpoint(self.node, self.node.now) == 200
        assert self.auditor.visit(self.node) == ([], None)
        self.member.keep(self.node)

    def thread(self, node=None, **more):
        node = node or self.node
        return self.member.check(node.leaves, node.note(at=node.now), **more)


@pytest.fixture
def world():
    return World()


def test_before_anything_happens_nobody_finds_anything(world):
    assert world.thread().valid
    assert guilty(world.partner.accusations(world.node)) == set()
    assert guilty(world.member.accusations(world.partner.seen)) == set()


# 1


def test_a_fork_is_a_split_and_no_witness_cosigns_it(world):
    other = world.node.fork()

    assert world.partner.add_checkpoint(other, other.now) == 422
    assert guilty(world.partner.accusations(other)) == {"split"}
    assert world.auditor.visit(other)[0][0] == "root"


# 2


@pytest.mark.parametrize("index", [1, 4, 10])
def test_a_rewritten_prefix_is_proved_by_its_own_tiles(world, index):
    other = world.node.rewrite(index)

    assert world.partner.add_checkpoint(other, other.now) == 422
    assert guilty(world.partner.accusations(other)) == {"rewrite"}
    assert "rewrite" in world.auditor.visit(other)[0]


# 3


def test_a_withheld_reply_is_found_in_the_leaves_and_proved_by_its_receipt(world):
    # The member's own device is lost; the advocate kept the receipt of the reply.
    shown = world.node.withhold(world.case)
    advocate, member = world.member, Member(world.case)
    member.keep(world.node, shown)

    verdict = member.check(world.node.leaves, world.node.note(at=world.node.now))

    assert failures(verdict)[7] == "withheld"
    told = fraud.Told(STATEMENTS.vkey, member.heads[0])
    proofs = [fraud.withheld(LOG.vkey, told, raw) for raw in advocate.receipts.values()]
    held = [fraud.judge(raw, TRUSTED, PINS).holds for raw in proofs]
    assert held == [False, False, True]


# 4


def test_a_duplicate_tag_is_a_twin_that_any_auditor_finds(world):
    world.node.duplicate(world.case, 1)

    codes, twin = world.auditor.visit(world.node)

    assert codes == []
    leaves = [
        Included(index, world.node.leaves[index], tuple(world.node.proof(index)))
        for index in (twin.first, twin.second)
    ]
    assert guilty([fraud.twin(LOG.vkey, world.node.note(), *leaves)]) == {"twin"}
    assert wrong(world.thread())[7] == "tag-twice"


# 5


def test_a_rollback_is_proved_by_what_a_witness_saw_before(world):
    later = world.node.now + 3600
    restored = world.node.roll_back(6)
    restored.say(world.other)

    assert world.partner.add_checkpoint(restored, later) == 409
    assert world.auditor.visit(restored)[0][0] == "rollback"
    world.member.heads.append(restored.head(world.other, at=later))
    assert guilty(world.member.accusations(world.partner.seen)) == {"rollback"}


def test_a_node_that_lost_what_no_witness_saw_is_not_accused_of_a_rollback(world):
    # It went on from an older state at once, within what clocks may differ.
    restored = world.node.roll_back(6)
    world.member.heads.append(restored.head(world.case, at=world.node.now + 300))

    assert guilty(world.member.accusations(world.partner.seen)) <= {"withheld"}


# 6


def test_one_case_under_two_keys_fails_step_3(world):
    # The advocate's receipt is of the same case, and of a chain the member cannot see.
    hidden = world.node.split_keys(world.case, "hidden")
    raw = world.node.receipt(hidden, 0)

    assert verify(raw, TRUSTED, PINS).valid  # with the key that the node gave along
    assert failures(verify(raw, TRUSTED, PINS, world.case.key))[3] == "case-key"
    verdict = world.thread(receipts=[*world.member.receipts.values(), raw])
    assert failures(verdict)[3] == "case-key"


# 7


def test_swapped_proofs_fail_steps_3_5_and_6(world):
    raw = world.member.receipts[1]
    mine, theirs = world.case.entries[1], world.other.entries[1]
    index = world.case.indexes[1]
    hashes, signed = world.node.proof(index), proof.read(raw).checkpoint

    def swapped(**changes):
        return make(replace(mine, **changes), index, hashes, signed)

    found = failures(verify(swapped(p=theirs.p), TRUSTED, PINS))
    assert found[3] == "proof-altered"
    public = swapped(nonce=theirs.nonce, case_key=None)
    leaf = world.node.leaves[index]
    assert failures(verify(public, TRUSTED, PINS, None, leaf))[5] == "leaf-foreign"
    elsewhere = make(mine, index, world.node.proof(index + 1), signed)
    assert failures(verify(elsewhere, TRUSTED, PINS))[6] == "inclusion"


# 8


def test_a_back_dated_entry_is_ruled_out_by_witnesses(world):
    # The member's last words cite what a witness saw; the reply claims to be older.
    cited = world.node.note(at=world.node.now + 7200)
    world.member.notes.append(cited)
    world.node.say(world.case, seen=seen(cited))
    world.node.say(world.case)
    world.member.keep(world.node, at=world.node.now + 7200)

    node = world.node
    verdict = world.member.check(node.leaves, node.note(at=node.now + 7300))

    assert wrong(verdict) == {9: "time-outside"}


# 9


def test_an_altered_statement_fails_step_4(world):
    world.node.alter(world.case, 1)

    raw = world.node.receipt(world.case, 1)

    found = failures(verify(raw, TRUSTED, PINS))
    assert found[4] == "statement-unsigned"
    assert found.keys() == {4, 9}


# 10


def test_an_omitted_tag_bucket_is_found_by_scanning_and_by_a_mirror(world):
    hidden = entry.tag(world.case.key, 2)
    prefix = hidden.hex()[:1]

    told = world.node.bucket(prefix, leave_out=[hidden])

    # The quick look shows a shorter chain that seems complete.
    assert hidden not in told
    mirror = Hostile()
    mirror.leaves = list(world.node.leaves)
    assert mirror.bucket(prefix) != told
    shown = [world.member.receipts[seq] for seq in (0, 1)]
    world.member.heads.clear()
    assert failures(world.thread(receipts=shown))[7] == "withheld"


# 11


def test_stale_gossip_is_a_rollback_once_it_is_older_than_clocks_differ(world):
    # To this reader alone the node goes on showing how it was at size 6.
    for late, expected in [(300, set()), (301, {"rollback"})]:
        reader = Member(world.case)
        at = world.node.now + late
        reader.heads.append(world.node.head(world.case, 6, at=at))
        assert guilty(reader.accusations(world.partner.seen)) == expected


# An honest node is never accused


class Honest(RuleBasedStateMachine):
    """Whatever happens at an honest node, and whoever looks, nothing is found."""

    def __init__(self):
        super().__init__()
        self.node = Node()
        self.members = [Member(Chain("a")), Member(Chain("b"))]
        self.auditor, self.partner = Auditor(), Partner()
        self.later = 0

    @property
    def now(self):
        return self.node.now + self.later

    @rule(who=st.integers(0, 1))
    def say(self, who):
        member = self.members[who]
        cited = member.notes[-1] if member.notes else None
        self.node.say(member.chain, seen=cited and seen(cited), at=self.now * 1000)

    @rule()
    def cover(self):
        self.node.cover()

    @rule(seconds=st.sampled_from([1, 400, 100_000]))
    def wait(self, seconds):
        self.later += seconds

    @rule(skew=st.integers(-150, 150))
    def publish(self, skew):
        assert self.partner.add_checkpoint(self.node, self.now + skew) == 200
        assert self.auditor.visit(self.node) == ([], None)

    @rule(who=st.integers(0, 1))
    def look(self, who):
        member = self.members[who]
        member.keep(self.node, at=self.now)
        member.notes += self.partner.seen[-1:]

    @invariant()
    def nobody_finds_anything(self):
        seen_ = self.partner.seen
        assert guilty(self.partner.accusations(self.node)) == set()
        for member in self.members:
            assert guilty(member.accusations(seen_)) == set()

    def teardown(self):
        for member in self.members:
            member.keep(self.node, at=self.now)
            signed = self.node.note(at=self.now)
            verdict = member.check(self.node.leaves, signed)
            assert wrong(verdict) == {}


TestAnHonestNodeIsNeverAccused = Honest.TestCase
TestAnHonestNodeIsNeverAccused.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None
)
