"""Contact points: how people are reached, and how little of that is shown.

A contact point is proven or claimed; it is never a person, and no likeness of two
of them ever joins two people.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from governance.errors import ContactInvalid

#: RFC 5321, 4.5.3.1: what fits into a mail envelope.
_ADDRESS_LIMIT, _LOCAL_LIMIT = 254, 64
_ATOM = r"[!#-'*+\-/0-9=?A-Z^-~]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = r"(?!-)[^\W_]([^\W_]|-){0,62}(?<!-)"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})+")


class ContactKind(StrEnum):
    """By what somebody can be reached."""

    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"
    SOCIAL = "social"
    IN_PERSON = "in_person"


class ContactState(StrEnum):
    """Whether anything still goes to a contact point."""

    OK = "ok"
    SOFT_BOUNCE = "soft_bounce"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINED = "complained"
    DO_NOT_CONTACT = "do_not_contact"


class Provenance(StrEnum):
    """How we came to know a contact point."""

    #: Its owner typed it in with what they told us.
    TOLD = "told"
    #: Its owner gave it for their account.
    ACCOUNT = "account"
    #: Somebody who had it from them wrote it down.
    DESK = "desk"


#: Where nothing is sent to any more.
SILENT = frozenset(
    {ContactState.HARD_BOUNCE, ContactState.COMPLAINED, ContactState.DO_NOT_CONTACT}
)


#: So many passing failures within so many days are one that lasts.
SOFT_BOUNCES, SOFT_BOUNCE_DAYS = 3, 7


def after_bounce(state: ContactState, *, permanent: bool, recent: int) -> ContactState:
    """Return how a contact point stands after a bounce; none ever makes it better.

    `recent`: how many bounces of it came in the last days, this one among them.
    """
    if state in SILENT:
        return state
    lasts = permanent or recent >= SOFT_BOUNCES
    return ContactState.HARD_BOUNCE if lasts else ContactState.SOFT_BOUNCE


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point in its normalised form."""

    kind: ContactKind
    value: str

    def __repr__(self) -> str:
        """Return what a log or a trace may show."""
        return f"<Contact {self.kind}>"


def normalise_email(text: str) -> str:
    """Return an address as it is compared and stored: its domain in the wire's form."""
    local, at, typed = text.strip(" \t").rpartition("@")
    domain = _on_the_wire(typed)
    address = f"{local}@{domain}"
    sane = (
        at
        and len(address) <= _ADDRESS_LIMIT
        and len(local) <= _LOCAL_LIMIT
        and _LOCAL.fullmatch(local)
        and _DOMAIN.fullmatch(domain)
    )
    if not sane:
        raise ContactInvalid("This is not an e-mail address, such as ada@ash.example.")
    return address


def _on_the_wire(domain: str) -> str:
    try:
        return domain.lower().encode("idna").decode()
    except UnicodeError:
        return ""


def mask(contact: Contact) -> str:
    """Return what may be shown of a contact point to those who may not read it."""
    if contact.kind is ContactKind.EMAIL:
        local, _, domain = contact.value.rpartition("@")
        return f"{_ends(local)}@{_ends(domain)}"
    return _tail(contact.value)


def _ends(word: str) -> str:
    return f"{word[:1]}...{word[-1:]}"


def _tail(number: str) -> str:
    return f"...{number[-2:]}"
