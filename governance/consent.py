"""What a member agreed to, for which purpose, with whom, until when.

Consent is asked for before anything leaves or goes beyond the case; nobody can
overrule that it is missing. One record is for one purpose.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar

from governance.errors import ConsentMissing, WrongState


class Purpose(StrEnum):
    """What consent is given for."""

    HANDLE_CASE = "handle_case"
    SHARE_WITH_NODE = "share_with_node"
    SHARE_WITH_BODY = "share_with_body"
    JOIN_COLLECTIVE = "join_collective"
    PUBLISH = "publish"
    CONTACT_CASE = "contact_case"
    CONTACT_OUTREACH = "contact_outreach"
    RECORD_CALL = "record_call"
    KEEP_AFTER_CLOSE = "keep_after_close"
    STATISTICS_TRAITS = "statistics_traits"
    INTRODUCE = "introduce"
    MEDIA = "media"


class Data(StrEnum):
    """The kinds of data that a consent covers."""

    CASE = "case"
    CONTACT = "contact"
    PUBLIC_WORDS = "public_words"
    RECORDING = "recording"
    TRAITS = "traits"
    IMAGE = "image"


class Basis(StrEnum):
    """On which ground of the law the data are used."""

    #: GDPR Art. 6(1)(a) and 9(2)(a).
    EXPLICIT_CONSENT = "explicit_consent"
    #: GDPR Art. 9(2)(d): a body with a political aim, for its own members.
    MEMBER_BODY = "member_body"


class Evidence(StrEnum):
    """What shows that somebody agreed."""

    FORM = "form"
    PROGRAM = "program"
    #: The words were read out, and somebody heard the answer.
    READ_OUT = "read_out"
    RECORDING = "recording"
    SECOND_CHANNEL = "second_channel"


class Standing(StrEnum):
    """Where a record of consent stands, by what happened to it last."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


#: What each purpose needs of a member. What is not listed leaves by no consent to it.
COVERS: Mapping[Purpose, frozenset[Data]] = MappingProxyType(
    {
        Purpose.HANDLE_CASE: frozenset({Data.CASE}),
        Purpose.SHARE_WITH_NODE: frozenset({Data.CASE}),
        Purpose.SHARE_WITH_BODY: frozenset({Data.CASE}),
        Purpose.JOIN_COLLECTIVE: frozenset({Data.CASE}),
        Purpose.PUBLISH: frozenset({Data.PUBLIC_WORDS}),
        Purpose.CONTACT_CASE: frozenset({Data.CONTACT}),
        Purpose.CONTACT_OUTREACH: frozenset({Data.CONTACT}),
        Purpose.RECORD_CALL: frozenset({Data.RECORDING}),
        Purpose.KEEP_AFTER_CLOSE: frozenset({Data.CASE, Data.CONTACT}),
        Purpose.STATISTICS_TRAITS: frozenset({Data.TRAITS}),
        Purpose.INTRODUCE: frozenset({Data.CONTACT}),
        Purpose.MEDIA: frozenset({Data.IMAGE, Data.PUBLIC_WORDS}),
    }
)
HELD = frozenset({Standing.GIVEN, Standing.RENEWED})
_FROM_HELD = frozenset({Standing.RENEWED, Standing.WITHDRAWN, Standing.EXPIRED})
#: What can happen to a record next. Whoever agrees anew begins another one.
STEPS: Mapping[Standing | None, frozenset[Standing]] = MappingProxyType(
    {
        None: frozenset({Standing.REQUESTED, Standing.GIVEN}),
        Standing.REQUESTED: frozenset(
            {Standing.GIVEN, Standing.REFUSED, Standing.EXPIRED}
        ),
        Standing.GIVEN: _FROM_HELD,
        Standing.RENEWED: _FROM_HELD,
    }
)


class Consent(Protocol):
    """The facts about one consent that the rules look at."""

    @property
    def purpose(self) -> Purpose:
        """What it is for."""

    @property
    def recipient(self) -> str | None:
        """Whom it names; None when the purpose has no recipient."""

    @property
    def given_at(self) -> datetime | None:
        """When it was given; None while it was only asked for."""

    @property
    def valid_until(self) -> datetime | None:
        """When it ends by itself; None for not at all."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When the member took it back; None while they have not."""


Held = TypeVar("Held", bound=Consent)


class Happened(Protocol):
    """The facts about one event of a record that the rules look at."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def state(self) -> Standing:
        """What happened."""

    @property
    def valid_until(self) -> datetime | None:
        """Until when it holds from here on, where it has an end."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says, after everything that happened to it."""

    state: Standing
    given_at: datetime | None = None
    valid_until: datetime | None = None
    ended_at: datetime | None = None


def step(before: Standing | None, what: Standing) -> Standing:
    """Return where a record stands after one more event, or refuse."""
    if what not in STEPS.get(before, frozenset()):
        raise WrongState(f"A consent that is {before or 'new'} is not {what} next.")
    return what


def fold(events: Iterable[Happened]) -> Record | None:
    """Return what a record says after its events, in order; None before the first."""
    found: Record | None = None
    for event in events:
        state = step(found.state if found else None, event.state)
        given = found.given_at if found else None
        until = found.valid_until if found else None
        if state in HELD:
            found = Record(state, given or event.at, event.valid_until)
        else:
            asked = state is Standing.REQUESTED
            found = Record(state, given, until, None if asked else event.at)
    return found


def in_force(consent: Consent, *, at: datetime) -> bool:
    """Say whether a consent holds at a moment."""
    if consent.given_at is None:
        return False
    ends = (consent.valid_until, consent.withdrawn_at)
    return consent.given_at <= at and all(end is None or at < end for end in ends)


def require_consent(
    consents: Iterable[Held],
    purpose: Purpose,
    *,
    recipient: str | None,
    at: datetime,
    data: AbstractSet[Data] = frozenset(),
) -> Held:
    """Return the consent that covers this, or refuse.

    Called when something is written down to be sent, and again when it is sent.
    """
    covered = data <= COVERS[purpose]
    for consent in consents:
        same = (consent.purpose, consent.recipient) == (purpose, recipient)
        if covered and same and in_force(consent, at=at):
            return consent
    said = purpose.replace("_", " ")
    raise ConsentMissing(f"The member has not agreed to this: {said}.", purpose=purpose)
