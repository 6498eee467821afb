"""Who is asking: pages know people by a cookie, the API by a header, never both ways.

Read afresh for every request, so that what was taken from somebody is gone at once.
"""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import cast

from flask import g, request

from governance.errors import AuthRequired
from node import accounts, cases, parties
from node.accounts import GUEST, SignedIn, Visitor
from node.cases import OpenedLink
from node.core import Node
from web.current import cookies
from web.current.context import node, once, source


def visitor() -> Visitor:
    """Return who is asking."""
    by_program = request.path.startswith("/api/")
    return once("visitor", _by_header if by_program else _by_cookie)


def client() -> str:
    """Return the name under which repeated calls of one program are recognised."""
    who = visitor()
    return f"{who.kind}:{who.account_id or who.case_id or who.party_id or '-'}"


def is_nobody() -> bool:
    """Say whether nothing tells whoever asks from anybody else."""
    who = visitor()
    return who.account_id is who.case_id is who.party_id is None


def spender() -> str:
    """Return who pays for a call: a token we gave out, or the block it came from."""
    by_program = request.path.startswith("/api/")
    scheme, given = _authority()
    if not (by_program and scheme):
        return source()
    try:
        visitor()
    except AuthRequired:
        return source()  # Guessing is slowed down, however many tokens are tried.
    return sha256(f"{scheme} {given}".encode()).hexdigest()


def token() -> str | None:
    """Return the cookie the visitor is known by; None for somebody nobody knows."""
    visitor()
    return cast("str | None", g.get("token"))


def sign_in(signed_in: SignedIn) -> None:
    """Let this browser in: a new session, whatever it carried before."""
    cookies.keep_session(signed_in.session_token)
    g.visitor, g.token = signed_in.visitor, signed_in.session_token


def sign_out() -> None:
    """End the session here and on the server, and empty the browser's cache."""
    if visitor().session_id is not None:
        accounts.sign_out(node(), by=visitor())
    cookies.drop_session()
    g.visitor, g.token = GUEST, None


def open_case(opened: OpenedLink) -> None:
    """Let this browser into the one case a link is about, and nowhere else."""
    cookies.keep_case_link(opened.reference, opened.token)


def open_party(reference: str, token: str) -> None:
    """Let this browser into what somebody else's case shows its party."""
    cookies.keep_party_link(reference, token)


def start_over() -> None:
    """Forget what a view did here, because it is going to run again."""
    cookies.forget()
    g.pop("visitor", None)
    g.pop("token", None)


def _by_header() -> Visitor:
    scheme, given = _authority()
    if not scheme:
        return replace(GUEST, channel="api")
    reader = _SCHEMES.get(scheme)
    found = reader(node(), given) if reader else None
    if found is None:
        raise AuthRequired("This token was never given out, or it has ended.")
    return replace(found, channel="api")


def _authority() -> tuple[str, str]:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower(), given.strip()


_SCHEMES: dict[str, Callable[[Node, str], Visitor | None]] = {
    "bearer": accounts.bearer,
    "link": cases.link_visitor,
    "party": parties.visitor,
}


def _by_cookie() -> Visitor:
    # The link's cookie is only sent below its case's own address; there it goes first,
    # but for its member: signed in, somebody may more than with a link.
    # So is a party's, below their own page; whoever came by it came for that page.
    party = _by_party()
    if party is not None:
        return party
    guest, given = _by_link(), cookies.session()
    member = accounts.session(node(), given) if given else None
    if member is None or given is None or not _is_own(member, guest):
        return guest or GUEST
    g.token = given
    return _renewed(member, given)


def _by_link() -> Visitor | None:
    given = cookies.case_link()
    if given is None:
        return None
    # Forms stay good when a proof begins or ends: they are bound to the link.
    link = cases.alone(given)
    found = cases.link_visitor(node(), given) or cases.link_visitor(node(), link)
    if found is not None:
        g.token = link
    return found


def _by_party() -> Visitor | None:
    given = cookies.party_link()
    found = parties.visitor(node(), given) if given else None
    if found is not None:
        g.token = given
    return found


def _is_own(member: Visitor, guest: Visitor | None) -> bool:
    whose = guest.person_id if guest else None
    return whose is None or member.is_person(whose)


def _renewed(found: Visitor, given: str) -> Visitor:
    """Give a session whose holder's roles have changed a new name."""
    # A form that is on its way, or a part of a page, still carries the old one.
    if not found.stale or request.method != "GET" or "HX-Request" in request.headers:
        return found
    renewed = accounts.renew(node(), given)
    if renewed is None:
        return found
    sign_in(renewed)
    return renewed.visitor
