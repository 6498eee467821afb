"""Governance's events: each is one entry, in exactly one of three ways.

A public leaf would show who took part, in which order, or who has a case. So some are
sealed on a chain; some stand in the clear without their kind and their time of day; all
others are public.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.encoding import Json, canonical, loads
from ledger.entry.kinds import KINDS, Chain, kind_of
from ledger.errors import Invalid

#: What a clear leaf says of an event about a person.
PERSON = "gov.person"
#: The one payload of a clear leaf, and the one disclosure of a sealed entry.
EVENT = "event"
#: Bytes of one event; sealed ones are as long as a disclosure may be.
LONGEST = 1 << 20
_PUBLIC = "gov."
_ABOUT = ("member", "grant", "sanction", "jury", "interest", "nomination", "trustee")
_ABOUT_TOO = frozenset(
    {"appeal.filed", "petition.signed", "proposal.supported", "proposal.argued"}
)
#: Sealed where there is a case; these may also be of none.
_WITHOUT_CASE = frozenset({"delivery.cleared", "duty.opened", "duty.closed"})
_CODE = "event-malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What governance says of one event; what is private it only commits to."""

    kind: str
    #: An instant, as RFC 3339 spells it.
    at: str
    #: Who caused it; None for what time or another event brought about.
    actor: str | None
    #: Ids, hashes, words of closed lists, numbers and times: kept for ever.
    public: Mapping[str, Json]
    #: The commitment to the private part; None where there is none.
    sealed: str | None = None

    @property
    def tuple(self) -> list[Json]:
        """Return what the entry commits to."""
        return [self.kind, self.at, self.actor, dict(self.public), self.sealed]

    def encode(self) -> bytes:
        """Return the exact bytes that a clear leaf commits to."""
        return canonical(self.tuple, limit=LONGEST)


def as_event(told: Json) -> Event:
    """Read governance's tuple."""
    match told:
        case [
            str(kind), str(at), None | str() as actor,
            dict(public), None | str() as sealed,
        ]:  # fmt: skip
            return Event(kind=kind, at=at, actor=actor, public=public, sealed=sealed)
        case _:
            raise Invalid(_CODE, "This is not an event.")


def read_event(raw: bytes) -> Event:
    """Read the exact bytes of an event."""
    return as_event(loads(raw, limit=LONGEST))


def chain_of(kind: str, *, in_case: bool) -> Chain:
    """Return where an event stands; `in_case` says whether it belongs to a case."""
    sealed = KINDS.get(kind)
    if sealed is None or sealed.fields != (EVENT,):
        return Chain.CLEAR
    if Chain.CASE in sealed.chains and in_case:
        return Chain.CASE
    return Chain.CLEAR if kind in _WITHOUT_CASE else Chain.MEMBER


def clear_kind(kind: str) -> str:
    """Return the kind of the clear leaf an event has, if it has one."""
    about = kind in _ABOUT_TOO or kind.partition(".")[0] in _ABOUT
    named = PERSON if about else _PUBLIC + kind
    kind_of(named)
    return named
