"""Whatever is erased, written, crashed and restarted, in any order: the log holds."""

import tempfile
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from governance.errors import ChoiceInvalid
from node import erasing, log, starting, threads
from node.erasing import Erasure, Level, Wish, journal
from node.ids import new_id
from node.log import EntryErased
from node.threads import Words
from tests.support.cast import moot_on
from tests.support.erased import erase, left, secrets, settle, thread
from tests.support.logs import receipts

_LONG = 16


class Erasing(RuleBasedStateMachine):
    """One case of which things go, one that stays, and a node that crashes."""

    @initialize()
    def begin(self):
        """Let two people tell something."""
        self.folder = tempfile.TemporaryDirectory()
        self.opened = moot_on("", Path(self.folder.name))
        self.moot = self.opened.__enter__()
        self.made, self.other = self.moot.tell(), self.moot.tell()
        settle(self.moot)
        self.gone, self.entries = {}, set()
        self.saved = receipts(self.moot.node)
        self.key = secrets(self.moot.node, self.made.case_id, 0).keys["case key"]
        self.written = 0

    @rule()
    def write(self):
        """Add a message."""
        self.written += 1
        text = f"canary {self.written}: it is still cold"
        guest = self.moot.guest(self.made)
        words = Words(uuid4(), text)
        threads.write(self.moot.node, self.made.reference, words, by=guest)

    @rule(level=st.sampled_from([Level.REDACT, Level.CONTENT, Level.ENTRY]),
          of=st.integers(0, 12), crash=st.booleans())  # fmt: skip
    def erase_some(self, level, of, crash):
        """Erase something of an entry, or only get as far as the journal."""
        guest = self.moot.guest(self.made)
        parts = erasing.parts(self.moot.node, self.made.reference, by=guest)
        part = parts[of % len(parts)]
        name = part.fields[0] if part.fields else "none"
        known = {}
        if part.erased != Level.ENTRY:
            known = secrets(self.moot.node, self.made.case_id, part.seq, name).of(level)
        if crash:
            n = 0 if level is Level.REDACT else None
            self._only_written_down(level, part.seq, n)
            return
        try:
            asked = Wish(level=level, seq=part.seq, name=name)
            erase(self.moot, self.made, asked)
        except (EntryErased, ChoiceInvalid):
            return
        if level is Level.ENTRY:
            self.entries.add(part.seq)
        # Words such as "acknowledge" stand in other columns too, and are nobody's.
        self.gone |= {
            f"{part.seq} {what}": it
            for what, it in known.items()
            if len(it) >= _LONG and it != b"no evidence"
        }

    def _only_written_down(self, level, seq, n):
        node = self.moot.node
        chain = self.made.case_id
        journal.append(node, Erasure(
            id=new_id(node), at=node.now(), level=level, chain=chain, seq=seq, n=n,
        ))  # fmt: skip
        if level is Level.ENTRY:
            self.entries.add(seq)

    @rule()
    def restart(self):
        """Start again, as after a crash."""
        node = self.moot.node
        starting.begin(node)
        assert erasing.missing(node) == []

    @precondition(lambda self: self.written)
    @invariant()
    def holds(self):
        """Nothing that went is anywhere, and everything else is proven."""
        node = self.moot.node
        erasing.replay(node)
        settle(self.moot)
        assert list(log.fsck(node)) == []
        found = receipts(node)
        assert all(log.check(node, raw).valid for raw in found.values())
        assert all(log.check(node, raw).valid for raw in self.saved.values())
        own = [raw for (ref, _), raw in found.items() if ref == self.made.reference]
        verdict = thread(node, self.made.case_id, own, self.key, *self.entries)
        assert verdict.valid, verdict.findings
        assert left(node, self.gone) == set()

    def teardown(self):
        """Let go of the folder."""
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)
            self.folder.cleanup()


TestErasing = Erasing.TestCase
TestErasing.settings = settings(
    max_examples=5,
    stateful_step_count=6,
    # A smaller example costs minutes; the steps of the first say enough.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
