"""Judging our own side: how we are seen, and what we hold against the other node."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from federation.activities import Document
from federation.doctor.findings import Finding, found
from federation.doctor.seen import Seen
from federation.policy import Mode
from federation.signatures import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is still to reach a node, and how the last tries went."""

    waiting: int = 0
    #: Refused in a way that a person has to look at.
    parked: int = 0
    #: What was answered last; empty where nothing was tried.
    answer: str = ""
    #: Until when nothing is tried; None while it goes on.
    paused_until: datetime | None = None
    dead: bool = False


def ours(actors: Mapping[str, Document]) -> Finding:
    """Say whether we have actors that can sign."""
    return found("ours.ready" if actors else "ours.missing")


def ledger(stopped: str) -> Finding:
    """Say whether our ledger goes on, or why it must not."""
    if not stopped:
        return found("ledger.growing")
    return found("ledger.stopped", reason=stopped.rstrip("."))


def ourselves(served: Iterable[tuple[Document, Seen]]) -> Finding:
    """Judge what our public address serves in place of each actor of ours."""
    for actor, seen in served:
        if seen.code:
            return found("ourselves.away", reason=seen.reason)
        if seen.document != actor:
            return found("ourselves.other")
    return found("ourselves.same")


def mode(decided: Mode) -> Finding:
    """Say how the community decided to treat the node."""
    return found(f"mode.{decided}")


def profile(known: Profile | None) -> Finding:
    """Say how we sign for the node."""
    return found("profile.known", profile=known) if known else found("profile.unknown")


def waiting(rows: Waiting) -> Finding:
    """Judge what is still to reach the node; the worst is said."""
    facts = {"waiting": rows.waiting, "parked": rows.parked, "answer": rows.answer}
    if rows.dead:
        return found("waiting.dead", **facts)
    if rows.paused_until:
        until = rows.paused_until.isoformat(timespec="minutes")
        return found("waiting.paused", until=until, **facts)
    if rows.parked:
        return found("waiting.parked", **facts)
    if rows.waiting and rows.answer:
        return found("waiting.failing", **facts)
    return found("waiting.some" if rows.waiting else "waiting.none", **facts)
