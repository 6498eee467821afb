"""Finding actors and learning what a node can do: WebFinger, NodeInfo, capabilities.

A name belongs to the domain that answers for it. An answer about another domain's
account is worth nothing until that domain has said the same.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from federation import activities, origins
from federation.activities import Document, several, text
from federation.errors import ActivityMalformed, ActorMismatch, IriInvalid
from federation.terms import AS2

JRD: Final = "application/jrd+json"
ACTIVITY: Final = "application/activity+json"
_PROFILE_PAGE: Final = "http://webfinger.net/rel/profile-page"
_SELF_TYPES: Final = re.compile(
    r"application/activity\+json"
    r'|application/ld\+json\s*;\s*profile="https://www\.w3\.org/ns/activitystreams"',
    re.ASCII | re.IGNORECASE,
)
_NODEINFO: Final = "http://nodeinfo.diaspora.software/ns/schema/2.1"
_ACCOUNT = re.compile(
    r"(?:acct:|@)?([A-Za-z0-9_](?:[A-Za-z0-9_.~-]{0,62}[A-Za-z0-9_~-])?)@([^@/?#\\]+)",
    re.ASCII,
)
#: How WebFinger (FEP-d556) and NodeInfo (FEP-2677) point at a node's actor.
_NODE: Final = frozenset({f"{AS2}#Service", f"{AS2}#Application"})
#: Who takes private cases, in the words of FEP-844e.
PRIVATE: Final = "https://w3id.org/folkmoot/ns#private-v1"
#: How many links of a stranger's answer are looked at.
_LINKS: Final = 100


@dataclass(frozen=True, slots=True)
class Account:
    """A handle at a domain. Domains have one spelling here."""

    handle: str
    host: str

    def __str__(self) -> str:
        """Return it as WebFinger writes it."""
        return f"acct:{self.handle}@{self.host}"

    def matches(self, other: "Account") -> bool:
        """Say whether another account is the same one: handles ignore case."""
        mine, theirs = self.handle.lower(), other.handle.lower()
        return (mine, self.host) == (theirs, other.host)


def account(written: str) -> Account:
    """Return the account that is written as `acct:a@host`, `@a@host` or `a@host`.

    A domain name and nothing else: no port, path, query or address.
    """
    found = _ACCOUNT.fullmatch(written)
    if not found or ":" in found[2] or found[2].endswith("."):
        raise IriInvalid("An account is a handle and a domain.")
    iri = origins.require_id(f"https://{found[2]}/")
    return Account(found[1], origins.host(iri))


def account_of(actor: Document) -> Account:
    """Return the account an actor's own domain has to confirm."""
    host = origins.host(activities.identifier(actor.get("id")) or "")
    return account(f"{text(actor.get('preferredUsername'))}@{host}")


def query(asked: Account) -> str:
    """Return the address where a domain answers for an account."""
    resource = quote(str(asked), safe="")
    return f"https://{asked.host}/.well-known/webfinger?resource={resource}"


def query_origin(origin: str) -> str:
    """Return the address where an origin says who signs for it."""
    resource = quote(f"{origin}/", safe="")
    return f"{origin}/.well-known/webfinger?resource={resource}"


def resource(asked: str, *, origin: str) -> str:
    """Return in one spelling what a stranger asks WebFinger about.

    An account here, the origin with a slash, or else the id as it came.
    """
    if asked.rstrip("/") == origin:
        return f"{origin}/"
    if asked.startswith("acct:"):
        handle, _, host = asked.removeprefix("acct:").rpartition("@")
        return f"acct:{handle.lower()}@{host.lower()}"
    return asked


def webfinger(named: Account, *, actor: str, page: str) -> dict[str, object]:
    """Return the answer about an account of ours."""
    return {
        "subject": str(named),
        "aliases": [actor, page],
        "links": [
            {"rel": "self", "type": ACTIVITY, "href": actor},
            {"rel": _PROFILE_PAGE, "type": "text/html", "href": page},
        ],
    }


def webfinger_origin(origin: str) -> dict[str, object]:
    """Return the answer about the origin itself: who signs for the node."""
    service = {
        "rel": f"{AS2}#Service",
        "type": ACTIVITY,
        "href": f"{origin}/ap/node",
    }
    return {"subject": f"{origin}/", "links": [service]}


def nodeinfo_links(origin: str) -> dict[str, object]:
    """Return where the node describes itself."""
    return {
        "links": [
            {"rel": _NODEINFO, "href": f"{origin}/nodeinfo/2.1"},
            {"rel": f"{AS2}#Application", "href": f"{origin}/ap/node"},
        ]
    }


def nodeinfo(*, name: str, version: str) -> dict[str, object]:
    """Return how the node describes itself. Nobody is counted in it."""
    return {
        "version": "2.1",
        "software": {"name": "folkmoot", "version": version},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {}},
        "metadata": {"nodeName": name, "federation": {"enabled": True}},
    }


def read_webfinger(document: Document, asked: Account) -> str:
    """Return the id of the actor that a domain names for one of its accounts.

    An id on another host needs that host's word too: see `confirmed`.
    """
    subject = text(document.get("subject"))
    if not subject.startswith("acct:") or not account(subject).matches(asked):
        raise ActorMismatch("The answer is about another account.")
    for each in several(document.get("links"))[:_LINKS]:
        match each:
            case {"rel": "self", "type": str(kind), "href": str(href)} if (
                _SELF_TYPES.fullmatch(kind)
            ):
                return origins.require_id(href)
    raise ActivityMalformed("The answer names no actor.")


def read_node(document: Document) -> str | None:
    """Return the id of a node's actor, as WebFinger or NodeInfo of its origin say."""
    for each in several(document.get("links"))[:_LINKS]:
        match each:
            case {"rel": str(rel), "href": str(href)} if rel in _NODE:
                return href
    return None


def confirmed(
    asked: Account, *, actor: Document, answer: Document | None = None
) -> bool:
    """Say whether an actor's own domain stands behind an account.

    It does if the actor lives there, or else if its own WebFinger `answer` for the
    actor's account names the same actor.
    """
    iri = activities.identifier(actor.get("id")) or ""
    own = account_of(actor)
    if own.matches(asked):
        return True
    return answer is not None and read_webfinger(answer, own) == iri


def capabilities(actor: Document) -> frozenset[str]:
    """Return what an actor's node says it can do, by the addresses of FEP-844e.

    Read from the node's actor, or from the `generator` of one on the same origin.
    """
    found = set(_implemented(actor))
    made_by = activities.embedded(actor.get("generator"))
    if made_by and origins.same(_id(actor), _id(made_by)):
        found.update(_implemented(made_by))
    return frozenset(found)


def _id(document: Document) -> str:
    return text(document.get("id"))


def _implemented(document: Document) -> list[str]:
    found = []
    for each in several(document.get("implements"))[:_LINKS]:
        match each:
            case str(href) | {"href": str(href)} | {"id": str(href)}:
                found.append(href)
    return found
