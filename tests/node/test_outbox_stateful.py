import shutil
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from federation import strict
from federation.delivery import State
from federation.errors import Unfetched
from federation.fetch import codes
from governance.cases import State as Where
from node import outbox, work
from node.models.inbox import Received
from node.models.outbox import Target
from node.models.publications import RemoteCase
from node.outbox.couriers import LEASE
from tests.support.byways import Died
from tests.support.posting import BIRCH, SHARED, birch_beside, desk_at, desk_in
from tests.support.village import Village

WORKERS = st.sampled_from(["one", "two"])
CASES = st.sampled_from(["a", "b", "c"])
ACCIDENTS = st.sampled_from(
    [
        "none",
        "dies before",
        "dies after",
        "away",
        "answer lost",
        "slow",
        "slow and lost",
    ]
)
_USUAL = "none"


@cache
def first():
    # Ash and Birch are founded once for all stories; a story copies both folders.
    folder = Path(mkdtemp(prefix="folkmoot-outbox-"))
    village = Village(folder)
    with desk_in(village) as desk, birch_beside(desk, folder) as birch:
        found = village.now, desk.ash.settings, birch.settings
    village.close()
    return found


class OutboxLife(RuleBasedStateMachine):
    """Ash tells Birch of its cases, and whatever can happen on the way happens."""

    @initialize()
    def begin(self):
        began, ash, birch = first()
        self.home = TemporaryDirectory()
        shutil.copytree(ash.data.parent, self.home.name, dirs_exist_ok=True)
        self.village = Village(Path(self.home.name))
        self.village.now = began
        self.settings = [
            replace(one, data=Path(self.home.name) / one.data.name)
            for one in (ash, birch)
        ]
        self.desk = desk_at(self.village, self.settings[0])
        self.birch = self.village.open(self.settings[1])
        self.roads = self.desk.roads
        self.roads.lead_to(self.desk.ash)
        self.roads.lead_to(self.birch)
        self.workers = {"one": self.desk.ash, "two": self.desk.again()}
        #: What was said of each case that is there, and of those taken back.
        self.said = {}
        self.gone = {}
        self.count = 0

    def name(self, case):
        return f"{case}{sum(one.startswith(case) for one in self.gone)}"

    @rule(case=CASES, state=st.sampled_from([Where.WORKING, Where.RESOLVED]))
    def somebody_says_something(self, case, state):
        key = self.name(case)
        kind = "Update" if key in self.said else "Create"
        self.say(key, kind, state)

    @rule(case=CASES)
    def somebody_takes_it_back(self, case):
        key = self.name(case)
        if key in self.said:
            seqs = [seq for seq, _ in self.said[key]]
            with self.desk.ash.begin() as tx:
                outbox.forget(tx, seqs)
            self.say(key, "Delete", Where.RECEIVED)
            self.gone[key] = self.said.pop(key)

    def say(self, key, kind, state):
        self.count += 1
        name = f"{self.count}"
        seq = self.desk.say(name, context=key, kind=kind, state=state, to=(SHARED,))
        self.said.setdefault(key, []).append((seq, self.desk.ids[name]))

    @rule(worker=WORKERS, accidents=st.lists(ACCIDENTS, max_size=4))
    def a_worker_sends(self, worker, accidents):
        left, other = list(accidents), "two" if worker == "one" else "one"
        now = [_USUAL]

        def before(_url):
            now[0] = left.pop(0) if left else _USUAL
            if now[0] == "dies before":
                raise Died
            if now[0] == "away":
                raise unreachable()
            if now[0].startswith("slow"):
                self.village.now += LEASE + timedelta(seconds=1)
                mine, left[:] = list(left), []
                outbox.send(self.workers[other], BIRCH)
                left[:] = mine

        def after(_url):
            if now[0] == "dies after":
                raise Died
            if now[0] in {"answer lost", "slow and lost"}:
                raise unreachable()

        self.roads.before, self.roads.after = before, after
        try:
            outbox.send(self.workers[worker], BIRCH)
        except Died:
            self.workers[worker].database.close()
            self.workers[worker] = self.village.open(self.settings[0])
        self.roads.before = self.roads.after = lambda _url: None
        self.desk.ash = self.workers["one"]

    @rule()
    def birch_works(self):
        work.sweep(self.birch)

    @rule(seconds=st.sampled_from([1, 20, 121, 1900, 3 * 3600]))
    def time_goes_by(self, seconds):
        self.village.pass_time(seconds=seconds)

    @invariant()
    def order_is_kept_and_nothing_comes_from_nowhere(self):
        if not hasattr(self, "workers"):
            return
        arrived = first_arrivals(self.roads)
        for said in [*self.said.values(), *self.gone.values()]:
            ours = [id_ for _, id_ in said]
            seen = [one for one in arrived if one in ours]
            assert seen == [one for one in ours if one in seen]
        for said in self.said.values():
            ours = [id_ for _, id_ in said]
            seen = [one for one in arrived if one in ours]
            assert seen == ours[: len(seen)]

    def teardown(self):
        if hasattr(self, "workers"):
            self.heal()
            self.village.close()
            self.home.cleanup()

    def heal(self):
        for _ in range(40):
            self.village.pass_time(hours=1)
            outbox.send(self.desk.ash, BIRCH)
            work.sweep(self.birch)
        arrived = first_arrivals(self.roads)
        with self.desk.ash.read() as tx:
            states = set(tx.scalars(select(Target.state).where(Target.inbox == SHARED)))
        assert states <= {State.DONE, State.DROPPED}
        for key, said in self.said.items():
            assert [id_ for _, id_ in said] == [
                one for one in arrived if one in dict.fromkeys(i for _, i in said)
            ], key
        with self.birch.read() as tx:
            rows = {
                row.id.rpartition("/")[2]: row for row in tx.scalars(select(RemoteCase))
            }
            kept = list(tx.scalars(select(Received.id)))
        assert len(kept) == len(set(kept))
        for key in self.said:
            assert rows[key].deleted_at is None
        for key, said in self.gone.items():
            assert said[-1][1] in arrived
            assert key not in rows or rows[key].deleted_at is not None


def unreachable():
    return Unfetched(codes.UNREACHABLE)


def first_arrivals(roads):
    found = [
        (strict.loads(body)["id"], status)
        for url, body, status in roads.bodies
        if url == SHARED
    ]
    return list(dict.fromkeys(id_ for id_, status in found if status == 202))


TestOutboxLife = OutboxLife.TestCase
TestOutboxLife.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None
)
