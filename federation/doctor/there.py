"""Judging the other side: its name, connection, clock, actor, keys and inbox."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from federation import discovery, keys, profiles
from federation.activities import Document
from federation.doctor.findings import Finding, found
from federation.doctor.seen import Seen
from federation.errors import Rejected
from federation.fetch import codes
from federation.signatures import Profile

DRIFTS: Final = timedelta(seconds=30)
OFF: Final = timedelta(seconds=300)
_NAMES: Final = {
    "": "name.found",
    codes.HOST: "name.invalid",
    codes.DENIED: "name.denied",
}
_CONNECTIONS: Final = {
    codes.UNREACHABLE: "connection.none",
    codes.SLOW: "connection.slow",
    codes.TLS: "connection.untrusted",
}
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_NOWHERE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def name(code: str) -> Finding:
    """Judge what became of resolving the name; an empty code is good."""
    return found(_NAMES.get(code, "name.unknown"))


def connection(first: Seen) -> Finding:
    """Judge the first request by what it failed for, if that was no answer."""
    return found(_CONNECTIONS.get(first.code, "connection.open"))


def clock(dates: Iterable[str], *, at: datetime) -> Finding:
    """Judge the first date that an answer bore."""
    for date in dates:
        try:
            there = parsedate_to_datetime(date)
        except ValueError:
            continue
        # A date without a zone is read as everybody's.
        between = abs((there if there.tzinfo else there.replace(tzinfo=UTC)) - at)
        code = "clock.drifts" if between > DRIFTS else "clock.same"
        seconds = int(between.total_seconds())
        return found("clock.off" if between > OFF else code, seconds=seconds)
    return found("clock.silent")


def webfinger(seen: Seen) -> Finding:
    """Judge what WebFinger says of the origin itself."""
    return _naming("webfinger", seen)


def nodeinfo(seen: Seen) -> Finding:
    """Judge what NodeInfo links to."""
    return _naming("nodeinfo", seen)


def _naming(step: str, seen: Seen) -> Finding:
    if discovery.read_node(seen.document):
        return found(f"{step}.names")
    return found(f"{step}.silent", reason=seen.reason or "no link")


def unnamed() -> Finding:
    """Say that no actor is known to look at."""
    return found("actor.unnamed")


def signatures(seen: Mapping[Profile, Seen]) -> Finding | None:
    """Judge by which profiles the actor was served; None if that says nothing."""
    taken = [profile for profile, one in seen.items() if one.answered]
    if len(taken) > 1:
        return found("signature.both")
    if taken:
        return found("signature.one", profile=taken[0])
    refused = next((one for one in seen.values() if one.status in _REFUSED), None)
    return found("signature.refused", reason=refused.reason) if refused else None


def actor(seen: Seen) -> Finding:
    """Judge the document that was served as the actor."""
    if seen.status in _NOWHERE:
        return found("actor.missing", reason=seen.reason)
    if seen.code in _CONNECTIONS or _is_fault(seen.status):
        return found("actor.away", reason=seen.reason)
    if seen.code:
        return found("actor.wrong", reason=seen.reason)
    try:
        profiles.read(seen.document)
    except Rejected as refused:
        return found("actor.wrong", reason=refused.code)
    return found("actor.served")


def key_ring(document: Document, known: Mapping[str, bytes]) -> Finding:
    """Judge the keys of an actor, beside those that were seen of it before."""
    listed = keys.of_actor(document)
    if not listed:
        return found("keys.none")
    if any(one.raw != known.get(one.id, one.raw) for one in listed.values()):
        return found("keys.changed")
    return found("keys.good", count=len(listed))


def capabilities(document: Document) -> Finding:
    """Say what can be shared with a node that says this of itself."""
    private = discovery.PRIVATE in discovery.capabilities(document)
    return found(f"capabilities.{'private' if private else 'public'}")


def inbox(seen: Seen) -> Finding:
    """Judge an inbox by its answer to a GET, which leaves nothing there."""
    if seen.status in _NOWHERE:
        return found("inbox.hidden", reason=seen.reason)
    if seen.status is None or _is_fault(seen.status):
        return found("inbox.broken", reason=seen.reason)
    return found("inbox.open", reason=seen.status)


def _is_fault(status: int | None) -> bool:
    return (status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
