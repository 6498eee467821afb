"""Asking our witnesses how far they saw our own log, before we sign any further.

What a witness shows counts only if our own key signed it: nobody can stop this log by
saying something. One that is silent is asked again every minute, beside all other work.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from federation.errors import Rejected, Unfetched
from federation.fetch import Kind
from ledger import checkpoint, cosignature, note
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.note import VKey
from node import log
from node.core import Node, outside
from node.log import names, signing
from node.logging import log as logger
from node.models.witness import LedgerWitness
from node.witness.answering import digest_of

#: How long one witness may take to answer, and how long all of them may take.
_SECONDS, _ALTOGETHER = 5.0, 10.0
_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """A checkpoint of ours that a witness showed; our signature was checked."""

    stated: Checkpoint
    signed: bytes
    #: Whether the witness's own line under it holds.
    vouched: bool


def start_check(node: Node) -> str:
    """Return why the log must not be signed further, or an empty text.

    Compares what this machine has, then asks every witness; takes seconds at most.
    """
    why = log.start_check(node)
    unguarded = why.startswith(log.UNGUARDED)
    if why and not unguarded:
        return why
    with node.read() as tx:
        rows = tx.scalars(select(LedgerWitness)).all()
    heard = hear(node, rows)
    why = _judge(node, heard)
    if not why and unguarded and any(one and one.vouched for one in heard.values()):
        log.guard_again(node)
    return why or log.read_only(node)


def ask(node: Node, vkey: str) -> bool:
    """Ask one witness that was silent; False if somebody else did."""
    now = node.now()
    with node.begin() as tx:
        row = tx.get(LedgerWitness, vkey, with_for_update=True)
        if row is None or row.ask_at is None or row.ask_at > now:
            return False
        row.ask_at = now + _AGAIN
    _judge(node, hear(node, [row]))
    return True


def hear(node: Node, rows: Sequence[LedgerWitness]) -> dict[str, Heard | None]:
    """Return what each witness shows of our log, by its key; None where nothing."""
    outside()
    if not rows:
        return {}
    with node.read() as tx:
        keys = signing.ours(node, tx)
    # Each may be slow or dead, and none has to wait for another.
    pool = ThreadPoolExecutor(len(rows), thread_name_prefix="witness")
    asked = {row.vkey: pool.submit(_heard, node, row, keys) for row in rows}
    done, _ = wait(asked.values(), timeout=_ALTOGETHER)
    pool.shutdown(wait=False, cancel_futures=True)
    return {key: one.result() if one in done else None for key, one in asked.items()}


def _heard(node: Node, row: LedgerWitness, keys: Sequence[VKey]) -> Heard | None:
    origin, key = names.origin(node), VKey.parse(row.vkey)
    where = f"{row.url}/{digest_of(origin)}/checkpoint"
    try:
        signed = node.network.get(where, kind=Kind.NOTE, within=_SECONDS).body
        stated = checkpoint.open(signed, keys)
    except (Invalid, Rejected, Unfetched):
        return None
    if stated.origin != origin:
        return None
    return Heard(stated, signed, bool(lines_of(node, signed, key)))


def lines_of(node: Node, signed: bytes, key: VKey) -> list[note.Line]:
    """Return the lines under a note by which this witness vouches for it."""
    found, now = note.parse(signed), int(node.now().timestamp())
    lines = [line for line in found.lines if line.by(key)]
    try:
        for line in lines:
            cosignature.verify(found.text, line, key, now=now)
    except Invalid:
        return []
    return lines


def _judge(node: Node, heard: dict[str, Heard | None]) -> str:
    """Write down who was silent; stop the log if it does not go on from what is shown.

    The head is read after the answers came: it may grow meanwhile, and only grow.
    """
    seen = [one.stated for one in heard.values() if one]
    found = ((one.origin, log.compare(node, one)) for one in seen)
    origin, why = next(((of, why) for of, why in found if why), ("", ""))
    if why:
        log.halt(node, origin, why)
    later = node.now() + _AGAIN
    with node.read() as tx:
        kept = select(LedgerWitness.vkey, LedgerWitness.ask_at)
        planned = dict(tx.execute(kept).all())
    wanted = {
        key: None if one else planned.get(key) or later for key, one in heard.items()
    }
    changed = {key: at for key, at in wanted.items() if planned.get(key) != at}
    if silent := sum(at is not None for at in changed.values()):
        logger().warning("witness.silent", n=silent)
    if changed:
        with node.begin() as tx:
            for key in sorted(changed):  # as others who start at once do
                row = tx.get(LedgerWitness, key, with_for_update=True)
                if row is not None:
                    row.ask_at = changed[key]
    return why
