"""The record of processing: what personal data are used here, for what, by whose leave.

It is read off what the node does (GDPR Art. 30): the purposes somebody was asked about,
the bylaws in force, and the settings. Nobody fills it in, so it cannot be out of date.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.consent import COVERS, HELD, Basis, Data, Purpose
from governance.data_requests import CLOCK
from node import governance
from node.access.glass import require
from node.accounts.visitor import Visitor
from node.consent_texts import notice
from node.core import Node
from node.models.consent import Consent
from node.models.start import Community
from node.settings import Settings

#: Bodies and partner communities are named; people who were introduced are not.
_NAMED = frozenset({Purpose.SHARE_WITH_NODE, Purpose.SHARE_WITH_BODY})
#: What every community does, whoever was asked about it so far.
_ALWAYS = frozenset({Purpose.HANDLE_CASE, Purpose.CONTACT_CASE})
_MOST = 100
#: This machine, by any of its names.
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What data are used for."""

    purpose: Purpose
    #: What members agree to, in the language that was asked for.
    words: str
    #: The grounds on which members were asked.
    bases: tuple[Basis, ...]
    data: tuple[Data, ...]
    #: To whom it goes by consents that stand, where they are no persons.
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """Another machine that something goes to, because the settings say so."""

    #: "mail", "files", "database", "queue" or "ledger".
    what: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """For how many days what is kept, by the bylaws in force."""

    what: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """The whole record."""

    name: str
    place: str
    contact: str
    origin: str
    #: The bylaws that it is read off.
    rules: str
    at: datetime
    activities: tuple[Activity, ...]
    processors: tuple[Processor, ...]
    kept: tuple[Kept, ...]
    #: Within how many days members are answered about their own data.
    answered_within: int


def processing(node: Node, *, by: Visitor, language: str = "") -> Processing:
    """Return the record as whoever answers for the community reads it."""
    require(node, by)
    return record(node, language)


def record(node: Node, language: str = "") -> Processing:
    """Return the record, for whoever runs the node."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        community = tx.get_one(Community, 1)
        spoken = language or community.language
        bases = _bases(tx)
        shown = (purpose for purpose in Purpose if purpose in _ALWAYS | bases.keys())
        activities = tuple(
            Activity(
                purpose=purpose,
                words=notice(purpose, spoken).text,
                bases=tuple(sorted(bases.get(purpose, ()))),
                data=tuple(sorted(COVERS[purpose])),
                recipients=_recipients(tx, purpose),
            )
            for purpose in shown
        )
        rest = bylaws.retention
        return Processing(
            name=community.name,
            place=community.place,
            contact=community.mail or community.phone,
            origin=node.settings.origin,
            rules=bylaws.identity,
            at=node.now(),
            activities=activities,
            processors=_processors(node.settings),
            kept=(
                Kept(what="case_closed", days=rest.case_closed),
                Kept(what="attachment", days=rest.attachment),
                Kept(what="no_answer", days=rest.no_answer),
                # What was asked and answered goes after the same time.
                Kept(what="request", days=rest.case_closed),
            ),
            answered_within=CLOCK.days,
        )


def _bases(tx: Session) -> dict[Purpose, set[Basis]]:
    found: dict[Purpose, set[Basis]] = {}
    for purpose, basis in tx.execute(select(Consent.purpose, Consent.basis).distinct()):
        found.setdefault(purpose, set()).add(basis)
    return found


def _recipients(tx: Session, purpose: Purpose) -> tuple[str, ...]:
    if purpose not in _NAMED:
        return ()
    named = select(Consent.recipient).where(
        Consent.purpose == purpose,
        Consent.state.in_(HELD),
        Consent.recipient.is_not(None),
    )
    found = tx.scalars(named.distinct().order_by(Consent.recipient).limit(_MOST))
    return tuple(one for one in found if one)


def _processors(settings: Settings) -> tuple[Processor, ...]:
    found = {
        "mail": settings.smtp_url,
        "files": settings.files,
        "database": settings.database_url,
        "queue": settings.broker_url,
        "ledger": settings.ledger_export,
    }
    # The host alone: an address may hold a password.
    hosts = {what: urlsplit(url).hostname for what, url in found.items()}
    return tuple(
        Processor(what=what, host=host)
        for what, host in hosts.items()
        if host and host not in _HERE
    )
