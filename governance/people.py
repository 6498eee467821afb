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
_ATOM = r"[^\s\x00-\x1f\x7f\".(),:;<>@\[\\\]]+"
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


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point in its normalised form."""

    kind: ContactKind
    value: str

    def __repr__(self) -> str:
        """Return what a log or a trace may show."""
        return f"<Contact {self.kind}>"


def normalise_email(text: str) -> str:
    """Return an address as it is compared and stored: only its domain lower-cased."""
    local, at, domain = text.strip(" \t").rpartition("@")
    address = f"{local}@{domain.lower()}"
    sane = (
        at
        and len(address) <= _ADDRESS_LIMIT
        and len(local) <= _LOCAL_LIMIT
        and _LOCAL.fullmatch(local)
        and _DOMAIN.fullmatch(domain.lower())
    )
    if not sane:
        raise ContactInvalid("This is not an e-mail address, such as ada@ash.example.")
    return address


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
